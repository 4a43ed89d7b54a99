/** Polls as fast as they go, until it is ended: ours through the whole watch path, or a bare BullMQ worker with ky. Argument: JSON of EngineOptions. */
import { DelayedError, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import ky from 'ky';
import { TIMING } from '../../src/domain/timing.ts';
import { createMetaStudio } from '../../src/metastudio/client.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createQueue } from '../../src/queue/queue.ts';
import { createBudget } from '../../src/store/budget.ts';
import { loadScripts } from '../../src/store/scripts.ts';
import { createWatchStore } from '../../src/store/watch-store.ts';
import { systemRandom as random } from '../../src/system.ts';
import { pollOnce } from '../../src/watch/poll-once.ts';
import { systemClock as clock, silentLog as log } from '../support/builders.ts';

export type EngineOptions = {
  readonly kind: 'ours' | 'bare';
  readonly socketPath: string;
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly jobs: readonly string[];
  readonly concurrency: number;
};

const { kind, socketPath, endpoint, projectId, jobs, concurrency, accessKey, secretKey } = JSON.parse(process.argv[2] ?? '{}') as EngineOptions;
const connection = { path: socketPath };

async function runOurs(): Promise<void> {
  const redis = new Redis({ path: socketPath });
  const { metrics } = createMetrics();
  const store = createWatchStore(redis, loadScripts(redis, TIMING));
  const budget = createBudget(redis, { maxRps: 1_000_000, clock, random });
  const credentials = { kind: 'access-key', accessKey, secretKey, securityToken: '' } as const;
  const client = createMetaStudio({ endpoint, projectId, appUserId: '', credentials, budget, clock, log, metrics, timeouts: { requestMs: 10_000 } });
  const poll = { minMs: 15_000, maxMs: 300_000, maxRps: 1_000_000 };
  const queue = createQueue({
    connection,
    prefix: '{vj}',
    roles: { watch: true, deliver: false },
    // the next one at once
    pollOnce: async (job, signal) => {
      const result = await pollOnce({ store, jobs: client, scheduler: queue, projectId, poll, clock, random, log, metrics }, job, signal);
      return result.kind === 'again' ? { ...result, delayMs: 0 } : result;
    },
    deliverOnce: async () => undefined,
    dueDestinations: async () => [],
    roster: {
      overdue: async () => [],
      all: async () => ({ watches: jobs.map((job) => ({ job, dueInMs: 0 })), cursor: '0' }),
      everyMs: 5_000,
      fullEveryMs: 3_600_000,
    },
    sweepEveryMs: 1_000,
    concurrency: { watch: concurrency, deliver: 1 },
    ...{ log, metrics, clock, random },
  });
  queue.start();
}

async function runBare(): Promise<void> {
  const queue = new Queue('bare', { connection });
  await queue.addBulk(jobs.map((job, nth) => ({ name: 'poll', data: { job }, opts: { jobId: `bare-${nth}` } })));
  const work: ConstructorParameters<typeof Worker<{ job: string }>>[1] = async (job, token) => {
    if (typeof job !== 'object') return;
    await ky(`${endpoint}/v1/${job.data.job.replace('/', '/voice-training-manage/user/jobs/')}/op-logs?limit=100&offset=0`, { retry: 0 }).json();
    await job.moveToDelayed(Date.now(), token);
    throw new DelayedError();
  };
  const worker = new Worker<{ job: string }>('bare', work, { connection, concurrency });
  worker.on('error', () => undefined);
}

await (kind === 'ours' ? runOurs() : runBare());
process.send?.('started');
process.once('SIGTERM', () => process.exit(0));
