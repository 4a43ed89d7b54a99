import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/domain/command.ts';
import { formatCommand } from '../../src/domain/format-command.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import { type Actor, LANGUAGES, type Person, PRESETS } from '../../src/domain/subscription.ts';

const speaker: Person = { platform: 'playground', id: 'u-ann', name: 'Ann' };
const bob: Actor = { platform: 'playground', id: 'u-bob', name: 'Bob', language: null, zone: null, dm: null, member: true, guest: false };
const bobPerson: Person = { platform: 'playground', id: 'u-bob', name: 'Bob' };

function parse(text: string) {
  return parseCommand(text, [bob], speaker);
}

function command(text: string): Command | string {
  const parsed = parse(text);
  return parsed.kind === 'ok' ? parsed.command : parsed.error.kind;
}

function subscribe(over: Partial<Extract<Command, { name: 'subscribe' }>>) {
  return { name: 'subscribe', job: 'narrator-01', preset: null, dm: false, notify: null, ...over };
}

describe('what people type', () => {
  test.each<[string, Command | string]>([
    ['', { name: 'help' }],
    [' \u00a0\u3000\u200b ', { name: 'help' }],
    ['help', { name: 'help' }],
    ['help history', { name: 'help' }],
    ['?', { name: 'help' }],
    ['HELP!', { name: 'help' }],
    ['/voicejob', { name: 'help' }],
    ['/voicejob list', { name: 'list', page: 1 }],
    ['@voicejob: list 2', { name: 'list', page: 2 }],
    ['<@0> list page 3', { name: 'list', page: 3 }],
    ['/list', { name: 'list', page: 1 }],
    ['Ｌｉｓｔ', { name: 'list', page: 1 }],
    ['subscribe', { name: 'subscribe-form' }],
    ['history 26f06524', { name: 'history', job: '26f06524', page: null, filter: 'all' }],
    ['HISTORY\u00a026f06524', { name: 'history', job: '26f06524', page: null, filter: 'all' }],
    ['history\u3000\u3000`26f06524`', { name: 'history', job: '26f06524', page: null, filter: 'all' }],
    ['history ```26f06524```', { name: 'history', job: '26f06524', page: null, filter: 'all' }],
    ['`history 26f06524`', { name: 'history', job: '26f06524', page: null, filter: 'all' }],
    ['history <narrator-01>', { name: 'history', job: 'narrator-01', page: null, filter: 'all' }],
    ['history narrator-01 2', { name: 'history', job: 'narrator-01', page: 2, filter: 'all' }],
    ['history narrator-01 problems page 2', { name: 'history', job: 'narrator-01', page: 2, filter: 'problems' }],
    ['status \u200e26f06524\u200f', { name: 'status', job: '26f06524' }],
    ['status "my new  voice"', { name: 'status', job: 'my new  voice' }],
    ['status “my voice”', { name: 'status', job: 'my voice' }],
    ['status „my voice“', { name: 'status', job: 'my voice' }],
    ['status ”my voice”', { name: 'status', job: 'my voice' }],
    ['status 「客服 云佳」', { name: 'status', job: '客服 云佳' }],
    ["status 'my voice'", { name: 'status', job: 'my voice' }],
    ["status bob's", { name: 'status', job: "bob's" }],
    ['status "unclosed', { name: 'status', job: 'unclosed' }],
    ['status "', { name: 'status', job: '"' }],
    ['status "say "hi" now"', 'bad-argument'],
    ['status "say \\"hi\\" now"', { name: 'status', job: 'say "hi" now' }],
    ['status "<@0>"', { name: 'status', job: '<@0>' }],
    ['unsubscribe all', { name: 'unsubscribe-all', sure: false }],
    ['unfollow ALL', { name: 'unsubscribe-all', sure: false }],
    ['unsubscribe all confirm', { name: 'unsubscribe-all', sure: true }],
    ['取消订阅 全部 确认', { name: 'unsubscribe-all', sure: true }],
    ['unsubscribe "all"', { name: 'unsubscribe', job: 'all' }],
    ['unsubscribe narrator-01', { name: 'unsubscribe', job: 'narrator-01' }],
    ['unmute narrator-01', { name: 'unmute', job: 'narrator-01' }],
    ['jobs', { name: 'jobs', search: '' }],
    ['jobs live host', { name: 'jobs', search: 'live host' }],
    ['jobs --dm', { name: 'jobs', search: '--dm' }],
    ['test', { name: 'test' }],
    ['language en', { name: 'language', language: 'en' }],
    ['language ZH_cn', { name: 'language', language: 'zh-CN' }],
    ['语言 中文', { name: 'language', language: 'zh-CN' }],
    ['中文', { name: 'language', language: 'zh-CN' }],
    ['English', { name: 'language', language: 'en' }],
    ['订阅 客服-云佳 仅问题', subscribe({ job: '客服-云佳', preset: 'problems' }) as Command],
    ['订阅客服-云佳', subscribe({ job: '客服-云佳' }) as Command],
    ['订阅「客服 云佳」全部动态', subscribe({ job: '客服 云佳', preset: 'everything' }) as Command],
    ['取消订阅 全部', { name: 'unsubscribe-all', sure: false }],
    ['静音 客服-云佳 2小时', { name: 'mute', job: '客服-云佳', forMs: 2 * 3_600_000 }],
    ['取消静音客服-云佳', { name: 'unmute', job: '客服-云佳' }],
    ['列表', { name: 'list', page: 1 }],
    ['帮助', { name: 'help' }],
  ])('%j', (text, expected) => {
    expect(command(text)).toEqual(expected);
  });
});

describe('subscribe', () => {
  test.each([
    ['subscribe narrator-01', {}],
    ['follow narrator-01 problems', { preset: 'problems' }],
    ['subscribe problems narrator-01', { preset: 'problems' }],
    ['subscribe narrator-01 --dm everything', { dm: true, preset: 'everything' }],
    ['subscribe narrator-01 —dm', { dm: true }],
    ['subscribe narrator-01 –DM', { dm: true }],
    ['subscribe narrator-01 －－dm', { dm: true }],
    ['subscribe --dm narrator-01 Milestones', { dm: true, preset: 'milestones' }],
    ['subscribe narrator-01 --notify me', { notify: speaker }],
    ['subscribe narrator-01 --notify=me', { notify: speaker }],
    ['subscribe narrator-01 --notify <@0> problems', { notify: bobPerson, preset: 'problems' }],
    ['subscribe narrator-01 —notify=<@0> --dm', { notify: bobPerson, dm: true }],
    ['subscribe "problems" problems', { job: 'problems', preset: 'problems' }],
    ['subscribe everything', { job: 'everything' }],
    ['subscribe -x-', { job: '-x-' }],
  ] as const)('%j', (text, over) => {
    expect(command(text)).toEqual(subscribe(over));
  });
});

describe('mute lasts', () => {
  const hour = 3_600_000;
  test.each([
    ['2h', 2 * hour],
    ['8H', 8 * hour],
    ['1d', 24 * hour],
    ['30m', hour / 2],
    ['90m', 1.5 * hour],
    ['1.5h', 1.5 * hour],
    ['1d12h', 36 * hour],
    ['1d 12h', 36 * hour],
    ['2 hours', 2 * hour],
    ['２小时', 2 * hour],
    ['30d', 720 * hour],
  ])('%s', (text, forMs) => {
    expect(command(`mute narrator-01 ${text}`)).toEqual({ name: 'mute', job: 'narrator-01', forMs });
  });

  test.each([['31d'], ['999d'], ['2y'], ['0h'], ['-2h'], ['tomorrow'], ['']])('never %j, and the error says how long it may be', (text) => {
    const error = { kind: 'bad-argument', command: 'mute', input: text, example: 'mute narrator-01 2h', expected: 'duration' };
    expect(parse(`mute narrator-01 ${text}`)).toEqual({ kind: 'error', error });
  });
});

describe('an error says what to type instead', () => {
  test.each([
    ['history', { kind: 'missing-job', command: 'history', example: 'history my-voice' }],
    ['history ""', { kind: 'missing-job', command: 'history', example: 'history my-voice' }],
    ['mute', { kind: 'missing-job', command: 'mute', example: 'mute my-voice 2h' }],
    ['subscribe --dm', { kind: 'missing-job', command: 'subscribe', example: 'subscribe my-voice --dm' }],
    ['history my new voice', { kind: 'bad-argument', command: 'history', input: 'new', example: 'history my', expected: 'one-job' }],
    ['history x 0', { kind: 'bad-argument', command: 'history', input: '0', example: 'history x', expected: 'other' }],
    ['subscribe "my voice', { kind: 'bad-argument', command: 'subscribe', input: 'voice', example: 'subscribe "my voice"', expected: 'preset' }],
    ['status “my voice', { kind: 'bad-argument', command: 'status', input: 'voice', example: 'status "my voice"', expected: 'one-job' }],
    ['status a b', { kind: 'bad-argument', command: 'status', input: 'b', example: 'status a', expected: 'one-job' }],
    ['unsubscribe all x', { kind: 'bad-argument', command: 'unsubscribe', input: 'x', example: 'unsubscribe all', expected: 'one-job' }],
    ['subscribe 26f06524 bogus', { kind: 'bad-argument', command: 'subscribe', input: 'bogus', example: 'subscribe 26f06524 milestones', expected: 'preset' }],
    ['subscribe x mielstones', { kind: 'bad-argument', command: 'subscribe', input: 'mielstones', example: 'subscribe x milestones', expected: 'preset' }],
    ['subscribe my voice', { kind: 'bad-argument', command: 'subscribe', input: 'voice', example: 'subscribe "my voice"', expected: 'preset' }],
    [
      'subscribe x problems everything',
      { kind: 'bad-argument', command: 'subscribe', input: 'everything', example: 'subscribe x problems', expected: 'preset' },
    ],
    ['subscribe x --loud', { kind: 'bad-argument', command: 'subscribe', input: '--loud', example: 'subscribe x --dm', expected: 'other' }],
    ['subscribe x --notify', { kind: 'bad-argument', command: 'subscribe', input: '--notify', example: 'subscribe x --notify me', expected: 'other' }],
    ['subscribe x --notify @carol', { kind: 'cannot-notify', input: '@carol', why: 'unknown' }],
    ['subscribe x --notify <@7>', { kind: 'cannot-notify', input: '<@7>', why: 'unknown' }],
    ['subscribe x <@0>', { kind: 'bad-argument', command: 'subscribe', input: '@Bob', example: 'subscribe x --notify @Bob', expected: 'other' }],
    ['status <@0>', { kind: 'bad-argument', command: 'status', input: '@Bob', example: 'status my-voice', expected: 'other' }],
    ['test now', { kind: 'bad-argument', command: 'test', input: 'now', example: 'test', expected: 'other' }],
    ['list everything', { kind: 'bad-argument', command: 'list', input: 'everything', example: 'list', expected: 'other' }],
    ['list 0', { kind: 'bad-argument', command: 'list', input: '0', example: 'list', expected: 'other' }],
    ['language', { kind: 'bad-argument', command: 'language', input: '', example: 'language zh-CN', expected: 'language' }],
    ['language klingon', { kind: 'bad-argument', command: 'language', input: 'klingon', example: 'language zh-CN', expected: 'language' }],
    ['hsitory 26f06524', { kind: 'unknown-command', input: 'hsitory', nearest: 'history 26f06524' }],
    ['Histry "my voice" page 2', { kind: 'unknown-command', input: 'Histry', nearest: 'history "my voice" 2' }],
    ['subscirbe x --notify me —dm', { kind: 'unknown-command', input: 'subscirbe', nearest: 'subscribe x --dm --notify me' }],
    ['subscirbe x --notify <@0>', { kind: 'unknown-command', input: 'subscirbe', nearest: 'subscribe x' }],
    ['mutee x', { kind: 'unknown-command', input: 'mutee', nearest: 'mute x 2h' }],
    ['stat', { kind: 'unknown-command', input: 'stat', nearest: 'status' }],
    ['26f06524', { kind: 'unknown-command', input: '26f06524', nearest: 'status 26f06524' }],
    ['客服-云佳', { kind: 'unknown-command', input: '客服-云佳', nearest: 'status 客服-云佳' }],
    ['dance', { kind: 'unknown-command', input: 'dance', nearest: null }],
  ])('%j', (text, error) => {
    expect(parse(text)).toEqual({ kind: 'error', error });
  });

  test.each(['!!!', '…', '--', '👍', '<@0> ??'])('%j says nothing, and is answered with help', (text) => {
    expect(parse(text)).toEqual({ kind: 'ok', command: { name: 'help' } });
  });

  test('a pasted page is quoted only by its beginning', () => {
    const parsed = parse(`status ${'x'.repeat(5000)}`);
    expect(parsed).toMatchObject({ kind: 'error', error: { kind: 'bad-argument', example: 'status my-voice' } });
    expect(JSON.stringify(parsed).length).toBeLessThan(300);
  });
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc
    .array(
      fc.constantFrom(
        'subscribe',
        '订阅',
        'mute',
        '--notify',
        '—dm',
        '<@0>',
        '<@99>',
        '"',
        '“',
        '`',
        '\\',
        '「',
        ' ',
        '\u3000',
        '=',
        '2h',
        '😀',
        '\ud800',
        'x',
      ),
      { maxLength: 14 },
    )
    .map((parts) => parts.join('')),
);

const name = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }),
    fc.stringMatching(/^[ "“”'`\\<>@0a-]{1,12}$/),
    fc.constantFrom('problems', '2', 'page', '--dm', '<@0>', 'help', '"', '\\', '«a» b'),
  )
  .map((text) => text.trim())
  .filter((text) => text !== '');
const preset = fc.option(fc.constantFrom(...PRESETS));
const notify = fc.option(fc.constantFrom(speaker, bobPerson));
const page = fc.integer({ min: 1, max: 999_999 });
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ name: fc.constant('subscribe' as const), job: name, preset, dm: fc.boolean(), notify }),
  fc.constant({ name: 'subscribe-form' as const }),
  fc.record({
    name: fc.constant('unsubscribe' as const),
    job: fc.oneof(name, fc.constantFrom('all', 'everything', '全部', 'ALL')),
  }),
  fc.record({ name: fc.constant('unsubscribe-all' as const), sure: fc.boolean() }),
  fc.record({ name: fc.constant('list' as const), page }),
  fc.record({ name: fc.constant('history' as const), job: name, page: fc.option(page), filter: fc.constantFrom('all' as const, 'problems' as const) }),
  fc.record({ name: fc.constantFrom('status' as const, 'unmute' as const), job: name }),
  fc.record({ name: fc.constant('mute' as const), job: name, forMs: fc.integer({ min: 1, max: 30 * 24 * 60 }).map((minutes) => minutes * 60_000) }),
  fc.record({ name: fc.constant('jobs' as const), search: fc.oneof(fc.constant(''), name) }),
  fc.record({ name: fc.constant('language' as const), language: fc.constantFrom(...LANGUAGES) }),
  fc.constantFrom({ name: 'test' as const }, { name: 'help' as const }),
);

describe('always', () => {
  test('any text gives a command or an error, and no error is silent', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const parsed = parse(text);
        expect(parsed.kind === 'ok' ? parsed.command.name : parsed.error.kind).toMatch(/./);
      }),
      { numRuns: 2000 },
    );
  });

  test('a command written out is read back as the same command', () => {
    fc.assert(
      fc.property(anyCommand, (meant) => {
        expect(parse(formatCommand(meant, speaker))).toEqual({ kind: 'ok', command: meant });
      }),
      { numRuns: 2000 },
    );
  });

  test('extra blanks, wide blanks and capitals change nothing', () => {
    const blank = fc.constantFrom(' ', '  ', '\u00a0', '\u3000', '\t ', '\u2003');
    fc.assert(
      fc.property(fc.constantFrom('subscribe', 'Subscribe', 'SUBSCRIBE', 'follow'), blank, blank, blank, (word, a, b, c) => {
        expect(command(`${a}${word}${b}narrator-01${c}problems${a}—dm${b}`)).toEqual(subscribe({ preset: 'problems', dm: true }));
      }),
    );
  });

  test('whatever is suggested for a slip is itself a command, or its error is about the arguments', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const parsed = parse(text);
        if (parsed.kind !== 'error' || parsed.error.kind !== 'unknown-command' || parsed.error.nearest === null) return;
        const again = parse(parsed.error.nearest);
        expect(again.kind === 'ok' || again.error.kind !== 'unknown-command').toBe(true);
      }),
    );
  });
});
