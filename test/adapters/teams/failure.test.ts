import { describe, expect, test } from 'vitest';
import { isRefusal, networkFailure, refusalOf } from '../../../adapters/teams/failure.ts';

const NOW = Date.UTC(2026, 10, 22, 7, 0, 0);
const refused = (status: number, body: unknown, headers: Record<string, string> = {}) => refusalOf(new Response(null, { status, headers }), body, NOW);

describe('a refusal', () => {
  const bodies = [
    [{ error: { code: 'BotDisabledByAdmin', message: 'words' } }, 'BotDisabledByAdmin'],
    [{ error: { code: 'Forbidden', subCode: 'MessageWritesBlocked' } }, 'MessageWritesBlocked'],
    [{ errorCode: 209, subCode: 'MessageWritesBlocked' }, 'MessageWritesBlocked'],
    [{ error: 'BotNotInConversationRoster' }, 'BotNotInConversationRoster'],
    [{ error: { code: 'Bad argument' } }, ''],
    [{ error: { code: 7 } }, ''],
    [{ error: { code: 'x'.repeat(200) } }, ''],
    [{ error: null }, ''],
    [null, ''],
    ['words', ''],
  ] as const;
  test.each(bodies)('%j has the code %j', (body, code) => {
    expect(refused(403, body)).toEqual({ kind: 'refused', status: 403, code, afterMs: null });
  });

  const waits = [
    ['7', 7_000],
    ['0', 0],
    ['1.5', 1_500],
    ['999999999', 3_600_000],
    ['Sun, 22 Nov 2026 07:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2026 06:00:00 GMT', 0],
    ['-5', 0],
    ['soon', null],
    ['', null],
  ] as const;
  test.each(waits)('Retry-After %j is %j ms', (header, afterMs) => {
    expect(refused(429, null, { 'retry-after': header })).toMatchObject({ afterMs });
  });

  test('is one that nothing was done in, and that will be given again', () => {
    expect([400, 403, 404, 405, 413].every((status) => isRefusal(refused(status, null)))).toBe(true);
    expect([401, 408, 412, 429, 500, 502, 503].some((status) => isRefusal(refused(status, null)))).toBe(false);
    expect([networkFailure(new TypeError('fetch failed')), { kind: 'timeout' } as const].some(isRefusal)).toBe(false);
  });
});

test('what the network says is told apart by its codes', () => {
  const cause = (code: string) => new TypeError('fetch failed', { cause: Object.assign(new Error('words'), { code }) });
  expect(networkFailure(cause('ECONNREFUSED'))).toEqual({ kind: 'unreachable', code: 'ECONNREFUSED' });
  expect(networkFailure(cause('ECONNRESET'))).toEqual({ kind: 'connection-lost' });
  expect(networkFailure(new DOMException('words', 'TimeoutError'))).toEqual({ kind: 'timeout' });
});
