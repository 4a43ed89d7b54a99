/** One thing that somebody asks, and what is answered. */
import type { CommandError, ReplyMessage } from '../domain/message.ts';
import type { Actor, Language, Person } from '../domain/subscription.ts';
import type { Form, Place } from '../ports/inbound.ts';

export type Request = {
  readonly actor: Actor;
  readonly place: Place;
  /** The asker's: answers are private. */
  readonly language: Language;
  readonly mentions: readonly Actor[];
  /** About the asker's own DM, though asked elsewhere (`--dm`). */
  readonly ownDm: boolean;
  /** Ends what has a fallback, and what has none. */
  readonly soon: AbortSignal;
  readonly late: AbortSignal;
};

export type Answer =
  | { readonly kind: 'reply'; readonly message: ReplyMessage; readonly language: Language; readonly replaces: boolean }
  | { readonly kind: 'share'; readonly message: ReplyMessage }
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'form-errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'none' };

export function personOf(actor: Actor): Person {
  return { platform: actor.platform, id: actor.id, name: actor.name };
}

export function isSame(a: { readonly platform: string; readonly id: string }, b: { readonly platform: string; readonly id: string }): boolean {
  return a.platform === b.platform && a.id === b.id;
}

export function say(request: Request, message: ReplyMessage): Answer {
  return { kind: 'reply', message, language: request.language, replaces: false };
}

export function refuse(request: Request, error: CommandError): Answer {
  return say(request, { kind: 'error', error });
}
