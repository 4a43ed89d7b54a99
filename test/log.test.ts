import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLog } from '../src/log.ts';
import type { Log } from '../src/ports/log.ts';

type Line = Readonly<Record<string, unknown>>;

function logTo(
  secrets: Iterable<string> = [],
  level: 'debug' | 'info' = 'info',
): { readonly log: Log; readonly raw: string[]; readonly lines: () => readonly Line[] } {
  const raw: string[] = [];
  const log = createLog({ level, secrets, write: (line) => raw.push(line) });
  return { log, raw, lines: () => raw.map((line) => JSON.parse(line) as Line) };
}

/** Every text anywhere in a value. */
function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(texts) : [];
}

describe('a log line', () => {
  test('is JSON with time, level, message and fields, and ends with a line break', () => {
    const { log, raw, lines } = logTo();
    log.warn('read 100% of it', { job: 'p/j', entries: 3, first: true, nothing: null });
    expect(raw[0]).toMatch(/\n$/);
    expect(lines()).toEqual([
      { level: 'warn', time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/), message: 'read 100% of it', job: 'p/j', entries: 3, first: true, nothing: null },
    ]);
  });

  test('carries the fields of its log, and its own win', () => {
    const { log, lines } = logTo();
    log.with({ part: 'watch', job: 'a' }).with({ epoch: 'e' }).info('polled', { job: 'b' });
    expect(lines()[0]).toMatchObject({ part: 'watch', epoch: 'e', job: 'b' });
  });

  test('is written from the level on', () => {
    const { log, lines } = logTo();
    log.debug('not this');
    log.info('this');
    log.error('and this');
    expect(lines().map(({ message }) => message)).toEqual(['this', 'and this']);
  });

  test('is cut when a text is very long', () => {
    const { log, raw } = logTo();
    log.info('x'.repeat(100_000), { body: 'y'.repeat(100_000) });
    expect(raw[0]?.length).toBeLessThan(20_000);
  });
});

describe('an error in a log line', () => {
  test('is its type, code, message, stack and causes, and no other property', () => {
    const { log, lines } = logTo();
    class Refused extends Error {
      override readonly name = 'Refused';
      readonly request = { headers: { authorization: 'held back' } };
    }
    const cause = Object.assign(new TypeError('inner'), { code: 'ECONNRESET', config: 'held back' });
    log.error('it failed', { error: new Refused('outer', { cause }) });
    expect(lines()[0]?.error).toEqual({
      type: 'Refused',
      message: 'outer',
      stack: expect.stringContaining('log.test.ts'),
      cause: { type: 'TypeError', code: 'ECONNRESET', message: 'inner', stack: expect.any(String) },
    });
  });

  test('may be its own cause, or have one that is no error', () => {
    const { log, raw } = logTo();
    const circle = new Error('round');
    circle.cause = circle;
    log.error('it failed', { error: circle });
    log.error('it failed', { error: new Error('odd', { cause: { token: 'held back' } }) });
    expect(raw).toHaveLength(2);
    expect(raw.join()).not.toContain('held back');
  });
});

describe('a secret', () => {
  /** Long enough not to be a part of the line itself by chance. */
  const secret = fc.oneof(
    fc.string({ minLength: 8, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 40 }),
    fc.base64String({ minLength: 8, maxLength: 60 }),
  );
  const around = fc.string({ maxLength: 20 });

  test('is in no text of a line, wherever it was and however it was written', () => {
    fc.assert(
      fc.property(secret, around, around, (value, before, after) => {
        fc.pre(value.trim().length >= 6 && !'[redacted]'.includes(value));
        const { log, lines } = logTo([value]);
        const inUrl = encodeURIComponent(value.toWellFormed());
        const inForm = new URLSearchParams({ q: value.toWellFormed() }).toString().slice(2);
        const nested = new Error(`${before}${value}${after}`, { cause: new Error(value, { cause: `${value}${after}` }) });
        log.with({ bound: `${before}${value}` }).error(`${before}${value}${after}`, {
          text: `${value}${value}`,
          url: `https://h/?q=${inUrl}&r=${inForm}`,
          json: JSON.stringify({ value }),
          error: nested,
        });
        const [line] = lines();
        for (const text of texts(line)) for (const writing of [value, inUrl, inForm, JSON.stringify(value).slice(1, -1)]) expect(text).not.toContain(writing);
      }),
      { numRuns: 300 },
    );
  });

  test('that contains another one goes whole, and the empty one is none', () => {
    const { log, lines } = logTo(['key', 'key-with-more', '']);
    log.info('a key-with-more and a key');
    expect(lines()[0]?.message).toBe('a [redacted] and a [redacted]');
  });

  test('that is learnt later is kept out from then on', () => {
    const secrets = new Set(['first-secret']);
    const { log, lines } = logTo(secrets);
    secrets.delete('first-secret');
    secrets.add('other-secret');
    log.info('got other-secret');
    expect(lines()[0]?.message).toBe('got [redacted]');
  });
});

describe("somebody else's secret", () => {
  test.each([
    ['Authorization: Bearer abc.def.ghi', 'Authorization: [redacted]'],
    ['{"authorization":"SDK-HMAC-SHA256 Access=AK, Signature=00"}', '{"authorization":"[redacted]"}'],
    ['X-Security-Token: abcdef\nHost: h', 'X-Security-Token: [redacted]\nHost: h'],
    ["'x-auth-token': 'MIIabc'", "'x-auth-token': '[redacted]'"],
    ['sent Bearer 0123456789abcdef', 'sent Bearer [redacted]'],
    ['SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=00', 'SDK-HMAC-SHA256 [redacted]'],
    ['token xoxb-12-ab, xapp-1-A-2', 'token [redacted], [redacted]'],
    ['jwt eyJhbGciOi.eyJzdWIi.sig-_1', 'jwt [redacted]'],
    ['redis://user:pass@host:6379', 'redis://[redacted]@host:6379'],
    ['https://obs/x?AccessKeyId=A&Expires=1&Signature=S%3D', 'https://obs/x?AccessKeyId=[redacted]&Expires=1&Signature=[redacted]'],
  ])('%s', (message, written) => {
    const { log, lines } = logTo();
    log.info(message);
    expect(lines()[0]?.message).toBe(written);
  });

  test.each(['Basic information about the job', 'Bearer of news', 'a cookie', 'https://example.com/a@b', 'p@q'])(
    'is not seen where there is none: %s',
    (message) => {
      const { log, lines } = logTo();
      log.info(message);
      expect(lines()[0]?.message).toBe(message);
    },
  );
});
