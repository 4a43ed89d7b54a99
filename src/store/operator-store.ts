/** The operator's side of the store. */
import type { Redis } from 'ioredis';
import type { Person, Preset } from '../domain/subscription.ts';
import type { Random } from '../ports/clock.ts';
import type { DeadLetter, Followed, OperatorStore, PlaceView, TrailEntry } from '../ports/operator-store.ts';
import { readDestination } from './deliver-store.ts';
import { waitForDisk } from './disk.ts';
import { fields, list, number, text, texts, wellFormed } from './reply.ts';
import { KEY_PREFIX } from './script.ts';
import type { Scripts } from './scripts.ts';
import { decodeFacts } from './watch-store.ts';

/** Destinations that one script looks at: each may follow many jobs, and Redis does nothing else meanwhile. */
const PAGE = 20;

/** `by`: whose changes these are, for the trail. */
export function createOperatorStore(
  redis: Redis,
  scripts: Scripts,
  options: { readonly random: Random; readonly by: Person; readonly waitForDisk: boolean },
): OperatorStore {
  const { random } = options;
  const by = wellFormed(options.by);

  const onDisk = async <T>(written: T): Promise<T> => {
    if (options.waitForDisk) await waitForDisk(redis);
    return written;
  };

  async function* pages(): AsyncGenerator<readonly string[]> {
    for (let cursor = ''; cursor !== '0'; ) {
      const [next, found] = await redis.sscan(`${KEY_PREFIX}dests`, cursor === '' ? '0' : cursor, 'COUNT', PAGE);
      for (let at = 0; at < found.length; at += PAGE) yield found.slice(at, at + PAGE);
      cursor = next;
    }
  }

  const deadLetter = async (id: string, replay: boolean) => onDisk(text(await scripts['dead-letter'](id, replay ? 1 : 0, random.id(), by)));

  const changes = async () => (await redis.lrange(`${KEY_PREFIX}audit`, 0, -1)).map((raw) => JSON.parse(raw) as TrailEntry);

  return {
    async *places() {
      // Redis may name a member twice while the set grows or shrinks.
      const seen = new Set<string>();
      for await (const page of pages()) {
        const fresh = page.filter((id) => !seen.has(id));
        for (const id of fresh) seen.add(id);
        if (fresh.length === 0) continue;
        for (const place of list(await scripts.places(...fresh))) {
          const view = placeOf(list(place));
          if (view) yield view;
        }
      }
    },

    async handOver(destination, job, owner) {
      const answer = text(await scripts['hand-over'](destination, job, owner, by));
      return onDisk(answer === 'done' || answer === 'no-owner' || answer === 'own' ? answer : 'none');
    },

    async deadLetters() {
      return (await redis.lrange(`${KEY_PREFIX}dead`, 0, -1)).map((raw) => {
        const letter = JSON.parse(raw) as Omit<DeadLetter, 'id' | 'keys'> & { readonly id: number; readonly keys: unknown };
        const { destination, job, kind, reason, at } = letter;
        // Lua writes an empty list as an empty object
        return { id: String(letter.id), at, destination, job, kind, reason, keys: Array.isArray(letter.keys) ? texts(letter.keys) : [] };
      });
    },

    async replay(id) {
      const answer = await deadLetter(id, true);
      return answer === 'done' || answer === 'gone' || answer === 'busy' ? answer : 'none';
    },

    dropDeadLetter: async (id) => (await deadLetter(id, false)) === 'done',

    trail: changes,

    async forget({ platform, id }) {
      const pseudonym = `forgotten-${random.id().slice(0, 6)}`;
      // What waits to be told has their name, but not who they are.
      const acted = (await changes()).filter(({ by }) => by.platform === platform && by.id === id);
      const theirNames = [...new Set(acted.map(({ by }) => by.name))];
      const gone: string[] = [];
      let subscriptions = 0;
      let names = 0;
      for await (const page of pages()) {
        const [removed, named, ...places] = list(await scripts.forget(platform, id, pseudonym, wellFormed({ names: theirNames, gone }), ...page));
        subscriptions += Number(removed);
        names += Number(named);
        gone.push(...places.map(text));
      }
      const before = gone.length + subscriptions + names > 0 ? '1' : '';
      const rest = list(await scripts['forget-person'](platform, id, pseudonym, by, before, ...gone)).map(Number);
      const [wishes = 0, admin = 0, trail = 0, letters = 0] = rest;
      return onDisk({ pseudonym, places: gone.length, subscriptions, names, wishes, admin, trail, letters });
    },
  };
}

/** null: it went between two pages. */
function placeOf([hash, platformPaused, ...followed]: readonly unknown[]): PlaceView | null {
  const stored = fields(hash);
  if (stored.id === undefined) return null;
  return {
    destination: readDestination(stored),
    person: stored.person ?? null,
    platformPaused: text(platformPaused) || null,
    followed: followed.map((one) => followedOf(list(one))),
  };
}

function followedOf([job, hash, base, ended, facts, length, ownerName]: readonly unknown[]): Followed {
  const sub = fields(hash);
  const cursor = Math.max(number(sub.cursor), number(text(base)));
  return {
    job: text(job),
    voiceName: decodeFacts(text(facts))?.voiceName ?? '',
    preset: (sub.preset ?? 'milestones') as Preset,
    by: sub.by ? (JSON.parse(sub.by) as Person) : null,
    owner: sub.owner ? { id: sub.owner, name: text(ownerName) } : null,
    createdAt: number(sub.createdAt),
    mutedUntil: number(sub.mutedUntil),
    deliveredAt: number(sub.deliveredAt),
    waiting: Math.max(0, Number(length) - cursor),
    seen: text(base) !== '',
    ended: text(ended) === '1',
  };
}
