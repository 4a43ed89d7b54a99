/** What a job's detail and audit result add to a poll. Facts that can't be read hold up no entry. */
import type { AuditResult, Facts, JobDetail } from '../domain/job.ts';
import { type JournalEntry, type StateEntry, stateEntry, timeline } from '../domain/journal.ts';
import { UpstreamError } from '../ports/job-source.ts';
import type { Watched } from '../ports/store.ts';
import type { Poll } from './poll.ts';

/** Without news the detail is read again after so many intervals: a state may change without an entry. */
const QUIET_POLLS = 3;

export type FactsRead = {
  /** null: not read, or nothing came of it. */
  readonly facts: Facts | null;
  readonly factsRead: boolean;
  /** A state that matters and that two full reads in a row lack. */
  readonly state: StateEntry | null;
  /** Such a state was seen for the first time: the next read decides. */
  readonly suspected: boolean;
};

const NOT_READ: FactsRead = { facts: null, factsRead: false, state: null, suspected: false };

export async function readFacts(poll: Poll, entries: readonly JournalEntry[]): Promise<FactsRead> {
  const { watched } = poll;
  const journal = [...watched.journal, ...entries];
  const firstSight = watched.base === null;
  const wasSuspected = watched.facts !== null && unannounced(journal, watched.facts, null) !== null;
  const { row } = watched.sweep;
  const auditMissing = (watched.facts?.audit ?? null) === null && isRejected(journal);
  if (!firstSight && entries.length === 0 && !wasSuspected && !auditMissing && row === null && !isDue(poll)) return NOT_READ;

  // the list's row says as much; a state that matters is read twice before it is told
  const listed = firstSight || wasSuspected || row?.detail.voiceName === '' ? null : (row?.detail ?? null);
  const detail = listed ?? (await attempted(poll, firstSight, (options) => poll.jobs.readDetail(poll.job, options)));
  const wantsAudit = entries.some(isRejection) || auditMissing;
  const audit = wantsAudit ? await readAudit(poll) : (watched.facts?.audit ?? null);
  if (detail === null) {
    // what is stored of an earlier rejection must not pass for this one's: null is read again with the next poll
    const facts = wantsAudit && watched.facts ? { ...watched.facts, audit } : null;
    return { ...NOT_READ, facts, suspected: wasSuspected };
  }
  const facts: Facts = factsOf(detail, audit);
  const open = unannounced(journal, facts, detail.updatedAt);
  const seenBefore = watched.facts?.state === facts.state && watched.facts.failedCode === facts.failedCode;
  const state = open && (firstSight || seenBefore) ? open : null;
  return { facts, factsRead: true, state, suspected: open !== null && state === null };
}

/** Where a sweep covers the job, the list shows each new state. */
function isDue(poll: Poll): boolean {
  return !poll.watched.sweep.covered && poll.clock.now() - poll.watched.factsAt > QUIET_POLLS * poll.poll.maxMs;
}

/** A state that matters was seen, and nothing announces it yet. */
export function isSuspected({ journal, facts }: Pick<Watched, 'journal' | 'facts'>): boolean {
  return facts !== null && unannounced(journal, facts, null) !== null;
}

function unannounced(journal: readonly JournalEntry[], facts: Facts, time: number | null): StateEntry | null {
  return stateEntry(journal, { state: facts.state, code: facts.failedCode, reason: facts.failedReason, time });
}

/** The audit result of a rejection, once; and again with each poll as long as it could not be read and the job still stands rejected. */
function readAudit(poll: Poll): Promise<AuditResult | null> {
  return attempted(poll, false, (options) => poll.jobs.readAuditResult(poll.job, options));
}

/** The attempt under way was rejected. */
function isRejected(journal: readonly JournalEntry[]): boolean {
  const entries = timeline(journal);
  return entries.slice(entries.findLastIndex((entry) => entry.kind === 'log' && entry.action === 'COMMIT_JOB') + 1).some(isRejection);
}

function isRejection(entry: JournalEntry): boolean {
  return entry.kind === 'log' && entry.action === 'AUDIT_NOT_PASS';
}

/** null when upstream failed. `needed`: a failure that will pass ends the poll instead, so that a first sight is not half a sight. */
async function attempted<T>(poll: Poll, needed: boolean, request: (options: { priority: 'moved'; signal: AbortSignal }) => Promise<T>): Promise<T | null> {
  try {
    return await request({ priority: 'moved', signal: poll.signal });
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const passes = error.kind === 'unavailable' || error.kind === 'throttled' || error.kind === 'closed' || error.kind === 'unauthorized';
    if (needed && passes) throw error;
    return null;
  }
}

function factsOf(detail: JobDetail, audit: AuditResult | null): Facts {
  const { voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes } = detail;
  return { voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes, audit };
}
