import { afterAll, beforeAll, expect, test } from 'vitest';
import { startRedis, type TestRedis } from './redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

test('what was written outlives kill -9 and a restart, under another run id', async () => {
  const client = redis.connect();
  await client.set('a', '1');
  const before = /run_id:(\w+)/.exec(await client.info('server'))?.[1];
  const pid = redis.pid;
  await redis.kill9();
  await redis.restart();
  expect(await client.get('a')).toBe('1');
  expect(redis.pid).not.toBe(pid);
  expect(/run_id:(\w+)/.exec(await client.info('server'))?.[1]).not.toBe(before);
  await redis.restart();
  expect(await client.get('a')).toBe('1');
  await redis.flush();
  expect(await client.get('a')).toBeNull();
});

test('stop may be called twice and ends the process', async () => {
  const other = await startRedis({ appendfsync: 'no' });
  const { pid } = other;
  await other.stop();
  await other.stop();
  expect(() => process.kill(pid, 0)).toThrow();
});
