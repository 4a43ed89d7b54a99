/** What the local page shows of the store: read as it is, one command after the other, because nobody acts on it. */
import type { Redis } from 'ioredis';
import type { JobKey } from '../domain/job.ts';
import type { Preset } from '../domain/subscription.ts';
import type { Gate } from '../ports/budget.ts';
import type { Inspect, InspectedJob, InspectedSubscription } from '../ports/inspect.ts';
import { readDestination } from './deliver-store.ts';
import { decodeEntry } from './journal-codec.ts';
import { number } from './reply.ts';
import { KEY_PREFIX } from './script.ts';
import { decodeFacts } from './watch-store.ts';

export function createInspectStore(redis: Redis, gate: () => Promise<Gate | null>): Inspect {
  async function inspected(job: JobKey): Promise<{ readonly since: number; readonly view: InspectedJob } | null> {
    const [watch, journal, followers] = await Promise.all([
      redis.hgetall(`${KEY_PREFIX}job:${job}`),
      redis.lrange(`${KEY_PREFIX}log:${job}`, 0, -1),
      redis.smembers(`${KEY_PREFIX}followers:${job}`),
    ]);
    const found = await Promise.all(followers.map((destination) => subscription(destination, job, number(watch.base))));
    const subscriptions = found.filter((one) => one !== null).sort((a, b) => a.createdAt - b.createdAt);
    const [first] = subscriptions;
    if (!first) return null;
    const view: InspectedJob = {
      job,
      facts: decodeFacts(watch.facts),
      journal: journal.map(decodeEntry),
      base: watch.base === undefined ? null : number(watch.base),
      ended: watch.ended === '1',
      readAt: number(watch.readAt),
      subscriptions: subscriptions.map(({ shown }) => shown),
    };
    return { since: first.createdAt, view };
  }

  async function subscription(
    destination: string,
    job: JobKey,
    base: number,
  ): Promise<{ readonly createdAt: number; readonly shown: InspectedSubscription } | null> {
    const [sub, stored] = await Promise.all([redis.hgetall(`${KEY_PREFIX}sub:${destination}|${job}`), redis.hgetall(`${KEY_PREFIX}dest:${destination}`)]);
    if (sub.gen === undefined) return null;
    const { address, name, paused } = readDestination(stored);
    return {
      createdAt: number(sub.createdAt),
      shown: {
        address,
        name,
        preset: (sub.preset ?? 'milestones') as Preset,
        cursor: Math.max(number(sub.cursor), base),
        mutedUntil: number(sub.mutedUntil),
        paused: paused?.reason ?? null,
        sending: sub.intentAt !== undefined,
      },
    };
  }

  return {
    async followed(limit) {
      const [, jobs] = await redis.sscan(`${KEY_PREFIX}jobs`, '0', 'COUNT', limit);
      const found = await Promise.all(jobs.slice(0, limit).map(inspected));
      return found
        .filter((one) => one !== null)
        .sort((a, b) => a.since - b.since)
        .map(({ view }) => view);
    },
    async refusedUntil() {
      return (await gate())?.nextProbe ?? null;
    },
  };
}
