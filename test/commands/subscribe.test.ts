import { beforeEach, describe, expect, test } from 'vitest';
import { jobIdOf, jobKey } from '../../src/domain/job.ts';
import { PROJECT } from '../support/builders.ts';
import { ann, bob, channel, type Desk, desk, dmOfAnn, JOB_A, JOB_A2, JOB_B, NOW, person, UNKNOWN_ID } from './desk.ts';
import { facts } from './memory-store.ts';

let at: Desk;
const here = () => at.store.at(channel.address)?.id ?? 'nowhere';
const dm = () => at.store.at(dmOfAnn.address)?.id ?? 'nowhere';
const followed = async (destination: string, job = JOB_A) => (await at.store.subscription(destination, job))?.subscription;

beforeEach(() => {
  at = desk();
  at.upstream.add(JOB_A);
  at.upstream.add(JOB_B, { voiceName: '客服-云佳' });
});

describe('subscribe', () => {
  test('follows a job by its voice name, wakes its watch and tells the channel', async () => {
    const answer = await at.ask('subscribe narrator-01');
    expect(answer).toMatchObject({ kind: 'subscribed', preset: 'milestones', dm: false, pending: false, already: null, notify: null });
    expect(answer).toMatchObject({
      view: { job: JOB_A, shortId: '26f06524', facts: { voiceName: 'narrator-01' }, link: `https://console.example/${jobIdOf(JOB_A)}` },
    });
    expect(await followed(here())).toMatchObject({ preset: 'milestones', by: { id: 'ann' }, notify: null });
    expect(at.store.notices).toEqual([
      { destination: here(), notice: { kind: 'followed', subject: JOB_A, since: NOW, by: 'ann', name: 'narrator-01', preset: 'milestones', completed: false } },
    ]);
    expect(at.woken).toEqual([JOB_A]);
    expect(at.nudged).toEqual([here()]);
    expect(at.store.owner(here(), JOB_A)).toBe(dm());
  });

  test.each([['26f06524'], ['26F065'], [jobIdOf(JOB_A)]])('finds the job upstream by %s', async (job) => {
    expect(await at.ask(`subscribe ${job} problems`)).toMatchObject({ kind: 'subscribed', preset: 'problems', view: { job: JOB_A } });
  });

  test('a watched job is found without upstream, and its watch is not woken', async () => {
    at.store.watch(JOB_A);
    at.upstream.failing = 'unavailable';
    expect(await at.ask('subscribe 26f06524')).toMatchObject({ kind: 'subscribed', pending: false });
    expect(at.upstream.calls).toEqual([]);
    expect(at.woken).toEqual([]);
  });

  test('a second time changes the preset alone, and says what it was', async () => {
    await at.ask('subscribe narrator-01 everything --notify me');
    expect(await at.ask('subscribe narrator-01 problems')).toMatchObject({
      kind: 'subscribed',
      preset: 'problems',
      already: 'everything',
      notify: { id: 'ann' },
    });
    expect(await at.ask('subscribe narrator-01')).toMatchObject({ preset: 'problems', already: 'problems' });
    expect(await followed(here())).toMatchObject({ preset: 'problems', notify: { id: 'ann' } });
    expect(at.store.notices.map(({ notice }) => notice.kind)).toEqual(['followed', 'followed']);
    expect(at.woken).toEqual([JOB_A]);
  });

  test('a job that has ended is told so, in the answer and in the channel', async () => {
    at.upstream.add(JOB_A, { state: 'SUCCEED' });
    at.upstream.add(JOB_B, { voiceName: 'news-7', state: 'FAILED' });
    const done = await at.type('subscribe narrator-01');
    expect(done.text).toContain('It is completed already: nothing more is to come.\nIts card comes now');
    expect(done.text).not.toContain('Any time');
    expect(done.actions.map(({ name }) => name)).toEqual(['unfollow']);
    expect((await at.type('subscribe news-7')).text).toContain('It has ended already: training failed. News comes only if it goes on.');
    expect(at.store.notices.map(({ notice }) => notice)).toMatchObject([{ completed: true }, { completed: false }]);
  });

  test('--dm follows in the own DM, with no word in the channel and no need to belong to it', async () => {
    const place = { ...channel, actorIsMember: false };
    expect(await at.ask('subscribe narrator-01 --dm', { place })).toMatchObject({ kind: 'subscribed', dm: true });
    expect(await followed(dm())).toBeDefined();
    expect(at.store.at(channel.address)).toBeUndefined();
    expect(at.store.notices).toEqual([]);
    expect(at.store.owner(dm(), JOB_A)).toBeNull();
  });

  test('--dm is refused where the platform knows no DM', async () => {
    expect(await at.refusal('subscribe narrator-01 --dm', { actor: person('eve', { dm: null }) })).toMatchObject({ kind: 'bad-argument', input: '--dm' });
  });

  test('in a channel it takes a member of it', async () => {
    expect(await at.refusal('subscribe narrator-01', { place: { ...channel, actorIsMember: false } })).toEqual({ kind: 'not-a-member' });
    expect(at.store.writes).toEqual([]);
  });

  test('without a job it asks for one with a form', async () => {
    expect((await at.click({ name: 'run', text: 'subscribe' })).kind).toBe('form');
  });
});

describe('--notify', () => {
  const text = 'subscribe narrator-01 --notify <@0>';

  test('names somebody else, who hears of it in their DM with the way out', async () => {
    expect(await at.ask(text, { mentions: [bob] })).toMatchObject({ kind: 'subscribed', notify: { id: 'bob', name: 'bob' } });
    const dmOfBob = at.store.at({ platform: 'test', id: 'dm-bob', route: '' })?.id;
    expect(at.store.notices).toContainEqual({
      destination: dmOfBob,
      notice: { kind: 'opt-in', subject: JOB_A, since: NOW, by: 'ann', name: 'narrator-01', place: '#voice-lab' },
    });
    expect(at.nudged).toContain(dmOfBob);
    await at.ask(text, { mentions: [bob] });
    expect(at.store.notices.filter(({ notice }) => notice.kind === 'opt-in')).toHaveLength(1);
  });

  test('who opted out is not named again', async () => {
    await at.click({ name: 'opt-out' }, { actor: bob });
    expect(await at.refusal(text, { mentions: [bob] })).toEqual({ kind: 'opted-out-person', name: 'bob' });
    expect(at.store.writes).toEqual([]);
  });

  test.each([
    ['a guest', person('gus', { guest: true })],
    ['an outsider', person('out', { member: false })],
    ['somebody who cannot be written to', person('bot', { dm: null })],
  ])('%s cannot be named', async (_, mention) => {
    expect(await at.refusal(text, { mentions: [mention] })).toEqual({ kind: 'cannot-notify', input: `@${mention.name}`, why: 'unknown' });
  });

  test('in a DM only oneself can be named', async () => {
    expect(await at.refusal(text, { mentions: [bob], place: dmOfAnn })).toEqual({ kind: 'cannot-notify', input: '@bob', why: 'channels-only' });
    expect(await at.ask('subscribe narrator-01 --notify me', { place: dmOfAnn })).toMatchObject({ notify: { id: 'ann' } });
    const there = await at.refusal('subscribe narrator-01 --dm --notify <@0>', { mentions: [bob] });
    expect(there).toEqual({ kind: 'cannot-notify', input: '@bob', why: 'channels-only' });
  });

  test('whoever said no since is not said to be mentioned, until they name themselves', async () => {
    await at.ask('subscribe narrator-01 --notify me');
    await at.store.optOut(ann);
    expect(await at.ask('subscribe narrator-01 problems')).toMatchObject({ kind: 'subscribed', notify: null });
    expect(await at.ask('subscribe narrator-01 --notify me')).toMatchObject({ notify: { id: 'ann' } });
    expect(await at.store.hasOptedOut(ann)).toBe(false);
  });

  test('mentioning oneself is naming oneself, and tells nobody', async () => {
    await at.ask(text, { mentions: [ann] });
    expect(at.store.notices.map(({ notice }) => notice.kind)).toEqual(['followed']);
  });
});

describe('which job is meant', () => {
  test('one name, several jobs: the candidates are shown with ids that differ', async () => {
    at.upstream.add(JOB_A2);
    const error = await at.refusal('history narrator-01');
    expect(error).toMatchObject({ kind: 'ambiguous-job', input: 'narrator-01', command: { name: 'history' } });
    expect(error.kind === 'ambiguous-job' && error.candidates.map(({ shortId }) => shortId)).toEqual(['26f06524-4f', '26f06524-4a']);
  });

  test('the start of several watched ids is ambiguous, unless one of them is followed here', async () => {
    at.store.watch(JOB_A);
    at.store.watch(JOB_A2);
    expect(await at.refusal('status 26f06524')).toMatchObject({ kind: 'ambiguous-job', candidates: [{ job: JOB_A2 }, { job: JOB_A }] });
    await at.ask(`subscribe ${jobIdOf(JOB_A2)}`);
    expect(await at.ask('status 26f06524')).toMatchObject({ kind: 'status', view: { job: JOB_A2, shortId: '26f06524-4a0' } });
    expect(await at.ask('status narrator-01')).toMatchObject({ view: { job: JOB_A2 } });
  });

  test('a name is found in any case; the exact one is meant before others, wherever it is known', async () => {
    at.store.watch(JOB_A, { facts: facts({ voiceName: 'Narrator-01' }) });
    at.upstream.jobs.clear();
    expect(await at.ask('status NARRATOR-01')).toMatchObject({ kind: 'status', view: { job: JOB_A } });
    await at.ask('subscribe ｎarrator-01');
    expect(await at.ask('mute narrator-01 2h')).toMatchObject({ kind: 'muted', view: { job: JOB_A } });
    at.upstream.add(JOB_B, { voiceName: 'narrator-01' });
    expect(await at.ask('status narrator-01')).toMatchObject({ view: { job: JOB_B } });
    at.store.watch(JOB_B, { facts: facts({ voiceName: 'narrator-01' }) });
    at.upstream.calls.length = 0;
    expect(await at.ask('status narrator-01')).toMatchObject({ view: { job: JOB_B } });
    expect(at.upstream.calls).toEqual(['detail']);
    at.upstream.failing = 'hang';
    expect(await at.ask('status nArrator-01')).toMatchObject({ view: { job: JOB_A } });
  });

  test('fewer than 6 characters name no id, and are answered with how many it takes', async () => {
    expect(await at.refusal('status 26f06')).toMatchObject({ kind: 'no-such-job', input: '26f06' });
    expect((await at.type('status 26f06')).text).toContain('that takes 6 characters or more');
    expect((await at.type('unsubscribe 26f06')).text).not.toContain('characters');
    await at.ask('subscribe narrator-01');
    expect((await at.type('unsubscribe 26f06')).text).toContain('that takes 6 characters or more');
    expect((await at.type('status 26f065ff')).text).not.toContain('characters');
  });

  test('a name with a slip gets the nearest names, of what is followed and of what is listed', async () => {
    at.store.watch(jobKey(PROJECT, 'ffffffff-0000'), { facts: facts({ voiceName: 'narator-09' }) });
    await at.ask('subscribe narator-09');
    expect(await at.refusal('history narator-01')).toMatchObject({ kind: 'no-such-job', input: 'narator-01', nearest: ['narator-09', 'narrator-01'] });
  });

  test.each([
    ['history narator-01 problems', 'History narrator-01', 'history narrator-01 problems'],
    ['status narator-01', 'Status narrator-01', 'status narrator-01'],
    ['subscribe narator-01 everything --dm', 'Follow narrator-01', 'subscribe narrator-01 everything --dm'],
  ])('%s: the button asks the same of the nearest job', async (text, label, value) => {
    const card = await at.type(text);
    expect(card.text).toContain('The nearest: narrator-01.');
    expect(card.actions[0]).toMatchObject({ name: 'run', label, value });
    expect(card.actions.filter((action) => action.label.startsWith('Follow'))).toHaveLength(label.startsWith('Follow') ? 1 : 0);
  });

  test('an unknown full id is refused with the code and words of upstream', async () => {
    at.upstream.words = '<!channel> no such job';
    expect(await at.refusal(`subscribe ${UNKNOWN_ID}`)).toEqual({
      kind: 'upstream-refused',
      input: UNKNOWN_ID,
      code: 'MSS.00000001',
      message: '<!channel> no such job',
    });
    expect(at.store.writes).toEqual([]);
  });

  test('a voice name may look like a full id', async () => {
    const name = 'narrator-01-female-mandarin-news-2025';
    at.upstream.add(JOB_A2, { voiceName: name });
    expect(await at.ask(`status ${name}`)).toMatchObject({ kind: 'status', view: { job: JOB_A2 } });
  });
});

describe('while upstream is down', () => {
  test.each(['unavailable', 'closed', 'throttled', 'unauthorized', 'forbidden', 'hang'] as const)('%s: a full id is accepted as pending', async (failing) => {
    at.upstream.failing = failing;
    expect(await at.ask(`subscribe ${jobIdOf(JOB_A)}`)).toMatchObject({ kind: 'subscribed', pending: true, view: { job: JOB_A, facts: null } });
    expect(await followed(here())).toBeDefined();
    expect(at.woken).toEqual([JOB_A]);
  });

  test.each(['configuration', 'unreadable', 'unstable'] as const)('%s does not pass by waiting, so nothing is accepted', async (failing) => {
    at.upstream.failing = failing;
    expect(await at.refusal(`subscribe ${jobIdOf(JOB_A)}`)).toEqual({ kind: 'upstream-down', since: null, byId: false });
    expect(at.store.writes).toEqual([]);
  });

  test.each(['unavailable', 'hang'] as const)('%s: a name or the start of an id is not accepted', async (failing) => {
    at.upstream.failing = failing;
    expect(await at.refusal('subscribe narrator-01')).toEqual({ kind: 'upstream-down', since: null, byId: true });
    expect(await at.refusal('subscribe 26f06524')).toEqual({ kind: 'upstream-down', since: null, byId: true });
    expect(await at.refusal('status 26f06524')).toEqual({ kind: 'upstream-down', since: null, byId: false });
  });

  test('a shut gate is no outage: the credentials are refused, and since when', async () => {
    at.upstream.failing = 'closed';
    expect(await at.refusal('subscribe narrator-01')).toEqual({ kind: 'upstream-refuses', since: null, byId: true });
    at.gate = { since: 5, nextProbe: 6, status: 401, code: '', requestId: '', words: '' };
    expect(await at.refusal('subscribe narrator-01')).toEqual({ kind: 'upstream-refuses', since: 5, byId: true });
  });
});
