/** The commands' side of the store. What a person is told has happened is on disk before they are told. */
import type { Redis } from 'ioredis';
import { foldedName, type JobKey } from '../domain/job.ts';
import type { Language, Person, Preset } from '../domain/subscription.ts';
import type { Random } from '../ports/clock.ts';
import type { FollowedView, SubscriptionStore } from '../ports/store.ts';
import { optedOut, personKey, readDestination } from './deliver-store.ts';
import { waitForDisk } from './disk.ts';
import { fields, list, number, text, texts, wellFormed } from './reply.ts';
import { KEY_PREFIX } from './script.ts';
import type { Scripts } from './scripts.ts';
import { readWatch } from './watch-store.ts';

/** How long an event id is remembered: longer than any platform sends an event again. */
const EVENT_SECONDS = 86_400;

/** `waitForDisk`: the server keeps an append-only file that is not synced at every write, and knows WAITAOF. `by`: whose changes these are, for the trail. */
export function createSubscriptionStore(
  redis: Redis,
  scripts: Scripts,
  options: { readonly random: Random; readonly defaultLanguage: Language; readonly waitForDisk: boolean; readonly by?: Person },
): SubscriptionStore {
  const { random, defaultLanguage } = options;
  const asks = options.by ? wellFormed(options.by) : '';

  async function onDisk<T>(written: T): Promise<T> {
    if (options.waitForDisk) await waitForDisk(redis);
    return written;
  }

  async function followed(destination: string, job: JobKey): Promise<FollowedView | null> {
    const [sub, base, length] = await Promise.all([
      redis.hgetall(`${KEY_PREFIX}sub:${destination}|${job}`),
      redis.hget(`${KEY_PREFIX}job:${job}`, 'base'),
      redis.llen(`${KEY_PREFIX}log:${job}`),
    ]);
    if (sub.gen === undefined) return null;
    return {
      subscription: {
        destination,
        job,
        gen: sub.gen,
        preset: (sub.preset ?? 'milestones') as Preset,
        cursor: Math.max(number(sub.cursor), number(base ?? undefined)),
        createdAt: number(sub.createdAt),
        mutedUntil: number(sub.mutedUntil),
        by: person(sub.by),
        notify: person(sub.notify),
      },
      length,
      base: base === null ? null : Number(base),
    };
  }

  async function lexical(prefix: string, limit: number): Promise<readonly string[]> {
    return redis.zrangebylex(`${KEY_PREFIX}index`, `[${prefix}`, `[${prefix}\u{10ffff}`, 'LIMIT', 0, limit);
  }

  return {
    by: (person) => createSubscriptionStore(redis, scripts, { ...options, by: person }),

    async firstTime(platform, eventId) {
      return (await redis.set(eventKey(platform, eventId), '1', 'EX', EVENT_SECONDS, 'NX')) === 'OK';
    },

    wasHandled: async (platform, eventId) => (await redis.exists(eventKey(platform, eventId))) === 1,

    async destination(place) {
      const { address, name, dm, language, zone, person } = place;
      const id = `${address.platform}.${random.id()}`;
      const [, stored] = list(
        await scripts.destination(
          address.platform,
          address.id,
          JSON.stringify(address),
          name,
          dm ? 1 : 0,
          language ?? '',
          zone ?? '',
          defaultLanguage,
          id,
          1,
          person ? `${person.platform}|${person.id}` : '',
        ),
      );
      return readDestination(fields(stored));
    },

    async destinationAt(address) {
      const reply = list(await scripts.destination(address.platform, address.id, '', '', 0, '', '', '', '', 0, ''));
      return reply.length === 0 ? null : readDestination(fields(reply[1]));
    },

    readWatch: (job) => readWatch(scripts, job),

    async subscribe({ destination, job, preset, by, owner, notify }) {
      const notified = notify === null ? '' : wellFormed(notify);
      const reply = await scripts.subscribe(destination, job, random.id(), preset, random.id(), wellFormed(by), owner ?? '', notified, asks);
      const [kind, before] = texts(reply);
      return onDisk(kind === 'kept' ? { kind, before: (before ?? preset) as Preset } : { kind: 'new' });
    },

    async unsubscribe(destination, job) {
      const answer = text(await scripts.unsubscribe(destination, job, asks));
      return onDisk(answer === 'done' || answer === 'onItsWay' ? answer : 'none');
    },

    async mute(destination, job, forMs) {
      const until = Number(await scripts.mute(destination, job, forMs, asks));
      return onDisk(until < 0 ? null : { until });
    },

    async subscriptions(destination) {
      const jobs = await redis.smembers(`${KEY_PREFIX}follows:${destination}`);
      const views = await Promise.all(jobs.map((job) => followed(destination, job)));
      return views.filter((view) => view !== null).sort((a, b) => a.subscription.createdAt - b.subscription.createdAt);
    },

    subscription: followed,

    async watchedByPrefix(projectId, prefix, limit) {
      const found = await lexical(`i:${projectId}/${prefix}`, limit);
      return found.map((member) => member.slice(2));
    },

    async watchedByName(projectId, name, limit) {
      // what an earlier version wrote stands there in its own case until the job's facts are read again
      const found = await Promise.all([...new Set([foldedName(name), name])].map((one) => lexical(`n:${projectId}/${one}\n`, limit)));
      return found.flat().map((member) => `${projectId}/${member.slice(member.lastIndexOf('\n') + 1)}`);
    },

    async optOut(who) {
      await redis.hset(personKey(who), 'optedOut', '1');
      await onDisk(null);
    },

    async optIn(who) {
      await redis.hdel(personKey(who), 'optedOut');
      await onDisk(null);
    },

    hasOptedOut: (who) => optedOut(redis, who),

    async setLanguage(destination, language) {
      await scripts.language(destination, language, asks);
      await onDisk(null);
    },

    async personLanguage(who) {
      return (await redis.hget(personKey(who), 'language')) as Language | null;
    },

    async setPersonLanguage(who, language) {
      await redis.hset(personKey(who), 'language', language);
      await onDisk(null);
    },

    async notice(destination, notice) {
      await scripts.notice(destination, wellFormed(notice));
    },

    async adminSeen(actor, destination) {
      await redis.hset(`${KEY_PREFIX}admins`, `${actor.platform}|${actor.id}`, destination);
    },

    async pausePerson(destination) {
      await scripts.pause(destination, 'person', 0, 0, asks);
      await onDisk(null);
    },

    async resume(destination, only) {
      await scripts.resume(destination, only ?? '', asks);
      await onDisk(null);
    },

    async pausePlatform(platform, reason) {
      await scripts['pause-platform'](platform, reason);
    },

    async pauseDestination(destination, reason) {
      await scripts.pause(destination, reason, 1, 1);
    },

    async rename(destination, name) {
      await redis.hset(`${KEY_PREFIX}dest:${destination}`, 'name', name);
    },

    async readdress(destination, address) {
      await scripts.readdress(destination, JSON.stringify(address), address.platform, address.id);
    },

    async move(destination, job, to) {
      const answer = text(await scripts.move(destination, job, to, random.id(), asks));
      return onDisk(answer === 'moved' || answer === 'busy' || answer === 'taken' ? answer : 'none');
    },
  };
}

function eventKey(platform: string, eventId: string): string {
  return `${KEY_PREFIX}event:${platform}:${eventId}`;
}

function person(stored: string | undefined): Person | null {
  return stored ? (JSON.parse(stored) as Person) : null;
}
