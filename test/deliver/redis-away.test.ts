/** Redis goes away while a message is on its way: what was delivered is recorded once Redis is back. */
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { deliverOnce } from '../../src/deliver/deliver-once.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import type { DeliverStore } from '../../src/ports/store.ts';
import { connectionOptions, connectRedis } from '../../src/store/connect.ts';
import { journalOf, logged, silentLog } from '../support/builders.ts';
import { chatAdapter, startChatServer } from '../support/chat-server.ts';
import { core, drainQuiet, follow, grow, SHORT } from '../support/core.ts';
import { startRedis } from '../support/redis.ts';

it('what was delivered while Redis ended is settled once it is back, and so is not told again where nobody can look', async ({ onTestFinished }) => {
  const redis = await startRedis();
  const chat = await startChatServer();
  // the product's client: it gives up what it can't send for a while
  const client = connectRedis(connectionOptions({ kind: 'socket', path: redis.socketPath }), { name: 'test', log: silentLog });
  onTestFinished(async () => {
    client.disconnect();
    await chat.close();
    await redis.stop();
  });
  const adapter = chatAdapter(chat.url, { traits: { lookup: false } });
  // an intent that stays ours for longer than a restart takes
  const parts = core(client, adapter, { timing: { ...SHORT, request: 4_000 } });
  const peek = redis.connect();
  const destination = await follow(parts);
  await grow(parts, journalOf(1));
  await drainQuiet(parts, peek, destination);

  const settlings: string[] = [];
  const shaken: ChatAdapter = {
    ...adapter,
    post: async (post) => {
      const outcome = await adapter.post(post);
      if (settlings.length > 0) return outcome;
      await redis.kill9();
      if (client.status === 'ready') await once(client, 'close');
      return outcome;
    },
  };
  const store: DeliverStore = {
    ...parts.deliver,
    settle: async (...asked) => {
      try {
        const answer = await parts.deliver.settle(...asked);
        settlings.push(answer);
        return answer;
      } catch (error) {
        if (settlings.length === 0) await redis.restart();
        settlings.push('Redis is away');
        throw error;
      }
    },
  };
  const news = logged({ action: 'NEWS', time: 1_764_560_000 });
  await grow(parts, [news]);
  await deliverOnce({ ...parts.drain, store, adapters: new Map([[shaken.platform, shaken]]) }, destination, new AbortController().signal);
  await drainQuiet(parts, peek, destination);
  expect(settlings.slice(0, 2)).toEqual(['Redis is away', 'ok']);
  expect(chat.messages.filter((message) => message.keys.includes(news.key))).toHaveLength(1);
});
