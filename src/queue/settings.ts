/** BullMQ settings, and why. Measured for BullMQ 6.7; a new major wants them measured again. */
import type { ConnectionOptions } from 'bullmq';
import type { Log } from '../ports/log.ts';

/** A lock that is not renewed for so long is lost: half a minute (BullMQ's own default) would be too long a silence after a kill. */
export const LOCK_MS = 10_000;
/** How often lost locks are looked for. A killed process' job runs again 8 to 13 s later. */
export const STALLED_CHECK_MS = 5_000;
/** BullMQ never resets the count of a job's stalls, and fails the job beyond this: a perpetual job must be allowed to live through any number of crashes. */
export const MAX_STALLS = 1_000_000;
/** BullMQ's stream of events, which nothing here reads: kept short, for memory. */
export const EVENTS_KEPT = 100;
/** Adds in one MULTI. More would hold up the one Redis for everybody. */
export const BULK = 200;
/** `add` on an unreachable Redis neither rejects nor ends; after so long its caller goes on without it. */
export const ANSWER_MS = 3_000;
/** How long stop() waits for work under way, of the 5 s that a whole process has. */
export const STOP_PATIENCE_MS = 4_000;

/** What both queues are made with. */
export type QueueSettings = {
  /** Where Redis is, as plain options: each queue and worker opens connections of its own. */
  readonly connection: ConnectionOptions;
  /** BullMQ's key prefix, with the hash tag of all other keys. */
  readonly prefix: string;
  readonly log: Log;
};

/** Finished jobs leave nothing: a finished job that stays makes every later add with its id a silent no-op. */
export const JOB_DEFAULTS = { removeOnComplete: true, removeOnFail: true };

export function producerOptions(settings: QueueSettings) {
  return { connection: settings.connection, prefix: settings.prefix, defaultJobOptions: JOB_DEFAULTS, streams: { events: { maxLen: EVENTS_KEPT } } };
}

export function workerOptions(settings: QueueSettings, concurrency: number) {
  return {
    connection: settings.connection,
    prefix: settings.prefix,
    concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: MAX_STALLS,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  };
}

/** Cuts a list into pieces of at most `size`. */
export function pieces<T>(items: readonly T[], size: number): (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}
