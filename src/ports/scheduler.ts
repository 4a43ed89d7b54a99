/** Hands work to whoever does it. Both are optimisations: the roster and the sweep find what a lost call would have started. */
import type { JobKey } from '../domain/job.ts';

export interface Scheduler {
  /** Polls a job as soon as may be. */
  wakeWatch(job: JobKey): Promise<void>;
  /** Drains a destination as soon as may be. */
  nudgeDestination(destination: string): Promise<void>;
}

/** What a poll answers: when to poll again, or that nobody follows the job any more. */
export type PollResult = { readonly kind: 'again'; readonly delayMs: number; readonly reason: string } | { readonly kind: 'ended'; readonly reason: string };
