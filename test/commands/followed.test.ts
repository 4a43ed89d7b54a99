/** unsubscribe, list, mute, unmute, test, language: what concerns the place where it is said. */
import { beforeEach, describe, expect, test } from 'vitest';
import { jobIdOf, jobKey } from '../../src/domain/job.ts';
import { logged, PROJECT } from '../support/builders.ts';
import { ann, channel, type Desk, desk, dmOfAnn, JOB_A, JOB_A2, JOB_B, NOW } from './desk.ts';
import { facts } from './memory-store.ts';

const JOB_C = jobKey(PROJECT, '9b7e4c52-4a00-4b3a-a853-b649a21aaf03');
let at: Desk;
const here = () => at.store.at(channel.address)?.id ?? 'nowhere';
const outside = { place: { ...channel, actorIsMember: false } };

beforeEach(async () => {
  at = desk();
  at.store.watch(JOB_A);
  at.store.watch(JOB_B, { facts: facts({ voiceName: '客服-云佳' }) });
  await at.ask('subscribe narrator-01 problems');
  at.store.notices.length = 0;
  at.nudged.length = 0;
});

describe('unsubscribe', () => {
  test('stops one job, and tells the channel', async () => {
    expect(await at.ask('unsubscribe 26f06524')).toMatchObject({
      kind: 'unsubscribed',
      views: [{ job: JOB_A, facts: { voiceName: 'narrator-01' } }],
      onItsWay: false,
      dm: false,
    });
    expect(await at.store.subscriptions(here())).toEqual([]);
    expect(at.store.notices).toEqual([
      { destination: here(), notice: { kind: 'unfollowed', subject: JOB_A, since: NOW, by: 'ann', name: 'narrator-01', preset: 'problems', completed: false } },
    ]);
    expect(at.nudged).toEqual([here()]);
  });

  test('all asks first, and its button means it', async () => {
    await at.ask('subscribe 客服-云佳');
    at.store.notices.length = 0;
    const card = await at.type('unsubscribe all');
    expect(card.text).toContain('Stop following all 2 jobs in this channel?\nnarrator-01, 客服-云佳');
    expect(card.actions).toMatchObject([{ name: 'run', value: 'unsubscribe all confirm', style: 'danger' }]);
    expect(await at.store.subscriptions(here())).toHaveLength(2);
    expect(at.store.notices).toEqual([]);
    expect(await at.click({ name: 'run', text: 'unsubscribe all confirm' })).toMatchObject({ replaces: true, message: { kind: 'unsubscribed' } });
    expect(await at.store.subscriptions(here())).toEqual([]);
  });

  test('all stops all, and says what may still be on its way', async () => {
    await at.ask('subscribe 客服-云佳');
    at.store.sendOnItsWay();
    const answer = await at.ask('unsubscribe all confirm');
    expect(answer).toMatchObject({ kind: 'unsubscribed', onItsWay: true });
    expect(answer.kind === 'unsubscribed' && answer.views.map(({ job }) => job)).toEqual([JOB_A, JOB_B]);
    expect(await at.refusal('unsubscribe all')).toEqual({ kind: 'nothing-followed', dm: false });
  });

  test('a job that is followed elsewhere is not followed here; upstream is not asked', async () => {
    expect(await at.refusal('unsubscribe 客服-云佳')).toMatchObject({ kind: 'not-followed', view: { job: JOB_B } });
    expect(at.upstream.calls).toEqual([]);
    expect(await at.refusal('unsubscribe narator-01')).toMatchObject({ kind: 'no-such-job', input: 'narator-01', nearest: ['narrator-01'] });
  });

  test.each([
    ['unsubscribe narator-01', 'Unfollow narrator-01', 'unsubscribe narrator-01'],
    ['mute narator-01 1d', 'Mute narrator-01', 'mute narrator-01 1d'],
    ['unmute narator-01', 'Unmute narrator-01', 'unmute narrator-01'],
  ])('%s: the button asks the same of the nearest job that is followed here', async (text, label, value) => {
    at.upstream.add(JOB_C, { voiceName: 'narator-02' });
    const runs = (await at.type(text)).actions.filter((action) => 'value' in action && !action.value.startsWith('jobs'));
    expect(runs).toMatchObject([{ name: 'run', label, value }]);
  });

  test('a DM is its own: what the channel follows is not followed there', async () => {
    expect(await at.refusal('unsubscribe narrator-01', { place: dmOfAnn })).toEqual({ kind: 'nothing-followed', dm: true });
    expect(await at.store.subscriptions(here())).toHaveLength(1);
  });
});

test('what was followed a moment ago and never read is found by the name that upstream knows', async () => {
  const fresh = desk();
  fresh.upstream.add(JOB_A);
  await fresh.ask('subscribe narrator-01');
  expect(await fresh.ask('mute narrator-01 2h')).toMatchObject({ kind: 'muted', view: { job: JOB_A } });
  fresh.upstream.add(JOB_C);
  expect(await fresh.ask('unmute narrator-01')).toMatchObject({ kind: 'unmuted', view: { job: JOB_A } });
  fresh.upstream.failing = 'unavailable';
  expect(await fresh.refusal('unsubscribe narrator-01')).toMatchObject({ kind: 'upstream-down' });
  expect(await fresh.ask('unsubscribe 26f06524')).toMatchObject({ kind: 'unsubscribed' });
});

test.each([
  'unsubscribe narrator-01',
  'unsubscribe all',
  'unsubscribe all yes',
  'mute narrator-01 2h',
  'unmute narrator-01',
  'test',
  'language zh-CN',
  'subscribe narrator-01',
])('%s takes a member of the channel', async (text) => {
  const writes = at.store.writes.length;
  expect(await at.refusal(text, outside)).toEqual({ kind: 'not-a-member' });
  expect(at.store.writes).toHaveLength(writes);
  expect(at.store.notices).toEqual([]);
});

describe('list', () => {
  test('shows what is followed here, what waits, and the health of the place', async () => {
    at.store.watch(JOB_A, { journal: [logged({ action: 'AUDIT_NOT_PASS' }), logged({ action: 'UPLOADING_MODEL', time: 1_764_550_900 })], base: 0 });
    await at.store.pauseDestination(here(), 'archived');
    expect(await at.ask('list')).toMatchObject({
      kind: 'list',
      dm: false,
      page: 1,
      jobs: [{ view: { job: JOB_A }, preset: 'problems', mutedUntil: 0, waiting: 1, pending: false }],
      health: { paused: 'archived', since: NOW },
    });
  });

  test('where nothing is followed, it says so', async () => {
    expect(await at.refusal('list', { place: dmOfAnn })).toEqual({ kind: 'nothing-followed', dm: true });
  });

  test('a job that was never read is pending', async () => {
    at.store.watch(JOB_A, { base: null });
    expect(await at.ask('list 2')).toMatchObject({ kind: 'list', page: 2, jobs: [{ pending: true, waiting: 0 }] });
  });
});

describe('mute', () => {
  test('holds back until a time, and unmute tells what waits', async () => {
    expect(await at.ask('mute narrator-01 2h')).toMatchObject({ kind: 'muted', view: { job: JOB_A }, until: NOW + 7_200_000 });
    expect((await at.store.subscription(here(), JOB_A))?.subscription.mutedUntil).toBe(NOW + 7_200_000);
    at.store.watch(JOB_A, { journal: [logged({ action: 'AUDIT_NOT_PASS' })], base: 0 });
    expect(await at.ask('unmute 26f06524')).toMatchObject({ kind: 'unmuted', waiting: 1 });
    expect((await at.store.subscription(here(), JOB_A))?.subscription.mutedUntil).toBe(0);
    expect(at.nudged).toEqual([here()]);
  });

  test('what is not muted is said not to be, also when a mute has ended by itself', async () => {
    expect(await at.ask('unmute narrator-01')).toMatchObject({ kind: 'unmuted', wasMuted: false });
    await at.ask('mute narrator-01 2h');
    expect(await at.ask('unmute narrator-01')).toMatchObject({ kind: 'unmuted', wasMuted: true });
    await at.ask('mute narrator-01 2h');
    at.now += 3 * 3_600_000;
    expect(await at.ask('list')).toMatchObject({ jobs: [{ mutedUntil: 0 }] });
    expect(await at.ask('unmute narrator-01')).toMatchObject({ kind: 'unmuted', wasMuted: false });
  });

  test('what is no duration is said to be none, with some that are', async () => {
    const { text } = await at.type('mute narrator-01 3x');
    expect(text).toContain('3x is no duration. Nothing was changed.\nA mute lasts from 1 minute to 30 days, such as 2h, 8h, 1d.');
  });

  test('what is not followed here cannot be muted', async () => {
    expect(await at.refusal('mute 客服-云佳 2h')).toMatchObject({ kind: 'not-followed' });
    expect(await at.refusal('unmute 客服-云佳')).toMatchObject({ kind: 'not-followed' });
    expect(await at.refusal('mute nothing-like-it 2h')).toMatchObject({ kind: 'no-such-job' });
  });

  test.each(['mute news-7 2h', 'unmute 26f06524-4a00', 'unsubscribe news-7'])('%s: what only upstream knows is not followed here, and can be', async (text) => {
    at.upstream.add(JOB_A2, { voiceName: 'news-7' });
    expect(await at.refusal(text)).toMatchObject({ kind: 'not-followed', view: { job: JOB_A2, facts: { voiceName: 'news-7' } } });
    const card = await at.type(text);
    expect(card.text).toContain('news-7 is not followed here.');
    expect(card.actions).toMatchObject([{ name: 'follow' }, { name: 'run', value: 'list' }]);
  });

  test('of several that only upstream knows, a click on one shows it', async () => {
    at.upstream.add(JOB_A2, { voiceName: 'news-7' });
    at.upstream.add(JOB_C, { voiceName: 'news-7' });
    const card = await at.type('unsubscribe news-7');
    expect(card.actions.map(({ value }) => value)).toEqual([`status ${jobIdOf(JOB_A2)}`, `status ${jobIdOf(JOB_C)}`]);
  });

  test('a full id that nobody can check now is not followed here all the same', async () => {
    at.upstream.failing = 'unavailable';
    expect(await at.refusal(`mute ${jobIdOf(JOB_C)} 2h`)).toMatchObject({ kind: 'not-followed', view: { job: JOB_C } });
    expect(await at.refusal('mute news-7 2h')).toMatchObject({ kind: 'no-such-job' });
  });
});

test('test sends a notice the way of all messages', async () => {
  expect(await at.ask('test')).toEqual({ kind: 'test-sent', dm: false, paused: null });
  expect(at.store.notices).toEqual([{ destination: here(), notice: { kind: 'test', subject: 'ann', since: NOW } }]);
  expect(at.nudged).toEqual([here()]);
});

describe('where a place is paused', () => {
  test('test and subscribe promise nothing, and say why, and what ends it', async () => {
    await at.store.pauseDestination(here(), 'archived');
    expect(await at.ask('test')).toEqual({ kind: 'test-sent', dm: false, paused: { reason: 'archived', since: NOW, destination: here() } });
    const answers = [await at.type('test'), await at.type('subscribe 客服-云佳')];
    for (const { text, severity, actions } of answers) {
      expect(severity).toBe('warning');
      expect(text).toContain('The channel is archived');
      expect(text).toContain('Unarchive the channel');
      expect(text).not.toMatch(/on its way|in a moment/);
      expect(actions[0]).toMatchObject({ name: 'resume', value: here() });
    }
  });

  test("an answer about one's paused DM offers no click that would mean the channel", async () => {
    await at.ask('test', { place: dmOfAnn });
    const dm = at.store.at(dmOfAnn.address)?.id ?? 'nowhere';
    await at.store.pauseDestination(dm, 'blocked');
    expect(await at.ask('subscribe 客服-云佳 --dm')).toMatchObject({ dm: true, paused: { reason: 'blocked', destination: null } });
    expect(await at.ask('subscribe 客服-云佳', { place: dmOfAnn })).toMatchObject({ paused: { reason: 'blocked', destination: dm } });
  });
});

describe('language', () => {
  test('in a channel it is that of its posts; the asker is answered in their own', async () => {
    const card = await at.type('language zh-CN');
    expect(card.language).toBe('en');
    expect(at.store.at(channel.address)?.language).toBe('zh-CN');
    expect(await at.store.personLanguage(ann)).toBeNull();
  });

  test('in a DM it is how somebody is spoken to everywhere, from this answer on', async () => {
    expect((await at.type('language zh-CN', { place: dmOfAnn })).language).toBe('zh-CN');
    expect((await at.type('list')).language).toBe('zh-CN');
    expect(at.store.at(dmOfAnn.address)?.language).toBe('zh-CN');
    expect(at.store.at(channel.address)?.language).toBe('en');
  });
});

test('help shows how a command is typed here', async () => {
  expect(await at.ask('help')).toEqual({ kind: 'help', prefix: '/voicejob ' });
});
