/**
 * The sweep of the job list: how often, from when on, and how far it is trusted. Pure.
 *
 * The arithmetic, for 1,000 watches under the default ceiling of 2 requests a second:
 *
 *     sweep      one page each 4 s                                          0.25 /s    (an eighth of the ceiling)
 *     census     one page a minute                                         0.02 /s
 *     safety net 9 % of the ceiling: each job once in 102 minutes          0.18 /s    at rest together 0.45 /s (wanted: at most 0.5)
 *     moved jobs one log for each event, at 1 event/s                      1.00 /s    and 0.1 to 0.3 for reviews, failures and logs that lag behind the list
 *
 * in all some 1.6 /s of 2, so that a moved job rarely waits for the budget: half a sweep's interval, the list's answer, one log, one message
 * make a median of about 3 s. A list call and a log go before the safety net (budget: `moved` before `safety-net`), which stretches first.
 * Polling alone needs 1,000 / 2 = 500 s a round.
 */
import type { JobDetail } from './job.ts';
import { instantMs } from './operation.ts';

/** Wished time between two sweeps; never more than this share of the ceiling. */
const SWEEP_MS = 4_000;
const SWEEP_SHARE = 1 / 8;
/** What the safety net takes of the ceiling while the sweep misses nothing, and at the most. */
const NET_SHARE = 0.09;
const LARGEST_NET_SHARE = 0.6;
/** One miss in the last twenty (0.05) raises the net's share by a fifth of the ceiling. */
const NET_SHARE_PER_MISS = 4;
/** Requests that a look costs on average, pages included. */
const REQUESTS_PER_LOOK = 1.1;

/** How far a window reaches back behind the largest update time seen: jobs that the list shows late are found for so long. */
const OVERLAP_MS = 60_000;
/** An update time further ahead than this is nonsense, and would blind all windows after it. The only use of our own clock here. */
const FURTHEST_AHEAD_MS = 24 * 3_600_000;
/** Rows so much older than what was asked for: the filter is not there (the documents of 2024 lack it). Coarse times may be older by less. */
const COARSEST_MS = 3_600_000;

/** Ms between two sweeps. */
export function sweepEveryMs({ minMs, maxRps }: { readonly minMs: number; readonly maxRps: number }): number {
  return Math.max(Math.min(SWEEP_MS, minMs), 1_000 / (SWEEP_SHARE * maxRps));
}

/**
 * How often the safety net looks at each job that the sweep covers, ms.
 * @param load.missed share of the latest entries that the sweep missed, 0 to 1
 */
export function netIntervalMs(load: { readonly watches: number; readonly missed: number; readonly maxMs: number; readonly maxRps: number }): number {
  return Math.max(load.maxMs, (1_000 * load.watches * REQUESTS_PER_LOOK) / netRps(load));
}

/** Requests a second that the safety net may take. */
export function netRps({ missed, maxRps }: { readonly missed: number; readonly maxRps: number }): number {
  return maxRps * Math.min(LARGEST_NET_SHARE, NET_SHARE + NET_SHARE_PER_MISS * missed);
}

/** From when on the list is asked, whole seconds in ms; null: nothing was seen yet. Only upstream's own times are compared with each other. */
export function windowStart(largestMs: number | null): number | null {
  return largestMs === null ? null : Math.max(0, Math.floor((largestMs - OVERLAP_MS) / 1_000) * 1_000);
}

/** The largest update time of these rows, ms; null: none has one. `now` only keeps nonsense out. */
export function largestUpdate(rows: readonly JobDetail[], now: number): number | null {
  const times = rows.flatMap((row) => instantMs(row.updatedAt) ?? []).filter((time) => time < now + FURTHEST_AHEAD_MS);
  return times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b));
}

/** The answer holds what was not asked for: upstream does not filter by update time. */
export function ignoresWindow(rows: readonly JobDetail[], sinceMs: number): boolean {
  return rows.some((row) => (instantMs(row.updatedAt) ?? sinceMs) < sinceMs - COARSEST_MS);
}

/** Equal for two rows of a job between which nothing moved, as far as the list tells. */
export function rowMark(row: JobDetail): string {
  return [row.updatedAt, row.state, row.failedCode, row.rejectTimes, row.assetId].join('|');
}
