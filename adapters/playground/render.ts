/** How the page is told what to draw: data only, which page/draw.js puts into text nodes. Nothing here or there makes markup of text. */
import type { Card, CardAction } from '../../src/domain/card.ts';
import type { ChatMessage } from './chat-state.ts';
import { personName } from './places.ts';
import type { PrivateMessage } from './private-messages.ts';

export type MessageView = {
  readonly ref: string;
  readonly place: string;
  readonly root: string | null;
  readonly raised: boolean;
  readonly at: number;
  readonly editedAt: number | null;
  readonly removed: boolean;
  /** The name of the only person who sees it, or null. */
  readonly onlyFor: string | null;
  readonly author: { readonly name: string; readonly bot: boolean };
  /** One of both: what the bot shows, or what a person said. */
  readonly card: Card | null;
  readonly text: string;
};

const BOT = { name: 'voicejob', bot: true };

export function messageView(message: ChatMessage): MessageView {
  const { ref, place, root, raised, at, editedAt, removed } = message;
  return { ref, place, root, raised, at, editedAt, removed, onlyFor: null, author: BOT, card: removed ? null : safeCard(message.card), text: '' };
}

export function privateView(message: PrivateMessage): MessageView {
  const { ref, place, at, editedAt, content } = message;
  const common = { ref, place, root: null, raised: false, at, editedAt, removed: false, onlyFor: personName(message.to) };
  if (content.kind === 'said') return { ...common, author: { name: personName(message.to), bot: false }, card: null, text: content.text };
  return { ...common, author: BOT, card: safeCard(content.card), text: '' };
}

/** A link of any other scheme could run as a script in the page, so its button is left out. */
export function safeCard(card: Card): Card {
  return { ...card, actions: card.actions.filter(isSafe) };
}

function isSafe({ url }: CardAction): boolean {
  if (url === null) return true;
  return URL.canParse(url) && ['http:', 'https:'].includes(new URL(url).protocol);
}
