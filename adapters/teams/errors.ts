/** What Teams' refusals mean for a delivery: the table of error codes (facts, teams, 4), as one table. */
import type { DeadReason, LaterReason, Outcome } from '../../src/ports/chat-adapter.ts';
import type { TeamsFailure } from './failure.ts';
import { UNKNOWN_CODE_WAIT_MS, WAIT_MS } from './limits.ts';

type NotDelivered = Exclude<Outcome, { kind: 'delivered' }>;

/** Which request failed: a post makes something new, a change needs what is there. `dm`: in a person's own conversation. */
export type Asked = { readonly call: 'post' | 'change'; readonly dm: boolean };

const destination = (reason: DeadReason): NotDelivered => ({ kind: 'dead', scope: 'destination', reason });
const payload = (reason: DeadReason): NotDelivered => ({ kind: 'dead', scope: 'payload', reason });
const platform = (reason: DeadReason): NotDelivered => ({ kind: 'dead', scope: 'platform', reason });
const later = (reason: LaterReason, afterMs: number): NotDelivered => ({ kind: 'later', reason, afterMs });
const gone: NotDelivered = { kind: 'gone' };

const CODES: ReadonlyMap<string, NotDelivered> = new Map<string, NotDelivered>([
  ['BotNotInConversationRoster', destination('removed')],
  ['BotDisabledByAdmin', destination('disabled')],
  ['ConversationBlockedByUser', destination('blocked')],
  ['ForbiddenOperationException', destination('forbidden')],
  // the place's requests must go to another cloud's address, which its next activity brings
  ['InvalidBotApiHost', destination('forbidden')],
  ['ConversationNotFound', destination('not-found')],
  ['ActivityNotFoundInConversation', gone],
  ['MessageSizeTooBig', payload('payload-too-large')],
  ['RequestEntityTooLarge', payload('payload-too-large')],
  ['BotNotRegistered', platform('unauthorized')],
]);

/** Whether the table knows this refusal. */
export function isKnown(failure: TeamsFailure): boolean {
  return failure.kind !== 'refused' || failure.code === '' || failure.code === WRITES_BLOCKED || CODES.has(failure.code) || KNOWN_STATUSES.has(failure.status);
}

/** Writing is blocked: in a dm by its person, in a channel because its team is archived. */
const WRITES_BLOCKED = 'MessageWritesBlocked';

/** Statuses that say enough without a code. */
const KNOWN_STATUSES = new Set([400, 401, 408, 412, 413, 429]);

/** What a failed request means. */
export function outcomeOf(failure: TeamsFailure, asked: Asked): NotDelivered {
  switch (failure.kind) {
    case 'refused':
      return refusal(failure, asked);
    case 'unreachable':
      return later('unavailable', WAIT_MS);
    case 'no-token':
      return failure.refused ? platform('unauthorized') : later('unavailable', WAIT_MS);
    case 'timeout':
    case 'connection-lost':
      return { kind: 'unknown', reason: failure.kind };
    case 'unreadable':
      return { kind: 'unknown', reason: 'unreadable-answer' };
    default:
      return failure satisfies never;
  }
}

function refusal({ status, code, afterMs }: Extract<TeamsFailure, { kind: 'refused' }>, { call, dm }: Asked): NotDelivered {
  // whatever an error is called, these statuses leave it open whether the message was taken: a 502 is known to come after it was
  if (status === 408 || status === 504) return { kind: 'unknown', reason: 'timeout' };
  if (status >= 500 && status !== 503) return { kind: 'unknown', reason: 'server-error' };
  if (status === 429) return later('throttled', afterMs ?? WAIT_MS);
  if (status === 412 || status === 503) return later('unavailable', afterMs ?? WAIT_MS);
  if (code === WRITES_BLOCKED) return destination(dm ? 'blocked' : 'archived');
  return CODES.get(code) ?? byStatus(status, call);
}

function byStatus(status: number, call: Asked['call']): NotDelivered {
  switch (status) {
    case 400:
      return payload('payload-refused');
    case 401:
      return platform('unauthorized');
    case 403:
      return destination('forbidden');
    case 404:
    case 410:
      return call === 'post' ? destination('not-found') : gone;
    case 413:
      return payload('payload-too-large');
    default:
      return later('unavailable', UNKNOWN_CODE_WAIT_MS);
  }
}
