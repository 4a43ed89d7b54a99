/** Each crash point of the protocol: a process is killed there, and another finishes what it began. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { journalOf, logged } from '../support/builders.ts';
import { type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, drainQuiet, follow, grow } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

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
  await chat.close();
  await redis.flush();
});

/** Runs a process until it kills itself at the step. */
async function dies(destination: string, step: string): Promise<void> {
  const child = spawn(process.execPath, ['test/support/mortal-process.ts', redis.socketPath, chat.url, destination, step], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

const news = logged({ action: 'NEWS', time: 1_764_560_000 });
const rootsSeen = () => chat.seen().filter((message) => message.keys.includes('root'));
const told = () => chat.seen().flatMap((message) => message.keys.filter((key) => key !== 'root'));

describe('a process killed', () => {
  for (const step of ['before append', 'after append']) {
    it(`${step} leaves an entry that is told once`, async () => {
      const destination = await follow(parts);
      await grow(parts, journalOf(1));
      await drainQuiet(parts, peek, destination);
      await dies(destination, step);
      // the next poll finds the same difference, or that there is none
      const watched = await parts.watch.readWatch('70b76aaa34253880af501cdf08442342/26f06524-4f75-4b3a-a853-b649a21aaf66');
      if (!watched?.journal.some((entry) => entry.key === news.key)) await grow(parts, [news]);
      expect(await parts.deliver.dueDestinations(10)).toEqual([destination]);
      await drainQuiet(parts, peek, destination);
      expect(told()).toEqual([news.key]);
    });
  }

  for (const step of ['before intent', 'after intent', 'before post', 'after post', 'before settle', 'after settle']) {
    it(`${step} of a post leaves it told once, below one card that is current`, async () => {
      const destination = await follow(parts);
      await grow(parts, journalOf(1));
      await drainQuiet(parts, peek, destination);
      await grow(parts, [news]);
      await dies(destination, step);
      await drainQuiet(parts, peek, destination);
      expect(told()).toEqual([news.key]);
      expect(rootsSeen()).toHaveLength(1);
      expect(rootsSeen()[0]?.edits).toBeGreaterThan(0);
    });

    it(`${step} of a card leaves one card`, async () => {
      const destination = await follow(parts);
      await grow(parts, journalOf(2));
      await dies(destination, step);
      await drainQuiet(parts, peek, destination);
      expect(rootsSeen()).toHaveLength(1);
    });
  }

  for (const step of ['before update', 'after update']) {
    it(`${step} leaves the card current`, async () => {
      const destination = await follow(parts);
      await grow(parts, journalOf(1));
      await drainQuiet(parts, peek, destination);
      await grow(parts, [news]);
      await dies(destination, step);
      await drainQuiet(parts, peek, destination);
      expect(rootsSeen()).toHaveLength(1);
      expect(await peek.hget(`{vj}:sub:${destination}|70b76aaa34253880af501cdf08442342/26f06524-4f75-4b3a-a853-b649a21aaf66`, 'shown')).toBe('2');
    });
  }

  for (const step of ['before find', 'after find', 'before lateDone', 'after lateDone', 'before remove', 'after remove']) {
    it(`${step}, while what another left is cleared up, leaves it told once`, async () => {
      const destination = await follow(parts);
      await grow(parts, journalOf(1));
      await drainQuiet(parts, peek, destination);
      await grow(parts, [news]);
      chat.fail('post', { kind: 'hang', applied: false });
      const twin = step.endsWith('remove') ? chat.until((server) => server.seen().some((message) => message.keys.includes(news.key))) : Promise.resolve();
      const cleared = dies(destination, step);
      await twin;
      if (step.endsWith('remove')) {
        const gen = chat.seen()[0]?.gen ?? '';
        const card = { language: 'en', severity: 'info', emoji: '', title: [], blocks: [], actions: [], text: 'twin' } as const;
        const at = { platform: 'test', id: 'C1', route: 'C1' };
        await chatAdapter(chat.url).post({ address: at, card, delivery: { gen, keys: [news.key] }, root: null, raised: false });
      }
      await cleared;
      await drainQuiet(parts, peek, destination);
      expect(told()).toEqual([news.key]);
    });
  }
});
