/** BullMQ at work: starts polls and drains when they are due, each once at a time. It remembers nothing that the store does not know. */
import type { ConnectionOptions } from 'bullmq';
import type { JobKey } from '../domain/job.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Figure, Metrics } from '../ports/metrics.ts';
import type { PollResult, Scheduler } from '../ports/scheduler.ts';
import { settlesWithin } from './deadline.ts';
import { createDeliverQueue } from './deliver-queue.ts';
import { type Loop, startLoop } from './loop.ts';
import { createRoster, type RosterSource } from './roster.ts';
import { STOP_PATIENCE_MS } from './settings.ts';
import { createWatchQueue } from './watch-queue.ts';

/** Due destinations that one sweep looks at; more come with the next one. */
const SWEEP_LIMIT = 1_000;

export type QueueOptions = {
  /** Where Redis is, as plain options. Six connections are opened by a process of both roles, two by one of none. */
  readonly connection: ConnectionOptions;
  /** '{vj}': the hash tag that all keys share. */
  readonly prefix: string;
  /** What this process works at. With neither it can still wake and nudge. */
  readonly roles: { readonly watch: boolean; readonly deliver: boolean };
  /** Polls a job once. The signal is raised when this process stops or has lost its lock on the job. */
  readonly pollOnce: (job: JobKey, signal: AbortSignal) => Promise<PollResult>;
  /** Drains a destination once. */
  readonly deliverOnce: (destination: string, signal: AbortSignal) => Promise<void>;
  /** Destinations that are due now, earliest first. */
  readonly dueDestinations: (limit: number) => Promise<readonly string[]>;
  readonly roster: RosterSource & { readonly everyMs: number; readonly fullEveryMs: number };
  readonly sweepEveryMs: number;
  /** Polls and drains under way at once in this process. */
  readonly concurrency: { readonly watch: number; readonly deliver: number };
  readonly log: Log;
  readonly metrics: Metrics;
  /** `now` must be the wall clock that BullMQ reads itself. */
  readonly clock: Clock;
  readonly random: Random;
};

export type QueueCounts = { readonly watch: Readonly<Record<string, number>>; readonly deliver: Readonly<Record<string, number>> };

export type Queue = Scheduler & {
  /** Begins to work at this process' roles. */
  start(): void;
  /** Ends within 5 s, whatever hangs: starts nothing more, raises the signals, waits 4 s at most, closes the connections. May be called twice. */
  stop(): Promise<void>;
  /** True when this process' workers can fetch jobs. */
  healthy(): boolean;
  /** Waiting, active, delayed and failed jobs. Rejects when Redis does not answer. */
  counts(): Promise<QueueCounts>;
  /** The same as figures. */
  figures(): Promise<readonly Figure[]>;
};

/** Builds the queues. `wakeWatch` and `nudgeDestination` never reject: what a lost call would have started is found by the roster and the sweep. */
export function createQueue(options: QueueOptions): Queue {
  const { roles, concurrency, metrics, clock, random } = options;
  const log = options.log.with({ part: 'queue' });
  const settings = { connection: options.connection, prefix: options.prefix, log };
  const watches = createWatchQueue(settings, { pollOnce: options.pollOnce, concurrency: concurrency.watch, clock, random });
  const drains = createDeliverQueue(settings, { deliverOnce: options.deliverOnce, concurrency: concurrency.deliver, clock, random });
  const loops: Loop[] = [];
  let state: 'made' | 'started' | 'stopped' = 'made';
  let stopped: Promise<void> | null = null;

  const sweep = async (signal: AbortSignal): Promise<void> => {
    const due = await options.dueDestinations(SWEEP_LIMIT);
    if (!signal.aborted) await drains.startDue(due);
  };

  /** For calls that the roster or the sweep makes good. */
  const asWish = async (what: string, work: () => Promise<void>): Promise<void> => {
    if (state === 'stopped') return;
    try {
      await work();
    } catch (error) {
      log.warn(`${what} did not reach the queue`, { reason: error instanceof Error ? error.message : String(error) });
    }
  };

  const stop = async (): Promise<void> => {
    const working = [...loops.map((loop) => loop.stop()), watches.stopWorking(), drains.stopWorking()];
    await settlesWithin(STOP_PATIENCE_MS + 200, Promise.allSettled(working));
    await settlesWithin(500, Promise.allSettled([watches.close(), drains.close()]));
  };

  const counts = async (): Promise<QueueCounts> => {
    const [watch, deliver] = await Promise.all([watches.counts(), drains.counts()]);
    return { watch, deliver };
  };

  return {
    wakeWatch: (job) => asWish('a wake-up', () => watches.wake(job)),
    nudgeDestination: (destination) => asWish('a nudge', () => drains.nudge(destination)),
    start: () => {
      if (state !== 'made') return;
      state = 'started';
      if (roles.watch) {
        watches.startWorking();
        const { everyMs, fullEveryMs } = options.roster;
        const once = createRoster({ source: options.roster, watches, fullEveryMs, metrics, now: () => clock.monotonic() });
        loops.push(startLoop('the roster', { everyMs, once, log }));
      }
      if (roles.deliver) {
        drains.startWorking();
        loops.push(startLoop('the sweep', { everyMs: options.sweepEveryMs, once: sweep, log }));
      }
    },
    stop: () => {
      state = 'stopped';
      stopped ??= stop();
      return stopped;
    },
    healthy: () => state === 'started' && (!roles.watch || watches.isRunning()) && (!roles.deliver || drains.isRunning()),
    counts,
    figures: async () =>
      Object.entries(await counts()).flatMap(([name, states]) =>
        Object.entries(states).map(([state, value]): Figure => ({ name: 'queue_jobs', labels: { queue: name, state }, value })),
      ),
  };
}
