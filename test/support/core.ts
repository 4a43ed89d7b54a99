/** The store and the drain on a real Redis, with the protocol's times shortened. */
import type { Redis } from 'ioredis';
import { deliverOnce } from '../../src/deliver/deliver-once.ts';
import type { DrainDeps } from '../../src/deliver/drain.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { Timing } from '../../src/domain/timing.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import type { DeliverStore, SubscriptionStore, WatchStore } from '../../src/ports/store.ts';
import { createDeliverStore } from '../../src/store/deliver-store.ts';
import { createJournalCache } from '../../src/store/journal-cache.ts';
import { loadScripts } from '../../src/store/scripts.ts';
import { createSubscriptionStore } from '../../src/store/subscription-store.ts';
import { createWatchStore } from '../../src/store/watch-store.ts';
import { address, JOB, noMetrics, silentLog, systemClock, UNSWEPT, YOU } from './builders.ts';

export const SHORT: Timing = { handOver: 200, request: 400, visible: 100, late: 300, giveUp: 3_000, editGap: 20 };

export type Core = {
  readonly watch: WatchStore;
  readonly deliver: DeliverStore;
  readonly subscriptions: SubscriptionStore;
  readonly drain: DrainDeps;
};

let ids = 0;
/** Unique over all processes of a test. */
export const uniqueRandom = {
  id: () => {
    ids += 1;
    return `${process.pid}x${ids}`;
  },
  fraction: () => 0.5,
};

export function core(redis: Redis, adapter: ChatAdapter, options: { readonly durable?: boolean; readonly timing?: Timing } = {}): Core {
  const timing = options.timing ?? SHORT;
  const scripts = loadScripts(redis, timing);
  const deliver = createDeliverStore(redis, scripts, { cache: createJournalCache(redis), durable: options.durable ?? true });
  return {
    watch: createWatchStore(redis, scripts),
    deliver,
    subscriptions: createSubscriptionStore(redis, scripts, { random: uniqueRandom, defaultLanguage: 'en', waitForDisk: false }),
    drain: {
      store: deliver,
      adapters: new Map([[adapter.platform, adapter]]),
      jobLink: () => null,
      timing,
      clock: systemClock,
      random: uniqueRandom,
      log: silentLog,
      metrics: noMetrics,
    },
  };
}

/** A channel that follows a job. Answers the destination's id. */
export async function follow(parts: Core, place = 'C1', job = JOB, preset: 'everything' | 'problems' = 'everything'): Promise<string> {
  const destination = await parts.subscriptions.destination({ address: address(place), name: `#${place}`, dm: false, language: 'en', zone: null });
  await parts.subscriptions.subscribe({ destination: destination.id, job, preset, by: YOU, owner: null, notify: null });
  return destination.id;
}

/** Appends as a poll would; answers what the store said. */
export async function grow(parts: Core, entries: readonly JournalEntry[], job = JOB): Promise<string> {
  const watched = await parts.watch.readWatch(job);
  if (!watched) return 'gone';
  const { epoch, runId, journal } = watched;
  const answer = await parts.watch.append({
    job,
    epoch,
    runId,
    length: journal.length,
    entries,
    facts: null,
    factsRead: false,
    ended: false,
    intervalMs: 60_000,
    nextPollInMs: 60_000,
    ...UNSWEPT,
  });
  return answer.kind;
}

/** What is due later than this is not waited for. */
const SOON_MS = 5_000;

/** Drains until nothing is due at a destination, now or within seconds: late checks included. */
export async function drainQuiet(parts: Core, redis: Redis, destination: string): Promise<void> {
  for (;;) {
    await deliverOnce(parts.drain, destination, new AbortController().signal);
    const [next] = await redis.zrangebyscore(`{vj}:due:${destination}`, '-inf', Date.now() + SOON_MS, 'LIMIT', 0, 1);
    const notices = await redis.llen(`{vj}:notices:${destination}`);
    if (next === undefined && notices === 0) return;
    await new Promise((soon) => setTimeout(soon, 5));
  }
}
