import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliverOnce } from '../../src/deliver/deliver-once.ts';
import { BATCH } from '../../src/domain/timing.ts';
import { address, JOB, journalOf, logged, YOU } from '../support/builders.ts';
import { type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, drainQuiet, follow, grow } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { isPaused } from '../support/store-peek.ts';

let redis: TestRedis;
let chat: ChatServer;
let parts: Core;
let peek: Redis;

beforeAll(async () => {
  redis = await startRedis();
  peek = redis.connect();
});
afterAll(() => redis.stop());
beforeEach(async () => {
  chat = await startChatServer();
  parts = core(redis.connect(), chatAdapter(chat.url));
});
afterEach(async () => {
  await chat.close();
  await redis.flush();
});

const drain = (destination: string, by = parts) => deliverOnce(by.drain, destination, AbortSignal.timeout(5_000));
const quiet = (destination: string, by = parts) => drainQuiet(by, peek, destination);
const news = (n: number) => Array.from({ length: n }, (_, i) => logged({ action: 'NEWS', time: 1_764_560_000 + i }));
const posts = (place = 'C1') => chat.seen(place).filter((message) => !message.keys.includes('root'));
/** Keys of all posts, in the order they arrived. */
const told = (place = 'C1') => posts(place).flatMap((message) => message.keys);
const roots = (place = 'C1') => chat.seen(place).filter((message) => message.keys.includes('root'));

/** A followed job whose card stands. */
async function standing(place = 'C1', by = parts): Promise<string> {
  const destination = await follow(by, place);
  if ((await by.watch.readWatch(JOB))?.base === null) await grow(by, journalOf(2));
  await drain(destination, by);
  return destination;
}

describe('deliverOnce', () => {
  it('makes one card, tells nothing of the past, and edits the card in place', async () => {
    const destination = await standing();
    expect(roots()).toHaveLength(1);
    expect(told()).toEqual([]);
    await grow(parts, news(1));
    await quiet(destination);
    expect(roots()).toMatchObject([{ edits: 1 }]);
    expect(posts()).toMatchObject([{ root: roots()[0]?.ref }]);
  });

  it('tells what waited in messages of up to 20 entries, in order', async () => {
    const destination = await standing();
    const waiting = news(45);
    await grow(parts, waiting);
    await drain(destination);
    expect(posts().map((message) => message.keys.length)).toEqual([BATCH, BATCH, 5]);
    expect(told()).toEqual(waiting.map((entry) => entry.key));
    expect(posts()[0]?.text).toContain('45');
    expect(posts()[1]?.text).not.toContain('45');
  });

  it('tells a preset only what it wants, and its cursor passes over the rest', async () => {
    const destination = await follow(parts, 'C1', JOB, 'problems');
    await grow(parts, journalOf(1));
    const problem = logged({ action: 'AUDIT_NOT_PASS', adminReason: 'no signature', time: 1_764_570_000 });
    await grow(parts, [...news(30), problem]);
    await drain(destination);
    expect(told()).toEqual([problem.key]);
    expect(posts()).toMatchObject([{ raised: true }]);
    expect(posts()[0]?.text).toContain('no signature');
  });

  it('many workers on one destination tell everything once and in order', async () => {
    const destination = await standing();
    const all = news(60);
    const others = Array.from({ length: 5 }, () => core(redis.connect(), chatAdapter(chat.url)));
    await Promise.all([
      ...others.map(async (other) => {
        while (told().length < all.length) await drain(destination, other);
      }),
      (async () => {
        for (let i = 0; i < all.length; i += 3) await grow(parts, all.slice(i, i + 3));
      })(),
    ]);
    expect(told()).toEqual(all.map((entry) => entry.key));
    expect(roots()).toHaveLength(1);
  });

  it('comes back after what the platform named, and holds up no other destination', async () => {
    const slow = await standing('C1');
    const other = await standing('C2');
    await grow(parts, news(1));
    chat.fail('post', { kind: 'throttled', afterMs: 400 });
    await drain(slow);
    expect(told('C1')).toEqual([]);
    await drain(other);
    expect(told('C2')).toHaveLength(1);
    expect(await parts.deliver.dueWork(slow)).toEqual({ kind: 'closed' });
    await quiet(slow);
    expect(told('C1')).toHaveLength(1);
  });

  it('news does not wait for a card that the platform puts off', async () => {
    const destination = await standing();
    await grow(parts, news(1));
    chat.fail('update', { kind: 'throttled', afterMs: 60_000 }, 5);
    await quiet(destination);
    await grow(parts, [logged({ action: 'MORE' })]);
    await drain(destination);
    expect(told()).toHaveLength(2);
    expect(roots()).toMatchObject([{ edits: 0 }]);
  });

  for (const [name, kind, applied] of [
    ['an error before the message was applied', 'error', false],
    ['an error after the message was applied', 'error', true],
    ['a hang without effect', 'hang', false],
    ['an answer that never comes', 'hang', true],
  ] as const) {
    it(`${name}: the message is there exactly once`, async () => {
      const destination = await standing();
      await grow(parts, news(1));
      chat.fail('post', { kind, applied });
      await quiet(destination);
      expect(told()).toEqual(news(1).map((entry) => entry.key));
      await grow(parts, [logged({ action: 'MORE' })]);
      await quiet(destination);
      expect(told()).toHaveLength(2);
    });

    it(`${name}: the card is there exactly once`, async () => {
      const destination = await follow(parts);
      await grow(parts, journalOf(2));
      chat.fail('post', { kind, applied });
      await quiet(destination);
      expect(roots()).toHaveLength(1);
    });

    it(`${name}: an edit is made in the end`, async () => {
      const destination = await standing();
      await grow(parts, news(1));
      chat.fail('update', { kind, applied });
      await quiet(destination);
      expect(roots()[0]?.edits).toBeGreaterThan(0);
      expect(roots()[0]?.text).toContain('NEWS');
    });
  }

  it('a batch stays the same batch whatever arrives meanwhile', async () => {
    const destination = await standing();
    await grow(parts, news(2));
    chat.fail('post', { kind: 'hang', applied: false });
    await drain(destination);
    await grow(parts, [logged({ action: 'MORE' })]);
    await quiet(destination);
    expect(posts().map((message) => message.keys.length)).toEqual([2, 1]);
  });

  it('a channel that can not be reached is paused with its cursor, tried again later, and goes on where it stopped', async () => {
    const destination = await standing();
    await grow(parts, news(2));
    chat.fail('post', { kind: 'dead', scope: 'destination', reason: 'not-a-member' });
    await drain(destination);
    expect(await isPaused(redis.connect(), destination)).toBe(true);
    await grow(parts, [logged({ action: 'MORE' })]);
    await drain(destination);
    expect(told()).toEqual([]);
    await redis.connect().hset(`{vj}:dest:${destination}`, 'retryAt', '1');
    await drain(destination);
    expect(posts().map((message) => message.keys.length)).toEqual([3]);
    expect(await isPaused(redis.connect(), destination)).toBe(false);
  });

  it('tells the owner of a dead channel, once, in their own conversation', async () => {
    const owner = await parts.subscriptions.destination({ address: address('DM'), name: 'You', dm: true, language: 'en', zone: null });
    const place = await parts.subscriptions.destination({ address: address('C1'), name: '#voice-lab', dm: false, language: 'en', zone: null });
    await parts.subscriptions.subscribe({ destination: place.id, job: JOB, preset: 'everything', by: YOU, owner: owner.id, notify: null });
    await grow(parts, journalOf(1));
    chat.fail('post', { kind: 'dead', scope: 'destination', reason: 'archived' });
    await drain(place.id);
    await drain(owner.id);
    await drain(owner.id);
    expect(chat.seen('DM')).toHaveLength(1);
    expect(chat.seen('DM')[0]?.text).toContain('#voice-lab');
  });

  it('a refused payload is tried as words alone, then buried, and the next entry is told', async () => {
    const destination = await standing();
    await grow(parts, news(1));
    chat.fail('post', { kind: 'dead', scope: 'payload', reason: 'payload-refused' });
    await drain(destination);
    expect(told()).toHaveLength(1);

    chat.fail('post', { kind: 'dead', scope: 'payload', reason: 'payload-refused' }, 2);
    await grow(parts, [logged({ action: 'UNWELCOME' })]);
    await drain(destination);
    await grow(parts, [logged({ action: 'WELCOME' })]);
    await drain(destination);
    expect(posts().map((message) => message.text.includes('UNWELCOME'))).toEqual([false, false]);
    expect(told()).toHaveLength(2);
    const [letter] = await redis.connect().lrange('{vj}:dead', 0, -1);
    expect(JSON.parse(letter ?? '{}')).toMatchObject({ destination, job: JOB, reason: 'payload-refused' });
  });

  it('a platform that refuses the bot is paused as a whole, and its channels are untouched', async () => {
    const destination = await standing();
    await grow(parts, news(1));
    chat.fail('post', { kind: 'dead', scope: 'platform', reason: 'unauthorized' });
    await drain(destination);
    expect(await parts.deliver.dueDestinations(10)).toEqual([]);
    expect(await isPaused(redis.connect(), destination)).toBe(false);
    await parts.deliver.resumePlatform('test');
    await drain(destination);
    expect(told()).toHaveLength(1);
  });

  it('a card deleted by a person is made anew at the next edit', async () => {
    const destination = await standing();
    chat.deleteByHand(roots()[0]?.ref ?? '');
    await grow(parts, news(1));
    await quiet(destination);
    expect(roots()).toHaveLength(1);
    expect(told()).toHaveLength(1);
  });

  it('after unsubscribe nothing more is told, and the card says so', async () => {
    const destination = await standing();
    await parts.subscriptions.unsubscribe(destination, JOB);
    await drain(destination);
    expect(told()).toEqual([]);
    expect(roots()).toMatchObject([{ edits: 1 }]);
    expect(roots()[0]?.text).toMatch(/No longer followed here/);
    expect(roots()[0]?.text).toMatch(/Human review/);
  });

  it('following again is a new life: a card of its own, and no old news', async () => {
    const destination = await standing();
    await parts.subscriptions.unsubscribe(destination, JOB);
    await follow(parts);
    await grow(parts, [...journalOf(2), ...news(3)]);
    await quiet(destination);
    expect(roots()).toHaveLength(2);
    expect(told()).toEqual([]);
  });

  it('posts alone where there are no threads, and a dead answer without lookup may be told twice but never lost', async () => {
    const plain = core(redis.connect(), chatAdapter(chat.url, { traits: { threads: false, lookup: false } }));
    const destination = await standing('C1', plain);
    await grow(plain, news(1));
    chat.fail('post', { kind: 'hang', applied: true });
    await quiet(destination, plain);
    expect(posts()).toHaveLength(2);
    expect(new Set(told())).toEqual(new Set(news(1).map((entry) => entry.key)));
    expect(posts().every((message) => message.root === null && !message.raised)).toBe(true);
  });

  it('muted, what happened is told in one message afterwards', async () => {
    const destination = await standing();
    await parts.subscriptions.mute(destination, JOB, 60_000);
    await grow(parts, news(3));
    await quiet(destination);
    expect(told()).toEqual([]);
    expect(roots()[0]?.text).toContain('NEWS');
    await parts.subscriptions.mute(destination, JOB, 0);
    await drain(destination);
    expect(posts().map((message) => message.keys.length)).toEqual([3]);
  });

  it('a twin that a stalled worker left is deleted by the late check', async () => {
    const destination = await standing();
    await grow(parts, news(1));
    chat.fail('post', { kind: 'hang', applied: false });
    const view = await parts.subscriptions.subscription(destination, JOB);
    const gen = view?.subscription.gen ?? '';
    while (posts().length === 0) await drain(destination);
    // the stalled worker wakes after it was replaced, and its post is applied all the same
    const adapter = chatAdapter(chat.url);
    const card = { language: 'en', severity: 'info', emoji: '', title: [], blocks: [], actions: [], text: 'twin' } as const;
    await adapter.post({ address: address('C1'), card, delivery: { gen, keys: told() }, root: null, raised: false });
    expect(posts()).toHaveLength(2);
    await quiet(destination);
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.text).not.toBe('twin');
  });
});
