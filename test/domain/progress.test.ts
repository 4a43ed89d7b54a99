import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/domain/job.ts';
import { difference, type JournalEntry } from '../../src/domain/journal.ts';
import type { Operation } from '../../src/domain/operation.ts';
import { type Progress, progressOf } from '../../src/domain/progress.ts';
import { ACTIONS, facts, journal } from './cards/arbitrary-view.ts';
import { FIXTURES, fixture, viewAt, wholeView } from './cards/fixture-views.ts';

const marks = (progress: Progress): string => progress.steps.map(({ mark }) => mark[0]).join('');

function entry(action: string, time: number | null, more: Partial<Operation> = {}): Operation {
  return { time, action, operator: 'SYSTEM', reviewIds: [], algorithmReason: '', adminReason: '', other: {}, ...more };
}

/** A journal that was read once for each list. */
function journalOf(...reads: readonly Operation[][]): readonly JournalEntry[] {
  let entries: readonly JournalEntry[] = [];
  let shown: readonly Operation[] = [];
  for (const read of reads) {
    shown = [...shown, ...read];
    entries = [...entries, ...difference(entries, shown).entries];
  }
  return entries;
}

const ADMIN = { operator: 'ADMIN' };
const FACTS: Facts = { voiceName: 'v', jobType: '', state: '', failedCode: '', failedReason: '', assetId: '', rejectTimes: 0, audit: null };

describe('where a job stands', () => {
  it('goes through its steps in the happy path', () => {
    const path = [1, 2, 3, 4, 5, 6, 7].map((length) => marks(progressOf(viewAt(fixture('01'), length).journal, null)));
    expect(path).toEqual(['dcooooo', 'ddcoooo', 'dddcooo', 'ddddcoo', 'dddddco', 'dddddco', 'ddddddd']);
  });

  it('stops at the review that rejects, and starts again with the next submission', () => {
    const path = [4, 5, 6].map((length) => marks(progressOf(viewAt(fixture('02'), length).journal, null)));
    expect(path).toEqual(['dddfooo', 'ddcoooo', 'dddcooo']);
    const whole = progressOf(wholeView(fixture('02')).journal, null);
    expect(whole).toMatchObject({ attempt: 2, rejections: 1, completed: true, earlier: [{ meaning: 'rejected-human', attempt: 1 }] });
    expect(whole.spent).toEqual({ submitter: 83_100_000, human: 21_241_000, training: 82_800_000, machine: 139_000 });
    expect(whole.tookMs).toBe(187_280_000);
  });

  it('takes a reason of the algorithm for a failed training, whichever entry carries it', () => {
    expect(progressOf(wholeView(fixture('04-')).journal, null).failure?.meaning).toBe('training-failed');
    expect(progressOf(wholeView(fixture('04b')).journal, null).failure?.meaning).toBe('rejected-training');
    const unknown = journalOf([entry('ADMIN_AUDIT_PASS', 10, ADMIN), entry('TRAINING_ABORT', 20, { algorithmReason: 'noise' })]);
    expect(progressOf(unknown, null).failure?.meaning).toBe('training-failed');
  });

  it('is the same in whatever order entries were read', () => {
    for (const { operations } of FIXTURES.filter(({ name }) => !name.startsWith('05'))) {
      const at = progressOf(journalOf([...operations]), null);
      const reads = operations.map((_, index) => operations.slice(index, index + 1)).reverse();
      const scattered = progressOf(journalOf(...reads), null);
      expect(scattered.steps).toEqual(at.steps);
      expect({ attempt: scattered.attempt, rejections: scattered.rejections, since: scattered.since, spent: scattered.spent }).toEqual({
        attempt: at.attempt,
        rejections: at.rejections,
        since: at.since,
        spent: at.spent,
      });
    }
  });

  it('does not fall back when an older entry without a time comes late', () => {
    const entries = journalOf([entry('COMMIT_JOB', 10), entry('ADMIN_AUDIT_PASS', 30, ADMIN)], [entry('SYSTEM_AUDIT_PASS', null)]);
    expect(marks(progressOf(entries, null))).toBe('ddddcoo');
    expect(progressOf(entries, null).since).toBe(30_000);
  });

  it('counts as time in a step only what began and ended in the log', () => {
    const entries = journalOf([entry('COMMIT_JOB', 10), entry('ADMIN_AUDIT_PASS', 5000, ADMIN), entry('TRAINING_FINISH', 9000)]);
    expect(progressOf(entries, null).spent).toEqual({ submitter: 0, human: 0, training: 4_000_000, machine: 0 });
  });

  it('takes the number of rejections from the job only when it is larger', () => {
    const entries = wholeView(fixture('03')).journal;
    expect(progressOf(entries, { ...FACTS, rejectTimes: 0 }).rejections).toBe(1);
    expect(progressOf(entries, { ...FACTS, rejectTimes: 3 }).rejections).toBe(3);
  });

  it('is told by the state alone while the log is not known', () => {
    expect(marks(progressOf([], null))).toBe('ooooooo');
    expect(marks(progressOf([], { ...FACTS, state: 'PROCESSING' }))).toBe('ddddcoo');
    expect(marks(progressOf([], { ...FACTS, state: 'FAILED' }))).toBe('ddddfoo');
    expect(marks(progressOf([], { ...FACTS, state: 'SUCCEED' }))).toBe('ddddddd');
    expect(marks(progressOf([], { ...FACTS, state: 'SOMETHING_NEW' }))).toBe('ooooooo');
  });

  it('keeps the entry that gives a reason before a state that gives none', () => {
    const log = journalOf([entry('COMMIT_JOB', 10), entry('AUDIT_NOT_PASS', 20, { ...ADMIN, adminReason: 'why' })]);
    const state: JournalEntry = { kind: 'state', key: 's', time: 21, state: 'AUDIT_FAILED', code: '', reason: '', attempt: 1 };
    const progress = progressOf([...log, state], null);
    expect(progress.failure?.entry.kind).toBe('log');
    expect(progress.rejections).toBe(1);
  });

  it('has every step done, then one that is current or failed, then open ones; the same each time', () => {
    fc.assert(
      fc.property(journal, facts, (entries, known) => {
        const progress = progressOf(entries, known);
        expect(marks(progress)).toMatch(/^d*[cf]?o*$/);
        expect(progress.completed).toBe(marks(progress) === 'ddddddd');
        expect(progress.failure !== null).toBe(marks(progress).includes('f'));
        expect(progress.current).toBe(progress.steps.find(({ mark }) => mark === 'current' || mark === 'failed')?.step ?? null);
        for (const one of entries) expect(progress.byKey.has(one.key)).toBe(true);
        for (const spent of Object.values(progress.spent)) expect(spent).toBeGreaterThanOrEqual(0);
        expect(progressOf(entries, known)).toEqual(progress);
      }),
      { numRuns: 100 },
    );
  });

  it('is the same for any order of reading, when every entry has a second of its own', () => {
    const dated = fc.record({
      time: fc.integer({ min: 1_764_550_800, max: 1_764_551_800 }),
      action: fc.constantFrom(...ACTIONS, 'SOMETHING_NEW'),
      operator: fc.constantFrom('USER', 'ADMIN', 'SYSTEM', 'PARTNER'),
      algorithmReason: fc.constantFrom('', '', '', 'noise'),
    });
    const operations = fc
      .uniqueArray(dated, { maxLength: 30, selector: ({ time }) => time })
      .map((all) => all.map(({ action, time, ...more }) => entry(action, time, more)));
    fc.assert(
      fc.property(operations, fc.infiniteStream(fc.nat()), (all, order) => {
        const shuffled = all.map((one) => ({ one, at: order.next().value })).sort((a, b) => a.at - b.at);
        const scattered = journalOf(...shuffled.map(({ one }) => [one]));
        const { steps, since, attempt, rejections, spent } = progressOf(journalOf(all), null);
        expect(progressOf(scattered, null)).toMatchObject({ steps, since, attempt, rejections, spent });
      }),
      { numRuns: 100 },
    );
  });
});
