/** What the local page may look at beside its own chat: how other platforms draw a card, what is followed, and a simulator to play with. */
import type { Card } from '../domain/card.ts';

/** Exactly what each platform would be sent for a card. */
export type Renderers = {
  readonly slack: (card: Card) => { readonly text: string; readonly blocks: readonly object[] };
  readonly teams: (card: Card) => { readonly card: object };
};
