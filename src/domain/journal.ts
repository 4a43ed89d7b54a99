/** The journal: voicejob's own, append-only copy of a job's op-log, and the difference between it and what upstream shows. */
import { canonical, entryKey, instantMs, type Operation, slot } from './operation.ts';

/** An op-log entry. A revision is one that takes the place of an earlier entry in the timeline (`supersedes` is that one's key). */
export type LoggedEntry = Operation & {
  readonly kind: 'log';
  readonly key: string;
  readonly supersedes: string | null;
  /** True when a revision has a reason that the entry it supersedes lacked: only then it is told. */
  readonly bringsReason: boolean;
  /** Appeared after an entry with a later time was already in the journal. */
  readonly late: boolean;
};

/** A job state that matters and that no op-log entry announced. `time` as upstream gave it, `attempt` from 1. */
export type StateEntry = {
  readonly kind: 'state';
  readonly key: string;
  readonly time: number | null;
  readonly state: string;
  readonly code: string;
  readonly reason: string;
  readonly attempt: number;
};

/** The job is no longer known upstream, or is known again. */
export type PresenceEntry = { readonly kind: 'gone' | 'back'; readonly key: string; readonly time: number | null };

export type JournalEntry = LoggedEntry | StateEntry | PresenceEntry;

/** Revisions kept of one entry; further ones count as matched. */
export const MAX_REVISIONS = 3;

/** States that are told when no op-log entry announces them. */
export const PROBLEM_STATES: ReadonlySet<string> = new Set(['FAILED', 'SPLIT_FAILED', 'AUDIT_FAILED']);

const MILESTONES: ReadonlySet<string> = new Set(['COMMIT_JOB', 'SYSTEM_AUDIT_PASS', 'ADMIN_AUDIT_PASS', 'TRAINING_FINISH', 'COMPLETE_JOB']);

/** In one second, the order in which a job's life can bring them; others last. The log gives no order of its own. */
const LIFE: readonly string[] = [
  'CREATE_JOB',
  'COMMIT_JOB',
  'SYSTEM_AUDIT_PASS',
  'ADMIN_AUDIT_PASS',
  'AUDIT_NOT_PASS',
  'TRAINING_FINISH',
  'UPLOADING_MODEL',
  'COMPLETE_JOB',
];

/** Review failed or training failed. */
export function isProblem(entry: JournalEntry): boolean {
  if (entry.kind === 'state') return true;
  if (entry.kind !== 'log') return false;
  return entry.action === 'AUDIT_NOT_PASS' || entry.algorithmReason !== '' || entry.adminReason !== '';
}

/** Submitted, approved, trained or completed. */
export function isMilestone(entry: JournalEntry): boolean {
  return entry.kind === 'log' && MILESTONES.has(entry.action);
}

/** When an entry happened, in milliseconds since 1970, or null where upstream gave no time. */
export function entryInstant(entry: JournalEntry): number | null {
  return instantMs(entry.time);
}

export type Difference = {
  /** To append, in order. */
  readonly entries: readonly LoggedEntry[];
  /** Revisions beyond `MAX_REVISIONS`, taken as known. */
  readonly ignoredRevisions: number;
};

/**
 * What a complete snapshot of the op-log has that the journal lacks, as a multiset: nothing upstream says of order or identity is needed,
 * and an entry that upstream forgets stays in the journal.
 */
export function difference(journal: readonly JournalEntry[], snapshot: readonly Operation[]): Difference {
  const known = journal.filter((entry) => entry.kind === 'log');
  const fresh: { operation: Operation; occurrence: number; identity: string }[] = [];
  const inJournal = countBy(known, canonical);
  const seen = new Map<string, number>();
  for (const operation of chronological(snapshot)) {
    const identity = canonical(operation);
    const occurrence = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, occurrence);
    if (occurrence > (inJournal.get(identity) ?? 0)) fresh.push({ operation, occurrence, identity });
  }

  const replaceable = unmatchedBySlot(known, seen);
  const depth = revisionDepths(known);
  const latest = known.reduce((max, entry) => Math.max(max, instantMs(entry.time) ?? 0), 0);
  const entries: LoggedEntry[] = [];
  let ignoredRevisions = 0;
  for (const { operation, occurrence, identity } of fresh) {
    const earlier = replaceable.get(slot(operation))?.shift();
    if (earlier && (depth.get(earlier.key) ?? 0) >= MAX_REVISIONS) {
      ignoredRevisions += 1;
      continue;
    }
    entries.push({
      ...operation,
      kind: 'log',
      key: entryKey(identity, occurrence),
      supersedes: earlier?.key ?? null,
      bringsReason: earlier !== undefined && bringsReason(earlier, operation),
      late: earlier === undefined && (instantMs(operation.time) ?? Number.POSITIVE_INFINITY) < latest,
    });
  }
  return { entries, ignoredRevisions };
}

/**
 * Oldest first, whatever order the answer had: by time, within one second by the life of a job, then by content.
 * An entry without a time keeps its place after its neighbour in the answer.
 */
function chronological(snapshot: readonly Operation[]): Operation[] {
  const times = snapshot.map((operation) => instantMs(operation.time));
  const first = times.find((time) => time !== null) ?? 0;
  const last = times.findLast((time) => time !== null) ?? 0;
  const oldestFirst = first <= last ? snapshot.map((_, index) => index) : snapshot.map((_, index) => snapshot.length - 1 - index);
  let neighbour = Number.NEGATIVE_INFINITY;
  const placed = oldestFirst.flatMap((index, place) => {
    const operation = snapshot[index];
    if (!operation) return [];
    const time = times[index] ?? null;
    neighbour = Math.max(neighbour, time ?? neighbour);
    const timeless = time === null;
    const rank = timeless ? place : lifeRank(operation.action);
    return [{ operation, at: time ?? neighbour, timeless, rank, identity: canonical(operation) }];
  });
  placed.sort((a, b) => compare(a.at, b.at) || Number(a.timeless) - Number(b.timeless) || a.rank - b.rank || compare(a.identity, b.identity));
  return placed.map(({ operation }) => operation);
}

function lifeRank(action: string): number {
  const rank = LIFE.indexOf(action);
  return rank < 0 ? LIFE.length : rank;
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function countBy<T>(items: readonly T[], name: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(name(item), (counts.get(name(item)) ?? 0) + 1);
  return counts;
}

/** Journal entries that the snapshot no longer shows and that nothing has superseded, oldest first, by what a revision keeps of them. */
function unmatchedBySlot(known: readonly LoggedEntry[], snapshotCounts: ReadonlyMap<string, number>): Map<string, LoggedEntry[]> {
  const superseded = new Set(known.map((entry) => entry.supersedes));
  const shown = new Map(snapshotCounts);
  const result = new Map<string, LoggedEntry[]>();
  for (const entry of known) {
    const identity = canonical(entry);
    const left = shown.get(identity) ?? 0;
    shown.set(identity, left - 1);
    if (left > 0 || superseded.has(entry.key)) continue;
    const list = result.get(slot(entry)) ?? [];
    list.push(entry);
    result.set(slot(entry), list);
  }
  return result;
}

/** How many revisions lie behind each entry. */
function revisionDepths(known: readonly LoggedEntry[]): Map<string, number> {
  const depths = new Map<string, number>();
  for (const entry of known) depths.set(entry.key, entry.supersedes === null ? 0 : (depths.get(entry.supersedes) ?? 0) + 1);
  return depths;
}

function bringsReason(earlier: Operation, later: Operation): boolean {
  return (earlier.algorithmReason === '' && later.algorithmReason !== '') || (earlier.adminReason === '' && later.adminReason !== '');
}

/** The entries as a person reads them: a revision stands where the entry it supersedes stood. Journal order otherwise. */
export function timeline(journal: readonly JournalEntry[]): JournalEntry[] {
  const places: JournalEntry[] = [];
  const placeOf = new Map<string, number>();
  for (const entry of journal) {
    const place = entry.kind === 'log' && entry.supersedes !== null ? placeOf.get(entry.supersedes) : undefined;
    const at = place ?? places.length;
    places[at] = entry;
    placeOf.set(entry.key, at);
  }
  return places;
}

/** Number of submissions so far: the attempt that is under way, from 1 (0 before the first). */
export function attemptOf(journal: readonly JournalEntry[]): number {
  return timeline(journal).filter((entry) => entry.kind === 'log' && entry.action === 'COMMIT_JOB').length;
}

/**
 * The entry to append for a job state that matters, or null: nothing since the last submission announces it, and it is not in the journal yet.
 * @param state.time as upstream gave it
 */
export function stateEntry(
  journal: readonly JournalEntry[],
  state: { readonly state: string; readonly code: string; readonly reason: string; readonly time: number | null },
): StateEntry | null {
  if (!PROBLEM_STATES.has(state.state)) return null;
  const lastSubmission = journal.findLastIndex((entry) => entry.kind === 'log' && entry.action === 'COMMIT_JOB');
  const since = journal.slice(lastSubmission + 1);
  if (since.some((entry) => announces(entry, state.state))) return null;
  const attempt = attemptOf(journal);
  const key = entryKey(JSON.stringify(['state', state.state, state.code, attempt]), 1);
  if (journal.some((entry) => entry.key === key)) return null;
  return { kind: 'state', key, time: state.time, state: state.state, code: state.code, reason: state.reason, attempt };
}

function announces(entry: JournalEntry, state: string): boolean {
  if (entry.kind !== 'log') return false;
  switch (state) {
    case 'FAILED':
      return entry.algorithmReason !== '';
    case 'AUDIT_FAILED':
      return entry.action === 'AUDIT_NOT_PASS';
    default:
      return false;
  }
}

/** The entry that says a job is gone or back, or null when the journal says so already. `time` in seconds since 1970. */
export function presenceEntry(journal: readonly JournalEntry[], present: boolean, time: number): PresenceEntry | null {
  const last = journal.findLast((entry) => entry.kind === 'gone' || entry.kind === 'back');
  const kind = present ? 'back' : 'gone';
  if (present ? last?.kind !== 'gone' : last?.kind === 'gone') return null;
  const occurrence = journal.filter((entry) => entry.kind === kind).length + 1;
  return { kind, key: entryKey(JSON.stringify([kind]), occurrence), time };
}
