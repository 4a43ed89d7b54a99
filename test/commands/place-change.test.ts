/** What happens to a place while Redis goes away: it is stored when the platform tells of it again, once. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createInbound } from '../../src/commands/handle-inbound.ts';
import type { DestinationChange } from '../../src/ports/inbound.ts';
import type { SubscriptionStore } from '../../src/ports/store.ts';
import { connectionOptions, connectRedis } from '../../src/store/connect.ts';
import { loadScripts } from '../../src/store/scripts.ts';
import { createSubscriptionStore } from '../../src/store/subscription-store.ts';
import { counterRandom, silentLog } from '../support/builders.ts';
import { SHORT } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { channel, desk } from './desk.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

test.each([
  ['before it is stored', 'destinationAt'],
  ['after it is stored', 'firstTime'],
] as const)('a channel that is restored while Redis dies %s is told again, and goes on', async (when, dying) => {
  const client = connectRedis(connectionOptions({ kind: 'socket', path: redis.socketPath }), { name: 'test', log: silentLog });
  const random = counterRandom();
  const store = createSubscriptionStore(client, loadScripts(client, SHORT), { random, defaultLanguage: 'en', waitForDisk: false });
  const at = desk();
  const send = (id: string, kind: 'archived' | 'restored', to: SubscriptionStore = store) => {
    const change: DestinationChange = { kind };
    return createInbound({ ...at.deps, store: to })({ kind: 'destination', id: `${id} ${when}`, address: channel.address, change });
  };
  await store.destination({ ...channel, language: null, zone: null });
  const paused = async () => (await store.destinationAt(channel.address))?.paused ?? null;
  await send('d-1', 'archived');
  expect(await paused()).toMatchObject({ reason: 'archived' });

  const mortal: SubscriptionStore = {
    ...store,
    [dying]: async (...asked: never[]) => {
      await redis.kill9();
      return (store[dying] as (...asked: never[]) => Promise<unknown>)(...asked);
    },
  };
  expect(await send('d-2', 'restored', mortal)).toEqual({ kind: 'again' });
  await redis.restart();
  expect(await send('d-2', 'restored')).toEqual({ kind: 'none' });
  expect(await paused()).toBeNull();

  // a repeat that comes late changes nothing
  await send('d-3', 'archived');
  expect(await send('d-2', 'restored')).toEqual({ kind: 'none' });
  expect(await paused()).toMatchObject({ reason: 'archived' });
  expect(at.counted.map(({ outcome }) => outcome)).toEqual(['answered', 'failed', 'answered', 'answered', 'repeated']);
  client.disconnect();
});
