/** Holds BullMQ's watches to the store's truth: what is overdue is started, and what is missing is put back. */
import type { JobKey } from '../domain/job.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { DueWatch } from '../ports/store.ts';
import type { WatchQueue } from './watch-queue.ts';

/** How many watches of the full list one pass looks after: 100,000 take some 8 minutes at a pass each 5 s. */
const FULL_LIST_PER_PASS = 1_000;
/** The cursor before the first page, and after the last one (Redis' SSCAN). */
const FIRST = '0';

export type RosterSource = {
  /** Watches whose poll should have started a while ago; may be cut off at a limit, the rest comes with the next pass. */
  overdue(): Promise<readonly JobKey[]>;
  /** Every watched job, page by page; '0' begins, and an answered '0' is the end. */
  all(cursor: string): Promise<{ readonly watches: readonly DueWatch[]; readonly cursor: string }>;
};

/** One pass of the roster, as a function to be called every few seconds. The full list is begun anew at most every `fullEveryMs` and spread over the passes. */
export function createRoster(options: {
  readonly source: RosterSource;
  readonly watches: Pick<WatchQueue, 'addMissing' | 'startOverdue'>;
  readonly fullEveryMs: number;
  readonly metrics: Metrics;
  /** Monotonic, ms. */
  readonly now: () => number;
}): (signal: AbortSignal) => Promise<void> {
  const { source, watches, fullEveryMs, metrics, now } = options;
  let cursor = FIRST;
  let beganAt = Number.NEGATIVE_INFINITY;

  return async (signal) => {
    const overdue = await source.overdue();
    if (signal.aborted) return;
    if (overdue.length > 0) metrics.count('roster_repairs_total', { kind: 'overdue' }, overdue.length);
    await watches.startOverdue(overdue);

    let seen = 0;
    while (!signal.aborted && seen < FULL_LIST_PER_PASS) {
      if (cursor === FIRST) {
        if (now() - beganAt < fullEveryMs) return;
        beganAt = now();
      }
      const page = await source.all(cursor);
      await watches.addMissing(page.watches);
      cursor = page.cursor;
      seen += page.watches.length;
    }
  };
}
