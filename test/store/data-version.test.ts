import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { DATA_VERSION } from '../../src/open-redis.ts';
import { loadScripts, type Scripts } from '../../src/store/scripts.ts';
import { SHORT } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let scripts: Scripts;

beforeAll(async () => {
  redis = await startRedis();
  scripts = loadScripts(redis.connect(), SHORT);
});
beforeEach(() => redis.flush());
afterAll(() => redis.stop());

const claim = async (version = DATA_VERSION) => Number(await scripts['data-version'](version));

it('an empty Redis gets the version of the first program', async () => {
  expect(await claim()).toBe(-1);
  expect(await claim()).toBe(DATA_VERSION);
});

it('data from before there were versions is brought up: dead letters get ids, paused destinations a list', async () => {
  const client = redis.connect();
  await client.sadd('{vj}:dests', 'test.1', 'test.2');
  await client.hset('{vj}:dest:test.1', { id: 'test.1', paused: 'archived', since: 1 });
  await client.hset('{vj}:dest:test.2', { id: 'test.2' });
  await client.rpush('{vj}:dead', '{"destination":"test.1","keys":["k"],"at":1795354915750}', '{"destination":"test.2","keys":["l"],"at":2}');
  expect(await claim()).toBe(0);
  expect(await client.smembers('{vj}:paused')).toEqual(['test.1']);
  const letters = (await client.lrange('{vj}:dead', 0, -1)).map((raw) => JSON.parse(raw) as { id: number; at: number });
  expect(letters.map(({ id, at }) => [id, at])).toEqual([
    [1, 1795354915750],
    [2, 2],
  ]);
  expect(await claim()).toBe(DATA_VERSION);
});

it('data of version 1 is brought up: an archived place is tried again, a pause by a person stays', async () => {
  const client = redis.connect();
  await client.set('{vj}:version', '1');
  await client.sadd('{vj}:dests', 'test.1', 'test.2');
  await client.sadd('{vj}:paused', 'test.1', 'test.2');
  await client.hset('{vj}:dest:test.1', { id: 'test.1', paused: 'archived', since: 1 });
  await client.hset('{vj}:dest:test.2', { id: 'test.2', paused: 'person', since: 1 });
  await client.zadd('{vj}:due:test.1', '1', 'p/job');
  expect(await claim()).toBe(1);
  expect(Number(await client.hget('{vj}:dest:test.1', 'retryAt'))).toBeGreaterThan(0);
  expect(await client.hget('{vj}:dest:test.2', 'retryAt')).toBeNull();
  expect(await client.zscore('{vj}:due', 'test.1')).not.toBeNull();
});

it('newer data is left as it is', async () => {
  const client = redis.connect();
  await client.set('{vj}:version', DATA_VERSION + 1);
  expect(await claim()).toBe(DATA_VERSION + 1);
  expect(await client.get('{vj}:version')).toBe(String(DATA_VERSION + 1));
});
