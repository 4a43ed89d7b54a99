/** Cards where no message is: the Home, and a window of their own. */
import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import type { Card } from '../../src/domain/card.ts';
import { VIEW_BLOCKS } from './limits.ts';
import { renderSlack } from './render.ts';

/** Tells a card's window from a form. */
export const CARD_VIEW = 'card';

/** The window's title; the card below has its own. */
const PRODUCT = 'voicejob';

/** The cards one below the other. What is too much is left out at the end. */
export function homeView(cards: readonly Card[]): HomeView {
  const blocks = cards.flatMap((card, index): KnownBlock[] => [...(index === 0 ? [] : [{ type: 'divider' as const }]), ...renderSlack(card).blocks]);
  return { type: 'home', blocks: blocks.slice(0, VIEW_BLOCKS) };
}

/** One card as a window, for an answer to a click where no message can stand. */
export function cardView(card: Card): ModalView {
  return { type: 'modal', callback_id: CARD_VIEW, title: { type: 'plain_text', text: PRODUCT }, blocks: [...renderSlack(card).blocks] };
}
