import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ANN, BY_ANN, clickIn, HOME_TEAM, type Receiving, startReceiving } from '../../support/slack-receiving.ts';
import { sendCommand, sendPayload } from '../../support/slack-signed.ts';

let there: Receiving;
beforeEach(async () => {
  there = await startReceiving();
});
afterEach(() => there.close());

let triggers = 0;
const command = async (more: Readonly<Record<string, string>> = {}) => {
  triggers += 1;
  const said = { text: 'list', user_id: ANN.id, user_name: 'ann', team_id: HOME_TEAM, channel_id: 'C1', channel_name: 'voice-lab' };
  const before = there.events.length;
  expect((await sendCommand(there.url, { ...said, trigger_id: `t${triggers}`, ...more })).status).toBe(200);
  const event = await there.told(before + 1);
  if (event.kind !== 'command') throw new Error(event.kind);
  return event;
};

describe('who acts', () => {
  test('is told with the name, language, zone and own conversation that Slack knows', async () => {
    expect((await command()).actor).toEqual({
      platform: 'slack',
      id: ANN.id,
      name: 'Ann',
      language: 'en',
      zone: 'Europe/Berlin',
      dm: { platform: 'slack', id: `${HOME_TEAM}:DUANN`, route: 'DUANN' },
      member: true,
      guest: false,
    });
  });

  test('speaks Chinese with a Chinese client, and no known language or zone with an unknown one', async () => {
    there.say('users.info', { ok: true, user: { ...ANN, locale: 'zh-CN', tz: 'Asia/Shanghai' } });
    expect((await command()).actor).toMatchObject({ language: 'zh-CN', zone: 'Asia/Shanghai' });
    there.say('users.info', { ok: true, user: { ...ANN, id: 'UBOB', locale: 'fr-FR', tz: 'Mars/North' } });
    expect((await command({ user_id: 'UBOB' })).actor).toMatchObject({ language: null, zone: null });
  });

  test.each([
    ['somebody of another workspace', { team_id: 'T0OTHER' }, { member: false }],
    ['a stranger in a shared channel', { is_stranger: true }, { member: false }],
    ['somebody deactivated', { deleted: true }, { member: false }],
    ['another bot', { is_bot: true }, { member: false }],
    ['a guest of several channels', { is_restricted: true }, { guest: true }],
    ['a guest of one channel', { is_ultra_restricted: true }, { guest: true }],
  ])('%s is no member, or a guest, and belongs nowhere', async (_, kind, expected) => {
    there.say('users.info', { ok: true, user: { ...ANN, ...kind } });
    const { actor, place } = await command();
    expect(actor).toMatchObject({ ...expected, dm: null });
    expect(place.actorIsMember).toBe(false);
    expect(there.asked('conversations.open')).toEqual([]);
  });

  test('in an organisation, somebody of another workspace who belongs to this one too is a member', async () => {
    there.say('users.info', { ok: true, user: { ...ANN, team_id: 'T0OTHER', enterprise_user: { teams: ['T0OTHER', HOME_TEAM] } } });
    expect((await command()).actor).toMatchObject({ member: true });
  });

  test('somebody who acts in another workspace is no member, and is not looked up', async () => {
    expect((await command({ team_id: 'T0OTHER' })).actor).toMatchObject({ member: false, name: 'ann' });
    expect(there.asked('users.info')).toEqual([]);
  });

  test('somebody whom Slack does not know is no member', async () => {
    there.say('users.info', { ok: false, error: 'user_not_found' });
    expect((await command()).actor).toMatchObject({ member: false });
  });

  test('when Slack can’t say who somebody is, they are told of a fault and the core is asked nothing', async () => {
    there.say('users.info', { ok: false, error: 'missing_scope' });
    const said = { text: 'list', user_id: ANN.id, team_id: HOME_TEAM, channel_id: 'C1', trigger_id: 't-fault', response_url: there.answers.url('r') };
    expect((await sendCommand(there.url, said)).status).toBe(200);
    await there.answers.received(1);
    expect(there.answers.all[0]?.text).toMatch(/id0000/);
    expect(there.events).toEqual([]);
  });

  test('is looked up once for several clicks', async () => {
    await command();
    await command();
    expect(there.asked('users.info')).toHaveLength(1);
    expect(there.asked('conversations.open')).toHaveLength(1);
  });
});

describe('where', () => {
  test('a public channel has members, who are read at every event, page after page', async () => {
    there.say('conversations.members', ({ cursor }) =>
      cursor === 'next'
        ? { ok: true, members: [ANN.id], response_metadata: { next_cursor: '' } }
        : { ok: true, members: ['UBOB'], response_metadata: { next_cursor: 'next' } },
    );
    expect((await command()).place).toEqual({
      address: { platform: 'slack', id: `${HOME_TEAM}:C1`, route: 'C1' },
      name: '#voice-lab',
      dm: false,
      actorIsMember: true,
    });
    there.say('conversations.members', { ok: true, members: ['UBOB'] });
    expect((await command()).place.actorIsMember).toBe(false);
  });

  test('in a private channel, whoever can act is a member, and nobody needs to be asked', async () => {
    there.say('conversations.info', { ok: true, channel: { id: 'C1', name: 'secret-lab', is_private: true } });
    expect((await command({ channel_name: 'privategroup' })).place).toMatchObject({ name: '#secret-lab', actorIsMember: true });
    there.say('conversations.info', { ok: false, error: 'channel_not_found' });
    expect((await command({ channel_id: 'C2', channel_name: 'privategroup' })).place).toMatchObject({ name: '#privategroup', actorIsMember: true });
    expect(there.asked('conversations.members')).toEqual([]);
  });

  test('a conversation of two is one’s own with the bot, even when it is with somebody else', async () => {
    for (const channel of ['DUANN', 'D0OTHERS']) {
      const { place } = await command({ channel_id: channel, channel_name: 'directmessage' });
      expect(place).toEqual({ address: { platform: 'slack', id: `${HOME_TEAM}:DUANN`, route: 'DUANN' }, name: 'Ann', dm: true, actorIsMember: true });
    }
  });
});

describe('the words of a command', () => {
  test('people in it are known and numbered, names of channels and addresses are text', async () => {
    const text = 'subscribe abc --notify <@UBOB|bob> <@UANN> <@UBOB> <#C9|lab> <https://x.test/a?b&amp;c|x.test> <!here>';
    const event = await command({ text });
    expect(event.text).toBe('subscribe abc --notify <@0> <@1> <@0> #lab x.test @here');
    expect(event.mentions.map(({ id }) => id)).toEqual(['UBOB', 'UANN']);
    expect(event.mentions[0]).toMatchObject({ dm: { route: 'DUBOB' }, member: true });
  });

  test('escapes are undone once, and what was typed never becomes a mention', async () => {
    const event = await command({ text: 'status Tom &amp;amp; Ann &lt;@0&gt; &lt;3' });
    expect(event.text).toBe('status Tom &amp; Ann <\u2060@0> <3');
    expect(event.mentions).toEqual([]);
  });

  test('somebody whom Slack does not know stays a name', async () => {
    there.say('users.info', ({ user }) => (user === ANN.id ? { ok: true, user: ANN } : { ok: false, error: 'user_not_found' }));
    const event = await command({ text: 'subscribe abc --notify <@UGONE|gone> <@UANN|ann>' });
    expect(event.text).toBe('subscribe abc --notify @gone <@0>');
  });
});

describe('a click', () => {
  test('has its button’s name and value, and one on a link is only taken', async () => {
    const click = clickIn('C1');
    expect((await sendPayload(there.url, { ...click, actions: [{ type: 'button', action_id: 'link:2', action_ts: '1' }] })).status).toBe(200);
    await sendPayload(there.url, click);
    expect(await there.told(1)).toMatchObject({ kind: 'action', id: 'trigger-1', name: 'status', value: 'p/j', message: '1700000000.000009' });
  });

  test('by somebody of another workspace comes as no member’s', async () => {
    await sendPayload(there.url, { ...clickIn('C1'), team: { id: 'T0OTHER' }, user: { ...BY_ANN.user, team_id: 'T0OTHER' } });
    expect(await there.told(1)).toMatchObject({ actor: { member: false } });
  });
});
