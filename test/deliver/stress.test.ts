/** Several workers, a platform and a store that fail at random, people who follow, mute and leave: judged by what stands in the chat at the end, with none of the product's own rules. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { describe, expect, it, type TestContext } from 'vitest';
import { deliverOnce } from '../../src/deliver/deliver-once.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { Timing } from '../../src/domain/timing.ts';
import type { DeliverStore } from '../../src/ports/store.ts';
import { address, logged, PROJECT, YOU } from '../support/builders.ts';
import { type ChatFault, type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, grow } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const TIMES: Timing = { handOver: 250, request: 500, visible: 150, late: 700, giveUp: 5_000, editGap: 20 };
const RIPE = 900;
const WORKERS = 4;
const ACTORS = 14;
const ACTS = 24;

/** Mulberry32: the same seed, the same wishes. What the machine makes of them differs from run to run. */
function dice(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, chance: (p: number) => next() < p, of: <T>(items: readonly T[]): T => items[below(items.length)] as T };
}
type Dice = ReturnType<typeof dice>;

/** What the judge knows: an entry is a name and whether it is a problem. */
type Entry = { readonly key: string; readonly problem: boolean };
type Life = {
  readonly place: string;
  readonly destination: string;
  readonly job: string;
  readonly gen: string;
  /** How many entries the job had; null = it had never been seen. */
  start: number | null;
  readonly presets: Set<string>;
  /** The job's journal, shared by all who follow it in one epoch. */
  readonly log: Entry[];
  over: boolean;
};

/** Answers that are lost, before or after the deed, and processes that stall. */
function unreliable(store: DeliverStore, luck: Dice, calm: () => boolean): DeliverStore {
  const risky = new Set(['intent', 'settle', 'release', 'doubt', 'lateDone', 'skip', 'dueWork']);
  return new Proxy(store, {
    get(target, name) {
      const deed: unknown = Reflect.get(target, name);
      if (typeof deed !== 'function' || !risky.has(String(name))) return deed;
      return async (...args: unknown[]) => {
        const bad = !calm() && luck.chance(name === 'intent' ? 0.1 : 0.03) ? luck.below(4) : -1;
        if (bad === 0) throw new Error('not sent');
        if (bad === 1) await sleep(luck.below(2 * RIPE));
        const answer: unknown = await Reflect.apply(deed, target, args);
        if (bad === 2) throw new Error('answer lost');
        if (bad === 3) await sleep(luck.below(2 * RIPE));
        return answer;
      };
    },
  });
}

const FAULTS: readonly ChatFault[] = [
  { kind: 'throttled', afterMs: 30 },
  { kind: 'error', applied: true },
  { kind: 'error', applied: false },
  { kind: 'hang', applied: true },
  { kind: 'hang', applied: false },
  { kind: 'dead', scope: 'destination', reason: 'not-a-member' },
];

async function world(seed: number, options: { readonly durable: boolean; readonly restarts: number }, finished: TestContext['onTestFinished']) {
  const redis: TestRedis = await startRedis();
  const chat: ChatServer = await startChatServer();
  const clients: Redis[] = [];
  /** As the product's: an answer that went down with the connection is given up after a while, for ioredis never says so. */
  const connect = (): Redis => {
    const client = new Redis({
      path: redis.socketPath,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 5,
      commandTimeout: 1_500,
      retryStrategy: () => 50,
    });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };
  const peek = connect();
  const luck = dice(seed);
  const stopping = new AbortController();
  // whatever happens, nothing is left running
  finished(async () => {
    stopping.abort();
    for (const client of clients) client.disconnect();
    await chat.close();
    await redis.stop();
  });
  let calm = false;
  let entries = 0;
  const lives: Life[] = [];
  const setup = (client: Redis): Core => core(client, chatAdapter(chat.url, { timeoutMs: 400 }), { durable: options.durable, timing: TIMES });
  const people = setup(connect());

  const worker = async (own: Dice): Promise<void> => {
    const parts = setup(connect());
    const drain = { ...parts.drain, store: unreliable(parts.deliver, own, () => calm) };
    while (!stopping.signal.aborted) {
      const due = await parts.deliver.dueDestinations(100).catch(() => []);
      await Promise.all(
        due.map((destination) => deliverOnce(drain, destination, AbortSignal.any([stopping.signal, AbortSignal.timeout(3_000)])).catch(() => undefined)),
      );
      await sleep(5 + own.below(20));
    }
  };
  /** People come back when Redis does not answer. */
  const surely = async <T>(deed: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await deed();
      } catch {
        await sleep(20);
      }
    }
  };

  /** One person with two places that follow one job or the other. */
  const actor = async (number: number, own: Dice): Promise<void> => {
    const places = [`P${number}a`, `P${number}b`];
    const jobs = [`${PROJECT}/j${number}x`, `${PROJECT}/j${number}y`];
    const logs = new Map<string, { log: Entry[]; seen: boolean }>();
    const ids = new Map<string, string>();
    for (const place of places) {
      const made = await surely(() => people.subscriptions.destination({ address: address(place), name: place, dm: false, language: 'en', zone: null }));
      ids.set(place, made.id);
    }
    const current = (place: string, job: string) => lives.find((life) => life.place === place && life.job === job && !life.over);
    const follow = async (place: string, job: string): Promise<void> => {
      const destination = ids.get(place) ?? '';
      const preset = own.chance(0.7) ? 'everything' : 'problems';
      await surely(() => people.subscriptions.subscribe({ destination, job, preset, by: YOU, owner: null, notify: null }));
      const before = current(place, job);
      if (before) return void before.presets.add(preset);
      const known = lives.some((life) => life.job === job && !life.over) ? logs.get(job) : undefined;
      const watch = known ?? { log: [], seen: false };
      logs.set(job, watch);
      const gen = (await surely(() => people.subscriptions.subscription(destination, job)))?.subscription.gen ?? '';
      lives.push({ place, destination, job, gen, start: watch.seen ? watch.log.length : null, presets: new Set([preset]), log: watch.log, over: false });
    };
    const append = async (job: string, n: number): Promise<void> => {
      const watch = logs.get(job);
      if (!watch || !lives.some((life) => life.job === job && !life.over)) return;
      const made = Array.from({ length: n }, () => ({ key: `k${++entries}`, problem: own.chance(0.4) }));
      const journal: JournalEntry[] = made.map(({ key, problem }) =>
        logged({ key, action: `Entry_${key}_`, time: 1_764_550_800 + entries, adminReason: problem ? 'bad' : '' }),
      );
      for (;;) {
        // a lost answer must not append twice
        const there = await surely(() => peek.llen(`{vj}:log:${job}`));
        if (there > watch.log.length) break;
        if ((await grow(people, journal, job).catch(() => 'not heard')) === 'appended') break;
      }
      watch.log.push(...made);
      for (const life of lives) if (life.log === watch.log && life.start === null) life.start = watch.log.length;
      watch.seen = true;
    };
    await follow(own.of(places), own.of(jobs));
    for (let i = 0; i < ACTS; i += 1) {
      await sleep(own.below(250));
      const [place, job] = [own.of(places), own.of(jobs)];
      const life = current(place, job);
      if (own.chance(0.4)) await surely(() => people.subscriptions.resume(ids.get(place) ?? '', null));
      switch (own.below(12)) {
        case 0:
        case 1:
          await follow(place, job);
          break;
        case 2:
          if (!life || own.chance(0.6)) break;
          life.over = true;
          await surely(() => people.subscriptions.unsubscribe(life.destination, job));
          break;
        case 3:
          await surely(() => people.subscriptions.mute(ids.get(place) ?? '', job, own.chance(0.5) ? 400 : 0));
          break;
        case 4:
          if (own.chance(0.3)) for (const message of chat.seen(place)) if (message.keys.includes('root')) chat.deleteByHand(message.ref);
          break;
        case 5:
          await append(job, 25);
          break;
        case 6:
          chat.fail(own.of(own.chance(0.15) ? (['find', 'remove'] as const) : (['post', 'update'] as const)), own.of(FAULTS.slice(0, 5)));
          break;
        case 7:
          chat.fail('post', own.of(FAULTS), 1 + own.below(2));
          break;
        default:
          await append(job, 1 + own.below(3));
      }
    }
    // a card that a person deleted is made anew with the next entry
    for (const job of jobs) await append(job, 1);
  };

  const workers = Array.from({ length: WORKERS }, (_, i) => worker(dice(seed * 100 + i)));
  const restarts = (async () => {
    for (let i = 0; i < options.restarts; i += 1) {
      await sleep(800 + luck.below(1_200));
      await redis.restart();
    }
  })();
  await Promise.all([restarts, ...Array.from({ length: ACTORS }, (_, i) => actor(i, dice(seed * 1_000 + i)))]);
  calm = true;
  const destinations = new Set(lives.map((life) => life.destination));
  const giveUp = Date.now() + 25_000;
  for (let quiet = 0; quiet < 5; quiet += 1) {
    for (const destination of destinations) await surely(() => people.subscriptions.resume(destination, null));
    const due = await surely(() => peek.zrangebyscore('{vj}:due', '-inf', Date.now() + 10_000));
    if (due.length > 0) quiet = -1;
    if (Date.now() > giveUp) throw new Error(`never quiet: ${due.join(' ')}`);
    await sleep(50);
  }
  stopping.abort();
  await Promise.all(workers);

  // ---- the judge
  const faults: string[] = [];
  for (const life of lives) {
    const bad = (what: string) => faults.push(`seed ${seed} ${life.place} ${life.job.slice(-4)} ${life.gen}${life.over ? ' (left)' : ''}: ${what}`);
    const mine = chat.seen(life.place).filter((message) => message.gen === life.gen);
    const told = mine.filter((message) => !message.keys.includes('root')).flatMap((message) => message.keys);
    const start = life.start ?? life.log.length;
    const places = told.map((key) => life.log.findIndex((entry) => entry.key === key));
    if (places.some((place) => place < start)) bad('told the past, or what is not in the log');
    if (life.over) continue;
    if (new Set(told).size !== told.length) bad(`told twice: ${told.filter((key, i) => told.indexOf(key) !== i).join(' ')}`);
    if (places.some((place, i) => i > 0 && place < (places[i - 1] ?? 0))) bad(`out of order: ${told.join(' ')}`);
    const must = life.log.slice(start).filter((entry) => entry.problem || !life.presets.has('problems'));
    const lost = must.filter((entry) => !told.includes(entry.key));
    if (lost.length > 0) bad(`lost: ${lost.map((entry) => entry.key).join(' ')}`);
    if (life.log.length === 0) continue;
    const roots = mine.filter((message) => message.keys.includes('root'));
    if (roots.length !== 1) bad(`${roots.length} cards`);
    const last = life.log.at(-1)?.key ?? '';
    if (!roots[0]?.text.includes(`ntry_${last}_`) && !roots[0]?.text.includes(last)) bad(`the card does not show ${last}: ${roots[0]?.text.slice(0, 300)}`);
  }
  const leftovers = { due: await peek.zcard('{vj}:due'), notices: (await peek.keys('{vj}:notices:*')).length, late: (await peek.keys('{vj}:late:*')).length };
  const alive = lives.filter((life) => !life.over).length;
  const posts = chat.seen().length;
  return { faults, leftovers, alive, posts, entries };
}

describe('nothing lost, nothing twice, in order, one card that is current', () => {
  const first = Number(process.env.STRESS_SEED ?? 1);
  const seeds = Array.from({ length: Number(process.env.STRESS_SEEDS ?? 1) }, (_, i) => first + i);
  for (const seed of seeds) {
    it.concurrent(`whatever fails (seed ${seed})`, async ({ onTestFinished }) => {
      const result = await world(seed, { durable: true, restarts: 0 }, onTestFinished);
      expect(result).toMatchObject({ faults: [], leftovers: { due: 0, notices: 0, late: 0 } });
    });
    it.concurrent(`and when Redis restarts without a loss (seed ${seed})`, async ({ onTestFinished }) => {
      const result = await world(seed + 50_000, { durable: false, restarts: 2 }, onTestFinished);
      expect(result).toMatchObject({ faults: [], leftovers: { due: 0, notices: 0, late: 0 } });
    });
  }
});
