/** Messages that one person sees. They stay in the memory of the process that serves the page: they may hold signed links, which are never stored. */
import type { Card } from '../../src/domain/card.ts';
import { PRIVATE_MESSAGES } from './limits.ts';

/** What a person typed (`said`), or an answer to them. */
export type PrivateContent = { readonly kind: 'said'; readonly text: string } | { readonly kind: 'answer'; readonly card: Card };

export type PrivateMessage = {
  readonly ref: string;
  readonly place: string;
  readonly to: string;
  readonly content: PrivateContent;
  /** ms since 1970 */
  readonly at: number;
  readonly editedAt: number | null;
  /** Grows with every change, over all messages. */
  readonly changed: number;
};

export type PrivateMessages = {
  /** Puts a message there, or changes the one with this ref; the oldest are forgotten. `now` in ms since 1970. */
  put(message: Pick<PrivateMessage, 'ref' | 'place' | 'to' | 'content'>, now: number): void;
  /** Oldest first. */
  all(): readonly PrivateMessage[];
  /** The latest `changed`. */
  end(): number;
};

export function privateMessages(): PrivateMessages {
  const messages = new Map<string, PrivateMessage>();
  let end = 0;
  return {
    put: (message, now) => {
      const before = messages.get(message.ref);
      end += 1;
      messages.set(message.ref, { ...message, at: before?.at ?? now, editedAt: before ? now : null, changed: end });
      const [oldest] = messages.keys();
      if (messages.size > PRIVATE_MESSAGES && oldest !== undefined) messages.delete(oldest);
    },
    all: () => [...messages.values()],
    end: () => end,
  };
}
