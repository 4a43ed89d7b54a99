/** What a poll is given. */
import type { JobKey } from '../domain/job.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { JobSource } from '../ports/job-source.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { Watched, WatchStore } from '../ports/store.ts';

export type WatchDeps = {
  readonly store: WatchStore;
  readonly jobs: JobSource;
  readonly scheduler: Pick<Scheduler, 'nudgeDestination'>;
  readonly projectId: string;
  readonly poll: { readonly minMs: number; readonly maxMs: number; readonly maxRps: number };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** One poll of one job, with what is known of it. */
export type Poll = WatchDeps & { readonly job: JobKey; readonly watched: Watched; readonly signal: AbortSignal };
