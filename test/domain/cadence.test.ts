import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CadenceInput, cadence, stretch } from '../../src/domain/cadence.ts';
import type { Facts } from '../../src/domain/job.ts';
import { logged } from '../support/builders.ts';

const NOW = 1_764_600_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const input = (over: Partial<CadenceInput> = {}): CadenceInput => ({
  now: NOW,
  journal: [],
  facts: null,
  changedAt: NOW,
  suspected: false,
  expecting: false,
  netMs: null,
  minMs: 15_000,
  maxMs: 300_000,
  demand: 0,
  allowed: 2,
  ...over,
});
const last = (action: string, agoMs: number, over = {}) => [logged({ action, time: (NOW - agoMs) / 1000, ...over })];
const facts = (state: string): Facts => ({ voiceName: '', jobType: '', state, failedCode: '', failedReason: '', assetId: '', rejectTimes: 0, audit: null });

describe('cadence', () => {
  it.each([
    ['right after a submission', last('COMMIT_JOB', 10 * MINUTE), 'submitted', 15_000],
    ['soon after any entry', last('SYSTEM_AUDIT_PASS', MINUTE), 'active', 15_000],
    ['the longer it is quiet', last('SYSTEM_AUDIT_PASS', HOUR), 'quiet', 3 * MINUTE],
    ['and never slower than asked', last('SYSTEM_AUDIT_PASS', 40 * HOUR), 'quiet', 5 * MINUTE],
    ['in long training', last('ADMIN_AUDIT_PASS', HOUR), 'training', 5 * MINUTE],
    ['just rejected', last('AUDIT_NOT_PASS', MINUTE), 'standing', MINUTE],
    ['rejected and waiting', last('AUDIT_NOT_PASS', HOUR), 'standing', 5 * MINUTE],
    ['rejected and left alone for a month', last('AUDIT_NOT_PASS', 31 * 24 * HOUR), 'standing-long', 24 * HOUR],
    ['failed in training', last('TRAINING_FINISH', HOUR, { algorithmReason: 'noise' }), 'standing', 5 * MINUTE],
    ['completed', last('COMPLETE_JOB', 0), 'completed', 2 * MINUTE],
  ])('%s', (_, journal, reason, intervalMs) => {
    expect(cadence(input({ journal }))).toMatchObject({ reason, intervalMs });
  });

  it('looks again at once for a state that no entry announces', () => {
    expect(cadence(input({ suspected: true, journal: last('ADMIN_AUDIT_PASS', HOUR) }))).toMatchObject({ reason: 'suspected', intervalMs: 15_000 });
  });

  it('takes the state for completed where the log is silent', () => {
    expect(cadence(input({ facts: facts('SUCCEED') })).reason).toBe('completed');
  });

  it('stretches all intervals evenly when the watches together ask for more than the budget', () => {
    const quiet = input({ journal: last('SYSTEM_AUDIT_PASS', HOUR) });
    const alone = cadence(quiet).delayMs;
    const crowded = cadence({ ...quiet, demand: 20 });
    expect(crowded.intervalMs).toBe(alone);
    expect(crowded.delayMs).toBe(Math.round(alone * stretch(20, 2)));
    expect(stretch(1, 2)).toBe(1);
  });

  it('is always a finite wait within the wished bounds, but for what stands for a month', () => {
    fc.assert(
      fc.property(fc.constantFrom('CREATE_JOB', 'COMMIT_JOB', 'AUDIT_NOT_PASS', 'X', 'COMPLETE_JOB'), fc.integer({ min: -HOUR, max: 1e11 }), (action, ago) => {
        const { reason, intervalMs, delayMs } = cadence(input({ journal: last(action, ago) }));
        expect(intervalMs).toBeGreaterThanOrEqual(15_000);
        if (reason !== 'standing-long') expect(intervalMs).toBeLessThanOrEqual(300_000);
        expect(Number.isFinite(delayMs)).toBe(true);
      }),
    );
  });
});
