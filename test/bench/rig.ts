/** What the benches are made of: child processes, a private Redis to look into, and watches that are there already. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { addressOf } from '../../adapters/slack/places.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { FIXTURE_PROJECT_ID } from '../../src/demo/fixtures.ts';
import type { SimulatedJob } from '../../src/demo/job.ts';
import { difference } from '../../src/domain/journal.ts';
import { TIMING } from '../../src/domain/timing.ts';
import { decodeDetail, decodeLogPage } from '../../src/metastudio/decode.ts';
import { openPrivateRedis } from '../../src/store/private-redis.ts';
import { loadScripts, type Scripts } from '../../src/store/scripts.ts';
import { createSubscriptionStore } from '../../src/store/subscription-store.ts';
import { createWatchStore } from '../../src/store/watch-store.ts';
import { silentLog, systemClock, UNSWEPT } from '../support/builders.ts';
import { uniqueRandom } from '../support/core.ts';
import type { ServiceOptions } from './service-process.ts';

export const KEY = { accessKey: 'BENCH-ACCESS-KEY', secretKey: 'bench-secret-key' };
export const PROJECT = FIXTURE_PROJECT_ID;
const TEAM = 'T0BENCH';
const AUTHORIZED = { authorization: 'Bearer bench-bench-bench-bench' };
/** Calls to Redis under way at once while watches are made. */
const AT_ONCE = 200;

export type Ground = {
  readonly dataDir: string;
  readonly socketPath: string;
  readonly redis: Redis;
  readonly scripts: Scripts;
  readonly end: () => Promise<void>;
};

/** A data directory with its private Redis, as the program makes it: each write on disk before it is answered. */
export async function breakGround(): Promise<Ground> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vjb-'));
  const server = await openPrivateRedis({ dataDir, log: silentLog, clock: systemClock });
  const redis = new Redis({ path: server.socketPath, maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  const end = async () => {
    redis.disconnect();
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  };
  return { dataDir, socketPath: server.socketPath, redis, scripts: loadScripts(redis, TIMING), end };
}

export type Service = {
  readonly url: string;
  readonly pid: number;
  /** What one scrape says: a figure, summed over its labels; labels as `outcome="news"` narrow it. */
  scrape(): Promise<(name: string, labels?: string) => number>;
  stop(): Promise<void>;
};

export async function startService(options: Omit<ServiceOptions, 'accessKey' | 'secretKey' | 'projectId'>): Promise<Service> {
  const { child, first } = await startChild('service-process.ts', { ...options, ...KEY, projectId: PROJECT }, NODE_FLAGS);
  const { url } = first as { url: string };
  return {
    url,
    pid: child.pid ?? 0,
    scrape: async () => {
      const all = (await (await fetch(`${url}/metrics`, { headers: AUTHORIZED })).text()).split('\n');
      return (name, labels = '') => {
        const lines = all.filter((line) => line.startsWith(`${name} `) || (line.startsWith(`${name}{`) && line.includes(labels)));
        return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
      };
    },
    stop: () => ended(child),
  };
}

/** What `npm start` gives node. */
const NODE_FLAGS = packageJson.scripts.start.match(/--\S+/g) ?? [];

/** Starts a process of this folder; resolves with the first thing it says. */
export async function startChild(
  file: string,
  options: object,
  execArgv: readonly string[] = [],
): Promise<{ readonly child: ChildProcess; readonly first: unknown }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [JSON.stringify(options)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...execArgv],
  });
  const [first] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${file} ended with ${String(code)}`);
    }),
  ])) as [unknown];
  return { child, first };
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

export type Watch = { readonly job: SimulatedJob; readonly channels: readonly string[]; readonly nextPollInMs: number; readonly intervalMs: number };

/** Watches as they are after their first sight and their first card, by the store's own scripts. Answers nothing; `told` is called each thousand. */
export async function makeWatches(ground: Ground, watches: readonly Watch[], told: (made: number) => void = () => {}): Promise<void> {
  const { redis, scripts } = ground;
  const store = createWatchStore(redis, scripts);
  const subscriptions = createSubscriptionStore(redis, scripts, { random: uniqueRandom, defaultLanguage: 'en', waitForDisk: false });
  const destinations = new Map<string, Promise<string>>();
  const destinationOf = (channel: string) => {
    const place = { address: addressOf(TEAM, channel), name: `#${channel}`, dm: false, language: 'en', zone: null } as const;
    const found = destinations.get(channel) ?? subscriptions.destination(place).then(({ id }) => id);
    destinations.set(channel, found);
    return found;
  };
  const by = { platform: 'slack', id: 'U0BENCH', name: 'bench' };
  let made = 0;
  const make = async ({ job, channels, nextPollInMs, intervalMs }: Watch) => {
    const key = `${PROJECT}/${job.detail.job_id}`;
    const ids = await Promise.all(channels.map(destinationOf));
    for (const destination of ids) await subscriptions.subscribe({ destination, job: key, preset: 'everything', by, owner: null, notify: null });
    const watched = await store.readWatch(key);
    const detail = decodeDetail(job.detail, job.detail.job_id);
    const page = decodeLogPage({ count: job.log.length, operations: job.log });
    if (!watched || !detail || !page) throw new Error('a simulated job is none');
    const { entries } = difference([], page.operations);
    const { jobId: _, createdAt: __, updatedAt: ___, ...facts } = detail;
    const { epoch, runId } = watched;
    const first = { job: key, epoch, runId, length: 0, entries, facts: { ...facts, audit: null }, factsRead: true, ended: false } as const;
    await store.append({ ...first, intervalMs, nextPollInMs, ...UNSWEPT });
    for (const destination of ids) {
      await redis.hset(`{vj}:sub:${destination}|${key}`, 'root', '1700000000.000001', 'shown', entries.length);
      await scripts.refresh(destination, key);
    }
    made += 1;
    if (made % 1000 === 0) told(made);
  };
  const queue = watches.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const watch of queue) await make(watch);
    }),
  );
}
