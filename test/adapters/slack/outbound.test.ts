import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addressOf } from '../../../adapters/slack/places.ts';
import { card } from '../../contract/adapter-harness.ts';
import { NEWS, outboundTo, ROOT, refsOf, type SlackBench, startSlackBench } from '../../support/slack-outbound.ts';
import { type SlackFault, startSlackServer } from '../../support/slack-server.ts';

let bench: SlackBench;
beforeEach(async () => {
  bench = await startSlackBench();
});
afterEach(() => bench.slack.close());

describe('a post', () => {
  test('arrives with blocks, words and its delivery, and unfurls nothing', async () => {
    const ref = await bench.posted({ delivery: NEWS });
    const seen = await bench.slack.seen(bench.channel);
    expect(seen).toEqual([
      expect.objectContaining({
        ts: ref,
        user: 'U0VOICEJOB',
        text: 'words',
        blocks: expect.any(Array),
        metadata: { event_type: 'voicejob_delivery', event_payload: { gen: 'g1', keys: 'k1 k2' } },
      }),
    ]);
    expect(bench.slack.calls.at(-1)?.asked.get('unfurl_links')).toBe('false');
    expect(bench.slack.calls.at(-1)?.asked.get('unfurl_media')).toBe('false');
    expect(bench.slack.calls.at(-1)?.asked.get('mrkdwn')).toBe('false');
  });

  test('answers the address that it went to', async () => {
    expect(await bench.post()).toEqual({ kind: 'delivered', ref: expect.any(String), address: bench.there });
  });

  test('below a root stands in its thread, and in the channel only when raised', async () => {
    const root = await bench.posted();
    await bench.posted({ root });
    await bench.posted({ root, raised: true });
    const seen = await bench.slack.seen(bench.channel);
    expect(seen.map((message) => [message.thread_ts, message.reply_broadcast ?? false])).toEqual([
      [undefined, false],
      [root, false],
      [root, true],
    ]);
  });

  test('goes to a person as well', async () => {
    const dm = await bench.slack.dm();
    await bench.posted({ address: addressOf(bench.slack.team, dm) });
    expect(await bench.slack.seen(dm)).toHaveLength(1);
    expect(await bench.slack.seen(bench.channel)).toEqual([]);
  });
});

describe('an update', () => {
  test('changes the words in place and keeps the delivery', async () => {
    const ref = await bench.posted();
    expect(await bench.bot.update({ address: bench.there, ref, card: card('after'), delivery: ROOT })).toEqual({
      kind: 'delivered',
      ref,
      address: bench.there,
    });
    expect((await bench.slack.seen(bench.channel)).map(({ ts, text }) => [ts, text])).toEqual([[ref, 'after']]);
    expect(refsOf(await bench.find(ROOT))).toEqual([ref]);
  });

  test('of what a person removed is gone, and brings nothing back', async () => {
    const ref = await bench.posted();
    await bench.slack.call('chat.delete', { channel: bench.channel, ts: ref });
    expect(await bench.bot.update({ address: bench.there, ref, card: card('after'), delivery: ROOT })).toEqual({ kind: 'gone' });
    expect(await bench.slack.seen(bench.channel)).toEqual([]);
  });

  test('whose answer is lost is unknown', async () => {
    const ref = await bench.posted();
    bench.slack.fail('chat.update', { kind: 'reset', applied: true });
    expect(await bench.bot.update({ address: bench.there, ref, card: card('after'), delivery: ROOT })).toMatchObject({ kind: 'unknown' });
    expect((await bench.slack.seen(bench.channel))[0]?.text).toBe('after');
  });

  test('that is throttled leaves what is there', async () => {
    const ref = await bench.posted();
    bench.slack.fail('chat.update', { kind: 'throttled', retryAfter: '3' });
    expect(await bench.bot.update({ address: bench.there, ref, card: card('after'), delivery: ROOT })).toEqual({
      kind: 'later',
      reason: 'throttled',
      afterMs: 3_000,
    });
    expect((await bench.slack.seen(bench.channel))[0]?.text).toBe('words');
  });
});

test('a removal may be repeated', async () => {
  const ref = await bench.posted();
  expect(await bench.bot.remove({ address: bench.there, ref })).toMatchObject({ kind: 'delivered' });
  expect(await bench.bot.remove({ address: bench.there, ref })).toEqual({ kind: 'gone' });
  expect(await bench.slack.seen(bench.channel)).toEqual([]);
});

describe('a post that fails', () => {
  const dead = (scope: string, reason: string) => ({ kind: 'dead', scope, reason });
  const unknown = (reason: string) => ({ kind: 'unknown', reason });

  test.each<readonly [SlackFault, object]>([
    [
      { kind: 'throttled', retryAfter: '7' },
      { kind: 'later', reason: 'throttled', afterMs: 7_000 },
    ],
    [
      { kind: 'throttled', retryAfter: null },
      { kind: 'later', reason: 'throttled', afterMs: 30_000 },
    ],
    [{ kind: 'refused', code: 'invalid_blocks' }, dead('payload', 'payload-refused')],
    [{ kind: 'refused', code: 'msg_blocks_too_long' }, dead('payload', 'payload-too-large')],
    [{ kind: 'refused', code: 'not_in_channel' }, dead('destination', 'not-a-member')],
    [{ kind: 'refused', code: 'is_archived' }, dead('destination', 'archived')],
    [{ kind: 'refused', code: 'token_revoked' }, dead('platform', 'unauthorized')],
    [{ kind: 'refused', code: 'Not a code at all' }, unknown('unreadable-answer')],
  ])('by %o is %o, asked once and not there', async (fault, outcome) => {
    bench.slack.fail('chat.postMessage', fault);
    expect(await bench.post()).toEqual(outcome);
    expect(bench.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
    expect(await bench.slack.seen(bench.channel)).toEqual([]);
  });

  for (const applied of [true, false]) {
    test.each<readonly [SlackFault, object]>([
      [{ kind: 'status', status: 500, applied }, unknown('server-error')],
      [{ kind: 'hang', applied }, unknown('timeout')],
      [{ kind: 'reset', applied }, unknown('connection-lost')],
      [{ kind: 'half', applied }, unknown('connection-lost')],
      [{ kind: 'page', applied }, unknown('unreadable-answer')],
    ])(`by %o is %o, and looking tells: it is ${applied ? 'there, once' : 'not there'}`, async (fault, outcome) => {
      bench.slack.fail('chat.postMessage', fault);
      expect(await bench.post()).toEqual(outcome);
      const [message, ...more] = await bench.slack.seen(bench.channel);
      expect(more).toEqual([]);
      expect(message === undefined).toBe(!applied);
      expect(refsOf(await bench.find(ROOT))).toEqual(message ? [message.ts] : []);
    });
  }

  test('because nobody listens is not done', async () => {
    const closed = await startSlackServer();
    const bot = outboundTo(closed);
    await closed.close();
    const address = bench.there;
    expect(await bot.post({ address, card: card('words'), delivery: ROOT, root: null, raised: false })).toMatchObject({ kind: 'later', reason: 'unavailable' });
  });

  test('because the channel is archived, or is not there, is dead', async () => {
    expect(await bench.post({ address: addressOf(bench.slack.team, 'C0NOWHERE') })).toEqual(dead('destination', 'not-found'));
    await bench.slack.call('conversations.archive', { channel: bench.channel });
    expect(await bench.post()).toEqual(dead('destination', 'archived'));
  });
});

describe('traits', () => {
  test('a channel has threads, a person’s conversation has not', async () => {
    expect(bench.bot.traits(bench.there)).toMatchObject({ threads: true, dm: false });
    expect(bench.bot.traits(addressOf(bench.slack.team, await bench.slack.dm()))).toMatchObject({ threads: false, dm: true });
  });

  test('posts draw on their channel, updates on the workspace', () => {
    const [one, other] = [bench.there, addressOf(bench.slack.team, 'C2')].map((address) => bench.bot.traits(address).pace);
    expect(one?.post).not.toEqual(other?.post);
    expect(one?.update).toEqual(other?.update);
    expect(one?.post).toEqual([expect.objectContaining({ everyMs: 1000 })]);
  });

  test('lookup follows the scopes of each sort of conversation', async () => {
    bench.slack.scopes = ['chat:write', 'channels:history'];
    await bench.bot.check();
    expect(bench.bot.traits(bench.there).lookup).toBe(true);
    expect(bench.bot.traits(addressOf(bench.slack.team, 'D1')).lookup).toBe(false);
    expect(bench.bot.traits(addressOf(bench.slack.team, 'G1')).lookup).toBe(false);
  });
});

test('however many posts hang, none waits for another to be sent after its caller gave up', async () => {
  const many = 120;
  for (let n = 0; n < many; n += 1) bench.slack.fail('chat.postMessage', { kind: 'hang', applied: false });
  const outcomes = Array.from({ length: many }, () => bench.post());
  await Promise.race(outcomes);
  expect(bench.slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(many);
  await Promise.all(outcomes);
});

describe('a check', () => {
  test('of a platform that is well has no problem', async () => {
    expect(await bench.bot.check()).toEqual({ ok: true, problem: null });
  });

  test('of a foreign token says which token to mend, without telling it', async () => {
    const { ok, problem } = await outboundTo({ ...bench.slack, token: 'xoxb-foreign' }).check();
    expect(ok).toBe(false);
    expect(problem).toContain('SLACK_BOT_TOKEN (invalid_auth)');
    expect(problem).not.toContain('xoxb-foreign');
  });

  test('without history scopes is well, and names them', async () => {
    bench.slack.scopes = ['chat:write', 'channels:history'];
    const { ok, problem } = await bench.bot.check();
    expect(ok).toBe(true);
    expect(problem).toContain('groups:history, im:history');
  });

  test('without another scope of the manifest is well, and says what can fail', async () => {
    bench.slack.scopes = bench.slack.scopes?.filter((scope) => scope !== 'im:write' && scope !== 'users:read') ?? null;
    expect(await bench.bot.check()).toEqual({ ok: true, problem: expect.stringMatching(/^The Slack app lacks im:write, users:read, so /) });
  });

  test('without the scope to post is not', async () => {
    bench.slack.scopes = ['commands'];
    expect(await bench.bot.check()).toEqual({ ok: false, problem: expect.stringContaining('chat:write') });
  });

  test('that gets no answer says so, and is no verdict on the token', async () => {
    bench.slack.fail('auth.test', { kind: 'status', status: 502, applied: false });
    expect(await bench.bot.check()).toEqual({ ok: false, problem: expect.stringContaining('status 502') });
  });
});
