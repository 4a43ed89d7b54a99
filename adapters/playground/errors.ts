/** What the playground's chat answers when it does not do as asked, and what that means for a delivery. */
import type { Outcome } from '../../src/ports/chat-adapter.ts';

export type ChatRefusal =
  | { readonly kind: 'throttled'; readonly afterMs: number }
  | { readonly kind: 'unavailable'; readonly afterMs: number }
  | { readonly kind: 'archived' | 'no-such-place' | 'no-such-message' | 'too-large' }
  /** Perhaps done: the connection broke, no answer came in time, or the answer was an error after the work had begun. */
  | { readonly kind: 'connection-lost' | 'timeout' | 'server-error' };

export class ChatError extends Error {
  override readonly name = 'ChatError';
  readonly refusal: ChatRefusal;
  constructor(refusal: ChatRefusal, options?: ErrorOptions) {
    super(`playground chat: ${refusal.kind}`, options);
    this.refusal = refusal;
  }
}

export function outcomeOf(refusal: ChatRefusal): Outcome {
  switch (refusal.kind) {
    case 'throttled':
    case 'unavailable':
      return { kind: 'later', reason: refusal.kind, afterMs: refusal.afterMs };
    case 'archived':
      return { kind: 'dead', scope: 'destination', reason: 'archived' };
    case 'no-such-place':
      return { kind: 'dead', scope: 'destination', reason: 'not-found' };
    case 'too-large':
      return { kind: 'dead', scope: 'payload', reason: 'payload-too-large' };
    case 'no-such-message':
      return { kind: 'gone' };
    case 'connection-lost':
    case 'timeout':
    case 'server-error':
      return { kind: 'unknown', reason: refusal.kind };
    default:
      return refusal satisfies never;
  }
}
