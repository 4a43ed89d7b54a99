/** What every step of a drain is given. */
import type { JobKey } from '../domain/job.ts';
import type { Timing } from '../domain/timing.ts';
import type { ChatAdapter, Outcome, Traits } from '../ports/chat-adapter.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { DeliverStore, Release, SubRef, Work } from '../ports/store.ts';

export type DrainDeps = {
  readonly store: DeliverStore;
  /** By platform. A destination of a platform that is not configured rests. */
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  readonly jobLink: (job: JobKey) => string | null;
  readonly timing: Timing;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
};

/** One subscription under way: what is known of it, and who posts for it. */
export type Turn = DrainDeps & {
  readonly work: Work;
  readonly adapter: ChatAdapter;
  readonly traits: Traits;
};

/** After a step: go on with this destination, or leave it; the due time brings it back. */
export type Next = 'again' | 'stop';

export function subRef(work: Work): SubRef {
  return { destination: work.destination.id, job: work.job, gen: work.gen };
}

/** A release that changes nothing but the intent. */
export const NOTHING: Release = { notBeforeInMs: 0, editNotBeforeInMs: 0, pause: null, rootGone: false, ripeEdit: false };

/** Waits for a platform at most so long: what takes longer may have happened. A throw is a bug of the adapter, and says as little. */
export async function within(turn: Pick<Turn, 'timing' | 'log'>, request: Promise<Outcome>): Promise<Outcome> {
  const late: Promise<Outcome> = new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'unknown', reason: 'timeout' }), turn.timing.request);
    request.then(
      () => clearTimeout(timer),
      () => clearTimeout(timer),
    );
  });
  try {
    return await Promise.race([request, late]);
  } catch (error) {
    turn.log.error('an adapter threw', { error: error instanceof Error ? error : new Error(String(error)) });
    return { kind: 'unknown', reason: 'unreadable-answer' };
  }
}
