import { describe, expect, it } from 'vitest';
import type { JobDetail } from '../../src/domain/job.ts';
import { ignoresWindow, largestUpdate, netIntervalMs, netRps, rowMark, sweepEveryMs, windowStart } from '../../src/domain/sweep.ts';

const NOW = 1_764_600_000_000;
const row = (over: Partial<JobDetail> = {}): JobDetail => ({
  jobId: 'job-1',
  voiceName: 'narrator-01',
  jobType: 'BASIC',
  state: 'AUDITING',
  failedCode: '',
  failedReason: '',
  assetId: '',
  rejectTimes: 0,
  createdAt: 1,
  updatedAt: NOW / 1000,
  ...over,
});

describe('the arithmetic', () => {
  it('1,000 jobs at rest cost at most half a request a second under the default ceiling', () => {
    const poll = { minMs: 15_000, maxMs: 300_000, maxRps: 2 };
    const sweeps = 1_000 / sweepEveryMs(poll);
    const census = 1 / 60;
    const net = (1_000 * 1_000) / netIntervalMs({ ...poll, watches: 1_000, missed: 0 });
    expect(sweeps + census + net).toBeLessThan(0.5);
  });

  it('a sweep never takes more than an eighth of the ceiling, and comes no more often than every 4 s for nothing', () => {
    expect(sweepEveryMs({ minMs: 15_000, maxRps: 0.5 })).toBe(16_000);
    expect(sweepEveryMs({ minMs: 15_000, maxRps: 100 })).toBe(4_000);
    expect(sweepEveryMs({ minMs: 200, maxRps: 100 })).toBe(200);
  });

  it('few jobs are looked at as often as wished, and the more is missed the more often all are', () => {
    const load = { watches: 10, missed: 0, maxMs: 300_000, maxRps: 2 };
    expect(netIntervalMs(load)).toBe(300_000);
    expect(netIntervalMs({ ...load, watches: 1_000, missed: 0.05 })).toBeLessThan(netIntervalMs({ ...load, watches: 1_000 }) / 3);
    expect(netRps({ missed: 1, maxRps: 2 })).toBeLessThan(1.5);
  });
});

describe('the window', () => {
  it('reaches back behind the largest time seen, in whole seconds, and never before 1970', () => {
    expect(windowStart(null)).toBeNull();
    expect(windowStart(NOW + 999)).toBe(NOW - 60_000);
    expect(windowStart(5)).toBe(0);
  });

  it('is not moved by a time that is nonsense, or by a row without one', () => {
    expect(largestUpdate([row(), row({ updatedAt: 4_000_000_000 }), row({ updatedAt: null })], NOW)).toBe(NOW);
    expect(largestUpdate([row({ updatedAt: null })], NOW)).toBeNull();
  });

  it('is ignored upstream when much older jobs come, and not when times are coarse', () => {
    expect(ignoresWindow([row(), row({ updatedAt: NOW / 1000 - 7_200 })], NOW)).toBe(true);
    expect(ignoresWindow([row({ updatedAt: NOW / 1000 - 600 }), row({ updatedAt: null })], NOW)).toBe(false);
  });
});

it('a row is marked by what a move changes', () => {
  expect(rowMark(row())).toBe(rowMark(row({ voiceName: 'another' })));
  for (const over of [{ updatedAt: 1 }, { state: 'FAILED' }, { rejectTimes: 2 }, { assetId: 'a' }]) expect(rowMark(row(over))).not.toBe(rowMark(row()));
});
