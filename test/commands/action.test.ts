import { beforeEach, describe, expect, test } from 'vitest';
import { type Action, encodeAction } from '../../src/domain/card-actions.ts';
import { jobIdOf } from '../../src/domain/job.ts';
import { logged } from '../support/builders.ts';
import { ann, bob, cardIn, channel, type Desk, desk, dmOfAnn, JOB_A, JOB_B, messageIn, NOW, type Saying } from './desk.ts';
import { facts } from './memory-store.ts';

let at: Desk;
const audit = { system: null, admin: { time: 1, message: 'noise', attachmentName: 'notes.zip' } };
const here = () => at.store.at(channel.address)?.id ?? 'nowhere';
const dm = () => at.store.at(dmOfAnn.address)?.id ?? 'nowhere';
const outside: Saying = { place: { ...channel, actorIsMember: false } };

async function clicked(action: Action, over?: Saying) {
  return messageIn(await at.click(action, over));
}

beforeEach(() => {
  at = desk();
  at.upstream.add(JOB_A, {}, { audit, link: 'https://obs.example/signed' });
  at.store.watch(JOB_A, { journal: [logged({ key: 'k1' })], facts: facts({ audit }) });
});

describe('about a subscription', () => {
  beforeEach(async () => {
    await at.ask('subscribe narrator-01');
  });

  test('preset changes it in place of the message that was clicked', async () => {
    expect(await at.click({ name: 'preset', job: JOB_A, preset: 'everything' })).toMatchObject({
      kind: 'reply',
      replaces: true,
      message: { kind: 'subscribed', preset: 'everything', already: 'milestones' },
    });
  });

  test('unfollow stops it; the second click says that it is over', async () => {
    expect(await clicked({ name: 'unfollow', job: JOB_A })).toMatchObject({ kind: 'unsubscribed', views: [{ job: JOB_A }] });
    expect(await at.click({ name: 'unfollow', job: JOB_A })).toMatchObject({ kind: 'reply', replaces: false, message: { error: { kind: 'not-followed' } } });
    expect(await clicked({ name: 'preset', job: JOB_A, preset: 'problems' })).toMatchObject({ error: { kind: 'not-followed' } });
    expect(await clicked({ name: 'unmute', job: JOB_A })).toMatchObject({ error: { kind: 'not-followed' } });
  });

  test('follow follows again', async () => {
    await clicked({ name: 'unfollow', job: JOB_A });
    expect(await clicked({ name: 'follow', job: JOB_A, preset: 'problems' })).toMatchObject({ kind: 'subscribed', preset: 'problems', already: null });
  });

  test('unmute ends a mute', async () => {
    await at.ask('mute narrator-01 2h');
    expect(await clicked({ name: 'unmute', job: JOB_A })).toMatchObject({ kind: 'unmuted' });
  });

  test.each<Action>([
    { name: 'unfollow', job: JOB_A },
    { name: 'preset', job: JOB_A, preset: 'everything' },
    { name: 'follow', job: JOB_A, preset: 'everything' },
    { name: 'unmute', job: JOB_A },
    { name: 'run', text: 'unsubscribe all confirm' },
    { name: 'share', text: `status ${jobIdOf(JOB_A)}` },
    { name: 'resume', destination: 'd1' },
  ])('$name takes a member of the channel', async (action) => {
    expect(await clicked(action, outside)).toEqual({ kind: 'error', error: { kind: 'not-a-member' } });
    expect((await at.store.subscription(here(), JOB_A))?.subscription.preset).toBe('milestones');
  });
});

test('a button below an answer to --dm is about the own DM, though it is clicked in the channel', async () => {
  await at.ask('subscribe narrator-01 --dm');
  expect(await clicked({ name: 'unfollow', job: JOB_A }, outside)).toMatchObject({ kind: 'unsubscribed', dm: true });
  expect(await at.store.subscriptions(dm())).toEqual([]);
  expect(at.store.notices).toEqual([]);
});

describe('looking', () => {
  test('turning a page replaces it, a first look does not', async () => {
    expect(await at.click({ name: 'history', job: JOB_A, page: null, filter: 'all' })).toMatchObject({ replaces: false, message: { kind: 'history' } });
    expect(await at.click({ name: 'history', job: JOB_A, page: 2, filter: 'all' })).toMatchObject({ replaces: true, message: { page: 2 } });
    expect(await at.click({ name: 'history', job: JOB_A, page: null, filter: 'problems' })).toMatchObject({ replaces: true });
    expect(await at.click({ name: 'status', job: JOB_A })).toMatchObject({ replaces: true, message: { kind: 'status' } });
  });

  test('files and a whole reason come from the journal', async () => {
    expect(await clicked({ name: 'files', job: JOB_A })).toMatchObject({ kind: 'files', view: { facts: { audit } } });
    expect(await clicked({ name: 'reason', job: JOB_A, key: 'k1' })).toMatchObject({ kind: 'reason', key: 'k1' });
    expect(await clicked({ name: 'reason', job: JOB_A, key: 'k2' })).toEqual({ kind: 'error', error: { kind: 'too-old' } });
    expect(at.upstream.calls).toEqual([]);
  });

  test('review results that are not stored are asked for', async () => {
    at.store.watch(JOB_A, { facts: facts() });
    expect(await clicked({ name: 'files', job: JOB_A })).toMatchObject({ kind: 'files', view: { facts: { audit } } });
    expect(at.upstream.calls).toEqual(['audit']);
  });

  test('the attachment is a fresh link for the one who clicks, and is stored nowhere', async () => {
    expect(await clicked({ name: 'attachment', job: JOB_A })).toMatchObject({ kind: 'attachment', name: 'notes.zip', url: 'https://obs.example/signed' });
    expect(JSON.stringify([await at.store.readWatch(JOB_A), at.store.notices])).not.toContain('obs.example');
  });

  test.each(['unavailable', 'hang'] as const)('%s: no attachment, and the reader is told why', async (failing) => {
    at.upstream.failing = failing;
    expect(await clicked({ name: 'attachment', job: JOB_A })).toEqual({ kind: 'error', error: { kind: 'upstream-down', since: null, byId: false } });
  });

  test('a job that nobody follows any more is read upstream; one that is gone is too old', async () => {
    at.upstream.add(JOB_B, { voiceName: 'edu-5' });
    expect(await clicked({ name: 'files', job: JOB_B })).toMatchObject({ kind: 'files', view: { facts: { voiceName: 'edu-5' } } });
    at.upstream.jobs.delete(JOB_B);
    expect(await clicked({ name: 'files', job: JOB_B })).toEqual({ kind: 'error', error: { kind: 'too-old' } });
  });
});

describe('run and share', () => {
  test('run is a command typed', async () => {
    expect(await at.click({ name: 'run', text: 'history 26f06524' })).toMatchObject({ replaces: true, message: { kind: 'history', view: { job: JOB_A } } });
    expect(await clicked({ name: 'run', text: 'hsitory 26f06524' })).toMatchObject({ error: { kind: 'unknown-command' } });
  });

  test('share posts for everyone, in the language and zone of the place', async () => {
    await at.ask('subscribe narrator-01');
    await at.store.setLanguage(here(), 'zh-CN');
    const { name, value } = encodeAction({ name: 'share', text: 'status 26f06524' });
    const result = await at.send({ kind: 'action', id: 'x', actor: ann, place: channel, name, value, message: null });
    expect(result.kind).toBe('share');
    expect(cardIn(result).language).toBe('zh-CN');
  });

  test.each(['subscribe narrator-01', 'unsubscribe all confirm', 'help', 'language zh-CN'])('share never does %j', async (text) => {
    expect(await clicked({ name: 'share', text })).toEqual({ kind: 'error', error: { kind: 'too-old' } });
    expect(at.store.writes).toEqual([]);
  });

  test('an error is not shared', async () => {
    expect(await at.click({ name: 'share', text: 'status nobody-knows' })).toMatchObject({ kind: 'reply', message: { error: { kind: 'no-such-job' } } });
  });
});

test('opting out is for the one who clicks', async () => {
  expect(await clicked({ name: 'opt-out' }, { actor: bob })).toEqual({ kind: 'opted-out' });
  expect(await at.store.hasOptedOut(bob)).toBe(true);
  expect(await at.store.hasOptedOut(ann)).toBe(false);
});

test('help', async () => {
  expect(await clicked({ name: 'help' })).toMatchObject({ kind: 'help' });
});

describe('resume', () => {
  beforeEach(async () => {
    await at.ask('subscribe narrator-01');
    await at.store.pauseDestination(here(), 'not-a-member');
  });

  test('ends the pause and sends a test, from the owner in their DM or from the place itself', async () => {
    for (const place of [dmOfAnn, channel]) {
      await at.store.pauseDestination(here(), 'not-a-member');
      expect(await clicked({ name: 'resume', destination: here() }, { place })).toEqual({ kind: 'test-sent', dm: false, paused: null });
      expect(at.store.at(channel.address)?.paused).toBeNull();
    }
    expect(at.store.notices).toContainEqual({ destination: here(), notice: { kind: 'test', subject: 'ann', since: NOW } });
  });

  test('a channel cannot resume another', async () => {
    const place = { ...channel, address: { platform: 'test', id: 'C2', route: 'r' } };
    expect(await clicked({ name: 'resume', destination: here() }, { place })).toEqual({ kind: 'error', error: { kind: 'too-old' } });
    expect(at.store.at(channel.address)?.paused).not.toBeNull();
  });
});

test.each([
  ['nonsense', ''],
  ['history', 'x'],
  ['unfollow', 'other-project/26f06524'],
  ['unfollow', `${JOB_A}|x`],
  ['preset', `${JOB_A}|loud`],
  ['files', '../../etc/passwd'],
  ['run', ''],
  ['__proto__', 'constructor'],
])('a forged or old button %s %s is refused', async (name, value) => {
  const result = await at.send({ kind: 'action', id: 'x', actor: ann, place: channel, name, value, message: null });
  expect(result).toMatchObject({ kind: 'reply', replaces: false });
  expect(at.counted).toEqual([{ name: 'inbound_total', platform: 'test', kind: 'action', outcome: 'refused' }]);
  expect(at.store.writes).toEqual([]);
});
