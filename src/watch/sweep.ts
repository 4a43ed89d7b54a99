/** One turn of the sweep: asks the job list what has moved since the last one, and wakes the watches of those jobs. Whatever it misses, each watch's own polls find. */
import type { JobDetail, JobKey } from '../domain/job.ts';
import { ignoresWindow, largestUpdate, netIntervalMs, netRps, sweepEveryMs, windowStart } from '../domain/sweep.ts';
import type { Clock } from '../ports/clock.ts';
import { type JobList, type JobPage, type ReadOptions, UpstreamError } from '../ports/job-source.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { SweepState, SweepStore, SweepTurn } from '../ports/store.ts';

export type SweepDeps = {
  readonly store: SweepStore;
  readonly list: JobList;
  readonly scheduler: Pick<Scheduler, 'wakeWatch'>;
  readonly poll: { readonly minMs: number; readonly maxMs: number; readonly maxRps: number };
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** Largest page of the job list. */
const PAGE = 100;
/** Pages of one window: what moved in a long outage. Beyond 10,000 jobs the safety net finds the rest. */
const MOST_PAGES = 100;
/** Longer than a request may wait for the budget and take: then the next process may have its turn. */
const LEASE_MS = 30_000;
/** How long the list may lag behind the log before an entry that the safety net found counts as missed. */
const GRACE_MS = 30_000;
/** Between two pages of the census, once it has been through the list. */
const CENSUS_PAUSE_MS = 60_000;
/** A list that is refused is asked again so often. */
const REFUSED_MS = 10 * 60_000;
const SLOWEST_RETRY_MS = 60_000;

/** The answer holds what was not asked for. */
const FILTER_IGNORED = 'filter-ignored';
/** The answer has jobs, and not when they moved. */
const NO_TIMES = 'no-times';

/** Sweeps if it is this process' turn, and pulls forward the polls that wait for too long. Rejects when Redis is lost, or with the signal's reason. */
export async function sweepOnce(deps: SweepDeps, signal: AbortSignal): Promise<void> {
  const turn = await deps.store.take(LEASE_MS);
  deps.metrics.set('sweep_works', turn.state.works ? 1 : 0);
  deps.metrics.set('sweep_missed_share', turn.state.missed);
  if (turn.kind === 'turn') await takeTurn(deps, turn, signal);
  await pull(deps, turn.state);
}

type Turn = Extract<SweepTurn, { kind: 'turn' }>;

async function takeTurn(deps: SweepDeps, turn: Turn, signal: AbortSignal): Promise<void> {
  const everyMs = sweepEveryMs(deps.poll);
  const read: ReadOptions = { priority: 'moved', signal };
  try {
    const window = await readWindow(deps, turn, read);
    if (typeof window === 'string') return await refused(deps, turn.state, window);
    const missed = await deps.store.done({ startedAt: turn.now, largestMs: window.largestMs, everyMs, graceMs: GRACE_MS });
    deps.metrics.count('sweeps_total', { outcome: 'ok' });
    if (missed > 0) {
      deps.metrics.count('sweep_missed_total', {}, missed);
      deps.log.info('the safety net found what the job list did not show; jobs are looked at more often for a while', { jobs: missed });
    }
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return postpone(deps, turn.state, error);
  }
  if (turn.censusOffset !== null) await takeCensus(deps, turn.censusOffset, read);
}

/** What becomes of the census says nothing of the windows: it waits by itself, and begins again. */
async function takeCensus(deps: SweepDeps, offset: number, read: ReadOptions): Promise<void> {
  try {
    await readCensusPage(deps, offset, read);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    deps.metrics.count('sweeps_total', { outcome: `census-${error.kind}` });
    await deps.store.censusPage('failed', CENSUS_PAUSE_MS);
  }
}

/** Every page of the window. What moved is stored and woken page by page, so that a failure loses none of it. */
async function readWindow(
  deps: SweepDeps,
  turn: Turn,
  read: ReadOptions,
): Promise<{ readonly largestMs: number | null } | typeof FILTER_IGNORED | typeof NO_TIMES> {
  // the first sweep asks from when on the windows begin, and takes all that its own window holds for old
  const isFirst = turn.sinceMs === null;
  const latestRows = isFirst ? (await deps.list.listUpdated({ sinceMs: null, offset: 0 }, read)).jobs : [];
  const begin = isFirst ? largestUpdate(latestRows, deps.clock.now()) : turn.sinceMs;
  if (begin === null && latestRows.length > 0) return NO_TIMES;
  const sinceMs = windowStart(begin);
  let largestMs = begin;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await deps.list.listUpdated({ sinceMs, offset: pages * PAGE }, read);
    if (sinceMs !== null && ignoresWindow(page.jobs, sinceMs)) return FILTER_IGNORED;
    await takeIn(deps, isFirst ? 'first' : 'window', page.jobs);
    const latest = largestUpdate(page.jobs, deps.clock.now());
    if (latest !== null) largestMs = Math.max(largestMs ?? 0, latest);
    if (sinceMs === null || isLast(page, pages * PAGE)) break;
  }
  return { largestMs };
}

/** The whole list, a page now and then: who is in it, and in which state. */
async function readCensusPage(deps: SweepDeps, offset: number, read: ReadOptions): Promise<void> {
  const page = await deps.list.listJobs({ name: '', offset, limit: PAGE }, { ...read, priority: 'safety-net' });
  await takeIn(deps, 'census', page.jobs);
  await deps.store.censusPage(isLast(page, offset) ? null : offset + PAGE, CENSUS_PAUSE_MS);
}

async function takeIn(deps: SweepDeps, kind: 'first' | 'window' | 'census', rows: readonly JobDetail[]): Promise<void> {
  const moved = await deps.store.page(kind, rows, LEASE_MS);
  if (moved.length > 0) deps.metrics.count('sweep_moved_total', {}, moved.length);
  await wakeAll(deps, moved);
}

async function wakeAll(deps: SweepDeps, jobs: readonly JobKey[]): Promise<void> {
  await Promise.all(jobs.map((job) => deps.scheduler.wakeWatch(job)));
}

/** A page whose rows could not all be read is no last page for that. */
function isLast({ count, jobs }: JobPage, offset: number): boolean {
  return jobs.length === 0 || (jobs.length < PAGE && offset + PAGE >= count);
}

async function postpone(deps: SweepDeps, state: SweepState, error: UpstreamError): Promise<void> {
  const { kind, evidence } = error;
  switch (kind) {
    case 'invalid':
    case 'not-found':
    case 'configuration':
    case 'forbidden':
      return refused(deps, state, kind);
    case 'closed':
    case 'unauthorized':
    case 'throttled':
    case 'unavailable':
    case 'unreadable':
    case 'unstable': {
      deps.metrics.count('sweeps_total', { outcome: kind });
      const everyMs = sweepEveryMs(deps.poll);
      // half of the time it has failed already: an exponential wait that needs no counter
      const waitMs = Math.min(SLOWEST_RETRY_MS, Math.max(everyMs, (state.sweptAgoMs ?? 0) / 2));
      return deps.store.later(Math.max(waitMs, evidence.retryAfterMs));
    }
    default:
      return kind satisfies never;
  }
}

/** The list can't be asked so: all jobs are polled as if there were no sweep. */
async function refused(deps: SweepDeps, state: SweepState, outcome: string): Promise<void> {
  deps.metrics.count('sweeps_total', { outcome });
  deps.log.warn('the job list can not be asked for what has moved; jobs are polled one by one', { outcome, afterMs: REFUSED_MS });
  if (state.works) deps.metrics.set('sweep_works', 0);
  await deps.store.later(REFUSED_MS);
}

/** Polls that were put off while the sweep was trusted more than it is now. */
async function pull(deps: SweepDeps, { watches, missed, works }: SweepState): Promise<void> {
  const { maxMs, maxRps } = deps.poll;
  const everyMs = sweepEveryMs(deps.poll);
  const olderThanMs = works ? netIntervalMs({ watches, missed, maxMs, maxRps }) : maxMs;
  const rps = works ? netRps({ missed, maxRps }) : maxRps;
  const jobs = await deps.store.pull({ olderThanMs, limit: Math.max(1, Math.ceil((rps * everyMs) / 1_000)), everyMs });
  if (jobs.length > 0) deps.metrics.count('sweep_pulled_total', {}, jobs.length);
  await wakeAll(deps, jobs);
}
