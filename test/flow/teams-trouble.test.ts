/** The whole program in Teams when Teams refuses, loses answers or takes places away: what then stands there, and who hears of it. */
import { afterAll, beforeAll, describe, test } from 'vitest';
import { eventually } from '../support/program.ts';
import { textOf } from '../support/teams-client.ts';
import type { TeamsFault } from '../support/teams-connector.ts';
import type { TeamsConversation, TeamsMessage, TeamsState } from '../support/teams-places.ts';
import { type Followed, startTeamsProgram, type TeamsProgram } from '../support/teams-program.ts';

let teams: TeamsProgram;
beforeAll(async () => {
  teams = await startTeamsProgram();
  // who owns what follows has a chat with the bot, as people do who have used it
  const { ann } = teams.connector.people;
  await teams.client.message({ who: ann, at: teams.connector.personal(ann), text: 'help' });
});
afterAll(() => teams.close());

const words = (messages: readonly TeamsMessage[]): string => messages.map(textOf).join('\n');
const own = (): TeamsConversation => teams.connector.personal(teams.connector.people.ann);

/** Submits the job of a new subscription, whose news meet the fault; answers once they are told. */
async function toldDespite(name: string, faults: readonly TeamsFault[]): Promise<Followed & { readonly told: readonly TeamsMessage[] }> {
  const followed = await teams.followed(name);
  for (const fault of faults) teams.connector.fail('post', fault, `${followed.channel.id};messageid=`);
  teams.simulator.submit(followed.job);
  const told = () => teams.below(followed.channel, followed.card).filter((message) => textOf(message).includes('ubmitted for review'));
  await eventually(async () => told().length > 0);
  return { ...followed, told: told() };
}

/** Requests that made something below a card. */
const posts = ({ channel, card }: Followed): number =>
  teams.connector.requests.filter(({ method, path }) => method === 'POST' && decodeURIComponent(path).includes(`${channel.id};messageid=${card.id}`)).length;

describe.concurrent('a message that Teams does not take at once', () => {
  test('429 with Retry-After: it is told later, once', async ({ expect }) => {
    const followed = await toldDespite('narrator-429', [{ kind: 'throttled', retryAfter: '2' }]);
    expect([followed.told.length, posts(followed)]).toEqual([1, 2]);
    expect(await teams.counted('deliveries_total', { kind: 'post', outcome: 'later', reason: 'throttled' })).toBeGreaterThan(0);
  });

  test('412, which may be tried again: it is told later, once', async ({ expect }) => {
    const followed = await toldDespite('narrator-412', [{ kind: 'refused', status: 412, code: 'PreconditionFailed' }]);
    expect([followed.told.length, posts(followed)]).toEqual([1, 2]);
  });

  test('502 after it was taken: it may stand there twice, and that is counted', async ({ expect }) => {
    const before = await teams.counted('deliveries_resent_total', { platform: 'teams', lookup: 'false' });
    const followed = await toldDespite('narrator-502', [{ kind: 'status', status: 502, applied: true }]);
    await eventually(async () => posts(followed) === 2);
    await eventually(async () => (await teams.counted('deliveries_resent_total', { platform: 'teams', lookup: 'false' })) > before);
    expect(words(teams.below(followed.channel, followed.card)).split('ubmitted for review').length - 1).toBeGreaterThanOrEqual(2);
    expect(await teams.counted('deliveries_total', { kind: 'post', outcome: 'unknown', reason: 'server-error' })).toBeGreaterThan(0);
  });

  test('500 before it was taken, and a connection that is cut: nothing is lost', async ({ expect }) => {
    const [status, cut] = await Promise.all([
      toldDespite('narrator-500', [{ kind: 'status', status: 500, applied: false }]),
      toldDespite('narrator-cut', [{ kind: 'reset', applied: false }]),
    ]);
    expect([status.told.length, cut.told.length]).toEqual([1, 1]);
  });

  test('413: the same is told in plain words', async ({ expect }) => {
    const followed = await toldDespite('narrator-413', [{ kind: 'refused', status: 413, code: 'MessageSizeTooBig' }]);
    expect([followed.told.length, posts(followed)]).toEqual([1, 2]);
    const sent = teams.connector.requests
      .filter(({ path }) => decodeURIComponent(path).includes(`${followed.channel.id};messageid=`))
      .map(({ body }) => body.length);
    expect(sent[1]).toBeLessThan(sent[0] ?? 0);
  });
});

// alone: a withdrawn token refuses whatever any other test sends at that moment, which is then sent again
test('a token that was withdrawn is fetched anew, and nothing is told twice', async ({ expect }) => {
  const followed = await teams.followed('narrator-token');
  const logins = teams.identity.logins.length;
  teams.identity.withdraw();
  teams.simulator.submit(followed.job);
  await teams.said(followed.channel, 'ubmitted for review');
  expect(teams.below(followed.channel, followed.card)).toHaveLength(1);
  expect(teams.identity.logins.length).toBeGreaterThan(logins);
});

describe.concurrent('what is no longer there', () => {
  test('a card that a person deleted comes back as a new one, which is kept up to date from then on', async ({ expect }) => {
    const { channel, job, card } = await teams.followed('narrator-deleted');
    teams.connector.deleteByHand(card.id);
    teams.simulator.submit(job);
    const anew = await eventually(async () => teams.cards(channel)[0]);
    expect(anew.id).not.toBe(card.id);
    teams.simulator.rejectByPerson(job, 'Again, please');
    await eventually(async () => teams.cards(channel).some((message) => message.id === anew.id && /rejected/i.test(textOf(message))));
    expect(teams.cards(channel)).toHaveLength(1);
  });

  const kinds: readonly (readonly [TeamsState, RegExp])[] = [
    ['bot-removed', /removed from there/],
    ['disabled', /disabled/],
    ['not-personal', /not allowed to post/],
    ['archived', /archived/],
    ['gone', /no longer there/],
  ];
  for (const [state, why] of kinds) {
    test(`a channel that is ${state}: the place is paused, and its owner hears why`, async ({ expect }) => {
      const followed = await teams.followed(`narrator-${state}`);
      followed.channel.state = state;
      teams.simulator.submit(followed.job);
      const notice = await teams.said(own(), new RegExp(`narrator-${state} is paused`));
      expect(textOf(notice)).toMatch(why);
      teams.simulator.passMachine(followed.job);
      const other = await teams.followed(`narrator-beside-${state}`);
      teams.simulator.submit(other.job);
      await teams.said(other.channel, 'ubmitted for review');
      // tried once, and not again for every entry
      const tries = teams.connector.requests.filter(
        ({ method, path, body }) => method !== 'GET' && decodeURIComponent(path).includes(followed.channel.id) && body.includes('ubmitted for review'),
      );
      expect(tries.length).toBeLessThanOrEqual(2);
      expect(words(teams.below(followed.channel, followed.card))).not.toContain('ubmitted for review');
    });
  }
});

describe.concurrent('what Teams tells of places', () => {
  test('a person who blocked the bot is not written to, and hears what was missed once they speak to it again', async ({ expect }) => {
    const { connector, client, simulator } = teams;
    const { bob } = connector.people;
    const chat = connector.personal(bob);
    const job = simulator.createJob({ voiceName: 'narrator-blocked' });
    await client.message({ who: bob, at: chat, text: `subscribe ${job} everything` });
    await eventually(async () => teams.cards(chat).length === 1);
    chat.state = 'blocked';
    simulator.submit(job);
    await eventually(async () => (await teams.counted('deliveries_total', { outcome: 'dead', reason: 'blocked' })) > 0);
    chat.state = 'open';
    await client.message({ who: bob, at: chat, text: 'list' });
    await teams.said(chat, 'ubmitted for review');
    expect(teams.cards(chat)).toHaveLength(1);
  });

  test('a channel is called by its new name', async ({ expect }) => {
    const { connector, client } = teams;
    const { ann } = connector.people;
    const { channel } = await teams.followed('narrator-renamed');
    channel.name = 'narrator-new-name';
    await client.conversationUpdate({ who: ann, at: channel, eventType: 'channelRenamed' });
    channel.state = 'disabled';
    await client.slash({ who: ann, at: channel, text: 'test' });
    expect(textOf(await teams.said(own(), 'narrator-new-name is paused'))).toMatch(/disabled/);
  });

  test('an unknown event is taken in and changes nothing', async ({ expect }) => {
    const { connector, client } = teams;
    const { channel } = await teams.followed('narrator-unknown');
    for (const eventType of ['teamMemberAdded', 'channelMemberRemoved', 'somethingNew']) {
      expect((await client.conversationUpdate({ who: connector.people.ann, at: channel, eventType })).status).toBe(200);
    }
    expect((await client.send(client.activity({ who: connector.people.ann, at: channel }, { type: 'messageReaction' }))).status).toBe(200);
    expect(teams.program.output()).not.toMatch(/"level":"error"[^\n]*could not be handled/);
  });
});

// last, because they concern every channel of the team
test('an app that is removed from a team pauses its channels, and they go on where they stopped once it is added again', async ({ expect }) => {
  const { connector, client, simulator } = teams;
  const { ann } = connector.people;
  const { channel, job, card } = await teams.followed('narrator-away');
  expect((await client.installation({ who: ann, at: channel, action: 'remove' })).status).toBe(200);
  channel.state = 'bot-removed';
  simulator.submit(job);
  await client.message({ who: ann, at: own(), text: 'help' });
  expect(teams.below(channel, card)).toEqual([]);
  channel.state = 'open';
  expect((await client.installation({ who: ann, at: channel, action: 'add' })).status).toBe(200);
  await eventually(async () => words(teams.below(channel, card)).includes('ubmitted for review'));
  expect(teams.below(channel, card)).toHaveLength(1);
});

test('an archived team pauses its channels, and they go on where they stopped once it is back', async ({ expect }) => {
  const { connector, client, simulator } = teams;
  const { ann } = connector.people;
  const { channel, job, card } = await teams.followed('narrator-team');
  expect((await client.conversationUpdate({ who: ann, at: channel, eventType: 'teamArchived' })).status).toBe(200);
  channel.state = 'archived';
  simulator.submit(job);
  simulator.passMachine(job);
  const tries = () =>
    connector.requests.filter(({ method, path }) => method === 'POST' && decodeURIComponent(path).includes(`${channel.id};messageid=`)).length;
  const before = tries();
  await client.message({ who: ann, at: own(), text: 'list' });
  channel.state = 'open';
  expect((await client.conversationUpdate({ who: ann, at: channel, eventType: 'teamUnarchived' })).status).toBe(200);
  await eventually(async () => words(teams.below(channel, card)).includes('achine review passed'));
  expect(words(teams.below(channel, card))).toContain('ubmitted for review');
  expect(tries() - before).toBeLessThanOrEqual(2);
});
