/** One BullMQ job per destination that has something due, and at most one at a time; it drains the destination and is gone. */
import { Queue } from 'bullmq';
import type { Clock, Random } from '../ports/clock.ts';
import { type Crew, type Run, startCrew } from './crew.ts';
import { withDeadline } from './deadline.ts';
import { createRest } from './rest.ts';
import { ANSWER_MS, BULK, pieces, producerOptions, type QueueSettings } from './settings.ts';

/** How long the sweep leaves a destination alone whose drain threw, doubled each time in a row. */
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;

const DELIVER = 'deliver';
const DRAIN = 'drain';
type DrainData = { readonly destination: string };

export type DeliverQueue = {
  /** Drains as soon as may be. An add that meets a drain under way is dropped: the sweep repeats it. Rejects when Redis does not answer. */
  nudge(destination: string): Promise<void>;
  /** Starts a drain for each that has none, but for those being drained here and those that failed here a moment ago. */
  startDue(destinations: readonly string[]): Promise<void>;
  startWorking(): void;
  isRunning(): boolean;
  counts(): Promise<Readonly<Record<string, number>>>;
  /** For the board to look at. */
  readonly bull: Queue;
  stopWorking(): Promise<void>;
  close(): Promise<void>;
};

export function createDeliverQueue(
  settings: QueueSettings,
  options: {
    readonly deliverOnce: (destination: string, signal: AbortSignal) => Promise<void>;
    readonly concurrency: number;
    readonly clock: Clock;
    readonly random: Random;
  },
): DeliverQueue {
  const { deliverOnce, clock } = options;
  const { log } = settings;
  const rest = createRest({ firstMs: FIRST_REST_MS, mostMs: LONGEST_REST_MS, now: () => clock.monotonic(), fraction: () => options.random.fraction() });
  const queue = new Queue<DrainData, void, typeof DRAIN>(DELIVER, producerOptions(settings));
  queue.on('error', (error) => log.debug('deliver queue', { reason: error.message }));
  const draining = new Set<string>();
  let crew: Crew | null = null;

  const entry = (destination: string) => ({ name: DRAIN, data: { destination }, opts: { deduplication: { id: destination } } }) as const;

  /** Never fails and never puts itself off: what is due, and when, stands in the store. */
  const drain = async ({ job, signal }: Run<DrainData>): Promise<void> => {
    const { destination } = job.data;
    if (signal.aborted) return;
    draining.add(destination);
    try {
      await deliverOnce(destination, signal);
      rest.succeeded(destination);
    } catch (error) {
      if (signal.aborted) return;
      const restMs = rest.failed(destination);
      log.error('a drain threw, and is tried again', { destination, error: error instanceof Error ? error : String(error), afterMs: restMs });
    } finally {
      draining.delete(destination);
    }
  };

  return {
    nudge: async (destination) => {
      const { name, data, opts } = entry(destination);
      await withDeadline('nudging a destination', ANSWER_MS, queue.add(name, data, opts));
    },
    startDue: async (destinations) => {
      const idle = destinations.filter((destination) => !draining.has(destination) && !rest.isResting(destination));
      for (const piece of pieces(idle, BULK)) await withDeadline('starting drains', ANSWER_MS, queue.addBulk(piece.map(entry)));
    },
    startWorking: () => {
      crew ??= startCrew<DrainData>({ name: DELIVER, settings, concurrency: options.concurrency, work: drain, completed: () => undefined });
    },
    isRunning: () => crew?.isRunning() ?? false,
    bull: queue,
    counts: () => withDeadline('counting drains', ANSWER_MS, queue.getJobCounts('waiting', 'active', 'delayed', 'failed')),
    stopWorking: async () => crew?.stop(),
    close: () => queue.getBackend().close(true),
  };
}
