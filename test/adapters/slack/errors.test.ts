import { describe, expect, test } from 'vitest';
import { isKnownCode, outcomeOf } from '../../../adapters/slack/errors.ts';

const refused = (code: string, afterMs: number | null = null) => outcomeOf({ kind: 'refused', code, afterMs });

const DEAD = {
  'destination archived': 'is_archived',
  'destination not-found': 'channel_not_found team_not_found',
  'destination not-a-member': 'not_in_channel',
  'destination disabled': 'messages_tab_disabled',
  'destination forbidden':
    'restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel restricted_action_non_threadable_channel restricted_action_thread_locked cannot_reply_to_message ekm_access_denied no_permission is_inactive',
  'destination blocked': 'slack_connect_canvas_sharing_blocked slack_connect_file_link_sharing_blocked slack_connect_lists_sharing_blocked',
  'payload payload-refused':
    'no_text invalid_blocks invalid_blocks_format invalid_metadata_format invalid_metadata_schema markdown_text_conflict invalid_arg_name invalid_arguments invalid_array_arg invalid_charset invalid_form_data cant_update_message edit_window_closed no_dual_broadcast_content_update streaming_state_conflict cant_delete_message compliance_exports_prevent_deletion',
  'payload payload-too-large': 'msg_too_long msg_blocks_too_long metadata_too_large too_many_attachments attachment_payload_limit_exceeded',
  'platform unauthorized':
    'not_authed invalid_auth token_revoked token_expired missing_scope not_allowed_token_type app_access_restricted access_denied enterprise_is_restricted two_factor_setup_required team_access_not_granted',
  'platform uninstalled': 'account_inactive',
};

describe('the codes of a refusal', () => {
  for (const [meaning, codes] of Object.entries(DEAD)) {
    test.each(codes.split(' '))(`%s is dead: ${meaning}`, (code) => {
      const [scope, reason] = meaning.split(' ');
      expect(refused(code)).toEqual({ kind: 'dead', scope, reason });
      expect(isKnownCode(code)).toBe(true);
    });
  }

  test.each(['ratelimited', 'rate_limited', 'message_limit_exceeded'])('%s waits, throttled', (code) => {
    expect(refused(code)).toEqual({ kind: 'later', reason: 'throttled', afterMs: expect.any(Number) });
  });

  test.each(['service_unavailable', 'request_timeout', 'team_added_to_org', 'org_login_required'])('%s waits, away', (code) => {
    expect(refused(code)).toEqual({ kind: 'later', reason: 'unavailable', afterMs: expect.any(Number) });
  });

  test('a Retry-After beside a code that waits is the wait', () => {
    expect(refused('ratelimited', 12_000)).toEqual({ kind: 'later', reason: 'throttled', afterMs: 12_000 });
    expect(refused('is_archived', 12_000)).toEqual({ kind: 'dead', scope: 'destination', reason: 'archived' });
  });

  test.each(['fatal_error', 'internal_error'])('%s may have been done', (code) => {
    expect(refused(code)).toEqual({ kind: 'unknown', reason: 'server-error' });
  });

  test.each(['message_not_found', 'thread_not_found'])('%s is gone', (code) => {
    expect(refused(code)).toEqual({ kind: 'gone' });
  });

  test('a code that no list has is not done, and is tried again only after long', () => {
    expect(refused('made_up_yesterday')).toEqual({ kind: 'later', reason: 'unavailable', afterMs: 600_000 });
    expect(isKnownCode('made_up_yesterday')).toBe(false);
  });
});

describe('everything but a code', () => {
  test.each([
    [
      { kind: 'throttled', afterMs: 5_000 },
      { kind: 'later', reason: 'throttled', afterMs: 5_000 },
    ],
    [
      { kind: 'unreachable', code: 'ECONNREFUSED' },
      { kind: 'later', reason: 'unavailable', afterMs: 30_000 },
    ],
    [{ kind: 'timeout' }, { kind: 'unknown', reason: 'timeout' }],
    [{ kind: 'connection-lost' }, { kind: 'unknown', reason: 'connection-lost' }],
    [{ kind: 'unreadable' }, { kind: 'unknown', reason: 'unreadable-answer' }],
    [
      { kind: 'status', status: 500 },
      { kind: 'unknown', reason: 'server-error' },
    ],
    [
      { kind: 'status', status: 503 },
      { kind: 'unknown', reason: 'server-error' },
    ],
    [
      { kind: 'status', status: 408 },
      { kind: 'unknown', reason: 'timeout' },
    ],
    [
      { kind: 'status', status: 404 },
      { kind: 'later', reason: 'unavailable', afterMs: 30_000 },
    ],
    [
      { kind: 'status', status: 413 },
      { kind: 'dead', scope: 'payload', reason: 'payload-too-large' },
    ],
    [
      { kind: 'status', status: 204 },
      { kind: 'unknown', reason: 'unreadable-answer' },
    ],
  ] as const)('%o means %o', (failure, outcome) => {
    expect(outcomeOf(failure)).toEqual(outcome);
  });
});
