/** What Slack's refusals mean for a delivery: the error lists of chat.postMessage, chat.update and chat.delete (api reference), as one table. */
import type { DeadReason, LaterReason, Outcome } from '../../src/ports/chat-adapter.ts';
import type { SlackFailure } from './failure.ts';
import { HARD_WAIT_MS, LONG_WAIT_MS, UNKNOWN_CODE_WAIT_MS, WAIT_MS } from './limits.ts';

type NotDelivered = Exclude<Outcome, { kind: 'delivered' }>;

const destination = (reason: DeadReason): NotDelivered => ({ kind: 'dead', scope: 'destination', reason });
const payload = (reason: DeadReason): NotDelivered => ({ kind: 'dead', scope: 'payload', reason });
const platform = (reason: DeadReason): NotDelivered => ({ kind: 'dead', scope: 'platform', reason });
const later = (reason: LaterReason, afterMs: number): NotDelivered => ({ kind: 'later', reason, afterMs });

const CODES: ReadonlyMap<string, NotDelivered> = new Map<string, NotDelivered>([
  ['is_archived', destination('archived')],
  ['channel_not_found', destination('not-found')],
  ['team_not_found', destination('not-found')],
  ['not_in_channel', destination('not-a-member')],
  ['messages_tab_disabled', destination('disabled')],
  ['cannot_reply_to_message', destination('forbidden')],
  ['ekm_access_denied', destination('forbidden')],
  ['no_permission', destination('forbidden')],
  // an edit in a frozen, archived or deleted channel
  ['is_inactive', destination('forbidden')],

  ['no_text', payload('payload-refused')],
  ['invalid_blocks', payload('payload-refused')],
  ['invalid_blocks_format', payload('payload-refused')],
  ['invalid_metadata_format', payload('payload-refused')],
  ['invalid_metadata_schema', payload('payload-refused')],
  ['markdown_text_conflict', payload('payload-refused')],
  ['invalid_charset', payload('payload-refused')],
  ['invalid_form_data', payload('payload-refused')],
  ['msg_too_long', payload('payload-too-large')],
  ['msg_blocks_too_long', payload('payload-too-large')],
  ['metadata_too_large', payload('payload-too-large')],
  ['too_many_attachments', payload('payload-too-large')],
  ['attachment_payload_limit_exceeded', payload('payload-too-large')],
  // this message can be edited or deleted by nobody, or not by us
  ['cant_update_message', payload('payload-refused')],
  ['edit_window_closed', payload('payload-refused')],
  ['no_dual_broadcast_content_update', payload('payload-refused')],
  ['streaming_state_conflict', payload('payload-refused')],
  ['cant_delete_message', payload('payload-refused')],
  ['compliance_exports_prevent_deletion', payload('payload-refused')],

  ['not_authed', platform('unauthorized')],
  ['invalid_auth', platform('unauthorized')],
  ['token_revoked', platform('unauthorized')],
  ['token_expired', platform('unauthorized')],
  ['missing_scope', platform('unauthorized')],
  ['not_allowed_token_type', platform('unauthorized')],
  ['app_access_restricted', platform('unauthorized')],
  ['access_denied', platform('unauthorized')],
  ['enterprise_is_restricted', platform('unauthorized')],
  ['two_factor_setup_required', platform('unauthorized')],
  // seen, but in no list of Slack's
  ['team_access_not_granted', platform('unauthorized')],
  ['account_inactive', platform('uninstalled')],

  ['ratelimited', later('throttled', WAIT_MS)],
  ['rate_limited', later('throttled', WAIT_MS)],
  ['service_unavailable', later('unavailable', WAIT_MS)],
  // the body did not arrive whole
  ['request_timeout', later('unavailable', WAIT_MS)],
  ['team_added_to_org', later('unavailable', LONG_WAIT_MS)],
  ['org_login_required', later('unavailable', LONG_WAIT_MS)],
  ['message_limit_exceeded', later('throttled', HARD_WAIT_MS)],

  ['fatal_error', { kind: 'unknown', reason: 'server-error' }],
  ['internal_error', { kind: 'unknown', reason: 'server-error' }],

  ['message_not_found', { kind: 'gone' }],
  ['thread_not_found', { kind: 'gone' }],
]);

const FAMILIES: readonly (readonly [RegExp, NotDelivered])[] = [
  [/^restricted_action(_|$)/, destination('forbidden')],
  [/^slack_connect_.*blocked$/, destination('blocked')],
  [/^invalid_(array_)?arg/, payload('payload-refused')],
];

/** Whether the table knows this code. */
export function isKnownCode(code: string): boolean {
  return CODES.has(code) || FAMILIES.some(([family]) => family.test(code));
}

/**
 * What a failed call means. A code that the table does not know is a refusal too, so nothing was done: that destination waits long, since
 * neither the message nor the workspace is known to be at fault.
 */
export function outcomeOf(failure: SlackFailure): NotDelivered {
  switch (failure.kind) {
    case 'refused':
      return refusal(failure.code, failure.afterMs);
    case 'throttled':
      return later('throttled', failure.afterMs);
    case 'status':
      return statusOutcome(failure.status);
    case 'unreachable':
      return later('unavailable', WAIT_MS);
    case 'timeout':
    case 'connection-lost':
      return { kind: 'unknown', reason: failure.kind };
    case 'unreadable':
      return { kind: 'unknown', reason: 'unreadable-answer' };
    default:
      return failure satisfies never;
  }
}

function refusal(code: string, afterMs: number | null): NotDelivered {
  const known = CODES.get(code) ?? FAMILIES.find(([family]) => family.test(code))?.[1] ?? later('unavailable', UNKNOWN_CODE_WAIT_MS);
  return known.kind === 'later' && afterMs !== null ? { ...known, afterMs } : known;
}

/** Slack itself answers with 200 and 429 only: anything else comes from what stands before it, and below 500 it did not pass the request on. */
function statusOutcome(status: number): NotDelivered {
  if (status === 413) return payload('payload-too-large');
  if (status === 408) return { kind: 'unknown', reason: 'timeout' };
  if (status >= 400 && status < 500) return later('unavailable', WAIT_MS);
  return { kind: 'unknown', reason: status >= 500 ? 'server-error' : 'unreadable-answer' };
}
