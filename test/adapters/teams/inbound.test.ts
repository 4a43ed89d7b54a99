import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { routeOf } from '../../../adapters/teams/places.ts';
import type { InboundEvent } from '../../../src/ports/inbound.ts';
import { eventually } from '../../support/program.ts';
import { startTeamsBench, type TeamsBench } from '../../support/teams-bench.ts';
import type { TeamsPerson } from '../../support/teams-places.ts';

let bench: TeamsBench;
let ann: TeamsPerson;
beforeEach(async () => {
  bench = await startTeamsBench();
  ({ ann } = bench.connector.people);
});
afterEach(() => bench.close());

type Kind = InboundEvent['kind'];
/** The first event of a kind, once it is there. */
async function heard<K extends Kind>(kind: K): Promise<Extract<InboundEvent, { kind: K }>> {
  const found = await eventually(async () => bench.events.find((event) => event.kind === kind));
  return found as Extract<InboundEvent, { kind: K }>;
}

describe('words', () => {
  test('with a mention in a channel are a command, from somebody known, in a place with a name', async () => {
    const { message } = await bench.client.message({ who: ann, at: bench.channel, text: 'status 26f06524' });
    expect(await heard('command')).toEqual({
      kind: 'command',
      id: `message ${message.id} ${bench.channel.id}`,
      text: 'status 26f06524',
      mentions: [],
      actor: {
        platform: 'teams',
        id: ann.aadObjectId,
        name: 'Ann',
        language: 'en',
        zone: 'Europe/Berlin',
        dm: expect.objectContaining({ platform: 'teams', id: `dm:${ann.aadObjectId}` }),
        member: true,
        guest: false,
      },
      place: { address: bench.addressOf(bench.channel), name: 'Voice Lab > training', dm: false, actorIsMember: true },
    });
  });

  test('in a personal chat need no mention, and the place is the person’s own', async () => {
    await bench.client.message({ who: ann, at: bench.personal, text: 'list', locale: 'zh-CN' });
    const command = await heard('command');
    expect(command).toMatchObject({ text: 'list', actor: { language: 'zh-CN' }, place: { name: 'Ann', dm: true, address: { id: `dm:${ann.aadObjectId}` } } });
    expect(command.actor.dm).toEqual(command.place.address);
  });

  test('of others in a channel are none of ours', async () => {
    const { status } = await bench.client.send(bench.client.activity({ who: ann, at: bench.channel }, { text: 'hello all' }));
    expect(status).toBe(200);
    await eventually(async () => bench.seen.length > 0);
    expect(bench.events).toEqual([]);
  });

  test('of a bot are not answered', async () => {
    await bench.client.send(bench.client.activity({ who: ann, at: bench.personal }, { text: 'list', from: { id: '28:other', name: 'Bot', role: 'bot' } }));
    expect(bench.events).toEqual([]);
  });

  test('name people, who are looked up', async () => {
    const { bob, guest } = bench.connector.people;
    await bench.client.message({ who: ann, at: bench.channel, text: 'subscribe 26f06524 --notify <at>Bob</at> <at>Gus</at> <@0>', mentions: [bob, guest] });
    const { text, mentions } = await heard('command');
    expect(text).toBe('subscribe 26f06524 --notify <@0> <@1> <\u2060@0>');
    expect(mentions).toEqual([
      expect.objectContaining({ id: bob.aadObjectId, name: 'Bob', member: true, guest: false, dm: expect.objectContaining({ id: `dm:${bob.aadObjectId}` }) }),
      expect.objectContaining({ id: guest.aadObjectId, guest: true }),
    ]);
  });

  test('in a group chat without a topic are in a place named by its people', async () => {
    await bench.client.message({ who: ann, at: { ...bench.group, name: '' }, text: 'list' });
    expect((await heard('command')).place).toMatchObject({ dm: false, name: 'Ann, Bob, Gus', address: { id: bench.group.id } });
  });
});

describe('who somebody is', () => {
  test('a guest is told from a member', async () => {
    await bench.client.message({ who: bench.connector.people.guest, at: bench.channel, text: 'list' });
    expect((await heard('command')).actor).toMatchObject({ guest: true });
  });

  test('is asked of Teams at every event', async () => {
    await bench.client.message({ who: ann, at: bench.channel, text: 'list' });
    await heard('command');
    await bench.client.message({ who: ann, at: bench.channel, text: 'help' });
    await eventually(async () => bench.events.length === 2);
    expect(bench.connector.requests.filter(({ path }) => path.includes('/members/'))).toHaveLength(2);
  });

  test('somebody of another tenant is no member', async () => {
    const stranger = { ...ann, id: '29:stranger', aadObjectId: 'aad-stranger', tenantId: 'ffffffff-0000-4000-8000-000000000000' };
    const other = await startTeamsBench({ allowedTenants: ['7E4A0000-0000-4000-8000-0000000000AA'] });
    try {
      const shared = other.connector.conversation('channel', 'shared', [ann, stranger]);
      await other.client.message({ who: stranger, at: shared, text: 'list' });
      await eventually(async () => other.events.length > 0);
      expect(other.events[0]).toMatchObject({ actor: { member: false } });
      await other.client.message({ who: ann, at: shared, text: 'list' });
      await eventually(async () => other.events.length > 1);
      expect(other.events[1]).toMatchObject({ actor: { member: true, guest: false } });
    } finally {
      await other.close();
    }
  });
});

describe('a place', () => {
  test('is seen with every activity, whatever it is about', async () => {
    await bench.client.send(bench.client.activity({ who: ann, at: bench.channel, root: '17' }, { type: 'messageReaction' }));
    await eventually(async () => bench.seen.length > 0);
    expect(bench.seen).toEqual([bench.addressOf(bench.channel)]);
    const [address] = bench.seen;
    expect(address && routeOf(address)).toEqual({
      kind: 'channel',
      serviceUrl: bench.connector.serviceUrl,
      tenant: expect.any(String),
      bot: expect.stringMatching(/^28:/),
      conversation: bench.channel.id,
      user: '',
    });
  });

  const changes = [
    ['channelRenamed', { kind: 'renamed', name: 'Voice Lab > training' }],
    ['channelDeleted', { kind: 'archived' }],
    ['channelRestored', { kind: 'restored' }],
  ] as const;
  test.each(changes)('%s changes that channel alone', async (eventType, change) => {
    expect(await bench.client.conversationUpdate({ who: ann, at: bench.channel, eventType })).toMatchObject({ status: 200 });
    expect(bench.events).toEqual([expect.objectContaining({ kind: 'destination', address: bench.addressOf(bench.channel), change })]);
  });

  const teamChanges = [
    ['teamArchived', 'archived'],
    ['teamUnarchived', 'restored'],
    ['teamDeleted', 'archived'],
    ['teamRestored', 'restored'],
    ['teamHardDeleted', 'removed'],
  ] as const;
  test.each(teamChanges)('%s changes every channel of the team', async (eventType, kind) => {
    const second = bench.connector.conversation('channel', 'second');
    await bench.client.conversationUpdate({ who: ann, at: bench.channel, eventType });
    const places = [bench.channel, second].map(bench.addressOf);
    expect(bench.events).toEqual(places.map((address) => expect.objectContaining({ kind: 'destination', address, change: { kind } })));
    expect(new Set(bench.events.map(({ id }) => id)).size).toBe(2);
  });

  test('what could not be stored is answered 503, when any of a team’s channels is concerned', async () => {
    const second = bench.connector.conversation('channel', 'second');
    bench.answer((event) => ({ kind: event.kind === 'destination' && event.address.id === bench.addressOf(second).id ? 'again' : 'none' }));
    expect((await bench.client.conversationUpdate({ who: ann, at: bench.channel, eventType: 'teamUnarchived' })).status).toBe(503);
    bench.answer(() => ({ kind: 'none' }));
    expect((await bench.client.conversationUpdate({ who: ann, at: bench.channel, eventType: 'teamUnarchived' })).status).toBe(200);
  });

  test('a team that is renamed renames its channels', async () => {
    await bench.client.conversationUpdate({ who: ann, at: bench.channel, eventType: 'teamRenamed' });
    expect(bench.events).toEqual([expect.objectContaining({ change: { kind: 'renamed', name: 'Voice Lab > training' } })]);
  });

  test('installed and removed are told before Teams hears that it arrived; an upgrade is nothing', async () => {
    for (const action of ['add', 'remove', 'add-upgrade', 'remove-upgrade'] as const) await bench.client.installation({ who: ann, at: bench.personal, action });
    expect(bench.events.map((event) => event.kind === 'destination' && event.change.kind)).toEqual(['joined', 'uninstalled']);
    expect(bench.events[0]).toMatchObject({ address: { id: `dm:${ann.aadObjectId}` } });
  });

  test('installed in a team, the bot is in all its channels', async () => {
    const second = bench.connector.conversation('channel', 'second');
    await bench.client.installation({ who: ann, at: bench.channel, action: 'add' });
    const places = [bench.channel, second].map(bench.addressOf);
    expect(bench.events).toEqual(places.map((address) => expect.objectContaining({ kind: 'destination', address, change: { kind: 'joined' } })));
  });

  test('the bot that is thrown out is removed; somebody else who leaves is nobody’s concern', async () => {
    const bot = { id: '28:00000000-0000-0000-0000-000000000000' };
    await bench.client.conversationUpdate({ who: ann, at: bench.group, eventType: '', membersRemoved: [{ id: '29:somebody' }] });
    expect(bench.events).toEqual([]);
    await bench.client.conversationUpdate({ who: ann, at: bench.group, eventType: '', membersRemoved: [bot] });
    expect(bench.events).toEqual([expect.objectContaining({ change: { kind: 'removed' } })]);
  });
});
