/** Looks at one job once: reads what upstream shows, appends what the journal lacks, and says when to look again. */
import { cadence, isCompleted, LATE_POLL_MS, stretch } from '../domain/cadence.ts';
import { type JobKey, projectIdOf } from '../domain/job.ts';
import { difference, type JournalEntry, presenceEntry } from '../domain/journal.ts';
import { netIntervalMs } from '../domain/sweep.ts';
import { UpstreamError } from '../ports/job-source.ts';
import type { PollResult } from '../ports/scheduler.ts';
import type { Append } from '../ports/store.ts';
import { afterFailure } from './after-failure.ts';
import type { Poll, WatchDeps } from './poll.ts';
import { isSuspected, readFacts } from './read-facts.ts';

/** Somebody else appended meanwhile: what they wrote is read, and upstream once more. */
const TRIES = 2;

export async function pollOnce(deps: WatchDeps, job: JobKey, signal: AbortSignal): Promise<PollResult> {
  if (projectIdOf(job) !== deps.projectId) {
    deps.metrics.count('polls_total', { outcome: 'other-project' });
    return postponed(deps, job, { delayMs: deps.poll.maxMs, intervalMs: deps.poll.maxMs, reason: 'other-project' });
  }
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    // before the request: an answer older than the epoch or than this Redis is thrown away by append
    const watched = await deps.store.readWatch(job);
    if (watched === null || watched.ended) {
      deps.metrics.count('polls_total', { outcome: watched === null ? 'not-followed' : 'completed' });
      return { kind: 'ended', reason: watched === null ? 'not-followed' : 'completed' };
    }
    if (attempt === 1 && watched.lateMs !== null) deps.metrics.observe('poll_late_seconds', Math.max(0, watched.lateMs) / 1000);
    const result = await look({ ...deps, job, watched, signal });
    if (result !== 'again') return result;
  }
  deps.metrics.count('polls_total', { outcome: 'overtaken' });
  return postponed(deps, job, { delayMs: deps.poll.minMs, intervalMs: 0, reason: 'overtaken' });
}

async function look(poll: Poll): Promise<PollResult | 'again'> {
  try {
    const found = await read(poll);
    return await append(poll, found);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { watched, job, clock } = poll;
    poll.metrics.count('polls_total', { outcome: error.kind });
    if (error.kind === 'not-found' || error.kind === 'invalid') {
      const gone = presenceEntry(watched.journal, false, Math.floor(clock.now() / 1000));
      if (gone === null && watched.base !== null) return postponed(poll, job, stillGone(poll));
      if (await isGone(poll)) return appendGone(poll, gone);
    }
    return postponed(poll, job, { ...afterFailure(poll, netOf(poll), error), intervalMs: 0 });
  }
}

type Found = { readonly entries: readonly JournalEntry[]; readonly facts: Append['facts']; readonly factsRead: boolean; readonly suspected: boolean };

async function read(poll: Poll): Promise<Found> {
  const { watched, jobs, job, signal, clock, metrics } = poll;
  const { row, justMoved } = watched.sweep;
  const soon = watched.base === null || row !== null || justMoved || isSuspected(watched);
  const snapshot = await jobs.readLog(job, { priority: soon ? 'moved' : 'safety-net', signal });
  const fresh = difference(watched.journal, snapshot);
  if (fresh.ignoredRevisions > 0) metrics.count('journal_ignored_revisions_total', {}, fresh.ignoredRevisions);
  const back = presenceEntry(watched.journal, true, Math.floor(clock.now() / 1000));
  const entries = back ? [back, ...fresh.entries] : fresh.entries;
  const { facts, factsRead, state, suspected } = await readFacts(poll, entries);
  return { entries: state ? [...entries, state] : entries, facts, factsRead, suspected };
}

async function append(poll: Poll, found: Found): Promise<PollResult | 'again'> {
  const { watched, clock, metrics, store, job } = poll;
  const journal = [...watched.journal, ...found.entries];
  const facts = found.facts ?? watched.facts;
  const now = clock.now();
  const grew = found.entries.length > 0;
  // changedAt is 0 before the first sight, which is no late poll
  const ended = isCompleted(journal, facts) && !grew && watched.changedAt > 0 && now - watched.changedAt >= Math.min(LATE_POLL_MS, poll.poll.maxMs);
  const changedAt = grew ? now : watched.changedAt;
  const { minMs, maxMs, maxRps } = poll.poll;
  const { row, covered, justMoved } = watched.sweep;
  const expecting = row !== null && found.entries.length === 0 && watched.base !== null;
  const netMs = netOf(poll);
  const next = cadence({ now, journal, facts, changedAt, suspected: found.suspected, expecting, netMs, minMs, maxMs, demand: watched.demand, allowed: maxRps });
  metrics.set('poll_stretch', stretch(watched.demand, maxRps));
  const delayMs = jittered(poll, next.delayMs);

  const { epoch, runId } = watched;
  const { entries, factsRead } = found;
  const written: Append = {
    job,
    epoch,
    runId,
    length: watched.journal.length,
    entries,
    facts: found.facts,
    factsRead,
    ended,
    intervalMs: next.intervalMs,
    nextPollInMs: delayMs,
    rowRead: row?.raw ?? '',
    net: next.reason === 'swept',
    verdict: verdictOn(found, { seen: watched.base !== null, covered, justMoved, moved: row !== null }),
  };
  const answer = await store.append(written);
  switch (answer.kind) {
    case 'conflict':
    case 'stale':
      return 'again';
    case 'gone':
      return 'again';
    case 'appended':
      break;
    default:
      answer satisfies never;
      return 'again';
  }
  report(poll, found, ended);
  await Promise.all(answer.destinations.map((destination) => poll.scheduler.nudgeDestination(destination)));
  if (ended) return { kind: 'ended', reason: 'completed' };
  return answer.movedAgain ? { kind: 'again', delayMs: 0, reason: 'moved' } : { kind: 'again', delayMs, reason: next.reason };
}

/** How often the safety net looks at a job that the sweep covers, ms; null: the sweep does not. */
function netOf({ watched, poll }: Poll): number | null {
  const { covered, missed, watches } = watched.sweep;
  return covered ? netIntervalMs({ watches, missed, ...poll }) : null;
}

/** What this poll says of the sweep. First sights, and what is found just after a move, say nothing. */
function verdictOn(
  found: Found,
  poll: { readonly seen: boolean; readonly covered: boolean; readonly justMoved: boolean; readonly moved: boolean },
): Append['verdict'] {
  if (!poll.seen || !found.entries.some((entry) => entry.kind === 'log')) return 'none';
  if (poll.moved) return 'right';
  return poll.covered && !poll.justMoved ? 'doubt' : 'none';
}

/** What is gone before it was ever seen has no past: the first sight is empty, and that it is gone is news. */
async function appendGone(poll: Poll, entry: JournalEntry | null): Promise<PollResult | 'again'> {
  const found: Found = { entries: [], facts: null, factsRead: false, suspected: false };
  if (poll.watched.base === null) {
    const seen = await append(poll, found);
    return seen === 'again' || entry === null ? seen : 'again';
  }
  return append(poll, { ...found, entries: entry ? [entry] : [] });
}

/** The log's word alone is not enough: which answer an unknown job gets is not documented. */
async function isGone(poll: Poll): Promise<boolean> {
  try {
    await poll.jobs.readDetail(poll.job, { priority: 'safety-net', signal: poll.signal });
    return false;
  } catch (error) {
    if (error instanceof UpstreamError) return error.kind === 'not-found' || error.kind === 'invalid';
    throw error;
  }
}

function report(poll: Poll, found: Found, ended: boolean): void {
  const { metrics, log, watched, job } = poll;
  metrics.count('polls_total', { outcome: found.entries.length > 0 ? 'news' : 'nothing-new' });
  for (const entry of found.entries) metrics.count('journal_entries_total', { kind: entry.kind });
  if (watched.base === null) log.info('first sight of a job', { job, entries: found.entries.length });
  else if (found.entries.length > 0) log.info('new entries', { job, entries: found.entries.length, keys: found.entries.map((entry) => entry.key).join(',') });
  if (ended) log.info('a watch ended with its job', { job });
}

/** Spreads polls that would fall together. */
function jittered(poll: Pick<Poll, 'random'>, ms: number): number {
  return Math.round(ms * (0.9 + 0.2 * poll.random.fraction()));
}

/** Known to be gone: the log alone is asked, ever more rarely. */
function stillGone(poll: Poll): Postponement {
  const { minMs, maxMs, maxRps } = poll.poll;
  const { journal, facts, changedAt, demand } = poll.watched;
  const netMs = netOf(poll);
  return cadence({ now: poll.clock.now(), journal, facts, changedAt, suspected: false, expecting: false, netMs, minMs, maxMs, demand, allowed: maxRps });
}

type Postponement = { readonly delayMs: number; readonly intervalMs: number; readonly reason: string };

async function postponed(deps: WatchDeps, job: JobKey, next: Postponement): Promise<PollResult> {
  const delayMs = jittered(deps, next.delayMs);
  await deps.store.postpone(job, { inMs: delayMs, intervalMs: next.intervalMs });
  return { kind: 'again', delayMs, reason: next.reason };
}
