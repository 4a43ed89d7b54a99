import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createScrape } from '../../src/http/scrape.ts';
import { createMetrics } from '../../src/metrics.ts';
import { readFigures } from '../../src/store/figures.ts';
import { loadScripts } from '../../src/store/scripts.ts';
import { JOB, journalOf, logged, silentLog, systemClock } from '../support/builders.ts';
import { type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, drainQuiet, follow, grow, SHORT } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

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

async function figures(): Promise<Record<string, number>> {
  const read = await readFigures(loadScripts(client, SHORT));
  return Object.fromEntries(read.map(({ name, labels, value }) => [[name, ...Object.values(labels ?? {})].join(' '), value]));
}

it('nothing lags where all is told, and an empty Redis is all zeros', async () => {
  expect(await figures()).toMatchObject({ watched_jobs: 0, cursor_lag_entries: 0, cursor_lag_seconds: 0, oldest_undelivered_entry_seconds: 0, budget_pace: 1 });
  const place = await follow(parts);
  await grow(parts, journalOf(2));
  await drainQuiet(parts, client, place);
  expect(await figures()).toMatchObject({ watched_jobs: 1, destinations: 1, cursor_lag_entries: 0, cursor_lag_seconds: 0, dead_letters: 0 });
});

it('the lag is that of the oldest entry after a cursor, no older than the subscription', async () => {
  const place = await follow(parts);
  await grow(parts, journalOf(1));
  await drainQuiet(parts, client, place);
  await client.hset(`{vj}:sub:${place}|${JOB}`, 'createdAt', Date.now() - 3_600_000);
  await grow(parts, [logged({ action: 'A', time: Math.floor(Date.now() / 1000) - 600 }), logged({ action: 'B', time: Math.floor(Date.now() / 1000) })]);
  const { cursor_lag_entries, cursor_lag_seconds, due_destinations } = await figures();
  expect([cursor_lag_entries, due_destinations]).toEqual([2, 1]);
  expect(cursor_lag_seconds).toBeGreaterThanOrEqual(599);
  expect(cursor_lag_seconds).toBeLessThan(660);
});

it('what waits at an unreachable place is no lag, but the oldest undelivered; a mute and a person’s pause are neither', async () => {
  const [dead, muted, paused] = [await follow(parts, 'C1'), await follow(parts, 'C2'), await follow(parts, 'C3')];
  await grow(parts, journalOf(1));
  for (const place of [dead, muted, paused]) await drainQuiet(parts, client, place);
  await parts.subscriptions.mute(muted, JOB, 60_000);
  await parts.subscriptions.pausePerson(paused);
  const before = await figures();
  await parts.deliver.pauseDestination(dead, 'archived');
  await grow(parts, [logged({ action: 'NEW' })]);
  const after = await figures();
  expect(before.oldest_undelivered_entry_seconds).toBe(0);
  expect(after).toMatchObject({
    cursor_lag_entries: 0,
    'paused_destinations test archived': 1,
    'paused_subscriptions test archived': 1,
    'paused_destinations test person': 1,
  });
  expect(after.oldest_undelivered_entry_seconds).toBeGreaterThan(0);
  await parts.subscriptions.resume(dead, null);
  await parts.deliver.pausePlatform('test', 'unauthorized');
  expect(await figures()).toMatchObject({ cursor_lag_entries: 0, 'paused_platforms test unauthorized': 1 });
});

it('a scrape shows them, reads them once for all who ask within seconds, and says so when Redis is away', async () => {
  const { render, replace } = createMetrics();
  const clock = { ...systemClock, at: 0, monotonic: () => clock.at };
  let reads = 0;
  let away = false;
  const source = async () => {
    reads += 1;
    if (away) throw new Error('away');
    return readFigures(loadScripts(client, SHORT));
  };
  const scrape = createScrape({ sources: [source], replace, render, clock, log: silentLog });
  await follow(parts);
  const [text] = await Promise.all([scrape(), scrape()]);
  expect(text).toContain('voicejob_redis_up 1\n');
  expect(text).toContain('voicejob_watched_jobs 1\n');
  await scrape();
  expect(reads).toBe(1);
  away = true;
  clock.at = 6_000;
  const without = await scrape();
  expect(without).toContain('voicejob_redis_up 0\n');
  expect(without).not.toMatch(/^voicejob_(watched_jobs|cursor_lag_seconds|dead_letters) /m);
});
