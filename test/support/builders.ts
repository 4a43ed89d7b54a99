/** Valid by default: name only what a test is about. */
import type { JournalEntry, LoggedEntry } from '../../src/domain/journal.ts';
import { canonical, entryKey, type Operation } from '../../src/domain/operation.ts';
import type { Address, Person } from '../../src/domain/subscription.ts';
import type { Clock, Random } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import type { Intent, Work } from '../../src/ports/store.ts';

export const PROJECT = '70b76aaa34253880af501cdf08442342';
export const JOB = `${PROJECT}/26f06524-4f75-4b3a-a853-b649a21aaf66`;

export function operation(over: Partial<Operation> = {}): Operation {
  return { time: 1_764_550_800, action: 'CREATE_JOB', operator: 'USER', reviewIds: [], algorithmReason: '', adminReason: '', other: {}, ...over };
}

export function logged(over: Partial<LoggedEntry> = {}): LoggedEntry {
  const plain = operation(over);
  return { ...plain, kind: 'log', key: entryKey(canonical(plain), 1), supersedes: null, bringsReason: false, late: false, ...over };
}

/** n entries a minute apart; `action` names them. */
export function journalOf(n: number, action = 'ADMIN_AUDIT_PASS'): JournalEntry[] {
  return Array.from({ length: n }, (_, i) => logged({ time: 1_764_550_800 + 60 * i, action }));
}

/** An append of a poll that no sweep has anything to do with. */
export const UNSWEPT = { rowRead: '', net: false, verdict: 'none' } as const;

export const YOU: Person = { platform: 'test', id: 'you', name: 'You' };

export function address(id = 'C1'): Address {
  return { platform: 'test', id, route: id };
}

export function intent(over: Partial<Intent> = {}): Intent {
  return { kind: 'post', from: 0, to: 1, keys: ['k'], summary: 0, v: 1, f: 0, root: 'r1', attempt: 1, looked: '', ...over };
}

export function work(over: Partial<Work> = {}): Work {
  const journal = over.journal ?? [];
  return {
    now: 1_764_600_000_000,
    destination: { id: 'test.d1', address: address(), name: '#voice-lab', dm: false, language: 'en', zone: null, paused: null, notBefore: 0 },
    job: JOB,
    gen: 'g1',
    preset: 'everything',
    mutedUntil: 0,
    notify: null,
    createdAt: 1_764_500_000_000,
    cursor: 0,
    announced: 0,
    length: journal.length,
    base: 0,
    ended: false,
    root: 'r1',
    shown: journal.length,
    editedAt: 0,
    editNotBefore: 0,
    intent: null,
    late: null,
    journal,
    facts: null,
    factsVersion: 0,
    runId: 'run1',
    ...over,
  };
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

/** Different every time, and as unguessable as a test needs. */
export function counterRandom(): Random {
  let n = 0;
  return {
    id: () => {
      n += 1;
      return `id${n.toString().padStart(14, '0')}`;
    },
    fraction: () => 0.5,
  };
}

export const silentLog: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => silentLog };
export const noMetrics: Metrics = { count: () => {}, observe: () => {}, set: () => {} };
