/** One perpetual BullMQ job per watched job: polled, then put off until its next poll. One poll of a job at a time, whoever asks. */
import { createHash } from 'node:crypto';
import { DelayedError, ErrorCode, type Job, Queue } from 'bullmq';
import type { JobKey } from '../domain/job.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { PollResult } from '../ports/scheduler.ts';
import type { DueWatch } from '../ports/store.ts';
import { type Crew, type Run, startCrew } from './crew.ts';
import { withDeadline } from './deadline.ts';
import { createRest } from './rest.ts';
import { ANSWER_MS, BULK, pieces, producerOptions, type QueueSettings } from './settings.ts';

/** How long a poll that threw waits, doubled each time in a row. */
const FIRST_REST_MS = 15_000;
const LONGEST_REST_MS = 5 * 60_000;
/** How long a wish to be polled again is kept: longer than any poll. */
const WISH_SECONDS = 600;

export const WATCH = 'watch';
export type WatchData = { readonly job: JobKey };

/** The id of a watch's BullMQ job. A hash, as ids there may hold no ':' and may not be all digits. */
export function watchJobId(job: JobKey): string {
  return `w-${createHash('sha256').update(job).digest('hex').slice(0, 32)}`;
}

export type WatchQueue = {
  /** Polls as soon as may be; during a poll, once more after it. Rejects when Redis does not answer. */
  wake(job: JobKey): Promise<void>;
  /** Adds the watches that have no BullMQ job, each for when it is due: all at once would keep those waiting that have news. */
  addMissing(watches: readonly DueWatch[]): Promise<void>;
  /** Starts watches that should have been polled already, whatever became of their BullMQ jobs. */
  startOverdue(jobs: readonly JobKey[]): Promise<void>;
  startWorking(): void;
  isRunning(): boolean;
  counts(): Promise<Readonly<Record<string, number>>>;
  /** For the board to look at. */
  readonly bull: Queue;
  stopWorking(): Promise<void>;
  close(): Promise<void>;
};

export function createWatchQueue(
  settings: QueueSettings,
  options: {
    readonly pollOnce: (job: JobKey, signal: AbortSignal) => Promise<PollResult>;
    readonly concurrency: number;
    readonly clock: Clock;
    readonly random: Random;
  },
): WatchQueue {
  const { pollOnce, clock } = options;
  const { log } = settings;
  const rest = createRest({ firstMs: FIRST_REST_MS, mostMs: LONGEST_REST_MS, now: () => clock.monotonic(), fraction: () => options.random.fraction() });
  const queue = new Queue<WatchData, void, typeof WATCH>(WATCH, producerOptions(settings));
  queue.on('error', (error) => log.debug('watch queue', { reason: error.message }));
  let crew: Crew | null = null;

  // ---- a wish to be polled after the poll that is under way: a key that the poll takes away when it starts and looks for when it has ended
  const wishKey = (id: string) => `${settings.prefix}:wish:${id}`;
  const wish = async (id: string) => void (await (await queue.getBackend().client).set(wishKey(id), 1, { EX: WISH_SECONDS }));
  const takeWish = async (id: string) => (await (await queue.getBackend().client).del(wishKey(id))) === 1;
  const hasWish = async (id: string) => (await (await queue.getBackend().client).get(wishKey(id))) !== null;

  const entry = ({ job, dueInMs }: DueWatch) => ({ name: WATCH, data: { job }, opts: { jobId: watchJobId(job), delay: dueInMs } }) as const;
  const add = (job: JobKey) => queue.add(WATCH, { job }, { jobId: watchJobId(job) });

  /** False when the job is not waiting for its time: about to run, running, or nowhere. */
  const promote = async (job: Job<WatchData>): Promise<boolean> => {
    try {
      await job.promote();
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === ErrorCode.JobNotInState) return false;
      throw error;
    }
  };

  const poll = async ({ job, token, signal }: Run<WatchData>): Promise<void> => {
    const id = watchJobId(job.data.job);
    const putOff = async (delayMs: number): Promise<never> => {
      try {
        // BullMQ takes an instant of the wall clock, and schedules by it.
        await job.moveToDelayed(clock.now() + delayMs, token);
        if (await hasWish(id)) await promote(job);
      } catch (error) {
        // Not ours any more, or Redis is away: then its lock runs out and the stalled check starts it again.
        log.warn('a watch could not be put off', { job: job.data.job, reason: error instanceof Error ? error.message : String(error) });
      }
      // Never a failure: a failed job would be removed.
      throw new DelayedError();
    };
    if (signal.aborted) return putOff(0);
    let result: PollResult;
    try {
      await takeWish(id);
      result = await pollOnce(job.data.job, signal);
      rest.succeeded(id);
    } catch (error) {
      if (signal.aborted) return putOff(0);
      const restMs = rest.failed(id);
      log.error('a poll threw, and is tried again', { job: job.data.job, error: error instanceof Error ? error : String(error), afterMs: restMs });
      return putOff(restMs);
    }
    if (result.kind === 'again') return putOff(result.delayMs);
    log.debug('a watch has ended', { job: job.data.job, reason: result.reason });
  };

  /** An add that met the last poll of a watch was dropped; its wish is still there. */
  const completed = (job: Job<WatchData>): void => {
    const again = async () => ((await takeWish(watchJobId(job.data.job))) ? void (await add(job.data.job)) : undefined);
    again().catch((error: unknown) => log.debug('a watch that ended could not look for a wish', { reason: String(error) }));
  };

  /** A job whose key exists and which is in no list, or in one of finished jobs, would never run again and would block its id. */
  const revive = async (job: Job<WatchData>): Promise<void> => {
    const state = await job.getState();
    if (state !== 'unknown' && state !== 'failed' && state !== 'completed') return;
    await job.remove();
    await add(job.data.job);
  };

  const addAll = async (watches: readonly DueWatch[], then: (job: Job<WatchData>) => Promise<void>): Promise<void> => {
    for (const piece of pieces(watches, BULK)) {
      const added = await withDeadline('adding watches', ANSWER_MS, queue.addBulk(piece.map(entry)));
      await withDeadline('starting watches', ANSWER_MS, Promise.all(added.map(then)));
    }
  };

  return {
    wake: (job) => {
      const start = async () => {
        await wish(watchJobId(job));
        await promote(await add(job));
      };
      return withDeadline('waking a watch', ANSWER_MS, start());
    },
    addMissing: (watches) => addAll(watches, async () => undefined),
    startOverdue: (jobs) =>
      addAll(
        jobs.filter((job) => !rest.isResting(watchJobId(job))).map((job) => ({ job, dueInMs: 0 })),
        async (job) => {
          if (!(await promote(job))) await revive(job);
        },
      ),
    startWorking: () => {
      crew ??= startCrew<WatchData>({ name: WATCH, settings, concurrency: options.concurrency, work: poll, completed });
    },
    isRunning: () => crew?.isRunning() ?? false,
    bull: queue,
    counts: () => withDeadline('counting watches', ANSWER_MS, queue.getJobCounts('waiting', 'active', 'delayed', 'failed')),
    stopWorking: async () => crew?.stop(),
    // No QUIT: without a connection it would wait for one.
    close: () => queue.getBackend().close(true),
  };
}
