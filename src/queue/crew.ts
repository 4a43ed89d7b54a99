/** A BullMQ worker with what ours all need: a signal for each job that a stop or a lost lock raises, and a stop that ends in time. */
import { type Job, Worker } from 'bullmq';
import { settlesWithin } from './deadline.ts';
import { type QueueSettings, STOP_PATIENCE_MS, workerOptions } from './settings.ts';

export type Crew = {
  /** True while jobs can be fetched. */
  isRunning(): boolean;
  /** Starts nothing more, raises the signals, waits up to 4 s for what is under way, and then leaves it. May be called twice. */
  stop(): Promise<void>;
};

/** One run of a job. `token` names the lock. */
export type Run<Data> = { readonly job: Job<Data>; readonly token: string; readonly signal: AbortSignal };

type Connection = { readonly status: string; disconnect(): void };

export function startCrew<Data>(options: {
  readonly name: string;
  readonly settings: QueueSettings;
  readonly concurrency: number;
  /** Called also while stopping, with the signal raised: a job fetched in that moment must be put back. */
  readonly work: (run: Run<Data>) => Promise<void>;
  readonly completed: (job: Job<Data>) => void;
}): Crew {
  const { name, settings, work } = options;
  const log = settings.log.with({ queue: name });
  // Ours and not BullMQ's own signals: those are kept by job id, and a job that is promoted while it is being put off runs twice for a moment under one id.
  const underWay = new Map<AbortController, string>();
  const connections: Connection[] = [];
  let stopped: Promise<void> | null = null;

  const run = async (job: Job<Data>, token?: string): Promise<void> => {
    if (isRest(job)) return;
    const controller = new AbortController();
    underWay.set(controller, job.id ?? '');
    if (stopped !== null) controller.abort();
    try {
      await work({ job, token: token ?? '', signal: controller.signal });
    } finally {
      underWay.delete(controller);
    }
  };

  const worker = new Worker<Data, void>(name, run, workerOptions(settings, options.concurrency));
  worker.on('completed', (job) => (isRest(job) ? undefined : options.completed(job)));
  worker.on('failed', (job, error) => log.warn('a queue job failed and was removed', { jobId: job?.id, error }));
  // After a reconnect BullMQ may report a lock that its own first try has released: the job lives on.
  worker.on('error', (error) => log.debug('queue worker', { reason: error.message }));
  worker.on('lockRenewalFailed', (ids) => {
    for (const [controller, id] of underWay) if (ids.includes(id)) controller.abort();
  });
  const backend = worker.getBackend();
  for (const client of [backend.client, backend.blockingClient]) {
    client?.then(
      (connection) => connections.push(connection),
      () => undefined,
    );
  }

  const stop = async (): Promise<void> => {
    for (const controller of underWay.keys()) controller.abort();
    // Without a connection BullMQ's orderly close would wait for one.
    const orderly = connections.length > 0 && connections.every(({ status }) => status === 'ready');
    if (await settlesWithin(STOP_PATIENCE_MS, worker.close(!orderly))) return;
    log.warn('work under way did not end in time and is left to others', { jobs: underWay.size });
    backend.close(true).catch(() => undefined);
    for (const connection of connections) connection.disconnect();
  };

  return {
    isRunning: () => stopped === null && worker.isRunning() && connections.length === 2 && connections.every(({ status }) => status === 'ready'),
    stop: () => {
      stopped ??= Promise.resolve().then(stop);
      return stopped;
    },
  };
}

/** What comes back of a job under way when the queue is wiped: counters without its data. It ends; roster and sweep put back what it was. */
function isRest<Data>(job: Job<Data>): boolean {
  return typeof job.data !== 'object' || job.data === null || Object.keys(job.data).length === 0;
}
