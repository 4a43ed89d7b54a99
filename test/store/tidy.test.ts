import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { loadScripts, type Scripts } from '../../src/store/scripts.ts';
import { tidy } from '../../src/store/tidy.ts';
import { address, JOB, YOU } from '../support/builders.ts';
import { chatAdapter } from '../support/chat-server.ts';
import { type Core, core, follow, SHORT } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let client: Redis;
let scripts: Scripts;
let parts: Core;

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
  scripts = loadScripts(client, SHORT);
  parts = core(client, chatAdapter('http://127.0.0.1:9'));
});
beforeEach(() => redis.flush());
afterAll(() => redis.stop());

const pass = (admins: readonly string[] = [], idleMs = 0) => tidy(client, scripts, { admins, idleMs });

async function place(id: string, dm = false): Promise<string> {
  return (await parts.subscriptions.destination({ address: address(id), name: id, dm, language: 'en', zone: null })).id;
}
const isKnown = async (id: string) => (await parts.subscriptions.destinationAt(address(id))) !== null;

it('a place nobody follows anything in is forgotten at the second look, with all of its keys', async () => {
  const left = await place('C1');
  await follow(parts, 'C2');
  expect(await pass()).toBe(0);
  expect(await isKnown('C1')).toBe(true);
  expect(await pass()).toBe(1);
  expect([await isKnown('C1'), await isKnown('C2')]).toEqual([false, true]);
  const keys = await client.keys('*');
  const holding = await Promise.all(keys.map(async (key) => ((await client.dump(key))?.toString().includes(left) ? key : null)));
  expect([...holding.filter((key) => key !== null), ...keys.filter((key) => key.includes(left))]).toEqual([]);
});

it('one that was idle for less than a month, was used between the looks, or still has something to hear stays', async () => {
  await place('young');
  await place('used');
  const hears = await place('hears');
  await pass([], 60_000);
  await place('used');
  await parts.subscriptions.notice(hears, { kind: 'test', subject: 'x', since: 1 });
  expect(await pass([], 60_000)).toBe(0);
  await client.hset(`{vj}:dest:${hears}`, 'idleSince', 1);
  expect(await pass([], 60_000)).toBe(0);
  expect([await isKnown('young'), await isKnown('used'), await isKnown('hears')]).toEqual([true, true, true]);
  expect(await pass()).toBe(2);
  expect(await isKnown('hears')).toBe(true);
});

it('who hears of a channel’s trouble is known as long as they own anything, an admin as long as a configuration names them', async () => {
  const [owner, admin] = [await place('owner', true), await place('admin', true)];
  const channel = await place('C1');
  await parts.subscriptions.subscribe({ destination: channel, job: JOB, preset: 'everything', by: YOU, owner, notify: null });
  const actor = { platform: 'test', id: 'U1', name: 'Admin', language: null, zone: null, dm: null, member: true, guest: false };
  await parts.subscriptions.adminSeen(actor, admin);
  await pass(['test|U1']);
  expect(await pass(['test|U1'])).toBe(0);
  await pass([], 60_000);
  await pass(['test|U1'], 60_000);
  expect([await pass([]), await client.hlen('{vj}:admins')]).toEqual([0, 1]);
  await pass();
  expect(await pass()).toBe(1);
  expect([await isKnown('owner'), await isKnown('admin'), await client.hlen('{vj}:admins')]).toEqual([true, false, 0]);
  await parts.subscriptions.unsubscribe(channel, JOB);
  await pass();
  expect(await pass()).toBe(2);
  expect(await client.smembers('{vj}:dests')).toEqual([]);
});
