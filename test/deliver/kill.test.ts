/** Each crash point of the protocol: a process is killed or held there, and another finishes what it began. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { JOB, journalOf, logged } from '../support/builders.ts';
import { type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, drainQuiet, follow, grow } from '../support/core.ts';
import { eventually } from '../support/program.ts';
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

describe('a process held after its intent, and woken after another told the entry and looked for twins', () => {
  /** Answers how it is woken: it then goes on to the step at which it dies. */
  async function held(at: string, dieAt: string, finished: TestContext['onTestFinished']) {
    const destination = await follow(parts);
    await grow(parts, journalOf(1));
    await drainQuiet(parts, peek, destination);
    await grow(parts, [news]);
    const child = spawn(process.execPath, ['test/support/mortal-process.ts', redis.socketPath, chat.url, destination, dieAt, at], {
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const ended = once(child, 'exit');
    finished(() => void child.kill('SIGKILL'));
    await eventually(async () => (await peek.hexists(`{vj}:sub:${destination}|${JOB}`, 'intentTok')) === 1);
    while (told().length === 0) await drainQuiet(parts, peek, destination);
    return async () => {
      child.kill('SIGCONT');
      await ended;
    };
  }
  const sent = () => chat.messages.filter((message) => message.keys.includes(news.key));

  it('sends nothing when it comes to the hand-over', async ({ onTestFinished }) => {
    const wake = await held('after intent', 'after release,after settle', onTestFinished);
    await wake();
    expect(sent()).toHaveLength(1);
  });

  for (const [name, dieAt, answer] of [
    ['sends a twin when it had passed the hand-over', 'after settle', null],
    ['sends a twin without an answer', 'after doubt', { kind: 'error', applied: true }],
  ] as const) {
    it(`${name}, which is deleted`, async ({ onTestFinished }) => {
      const wake = await held('before post', dieAt, onTestFinished);
      if (answer) chat.fail('post', answer);
      await wake();
      expect(sent()).toHaveLength(2);
      const [destination = ''] = await peek.zrange('{vj}:due', '0', '-1');
      await drainQuiet(parts, peek, destination);
      expect(told()).toEqual([news.key]);
    });
  }
});
