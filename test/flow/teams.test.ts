/** The whole program in Teams: what people type and click there, and what they then see. The counterpart behaves as the facts about Teams say. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { eventually } from '../support/program.ts';
import { buttonsOf, cardOf, cardText, textOf } from '../support/teams-client.ts';
import type { TeamsConversation, TeamsMessage, TeamsPerson } from '../support/teams-places.ts';
import { startTeamsProgram, type TeamsProgram } from '../support/teams-program.ts';

let teams: TeamsProgram;
beforeAll(async () => {
  teams = await startTeamsProgram();
});
afterAll(() => teams.close());

/** What one person alone sees somewhere. */
const privately = (at: TeamsConversation, who: TeamsPerson): readonly TeamsMessage[] =>
  teams.connector.seen(at.id, who).filter(({ targetedTo }) => targetedTo === who.id);
const publicly = (at: TeamsConversation): readonly TeamsMessage[] => teams.connector.seen(at.id).filter(({ from }) => from === 'bot');
const answered = (at: TeamsConversation, who: TeamsPerson, words: string | RegExp): Promise<TeamsMessage> =>
  eventually(async () => privately(at, who).find((message) => new RegExp(words).test(textOf(message))));

/** Each test has a channel and a job of its own, so they may run at the same time. */
describe.concurrent('voicejob in Teams', () => {
  test('a life from submission to rejection is told below one card, which is edited in place', async ({ expect }) => {
    const { simulator, connector } = teams;
    const { channel, job, card } = await teams.followed('narrator-life');
    simulator.submit(job);
    simulator.passMachine(job);
    await teams.said(channel, 'achine review passed');
    simulator.rejectByPerson(job, 'Letter <at>everyone</at> is **not** signed\n授权书未签字', { attachment: 'notes.docx' });
    const rejection = await teams.said(channel, '授权书未签字');
    expect(textOf(rejection)).toContain('Letter <at>everyone</at> is **not** signed');
    expect(rejection).toMatchObject({ root: card.id, targetedTo: null, activity: { importance: 'high' } });
    const current = await eventually(async () => teams.cards(channel).find((message) => /rejected/i.test(textOf(message))));
    expect(current.id).toBe(card.id);
    expect(current.edits).toBeGreaterThan(0);
    expect(teams.cards(channel)).toHaveLength(1);
    expect(teams.below(channel, card).every((message) => cardOf(message) !== null)).toBe(true);
    expect(connector.requests.every(({ headers }) => headers.authorization?.startsWith('Bearer outbound-'))).toBe(true);
  });

  test('a slash command is answered by a message that one person sees, with its flag, and never publicly', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { ann, bob } = connector.people;
    const channel = connector.conversation('channel', 'slash');
    const job = simulator.createJob({ voiceName: 'narrator-slash' });
    expect(await client.slash({ who: ann, at: channel, text: `status ${job}` })).toMatchObject({ status: 200, text: '' });
    await answered(channel, ann, 'narrator-slash');
    expect([publicly(channel), privately(channel, bob)]).toEqual([[], []]);
    const [posted] = connector.requests.filter(({ method, path }) => method === 'POST' && decodeURIComponent(path).includes(channel.id));
    expect(posted?.query.get('isTargetedActivity')).toBe('true');
    expect(JSON.parse(posted?.body ?? '')).toMatchObject({ recipient: { id: ann.id, isTargeted: true } });
  });

  test('a mention in a channel is answered just as privately, and what it changes is announced', async ({ expect }) => {
    const { connector } = teams;
    const { channel } = await teams.followed('narrator-mention');
    const answer = await answered(channel, connector.people.ann, 'narrator-mention');
    expect(publicly(channel).map(({ id }) => id)).not.toContain(answer.id);
    await teams.said(channel, /Ann.*follow|follow.*Ann/s);
  });

  test('a group chat is served like a channel, without threads', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { ann } = connector.people;
    const chat = connector.conversation('groupChat', 'two of us');
    const job = simulator.createJob({ voiceName: 'narrator-group' });
    await client.message({ who: ann, at: chat, text: `subscribe ${job} everything` });
    await eventually(async () => teams.cards(chat).length === 1);
    simulator.submit(job);
    const news = await teams.said(chat, 'ubmitted for review');
    expect(news.root).toBeNull();
    expect(privately(chat, ann).length).toBeGreaterThan(0);
  });

  test('--dm tells it in one’s own chat, which is made once; there commands need no mention', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { bob } = connector.people;
    const channel = connector.conversation('channel', 'dm');
    const job = simulator.createJob({ voiceName: 'narrator-dm' });
    await client.slash({ who: bob, at: channel, text: `subscribe ${job} everything --dm` });
    const own = connector.personal(bob);
    await eventually(async () => teams.cards(own).some((message) => textOf(message).includes('narrator-dm')));
    simulator.submit(job);
    await teams.said(own, 'ubmitted for review');
    await client.message({ who: bob, at: own, text: 'list' });
    await eventually(async () => publicly(own).some((message) => /narrator-dm/.test(textOf(message)) && !teams.cards(own).includes(message)));
    const created = connector.requests.filter(({ method, path }) => method === 'POST' && path === '/v3/conversations').map(({ body }) => body);
    expect(created.filter((body) => body.includes(bob.id))).toHaveLength(1);
    expect(publicly(channel)).toEqual([]);
    // one person's chat takes no targeted messages
    expect(connector.requests.filter(({ target }) => decodeURIComponent(target).includes(`${own.id}/activities`) && target.includes('isTargeted'))).toEqual([]);
  });

  test('a history is paged by its buttons, in place', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { ann, bob } = connector.people;
    const { channel, job } = await teams.followed('narrator-long');
    for (let n = 1; n <= 25; n += 1) simulator.append(job, { action: `STEP_${String(n).padStart(2, '0')}`, operator: 'SYSTEM' });
    await teams.said(channel, 'STEP_25');
    await client.slash({ who: ann, at: channel, text: `history ${job}` });
    const newest = await answered(channel, ann, 'STEP_25');
    expect(textOf(newest)).not.toContain('STEP_05');
    const before = privately(channel, ann).length;
    const older = await client.press({ who: ann, at: channel, message: newest, verb: 'history', value: '|2|' });
    expect(older).toMatchObject({ status: 200, body: { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive' } });
    expect(cardText(older.body?.value)).toContain('STEP_12');
    const turned = privately(channel, ann).find(({ id }) => id === newest.id);
    expect(textOf(turned)).toContain('STEP_12');
    expect(textOf(turned)).not.toContain('STEP_25');
    expect([privately(channel, ann).length, privately(channel, bob).length]).toEqual([before, 0]);
    expect(buttonsOf(turned).filter(({ verb }) => verb === 'history').length).toBeGreaterThan(1);
  });

  test('a button of the card answers who pressed it alone, and changes the card for nobody', async ({ expect }) => {
    const { connector, client } = teams;
    const { bob, ann } = connector.people;
    const { channel, card } = await teams.followed('narrator-button');
    const pressed = await client.press({ who: bob, at: channel, message: card, verb: 'history' });
    expect(pressed).toMatchObject({ status: 200, body: { type: 'application/vnd.microsoft.activity.message' } });
    await answered(channel, bob, 'narrator-button');
    expect(privately(channel, ann).some((message) => /istory/.test(textOf(message)) && message.root === card.id)).toBe(false);
    expect(teams.cards(channel).map(({ id }) => id)).toEqual([card.id]);
  });

  test('a command without a job opens a form that finds jobs as one types, and what is sent off is followed', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { ann } = connector.people;
    const channel = connector.conversation('channel', 'form');
    const job = simulator.createJob({ voiceName: 'narrator-form' });
    await client.slash({ who: ann, at: channel, text: 'subscribe' });
    const form = await eventually(async () => privately(channel, ann).find((message) => JSON.stringify(cardOf(message)).includes('Data.Query')));
    const [, dataset = ''] = /"dataset":"([^"]+)"/.exec(JSON.stringify(cardOf(form))) ?? [];
    const found = await client.search({ who: ann, at: channel, dataset, text: 'narrator-fo', message: form });
    expect(found.body).toMatchObject({ type: 'application/vnd.microsoft.search.searchResponse', value: { results: [{ value: job }] } });
    const submit = buttonsOf(form)[0]?.verb ?? '';
    const empty = await client.press({ who: ann, at: channel, message: form, verb: submit, inputs: { job: '', preset: 'everything' } });
    expect(empty.body).toMatchObject({ type: 'application/vnd.microsoft.activity.message', value: expect.stringMatching(/\w/) });
    await client.press({ who: ann, at: channel, message: form, verb: submit, inputs: { job, preset: 'everything', notify: 'false', dm: 'false' } });
    await eventually(async () => teams.cards(channel).some((message) => textOf(message).includes('narrator-form')));
    await eventually(async () => !privately(channel, ann).some((message) => JSON.stringify(cardOf(message)).includes('Data.Query')));
  });

  test('who stops following says it once, the card says so, and what happens then is not told', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { ann } = connector.people;
    const { channel, job, card } = await teams.followed('narrator-leave');
    await client.slash({ who: ann, at: channel, text: `unsubscribe ${job}` });
    const farewell = await teams.said(channel, 'No longer followed here');
    expect(farewell.id).toBe(card.id);
    simulator.submit(job);
    const other = await teams.followed('narrator-stay');
    simulator.submit(other.job);
    await teams.said(other.channel, 'ubmitted for review');
    expect(teams.below(channel, card)).toEqual([]);
  });

  test('a button that asks first is done only after "yes"', async ({ expect }) => {
    const { connector, client } = teams;
    const { ann } = connector.people;
    const { channel, card } = await teams.followed('narrator-ask');
    await client.press({ who: ann, at: channel, message: card, verb: 'unfollow' });
    const question = await eventually(async () => privately(channel, ann).find((message) => JSON.stringify(cardOf(message)).includes('"on":"question"')));
    expect(teams.cards(channel)).toHaveLength(1);
    await client.press({ who: ann, at: channel, message: question, verb: 'unfollow' });
    await teams.said(channel, 'No longer followed here');
    expect(privately(channel, ann).some((message) => JSON.stringify(cardOf(message)).includes('"on":"question"'))).toBe(false);
  });

  test('guests are told no, privately, and people of another tenant are not heard at all', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { guest, ann } = connector.people;
    const channel = connector.conversation('channel', 'guests');
    const job = simulator.createJob({ voiceName: 'narrator-guest' });
    await client.slash({ who: guest, at: channel, text: `subscribe ${job}` });
    await eventually(async () => privately(channel, guest).length === 1);
    expect(textOf(privately(channel, guest)[0])).not.toContain('narrator-guest');
    const foreign = client.activity(
      { who: ann, at: channel },
      { channelData: { tenant: { id: 'ffff0000-0000-4000-8000-0000000000ff' } }, text: `subscribe ${job}` },
    );
    expect((await client.send(foreign)).status).toBe(403);
    expect(publicly(channel)).toEqual([]);
  });

  test('an activity that Teams sends twice is answered once', async ({ expect }) => {
    const { connector, client } = teams;
    const { ann } = connector.people;
    const channel = connector.conversation('channel', 'twice');
    for (const id of ['1764999000001', '1764999000001', '1764999000002']) await client.slash({ who: ann, at: channel, text: 'help', id });
    await eventually(async () => privately(channel, ann).length >= 2);
    await client.slash({ who: ann, at: channel, text: 'list', id: '1764999000003' });
    await eventually(async () => privately(channel, ann).length >= 3);
    expect(privately(channel, ann)).toHaveLength(3);
  });

  test('what forgers send leaves no stack, key or token in the log, and no secret of ours is ever there', async ({ expect }) => {
    const { connector, client, identity, program } = teams;
    const channel = connector.conversation('channel', 'forgers');
    const activity = client.activity({ who: connector.people.ann, at: channel }, { text: 'help' });
    const forged = await identity.token(connector.serviceUrl, { key: 'other' });
    for (const authorization of [`Bearer ${forged}`, 'Bearer garbage', null]) expect((await client.send(activity, authorization)).status).toBe(401);
    // a reason is told once a minute, however often somebody knocks
    await eventually(async () => program.output().includes('is not from Teams'));
    const lines = program.output().trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
    expect(program.output()).not.toMatch(/PUBLIC KEY|invalid signature|outbound-\d|ey[\w-]{10,}\.ey/);
    expect(program.output()).not.toContain(identity.appPassword);
  });
});

test('a trial without credentials serves this machine as Teams would be served, and nothing that was forwarded to it', async ({ expect }) => {
  const trial = await startTeamsProgram({ trial: true });
  try {
    const { simulator, connector, client, program } = trial;
    const { channel, job } = await trial.followed('narrator-trial');
    simulator.submit(job);
    await trial.said(channel, 'ubmitted for review');
    expect(connector.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    const body = JSON.stringify(client.activity({ who: connector.people.ann, at: channel }, { text: 'help' }));
    const ask = (headers: Readonly<Record<string, string>>) => fetch(`${program.url}/api/messages`, { method: 'POST', headers, body });
    expect((await ask({ 'x-forwarded-for': '203.0.113.7' })).status).toBe(403);
    expect((await ask({ origin: 'https://page.example.test' })).status).toBe(403);
  } finally {
    await trial.close();
  }
});
