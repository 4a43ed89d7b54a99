/** Where a job stands: its steps, attempts and times, folded from its journal in the order of time. */

import type { StepMark } from './card.ts';
import type { Facts } from './job.ts';
import type { JournalEntry } from './journal.ts';
import {
  type Failing,
  happenedAt,
  inOrder,
  isFailing,
  isPassing,
  type Meaning,
  meaningOf,
  type Passing,
  STEPS,
  STEPS_OVER,
  STOPS_AT,
  type Step,
} from './story.ts';

/** Who had the job in hand. */
export type Spender = 'submitter' | 'human' | 'training' | 'machine';

/** One entry of the timeline with what it means. Durations in ms; null = not known, or none to speak of. */
export type Told = {
  readonly entry: JournalEntry;
  readonly meaning: Meaning;
  /** ms since 1970 */
  readonly at: number | null;
  /** Submissions up to and with this entry; 0 = none is known. */
  readonly attempt: number;
  /** Since the entry before it that moved the job. */
  readonly afterMs: number | null;
  /** The step that this entry ended, and how long that step was under way. */
  readonly ended: { readonly step: Step; readonly ms: number } | null;
};

type FailedTold = Told & { readonly meaning: Failing };

export type Progress = {
  readonly told: readonly Told[];
  /** By entry key; superseded entries stand here beside the ones that took their place. */
  readonly byKey: ReadonlyMap<string, Told>;
  readonly steps: readonly { readonly step: Step; readonly mark: StepMark }[];
  /** The step under way or stopped at; null when all are over or nothing is known. */
  readonly current: Step | null;
  /** Since when that is so, ms since 1970. */
  readonly since: number | null;
  /** What stopped the attempt under way. */
  readonly failure: FailedTold | null;
  readonly completed: boolean;
  /** The entry that says it is gone, until it is back. */
  readonly gone: Told | null;
  /** Submissions known; 0 = none. */
  readonly attempt: number;
  /** How the attempts before this one ended, where known, oldest first. */
  readonly earlier: readonly FailedTold[];
  readonly rejections: number;
  /** The last entry that the log brought. */
  readonly last: Told | null;
  readonly spent: Readonly<Record<Spender, number>>;
  /** From the first entry to the last that moved the job. */
  readonly tookMs: number | null;
};

const SPENDER: Readonly<Record<Step, Spender>> = {
  created: 'submitter',
  submitted: 'submitter',
  machine: 'machine',
  human: 'human',
  training: 'training',
  upload: 'machine',
  completed: 'machine',
};

type Walk = {
  over: number;
  since: number | null;
  failure: FailedTold | null;
  attempt: number;
  gone: Told | null;
  moved: number | null;
  rejections: number;
  readonly earlier: FailedTold[];
};

/** Where the job stands by its journal, or by its state when the journal says nothing yet. Never throws. */
export function progressOf(journal: readonly JournalEntry[], facts: Facts | null): Progress {
  const walk: Walk = { over: 0, since: null, failure: null, attempt: 0, gone: null, moved: null, rejections: 0, earlier: [] };
  const told: Told[] = [];
  const spent: Record<Spender, number> = { submitter: 0, human: 0, training: 0, machine: 0 };
  for (const entry of inOrder(journal)) {
    const next = step(walk, entry);
    told.push(next);
    if (next.ended) spent[SPENDER[next.ended.step]] += next.ended.ms;
  }

  const fromState = walk.over === 0 && !walk.failure ? stepOfState(facts) : null;
  const position = fromState ? STEPS.indexOf(fromState.step) + (fromState.mark === 'done' ? 1 : 0) : walk.over;
  const failure = walk.failure ?? (fromState?.mark === 'failed' ? failureOfState(facts, position) : null);
  const known = told.length > 0 || fromState !== null;
  const moves = told.filter((one) => one.at !== null && (isPassing(one.meaning) || isFailing(one.meaning)));
  const first = moves[0]?.at ?? null;
  return {
    told,
    byKey: byKey(told, journal),
    steps: STEPS.map((name, index) => ({ step: name, mark: index < position ? 'done' : index > position || !known ? 'open' : failure ? 'failed' : 'current' })),
    current: known ? (STEPS[position] ?? null) : null,
    since: walk.since,
    failure,
    completed: position === STEPS.length,
    gone: walk.gone,
    attempt: walk.attempt,
    earlier: walk.earlier,
    rejections: Math.max(walk.rejections, facts?.rejectTimes ?? 0),
    last: told.findLast((one) => one.entry.kind === 'log' || one.entry.kind === 'state') ?? null,
    spent,
    tookMs: first === null ? null : (moves.at(-1)?.at ?? first) - first,
  };
}

/** What the job's state alone says of a failure, while the log says nothing. */
function failureOfState(facts: Facts | null, over: number): FailedTold | null {
  if (!facts) return null;
  const { state, failedCode: code, failedReason: reason } = facts;
  const entry: JournalEntry = { kind: 'state', key: '', time: null, state, code, reason, attempt: 0 };
  const meaning = meaningOf(entry, over);
  return isFailing(meaning) ? { entry, meaning, at: null, attempt: 0, afterMs: null, ended: null } : null;
}

/** Moves the walk on by one entry and says what the entry meant. */
function step(walk: Walk, entry: JournalEntry): Told {
  const at = happenedAt(entry);
  const meaning = meaningOf(entry, walk.over);
  if (isPassing(meaning)) return pass(walk, { entry, meaning, at });
  if (isFailing(meaning)) return fail(walk, { entry, meaning, at });
  const told: Told = { entry, meaning, at, attempt: walk.attempt, afterMs: null, ended: null };
  if (meaning === 'gone') walk.gone = told;
  if (meaning === 'back') walk.gone = null;
  return told;
}

function pass(walk: Walk, { entry, meaning, at }: { entry: JournalEntry; meaning: Passing; at: number | null }): Told {
  const submitted = meaning === 'submitted';
  const target = STEPS_OVER[meaning];
  const again = submitted && walk.over >= target;
  // The last step is over together with the upload. A step whose beginning is not in the log has no known length.
  const expected = meaning === 'completed' ? STEPS_OVER['training-finished'] : target - 1;
  const ends = submitted ? walk.failure !== null || walk.over === STEPS_OVER.created : walk.over === expected && walk.failure === null;
  const endedStep: Step = submitted ? 'submitted' : (STEPS[expected] ?? 'completed');
  if (submitted) {
    if (walk.failure) walk.earlier.push(walk.failure);
    walk.attempt += 1;
  }
  const told: Told = {
    entry,
    meaning,
    at,
    attempt: walk.attempt,
    afterMs: between(walk.moved, at),
    ended: ends ? duration(endedStep, between(walk.since, at)) : null,
  };
  if (again || target > walk.over) {
    walk.over = target;
    walk.failure = null;
    walk.since = at;
  }
  walk.moved = at ?? walk.moved;
  return told;
}

function fail(walk: Walk, { entry, meaning, at }: { entry: JournalEntry; meaning: Failing; at: number | null }): Told {
  const stopsAt = STOPS_AT[meaning] ?? (walk.over >= STEPS_OVER['machine-passed'] ? 'human' : 'machine');
  const index = STEPS.indexOf(stopsAt);
  const ends = walk.over === index && walk.failure === null;
  const told: FailedTold = {
    entry,
    meaning,
    at,
    attempt: walk.attempt,
    afterMs: between(walk.moved, at),
    ended: ends ? duration(stopsAt, between(walk.since, at)) : null,
  };
  const isLog = entry.kind === 'log';
  if (meaning.startsWith('rejected') && (isLog || walk.failure === null)) walk.rejections += 1;
  // A completed job is not stopped by an entry that may be older; a bare state does not hide the entry that gives the reason.
  const ignored = (walk.over === STEPS.length && at === null) || (!isLog && walk.failure !== null);
  if (!ignored) {
    walk.over = index;
    walk.failure = told;
    walk.since = at;
  }
  walk.moved = at ?? walk.moved;
  return told;
}

function between(from: number | null, to: number | null): number | null {
  return from !== null && to !== null && to > from ? to - from : null;
}

function duration(name: Step, ms: number | null): Told['ended'] {
  return ms === null ? null : { step: name, ms };
}

function byKey(told: readonly Told[], journal: readonly JournalEntry[]): Map<string, Told> {
  const found = new Map(told.map((one) => [one.entry.key, one]));
  for (const entry of journal.toReversed()) {
    if (entry.kind !== 'log' || entry.supersedes === null) continue;
    const newer = found.get(entry.key);
    const older = journal.find((one) => one.key === entry.supersedes);
    if (newer && older && !found.has(older.key)) found.set(older.key, { ...newer, entry: older });
  }
  return found;
}

const STATE_STEP: Readonly<Record<string, Step>> = {
  CREATING: 'submitted',
  SYSTEM_AUDITING: 'machine',
  AUDITING: 'human',
  WAITING_SPLIT: 'training',
  SPLITTING: 'training',
  SPLIT_FAILED: 'training',
  ANNOTATING: 'training',
  WAITING: 'training',
  PROCESSING: 'training',
  RESULT_REVIEW: 'training',
  USER_RESULT_REVIEW: 'training',
  USER_REVIEW_REJECT: 'training',
  UPLOADING: 'upload',
  FAILED: 'training',
  SUCCEED: 'completed',
};

/** The step that a job's state belongs to, or null for an unknown state. A rejection is the person's when the latest review result is. */
export function stepOfState(facts: Facts | null): { readonly step: Step; readonly mark: 'done' | 'current' | 'failed' } | null {
  if (!facts) return null;
  if (facts.state === 'AUDIT_FAILED') {
    const { system = null, admin = null } = facts.audit ?? {};
    return { step: admin && (admin.time ?? 0) >= (system?.time ?? 0) ? 'human' : 'machine', mark: 'failed' };
  }
  const name = Object.hasOwn(STATE_STEP, facts.state) ? STATE_STEP[facts.state] : undefined;
  if (!name) return null;
  if (name === 'completed') return { step: name, mark: 'done' };
  return { step: name, mark: facts.state === 'FAILED' || facts.state === 'SPLIT_FAILED' ? 'failed' : 'current' };
}
