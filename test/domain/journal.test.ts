import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { difference, type JournalEntry, MAX_REVISIONS, presenceEntry, stateEntry, timeline } from '../../src/domain/journal.ts';
import { canonical, type Operation } from '../../src/domain/operation.ts';
import { wants } from '../../src/domain/subscription.ts';
import { logged, operation } from '../support/builders.ts';

const anOperation: fc.Arbitrary<Operation> = fc.record({
  time: fc.option(fc.integer({ min: 1_764_550_800, max: 1_764_550_805 }), { nil: null }),
  action: fc.constantFrom('CREATE_JOB', 'COMMIT_JOB', 'AUDIT_NOT_PASS', 'NEW_ACTION', ''),
  operator: fc.constantFrom('USER', 'SYSTEM', ''),
  reviewIds: fc.array(fc.constantFrom('rv-1', 'rv-2', 'rv-3'), { maxLength: 3 }),
  algorithmReason: fc.constantFrom('', 'noise'),
  adminReason: fc.constantFrom('', 'no signature'),
  other: fc.constant({}),
});
const aLog = fc.array(anOperation, { maxLength: 25 });

/** Journal after the log was seen at each of these lengths. */
function grown(log: readonly Operation[], cuts: readonly number[]): JournalEntry[] {
  const journal: JournalEntry[] = [];
  for (const cut of [...cuts, log.length]) journal.push(...difference(journal, log.slice(0, cut)).entries);
  return journal;
}

const counted = (operations: readonly Operation[]) => operations.map(canonical).sort();
const asOperations = (journal: readonly JournalEntry[]) => journal.filter((entry) => entry.kind === 'log');

describe('difference', () => {
  it('holds every entry exactly once, however the log grew and in whatever order it was answered', () => {
    fc.assert(
      fc.property(aLog, fc.array(fc.nat(25)), fc.func(fc.double({ noNaN: true })), (log, cuts, chance) => {
        const sorted = cuts.toSorted((a, b) => a - b);
        const journal: JournalEntry[] = [];
        for (const cut of [...sorted, log.length]) {
          const shuffled = log.slice(0, cut).toSorted((a, b) => chance(canonical(a)) - chance(canonical(b)));
          journal.push(...difference(journal, shuffled).entries);
        }
        expect(asOperations(journal).every((entry) => entry.supersedes === null)).toBe(true);
        expect(counted(asOperations(journal))).toEqual(counted(log));
      }),
    );
  });

  it('finds nothing new in a log that was seen, with its members and lists in another order', () => {
    fc.assert(
      fc.property(aLog, (log) => {
        const journal = grown(log, []);
        const again = log.toReversed().map((entry) => ({ ...entry, reviewIds: entry.reviewIds.toReversed() }));
        expect(difference(journal, again).entries).toEqual([]);
      }),
    );
  });

  it('gives equal entries different keys, and the same entry the same key wherever it is found', () => {
    fc.assert(
      fc.property(aLog, fc.array(fc.nat(25)), (log, cuts) => {
        const atOnce = grown(log, []).map((entry) => entry.key);
        const bitByBit = grown(
          log,
          cuts.toSorted((a, b) => a - b),
        ).map((entry) => entry.key);
        expect(new Set(atOnce).size).toBe(log.length);
        expect(bitByBit.toSorted()).toEqual(atOnce.toSorted());
      }),
    );
  });

  it('keeps what upstream forgets, and knows it when it comes back', () => {
    fc.assert(
      fc.property(aLog, fc.nat(25), (log, cut) => {
        const journal = grown(log, []);
        const others = log.slice(cut).map((entry) => ({ ...entry, operator: 'PARTNER' }));
        // another operator is another entry: nothing that was forgotten is taken for its revision
        const later = [...journal, ...difference(journal, others).entries];
        expect(later.slice(0, journal.length)).toEqual(journal);
        expect(difference(later, [...log, ...others]).entries).toEqual([]);
      }),
    );
  });

  it('orders by time, whichever way the answer runs', () => {
    const log = [1, 2, 3].map((i) => operation({ time: 1_764_550_800 + i, action: `A${i}` }));
    const names = (snapshot: readonly Operation[]) => difference([], snapshot).entries.map((entry) => entry.action);
    expect(names(log)).toEqual(['A1', 'A2', 'A3']);
    expect(names(log.toReversed())).toEqual(['A1', 'A2', 'A3']);
    expect(names(log.map((entry) => ({ ...entry, time: (entry.time ?? 0) * 1000 })))).toEqual(['A1', 'A2', 'A3']);
  });

  it('puts what shares a second in the order of a life: submitted before rejected', () => {
    const snapshot = [operation({ action: 'AUDIT_NOT_PASS' }), operation({ action: 'COMMIT_JOB' })];
    expect(difference([], snapshot).entries.map((entry) => entry.action)).toEqual(['COMMIT_JOB', 'AUDIT_NOT_PASS']);
  });

  it('leaves an entry without a time behind its neighbour, oldest or newest first', () => {
    const log = [
      operation({ time: 10 }),
      operation({ time: 20, action: 'B' }),
      operation({ time: null, action: 'NO_TIME' }),
      operation({ time: 30, action: 'C' }),
    ];
    const names = (snapshot: readonly Operation[]) => difference([], snapshot).entries.map((entry) => entry.action);
    expect(names(log)).toEqual(['CREATE_JOB', 'B', 'NO_TIME', 'C']);
    expect(names(log.toReversed())).toEqual(['CREATE_JOB', 'B', 'NO_TIME', 'C']);
    expect(difference([], log).entries.find((entry) => entry.action === 'NO_TIME')?.late).toBe(false);
  });

  it('appends an older entry last and marks it late', () => {
    const journal = grown([operation({ time: 100 })], []);
    const [late] = difference(journal, [operation({ time: 100 }), operation({ time: 50, action: 'COMMIT_JOB' })]).entries;
    expect(late).toMatchObject({ action: 'COMMIT_JOB', late: true });
  });
});

describe('revisions', () => {
  const rejected = operation({ action: 'AUDIT_NOT_PASS', operator: 'ADMIN' });
  const withReason = { ...rejected, adminReason: 'no signature' };

  it('takes the place of the entry in the timeline and is told, because it brings the missing reason', () => {
    const journal = [...grown([rejected, operation({ time: 1_764_550_900, action: 'COMMIT_JOB' })], [])];
    const [revision] = difference(journal, [withReason, operation({ time: 1_764_550_900, action: 'COMMIT_JOB' })]).entries;
    expect(revision).toMatchObject({ supersedes: journal[0]?.key, bringsReason: true });
    const after = [...journal, ...(revision ? [revision] : [])];
    expect(timeline(after).map((entry) => entry.key)).toEqual([revision?.key, journal[1]?.key]);
    expect(revision && wants('problems', revision)).toBe(true);
  });

  it('is silent when it only changes a reason', () => {
    const journal = grown([withReason], []);
    const [revision] = difference(journal, [{ ...withReason, adminReason: 'other words' }]).entries;
    expect(revision && wants('everything', revision)).toBe(false);
  });

  it('a change back is nothing new', () => {
    const journal = grown([rejected], []);
    journal.push(...difference(journal, [withReason]).entries);
    expect(difference(journal, [rejected]).entries).toEqual([]);
  });

  it(`stops after ${MAX_REVISIONS} revisions of one entry`, () => {
    const journal = grown([rejected], []);
    for (let i = 1; i <= MAX_REVISIONS; i += 1) journal.push(...difference(journal, [{ ...rejected, adminReason: `words ${i}` }]).entries);
    expect(journal).toHaveLength(1 + MAX_REVISIONS);
    expect(difference(journal, [{ ...rejected, adminReason: 'words without end' }])).toEqual({ entries: [], ignoredRevisions: 1 });
  });
});

describe('stateEntry', () => {
  const failed = { state: 'FAILED', code: 'MSS.1', reason: 'words', time: 1_764_560_000 };
  const commit = logged({ action: 'COMMIT_JOB' });

  it('tells a failure that no entry of this attempt announces, once', () => {
    const entry = stateEntry([commit], failed);
    expect(entry).toMatchObject({ kind: 'state', state: 'FAILED', attempt: 1 });
    expect(entry && stateEntry([commit, entry], failed)).toBeNull();
  });

  it('is silent where the log says it already', () => {
    expect(stateEntry([commit, logged({ action: 'TRAINING_FINISH', algorithmReason: 'noise' })], failed)).toBeNull();
    expect(stateEntry([commit, logged({ action: 'AUDIT_NOT_PASS' })], { ...failed, state: 'AUDIT_FAILED' })).toBeNull();
  });

  it('is told again for a new attempt', () => {
    const first = stateEntry([commit], failed);
    const second = stateEntry([commit, ...(first ? [first] : []), logged({ action: 'COMMIT_JOB', time: 1_764_570_000 })], failed);
    expect(second).toMatchObject({ attempt: 2 });
    expect(second?.key).not.toBe(first?.key);
  });

  it('knows no other states', () => {
    expect(stateEntry([commit], { ...failed, state: 'PROCESSING' })).toBeNull();
  });
});

describe('presenceEntry', () => {
  it('says gone once, back once, and gone again with another key', () => {
    expect(presenceEntry([], true, 1)).toBeNull();
    const gone = presenceEntry([], false, 1);
    const journal: JournalEntry[] = gone ? [gone] : [];
    expect(gone?.kind).toBe('gone');
    expect(presenceEntry(journal, false, 2)).toBeNull();
    const back = presenceEntry(journal, true, 3);
    if (back) journal.push(back);
    expect(back?.kind).toBe('back');
    expect(presenceEntry(journal, true, 4)).toBeNull();
    expect(presenceEntry(journal, false, 5)?.key).not.toBe(gone?.key);
  });
});
