import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, instantText, offsetName, plural } from '../../../src/domain/text/format.ts';

const SECOND = 1000;
const HOUR = 3_600_000;

describe('durations', () => {
  it('have two units at most, seconds under 10 minutes alone', () => {
    expect([35 * SECOND, 95 * SECOND, 599 * SECOND, 600 * SECOND, 17_545 * SECOND, 26 * HOUR, 24 * HOUR + 60_000].map((ms) => duration(ms, 'en'))).toEqual([
      '35s',
      '1m 35s',
      '9m 59s',
      '10m',
      '4h 52m',
      '1d 2h',
      '1d',
    ]);
    expect(duration(17_545 * SECOND, 'zh-CN')).toBe('4小时52分钟');
  });

  it('under a second are nothing, and none throws', () => {
    expect(duration(999, 'en')).toBe('');
    fc.assert(fc.property(fc.maxSafeNat(), (ms) => typeof duration(ms, 'zh-CN') === 'string'));
  });
});

describe('instants', () => {
  it('are told in a zone whose offset has a name', () => {
    const at = Date.UTC(2025, 11, 1, 6, 0);
    expect(instantText(at, 'short', { language: 'en', zone: 'Asia/Shanghai' })).toBe('Dec 1, 14:00');
    expect(instantText(at, 'short', { language: 'zh-CN', zone: 'Asia/Shanghai' })).toBe('12月1日 14:00');
    expect(instantText(at, 'time', { language: 'en', zone: null })).toBe('06:00');
    expect([offsetName(at, 'Asia/Shanghai'), offsetName(at, 'Asia/Kolkata'), offsetName(at, 'America/St_Johns'), offsetName(at, null)]).toEqual([
      'UTC+8',
      'UTC+5:30',
      'UTC-3:30',
      'UTC',
    ]);
  });

  it('in a zone that nobody knows are told in UTC, and named so', () => {
    expect(instantText(0, 'time', { language: 'en', zone: 'No/Such_Zone' })).toBe('00:00');
    expect(offsetName(0, 'No/Such_Zone')).toBe('UTC');
  });
});

it('plurals have their number in the language', () => {
  expect([1, 2, 1200].map((count) => plural(count, { one: '# entry', other: '# entries' }, 'en'))).toEqual(['1 entry', '2 entries', '1,200 entries']);
});
