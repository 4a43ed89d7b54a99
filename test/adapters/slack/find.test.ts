import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addressOf } from '../../../adapters/slack/places.ts';
import { NEWS, ROOT, refsOf, type SlackBench, startSlackBench } from '../../support/slack-outbound.ts';

let bench: SlackBench;
beforeEach(async () => {
  bench = await startSlackBench();
});
afterEach(() => bench.slack.close());

describe('finding', () => {
  test('tells roots in the channel and replies in their thread, each with all its keys, oldest first', async () => {
    const root = await bench.posted();
    const first = await bench.posted({ root, delivery: NEWS });
    const second = await bench.posted({ root, delivery: { gen: 'g1', keys: ['k3'] } });
    expect(await bench.find(ROOT)).toEqual({ kind: 'found', messages: [{ ref: root, keys: ['root'], at: expect.any(Number) }] });
    expect(await bench.find({ gen: 'g1', keys: ['k2', 'k3', 'k4'] }, root)).toEqual({
      kind: 'found',
      messages: [
        { ref: first, keys: ['k1', 'k2'], at: Math.floor(Number(first) * 1000) },
        { ref: second, keys: ['k3'], at: expect.any(Number) },
      ],
    });
  });

  test('tells twins', async () => {
    const twins = [await bench.posted(), await bench.posted()];
    expect(refsOf(await bench.find(ROOT))).toEqual(twins);
  });

  test('tells nothing of another life, of other keys, of elsewhere', async () => {
    await bench.posted();
    expect(refsOf(await bench.find({ ...ROOT, gen: 'g2' }))).toEqual([]);
    expect(refsOf(await bench.find(NEWS))).toEqual([]);
    const dm = addressOf(bench.slack.team, await bench.slack.dm());
    expect(refsOf(await bench.bot.find({ address: dm, delivery: ROOT, root: null, notBefore: 0 }))).toEqual([]);
  });

  test('is not taken in by somebody else who copies a delivery', async () => {
    const metadata = JSON.stringify({ event_type: 'voicejob_delivery', event_payload: { gen: 'g1', keys: 'root' } });
    await bench.slack.call('chat.postMessage', { channel: bench.channel, text: 'not ours', metadata }, 'person');
    expect(refsOf(await bench.find(ROOT))).toEqual([]);
  });

  test('looks no further back than asked', async () => {
    const ref = await bench.posted();
    const at = Number(ref) * 1000;
    expect(refsOf(await bench.find(ROOT, null, at))).toEqual([ref]);
    expect(refsOf(await bench.find(ROOT, null, at + 1000))).toEqual([]);
  });

  test('reads on over pages, of a channel and of a thread', async () => {
    bench.slack.pageSize = 2;
    const root = await bench.posted();
    const replies: string[] = [];
    for (const keys of [['k1'], ['k2'], ['k3'], ['k4']]) replies.push(await bench.posted({ root, delivery: { gen: 'g1', keys } }));
    expect(refsOf(await bench.find({ gen: 'g1', keys: ['k1', 'k4'] }, root))).toEqual([replies[0], replies[3]]);
    for (let i = 0; i < 4; i += 1) await bench.posted({ delivery: NEWS });
    expect(refsOf(await bench.find(ROOT))).toEqual([root]);
  });

  test('can not tell when there is more than a search may read', async () => {
    bench.slack.pageSize = 1;
    for (let i = 0; i < 11; i += 1) await bench.posted();
    expect(await bench.find(ROOT)).toEqual({ kind: 'cannot-tell', reason: 'unavailable' });
  });

  test('in a person’s conversation looks at all of it, whatever root is named', async () => {
    const dm = addressOf(bench.slack.team, await bench.slack.dm());
    const root = await bench.posted({ address: dm });
    const news = await bench.posted({ address: dm, delivery: NEWS });
    expect(refsOf(await bench.bot.find({ address: dm, delivery: NEWS, root, notBefore: 0 }))).toEqual([news]);
  });

  test('in a thread that is not there finds nothing', async () => {
    bench.slack.fail('conversations.replies', { kind: 'refused', code: 'thread_not_found' });
    expect(await bench.find(NEWS, '1700000000.000001')).toEqual({ kind: 'found', messages: [] });
  });

  test.each([
    [
      { kind: 'refused', code: 'not_in_channel' },
      { kind: 'dead', scope: 'destination', reason: 'not-a-member' },
    ],
    [
      { kind: 'refused', code: 'channel_not_found' },
      { kind: 'dead', scope: 'destination', reason: 'not-found' },
    ],
    [
      { kind: 'refused', code: 'is_archived' },
      { kind: 'dead', scope: 'destination', reason: 'archived' },
    ],
    [
      { kind: 'refused', code: 'token_revoked' },
      { kind: 'dead', scope: 'platform', reason: 'unauthorized' },
    ],
    [
      { kind: 'refused', code: 'invalid_arguments' },
      { kind: 'cannot-tell', reason: 'unreadable-answer' },
    ],
    [
      { kind: 'throttled', retryAfter: '9' },
      { kind: 'cannot-tell', reason: 'throttled' },
    ],
    [
      { kind: 'status', status: 500, applied: false },
      { kind: 'cannot-tell', reason: 'server-error' },
    ],
    [
      { kind: 'hang', applied: false },
      { kind: 'cannot-tell', reason: 'timeout' },
    ],
  ] as const)('of %o answers %o', async (fault, answer) => {
    bench.slack.fail('conversations.history', fault);
    expect(await bench.find(ROOT)).toEqual(answer);
  });

  test('without the scope can not tell, and traits say so from then on', async () => {
    bench.slack.scopes = ['chat:write', 'groups:history'];
    await bench.bot.check();
    expect(bench.bot.traits(bench.there).lookup).toBe(true);
    expect(await bench.find(ROOT)).toEqual({ kind: 'cannot-tell', reason: 'unavailable' });
    expect(bench.bot.traits(bench.there).lookup).toBe(false);
    bench.slack.scopes = ['chat:write', 'channels:history'];
    await bench.bot.check();
    expect(bench.bot.traits(bench.there).lookup).toBe(true);
  });
});
