/** The journal as it happened: in the order of time, whatever order it arrived in, and with the meaning of each entry. */
import { entryInstant, type JournalEntry, timeline } from './journal.ts';

/** The steps of a job's life. Each is over when its entry is there. */
export const STEPS = ['created', 'submitted', 'machine', 'human', 'training', 'upload', 'completed'] as const;
export type Step = (typeof STEPS)[number];

/** Passing: how many steps are over after it. */
export const STEPS_OVER = {
  created: 1,
  submitted: 2,
  'machine-passed': 3,
  'human-passed': 4,
  'training-finished': 5,
  'upload-started': 5,
  completed: 7,
} as const;

/** Failing: the step it stops at; 'rejected' stops at whichever review was under way. */
export const STOPS_AT = {
  'rejected-machine': 'machine',
  'rejected-human': 'human',
  rejected: null,
  'rejected-training': 'training',
  'training-failed': 'training',
  'split-failed': 'training',
  'upload-failed': 'upload',
} as const satisfies Record<string, Step | null>;

export type Passing = keyof typeof STEPS_OVER;
export type Failing = keyof typeof STOPS_AT;
export type Meaning = Passing | Failing | 'gone' | 'back' | 'other';

export function isPassing(meaning: Meaning): meaning is Passing {
  return meaning in STEPS_OVER;
}

export function isFailing(meaning: Meaning): meaning is Failing {
  return meaning in STOPS_AT;
}

/** In one second, what a job's life can bring first. */
const RANK = new Map(
  ['CREATE_JOB', 'COMMIT_JOB', 'SYSTEM_AUDIT_PASS', 'ADMIN_AUDIT_PASS', 'AUDIT_NOT_PASS', 'TRAINING_FINISH', 'UPLOADING_MODEL', 'COMPLETE_JOB'].map(
    (action, rank) => [action, rank],
  ),
);

/** Date holds no more: ECMA-262, "time values". */
const LARGEST_INSTANT = 8.64e15;

/** When an entry happened, ms since 1970, or null where upstream gave no time that can be one. */
export function happenedAt(entry: JournalEntry): number | null {
  const at = entryInstant(entry);
  return at !== null && Math.abs(at) <= LARGEST_INSTANT ? at : null;
}

/** The timeline in the order of time: late entries where they belong, an entry without a time after the one it was read behind. */
export function inOrder(journal: readonly JournalEntry[]): JournalEntry[] {
  let neighbour = Number.NEGATIVE_INFINITY;
  const placed = timeline(journal).map((entry, index) => {
    const time = happenedAt(entry);
    const late = entry.kind === 'log' && entry.late;
    if (time !== null && !late) neighbour = Math.max(neighbour, time);
    // Without a time the order read is all there is: a rank would put a second submission before the first rejection.
    const rank = time !== null && entry.kind === 'log' ? (RANK.get(entry.action) ?? RANK.size) : RANK.size;
    return { entry, at: time ?? neighbour, timeless: time === null, rank, index };
  });
  placed.sort((a, b) => compare(a.at, b.at) || Number(a.timeless) - Number(b.timeless) || a.rank - b.rank || a.index - b.index);
  return placed.map(({ entry }) => entry);
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What an entry says, given how many steps of the attempt are over when it comes. */
export function meaningOf(entry: JournalEntry, over: number): Meaning {
  switch (entry.kind) {
    case 'gone':
    case 'back':
      return entry.kind;
    case 'state':
      return stateMeaning(entry.state, over);
    case 'log':
      return actionMeaning(entry, over);
    default:
      return entry satisfies never;
  }
}

function stateMeaning(state: string, over: number): Meaning {
  switch (state) {
    case 'AUDIT_FAILED':
      return over >= STEPS_OVER['human-passed'] ? 'rejected-training' : 'rejected';
    case 'SPLIT_FAILED':
      return 'split-failed';
    case 'FAILED':
      return over >= STEPS_OVER['training-finished'] && over < STEPS_OVER.completed ? 'upload-failed' : 'training-failed';
    default:
      return 'other';
  }
}

function actionMeaning(entry: { readonly action: string; readonly operator: string; readonly algorithmReason: string }, over: number): Meaning {
  switch (entry.action) {
    case 'CREATE_JOB':
      return 'created';
    case 'COMMIT_JOB':
      return 'submitted';
    case 'SYSTEM_AUDIT_PASS':
      return 'machine-passed';
    case 'ADMIN_AUDIT_PASS':
      return 'human-passed';
    case 'TRAINING_FINISH':
      return entry.algorithmReason === '' ? 'training-finished' : 'training-failed';
    case 'UPLOADING_MODEL':
      return 'upload-started';
    case 'COMPLETE_JOB':
      return 'completed';
    case 'AUDIT_NOT_PASS':
      if (entry.operator === 'ADMIN') return 'rejected-human';
      if (entry.operator !== 'SYSTEM') return 'rejected';
      return over >= STEPS_OVER['human-passed'] ? 'rejected-training' : 'rejected-machine';
    default:
      // No action for failed training is documented: an unknown one that brings the algorithm's reason after both reviews is taken for it.
      return entry.algorithmReason !== '' && over >= STEPS_OVER['human-passed'] ? 'training-failed' : 'other';
  }
}
