/** A place whose id the platform changed, on a real Redis with a real chat at the other side. */
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { address, intent, JOB, journalOf, logged, PROJECT, YOU } from '../support/builders.ts';
import { type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, drainQuiet, follow, grow } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const OTHER = `${PROJECT}/99f06524-4f75-4b3a-a853-b649a21aaf66`;

let redis: TestRedis;
let client: Redis;
let chat: ChatServer;
let parts: Core;

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
});
beforeEach(async () => {
  await redis.flush();
  chat = await startChatServer();
  parts = core(client, chatAdapter(chat.url));
  return () => chat.close();
});
afterAll(() => redis.stop());

const news = (place: string) => chat.seen(place).filter(({ keys, gen }) => gen !== 'notice' && !keys.includes('root'));
const cards = (place: string) => chat.seen(place).filter(({ keys }) => keys.includes('root'));
const followed = async (id: string) => (await parts.subscriptions.subscriptions(id)).map(({ subscription }) => subscription.job).toSorted();

it('keeps what it follows, and is found under the new id alone', async () => {
  const place = await follow(parts, 'OLD');
  await parts.subscriptions.readdress(place, address('NEW'));
  expect(await parts.subscriptions.destinationAt(address('OLD'))).toBeNull();
  expect(await parts.subscriptions.destinationAt(address('NEW'))).toMatchObject({ id: place, address: address('NEW') });
  expect(await followed(place)).toEqual([JOB]);
});

it('is one with what was made of the new id before: all is told once, and nothing is left of the other', async () => {
  const place = await follow(parts, 'OLD');
  await grow(parts, journalOf(1));
  await drainQuiet(parts, client, place);
  const early = await follow(parts, 'NEW', JOB, 'problems');
  await follow(parts, 'NEW', OTHER);
  await grow(parts, journalOf(1), OTHER);
  await drainQuiet(parts, client, early);
  expect(cards('NEW')).toHaveLength(2);
  const kept = await parts.subscriptions.subscription(early, OTHER);

  await parts.subscriptions.readdress(place, address('NEW'));
  expect(await parts.subscriptions.destinationAt(address('NEW'))).toMatchObject({ id: place });
  expect(await followed(place)).toEqual([JOB, OTHER].toSorted());
  expect(await parts.subscriptions.subscription(place, OTHER)).toEqual({ ...kept, subscription: { ...kept?.subscription, destination: place } });
  expect(await parts.subscriptions.subscription(place, JOB)).toMatchObject({ subscription: { preset: 'problems' } });
  const keys = await client.keys('*');
  const holding = await Promise.all(keys.map(async (key) => ((await client.dump(key))?.toString().includes(early) ? key : null)));
  expect([...holding.filter((key) => key !== null), ...keys.filter((key) => key.includes(early))]).toEqual([]);

  await parts.subscriptions.subscribe({ destination: place, job: JOB, preset: 'everything', by: YOU, owner: null, notify: null });
  await grow(parts, [logged({ action: 'NEW' })]);
  await grow(parts, [logged({ action: 'NEW' })], OTHER);
  await drainQuiet(parts, client, place);
  expect(news('NEW')).toHaveLength(2);
  expect(cards('NEW').filter(({ gen }) => gen === kept?.subscription.gen)).toHaveLength(1);
});

it('tells at once what waited for the old id, which was out of reach, and nothing that was told under the new one', async () => {
  const place = await follow(parts, 'OLD');
  await grow(parts, journalOf(1));
  await drainQuiet(parts, client, place);
  await parts.deliver.pauseDestination(place, 'not-found');
  const early = await follow(parts, 'NEW');
  await follow(parts, 'NEW', OTHER);
  await grow(parts, [logged({ action: 'TOLD' })]);
  await drainQuiet(parts, client, early);
  await parts.subscriptions.readdress(place, address('NEW'));
  await grow(parts, [logged({ action: 'AFTER' })]);
  await drainQuiet(parts, client, place);
  expect(news('NEW').map(({ text }) => ['TOLD', 'AFTER'].filter((action) => text.includes(action)))).toEqual([['TOLD'], ['AFTER']]);
});

it('stays paused where a person paused the new id', async () => {
  const place = await follow(parts, 'OLD');
  await parts.subscriptions.pausePerson(await follow(parts, 'NEW', OTHER));
  await parts.subscriptions.readdress(place, address('NEW'));
  expect((await parts.subscriptions.destinationAt(address('NEW')))?.paused?.reason).toBe('person');
});

it('takes over a message that is on its way, so that it is neither lost nor told twice', async () => {
  const place = await follow(parts, 'OLD', OTHER);
  const early = await follow(parts, 'NEW');
  await grow(parts, journalOf(1));
  await drainQuiet(parts, client, early);
  const entry = logged({ action: 'NEW' });
  await grow(parts, [entry]);
  const gen = (await parts.subscriptions.subscription(early, JOB))?.subscription.gen ?? '';
  const root = (await client.hget(`{vj}:sub:${early}|${JOB}`, 'root')) ?? '';
  const post = intent({ from: 1, to: 2, keys: [entry.key], v: 2, root });
  expect((await parts.deliver.intent({ destination: early, job: JOB, gen }, { previous: '', mine: 'lost' }, post)).kind).toBe('ok');
  await parts.subscriptions.readdress(place, address('NEW'));
  await drainQuiet(parts, client, place);
  expect(news('NEW').map(({ keys }) => keys)).toEqual([[entry.key]]);
});
