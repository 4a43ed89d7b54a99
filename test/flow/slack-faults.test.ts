/**
 * Slack that answers wrongly, late or not at all: each message is there once, or its place is paused and the owner told; other places go on.
 * All at the same time, each in a channel of its own: most of it is waiting.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/program.ts';
import type { SlackMessageSeen } from '../support/slack-people.ts';
import { type SlackProgram, startSlackProgram, withWords } from '../support/slack-program.ts';
import type { SlackFault } from '../support/slack-server.ts';

const SUBMITTED = 'ubmitted for review';
const PASSED = 'achine review passed';

const AMBIGUOUS: readonly (readonly [string, SlackFault])[] = [
  ['a 500 before the post was applied', { kind: 'status', status: 500, applied: false }],
  ['a 500 after the post was applied', { kind: 'status', status: 500, applied: true }],
  ['an answer that never comes, the post not applied', { kind: 'hang', applied: false }],
  ['an answer that never comes, the post applied', { kind: 'hang', applied: true }],
  ['a connection that is cut before', { kind: 'reset', applied: false }],
  ['a connection that is cut after', { kind: 'reset', applied: true }],
  ['half an answer', { kind: 'half', applied: true }],
  ['a page instead of an answer', { kind: 'page', applied: false }],
];

// generous: a loaded machine makes each of them wait for all
describe('Slack that fails', { timeout: 150_000 }, () => {
  let world: SlackProgram;
  beforeAll(async () => {
    world = await startSlackProgram();
  });
  afterAll(async () => {
    await world?.close();
  });
  /** Waits until an entry is told, then until the next one is: by then the first is settled for good. */
  const settled = async (channel: string, job: string): Promise<readonly SlackMessageSeen[]> => {
    await eventually(async () => withWords(await world.news(channel), SUBMITTED)[0]);
    world.simulator.passMachine(job);
    await eventually(async () => withWords(await world.news(channel), PASSED)[0]);
    return world.news(channel);
  };

  test.concurrent.each(AMBIGUOUS)('%s: the entry is told once, in the thread', async (name, fault) => {
    const { channel, job, card } = await world.followed(`lost-${AMBIGUOUS.findIndex(([one]) => one === name)}`);
    world.slack.fail('chat.postMessage', fault, { channel });
    world.simulator.submit(job);
    const told = withWords(await settled(channel, job), SUBMITTED);
    expect(told.map(({ thread_ts }) => thread_ts)).toEqual([card.ts]);
  });

  test.concurrent('a lost answer to the card itself: there is one card', async () => {
    const channel = await world.slack.channel('lost-card', ['ann']);
    const job = world.simulator.createJob({ voiceName: 'lost-card' });
    world.slack.fail('chat.postMessage', { kind: 'reset', applied: true }, { channel });
    world.slack.fail('chat.postMessage', { kind: 'status', status: 503, applied: true }, { channel });
    await world.ask(`subscribe ${job} everything`, { by: 'ann', channel });
    // what the job's first reading finds is not told
    await eventually(async () => (await world.cards(channel))[0]);
    world.simulator.submit(job);
    await settled(channel, job);
    expect(await world.cards(channel)).toHaveLength(1);
  });

  test.concurrent('a 429 holds up that channel alone, and the entry is told once', async () => {
    const held = await world.followed('held');
    const free = await world.followed('free');
    const asked = (method: string) => world.slack.calls.filter((call) => call.method === method && call.asked.get('channel') === held.channel).length;
    const before = asked('chat.postMessage');
    world.slack.fail('chat.postMessage', { kind: 'throttled', retryAfter: '20' }, { channel: held.channel });
    world.simulator.submit(held.job);
    await eventually(async () => asked('chat.postMessage') === before + 1);
    // three messages at one a second
    for (const [act, words] of [['submit', SUBMITTED] as const, ['passMachine', PASSED] as const, ['approve', 'uman review passed'] as const]) {
      world.simulator[act](free.job);
      await eventually(async () => withWords(await world.news(free.channel), words)[0]);
    }
    expect(asked('chat.postMessage')).toBe(before + 1);
    expect(withWords(await settled(held.channel, held.job), SUBMITTED)).toHaveLength(1);
    // it was surely not posted, so nobody had to look
    expect(asked('conversations.replies')).toBe(0);
  });

  test.concurrent('while one channel gets no answer, another is told', async () => {
    const mute = await world.followed('no-answer');
    const well = await world.followed('well');
    world.slack.fail('chat.postMessage', { kind: 'hang', applied: false }, { channel: mute.channel });
    world.simulator.submit(mute.job);
    world.simulator.submit(well.job);
    await eventually(async () => withWords(await world.news(well.channel), SUBMITTED)[0]);
    expect(await world.news(mute.channel)).toEqual([]);
    expect(withWords(await settled(mute.channel, mute.job), SUBMITTED)).toHaveLength(1);
  });

  test.concurrent('blocks that Slack refuses are sent again as plain words, once', async () => {
    const { channel, job } = await world.followed('refused');
    world.slack.fail('chat.postMessage', { kind: 'refused', code: 'invalid_blocks' }, { channel });
    world.simulator.submit(job);
    expect(withWords(await settled(channel, job), SUBMITTED)).toHaveLength(1);
  });

  test.concurrent.each([
    ['not_in_channel', 'bob'],
    ['is_archived', 'ann'],
    ['channel_not_found', 'bob'],
  ] as const)('%s: the place is paused and its owner told, once; when a person resumes it, what waited is told', async (code, owner) => {
    const name = `dead-${code.replaceAll('_', '-')}`;
    const { channel, job } = await world.followed(name, { members: [owner] });
    const dm = await world.slack.dm(owner);
    world.slack.fail('chat.postMessage', { kind: 'refused', code }, { channel, lasting: true });
    world.simulator.submit(job);
    const told = async () => withWords(await world.slack.seen(dm), `${name} is paused`);
    const notice = await eventually(async () => (await told())[0]);
    world.simulator.passMachine(job);
    world.slack.heal(channel);
    await world.driver.click(notice, 'Try again now', { by: owner, channel: dm });
    await eventually(async () => withWords(await world.news(channel), PASSED)[0]);
    expect(withWords(await world.news(channel), SUBMITTED)).toHaveLength(1);
    expect(await told()).toHaveLength(1);
  });

  test('nothing that it sends is more than Slack takes', () => {
    expect(world.illFormed()).toEqual([]);
  });
});
