/** When to look at a job's log again: pure, with its reason. */
import type { Facts } from './job.ts';
import { entryInstant, type JournalEntry, timeline } from './journal.ts';

export type CadenceInput = {
  readonly now: number;
  readonly journal: readonly JournalEntry[];
  readonly facts: Facts | null;
  /** When the journal last grew, ms since 1970. */
  readonly changedAt: number;
  /** A state was seen that no entry announces yet. */
  readonly suspected: boolean;
  /** The job list showed that it moved, and the log does not tell it yet. */
  readonly expecting: boolean;
  /** How often the safety net looks at it (ms); null: no sweep covers it. */
  readonly netMs: number | null;
  readonly minMs: number;
  readonly maxMs: number;
  /** Polls a second that all watches together ask for, and that the budget allows. */
  readonly demand: number;
  readonly allowed: number;
};

export type CadenceReason = 'suspected' | 'expecting' | 'swept' | 'submitted' | 'active' | 'quiet' | 'training' | 'standing' | 'standing-long' | 'completed';

export type Cadence = {
  readonly reason: CadenceReason;
  /** What the job's life asks for. */
  readonly intervalMs: number;
  /** What the budget leaves of it. */
  readonly delayMs: number;
};

const MINUTE = 60_000;
const DAY = 86_400_000;

/** A machine review takes seconds to minutes. */
const SUBMITTED_MS = 15 * MINUTE;
const ACTIVE_MS = 5 * MINUTE;
/** The quieter the log, the longer the wait: after an hour of silence, three minutes. */
const QUIET_SHARE = 20;
/** A job that stands still for so long is looked at once a day. */
const STANDING_MS = 30 * DAY;
/** After completion one more look, for entries that come late. */
export const LATE_POLL_MS = 2 * MINUTE;

/** Requests that a poll costs on average, pages and details included. */
const REQUESTS_PER_POLL = 1.1;

export function cadence(input: CadenceInput): Cadence {
  const { reason, intervalMs } = wish(input);
  return { reason, intervalMs, delayMs: Math.round(intervalMs * stretch(input.demand, input.allowed)) };
}

/** How far all intervals must stretch to keep within the budget; 1 = not at all. */
export function stretch(demand: number, allowed: number): number {
  return Math.max(1, (demand * REQUESTS_PER_POLL) / allowed);
}

function wish(input: CadenceInput): { readonly reason: CadenceReason; readonly intervalMs: number } {
  const { now, minMs, maxMs, journal, facts } = input;
  const between = (ms: number) => Math.min(Math.max(ms, minMs), maxMs);
  if (input.suspected) return { reason: 'suspected', intervalMs: minMs };
  if (input.expecting) return { reason: 'expecting', intervalMs: minMs };
  if (isCompleted(journal, facts)) return { reason: 'completed', intervalMs: Math.max(minMs, Math.min(LATE_POLL_MS, maxMs)) };

  const last = timeline(journal).at(-1);
  const since = lastActivity(input);
  const quietMs = Math.max(0, now - since);
  if (last && stands(last, facts)) {
    if (quietMs > STANDING_MS) return { reason: 'standing-long', intervalMs: Math.max(DAY, maxMs, input.netMs ?? 0) };
    if (input.netMs === null) return { reason: 'standing', intervalMs: quietMs < ACTIVE_MS ? between(MINUTE) : maxMs };
  }
  if (input.netMs !== null) return { reason: 'swept', intervalMs: input.netMs };
  const action = last?.kind === 'log' ? last.action : '';
  if (action === 'COMMIT_JOB' && quietMs < SUBMITTED_MS) return { reason: 'submitted', intervalMs: minMs };
  if (quietMs < ACTIVE_MS) return { reason: 'active', intervalMs: minMs };
  if (action === 'ADMIN_AUDIT_PASS' || facts?.state === 'PROCESSING') return { reason: 'training', intervalMs: maxMs };
  return { reason: 'quiet', intervalMs: between(quietMs / QUIET_SHARE) };
}

/** Waits for somebody to act, or for nothing any more: rejected, failed or gone. */
function stands(last: JournalEntry, facts: Facts | null): boolean {
  if (last.kind === 'gone' || last.kind === 'state') return true;
  if (last.kind !== 'log') return false;
  return last.action === 'AUDIT_NOT_PASS' || last.algorithmReason !== '' || facts?.state === 'FAILED';
}

/** Only completion ends a watch; a rejected or failed job may go on. */
export function isCompleted(journal: readonly JournalEntry[], facts: Facts | null): boolean {
  return facts?.state === 'SUCCEED' || journal.some((entry) => entry.kind === 'log' && entry.action === 'COMPLETE_JOB');
}

function lastActivity(input: CadenceInput): number {
  const instants = input.journal.flatMap((entry) => entryInstant(entry) ?? []);
  return instants.length > 0
    ? Math.min(
        input.now,
        instants.reduce((a, b) => Math.max(a, b)),
      )
    : input.changedAt;
}
