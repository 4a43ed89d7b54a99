/** Corners of the drain: each once stood still, told nobody or deleted too much. Judged by what arrives. */
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deliverOnce, step } from '../../src/deliver/deliver-once.ts';
import type { Traits } from '../../src/ports/chat-adapter.ts';
import { address, JOB, journalOf, logged, PROJECT, UNSWEPT, YOU } from '../support/builders.ts';
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

const OTHER = `${PROJECT}/other-job`;
const news = (n: number) => Array.from({ length: n }, (_, i) => logged({ action: 'NEWS', time: 1_764_560_000 + i }));
const posts = (place = 'C1') => chat.seen(place).filter((message) => !message.keys.includes('root'));
const told = (place = 'C1') => posts(place).flatMap((message) => message.keys);

/** The sweep: drains what is due for so long. */
async function sweepFor(ms: number, by = parts): Promise<void> {
  const end = Date.now() + ms;
  while (Date.now() < end) {
    for (const destination of await by.deliver.dueDestinations(100)) await deliverOnce(by.drain, destination, AbortSignal.timeout(5_000));
    await new Promise((soon) => setTimeout(soon, 10));
  }
}
/** The sweep, until something holds; the test's own limit ends it otherwise. */
async function sweepUntil(holds: () => boolean | Promise<boolean>, by = parts): Promise<void> {
  while (!(await holds())) await sweepFor(20, by);
}
const paced = (traits: Partial<Traits> = {}, durable = true) =>
  core(redis.connect(), chatAdapter(chat.url, { traits: { pace: { post: [{ bucket: 'b', everyMs: 100, burst: 1 }], update: [] }, ...traits } }), { durable });

describe('one post a second, burst 1', () => {
  it('a post that is looked for first is sent in the end', async () => {
    // not durable, and the job was never seen by this Redis' first poll: every post below `safe` is looked for
    const by = paced({}, false);
    const destination = await follow(by);
    await grow(by, journalOf(1));
    await sweepUntil(() => chat.seen().length === 1, by);
    await grow(by, news(1));
    await peek.hset(`{vj}:job:${JOB}`, 'safe', 99);
    await sweepUntil(() => posts().length > 0, by);
    await drainQuiet(by, peek, destination);
    expect(told()).toEqual(news(1).map((entry) => entry.key));
  });

  it('a payload that is refused twice is buried, and the next entry is told', async () => {
    const by = paced();
    await follow(by);
    await grow(by, journalOf(1));
    await sweepUntil(() => chat.seen().length === 1, by);
    chat.fail('post', { kind: 'dead', scope: 'payload', reason: 'payload-refused' }, 100);
    await grow(by, news(1));
    await sweepUntil(async () => (await peek.llen('{vj}:dead')) > 0, by);
    expect(await peek.llen('{vj}:dead')).toBe(1);
  });
});

describe('a platform that can not answer about one message', () => {
  it('a lookup that never answers does not hold up the other jobs of the place for ever', async () => {
    await follow(parts);
    await follow(parts, 'C1', OTHER);
    await grow(parts, journalOf(1));
    await grow(parts, journalOf(1), OTHER);
    await sweepFor(300);
    chat.fail('post', { kind: 'hang', applied: false });
    chat.fail('find', { kind: 'error', applied: false }, 1e9);
    await grow(parts, news(1));
    await sweepFor(900);
    await grow(parts, [logged({ action: 'OF_THE_OTHER' })], OTHER);
    await sweepUntil(() => posts().some((message) => message.text.includes('OF_THE_OTHER')));
  });

  it('nothing is sent again before a lookup has told whether it is there', async () => {
    const destination = await follow(parts);
    await grow(parts, journalOf(1));
    await sweepFor(300);
    chat.fail('post', { kind: 'hang', applied: true });
    chat.fail('find', { kind: 'error', applied: false });
    await grow(parts, news(1));
    await drainQuiet(parts, peek, destination);
    // a twin that was deleted was seen all the same
    expect(chat.messages.flatMap((message) => message.keys.filter((key) => key !== 'root'))).toEqual(news(1).map((entry) => entry.key));
  });

  it('a bot that was thrown out while an answer was missing: the place is paused', async () => {
    const destination = await follow(parts);
    await grow(parts, journalOf(1));
    await sweepFor(300);
    chat.fail('post', { kind: 'hang', applied: false });
    // what a channel that the bot is not in any more answers
    chat.fail('find', { kind: 'dead', scope: 'destination', reason: 'not-a-member' });
    await grow(parts, news(1));
    await sweepUntil(() => isPaused(peek, destination));
    // back in the channel: the attempt whose answer was missing is looked for, and told once
    await peek.hset(`{vj}:dest:${destination}`, 'retryAt', '1');
    await parts.deliver.refresh(destination, JOB);
    await sweepUntil(() => posts().length > 0);
    expect(told()).toEqual(news(1).map((entry) => entry.key));
    expect(await isPaused(peek, destination)).toBe(false);
  });

  it('a twin that can not be deleted does not hold up the place for ever', async () => {
    await follow(parts);
    await grow(parts, journalOf(1));
    await sweepFor(300);
    chat.fail('post', { kind: 'hang', applied: false });
    await grow(parts, news(1));
    while (posts().length === 0) await sweepFor(20);
    const gen = posts()[0]?.gen ?? '';
    const card = { language: 'en', severity: 'info', emoji: '', title: [], blocks: [], actions: [], text: 'twin' } as const;
    await chatAdapter(chat.url).post({ address: address('C1'), card, delivery: { gen, keys: told() }, root: null, raised: false });
    chat.fail('remove', { kind: 'dead', scope: 'destination', reason: 'forbidden' }, 1e9);
    await sweepFor(400);
    await grow(parts, [logged({ action: 'AFTERWARDS' })]);
    await sweepUntil(() => posts().some((message) => message.text.includes('AFTERWARDS')));
  });
});

it('a late check left while lookups worked deletes nothing when they do not', async () => {
  const destination = await follow(parts);
  await grow(parts, journalOf(1));
  await sweepFor(300);
  chat.fail('post', { kind: 'hang', applied: false });
  await grow(parts, news(1));
  while (posts().length === 0) await sweepFor(20);
  expect(posts()).toHaveLength(1);
  const blind = core(redis.connect(), chatAdapter(chat.url, { traits: { lookup: false } }));
  await drainQuiet(blind, peek, destination);
  expect(posts()).toHaveLength(1);
});

it('an edit that the platform puts off by 0 ms is not repeated without a pause', async () => {
  const destination = await follow(parts);
  await grow(parts, journalOf(1));
  await sweepFor(300);
  await grow(parts, news(1));
  await sweepFor(200);
  chat.fail('update', { kind: 'throttled', afterMs: 0 }, 1e9);
  await grow(parts, [logged({ action: 'MORE' })]);
  let steps = 0;
  const end = Date.now() + 1_000;
  while (Date.now() < end && (await step(parts.drain, destination)) === 'again') steps += 1;
  expect(steps).toBeLessThan(100);
});

describe('owners', () => {
  it('whose own conversation is paused but may be tried again hear of it', async () => {
    const owner = await parts.subscriptions.destination({ address: address('DM'), name: 'You', dm: true, language: 'en', zone: null });
    const place = await parts.subscriptions.destination({ address: address('C1'), name: '#voice-lab', dm: false, language: 'en', zone: null });
    await parts.subscriptions.subscribe({ destination: place.id, job: JOB, preset: 'everything', by: YOU, owner: owner.id, notify: null });
    // a day ago the DM could not be reached; nothing was due there since
    await parts.subscriptions.pauseDestination(owner.id, 'blocked');
    await peek.hset(`{vj}:dest:${owner.id}`, 'retryAt', '1');
    await grow(parts, journalOf(1));
    chat.fail('post', { kind: 'dead', scope: 'destination', reason: 'archived' });
    await sweepFor(500);
    expect(await isPaused(peek, place.id)).toBe(true);
    expect(chat.seen('DM')).toHaveLength(1);
  });

  it('are told of a second place although their own conversation fails once', async () => {
    const owner = await parts.subscriptions.destination({ address: address('DM'), name: 'You', dm: true, language: 'en', zone: null });
    const place = await parts.subscriptions.destination({ address: address('C1'), name: '#voice-lab', dm: false, language: 'en', zone: null });
    await parts.subscriptions.subscribe({ destination: place.id, job: JOB, preset: 'everything', by: YOU, owner: owner.id, notify: null });
    await grow(parts, journalOf(1));
    chat.fail('post', { kind: 'dead', scope: 'destination', reason: 'not-a-member' }, 2);
    await deliverOnce(parts.drain, place.id, AbortSignal.timeout(5_000));
    await deliverOnce(parts.drain, owner.id, AbortSignal.timeout(5_000));
    expect(await isPaused(peek, owner.id)).toBe(true);
    // an hour later
    await peek.hset(`{vj}:dest:${owner.id}`, 'retryAt', '1');
    await parts.deliver.refresh(owner.id, JOB);
    await sweepFor(300);
    expect(chat.seen('DM')).toHaveLength(1);
  });
});

it('a voice name with half of a pair can be unfollowed', async () => {
  const destination = await follow(parts);
  const watched = await parts.watch.readWatch(JOB);
  if (!watched) throw new Error('not watched');
  const facts = { voiceName: 'odd \ud83d', jobType: '', state: 'AUDITING', failedCode: '', failedReason: '', assetId: '', rejectTimes: 0, audit: null };
  await parts.watch.append({
    ...{ job: JOB, epoch: watched.epoch, runId: watched.runId, length: 0, entries: journalOf(1), facts, factsRead: true },
    ...{ ended: false, intervalMs: 60_000, nextPollInMs: 60_000, ...UNSWEPT },
  });
  await sweepFor(300);
  expect(await parts.subscriptions.unsubscribe(destination, JOB)).toBe('done');
});
