/** The wall clock of a process steps, as when it is set: what the protocol waits for goes by Redis' clock, and what it measures by the monotonic one. */
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { deliverOnce } from '../../src/deliver/deliver-once.ts';
import { journalOf, logged } from '../support/builders.ts';
import { type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, follow, grow } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const HOUR_MS = 3_600_000;

let redis: TestRedis;
let peek: Redis;
let chat: ChatServer;
let parts: Core;

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
  vi.restoreAllMocks();
  await chat.close();
  await redis.flush();
});

/** From now on each look at the wall clock finds it an hour further on, or back. */
function step(byMs: number): void {
  let at = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => {
    at += byMs;
    return at;
  });
}

/** Drains until nothing is due any more, late checks included. */
async function settled(destination: string): Promise<void> {
  while ((await peek.zcard('{vj}:due')) > 0) await deliverOnce(parts.drain, destination, new AbortController().signal);
}

describe.each([
  ['forwards', HOUR_MS],
  ['backwards', -HOUR_MS],
])('a wall clock that steps %s', (_, byMs) => {
  it('holds up no news and no card, and an attempt without an answer is neither given up too soon nor kept', async () => {
    const destination = await follow(parts);
    await grow(parts, journalOf(1));
    step(byMs);
    await settled(destination);
    const news = [logged({ action: 'NEWS', time: 1_764_560_000 }), logged({ action: 'MORE', time: 1_764_560_001 })];
    chat.fail('post', { kind: 'hang', applied: false });
    await grow(parts, news.slice(0, 1));
    await settled(destination);
    await grow(parts, news.slice(1));
    await settled(destination);
    // twins that were deleted count too
    const told = chat.messages.flatMap((message) => message.keys.filter((key) => key !== 'root'));
    expect(told).toEqual(news.map((entry) => entry.key));
    expect(chat.seen().filter((message) => message.keys.includes('root'))).toMatchObject([{ text: expect.stringContaining('MORE') }]);
  });
});
