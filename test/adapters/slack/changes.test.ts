import { afterEach, beforeEach, expect, test } from 'vitest';
import { BOT_EVENTS } from '../../../adapters/slack/surface.ts';
import { ANN, HOME_TEAM, type Receiving, SELF, startReceiving } from '../../support/slack-receiving.ts';
import { sendEvent } from '../../support/slack-signed.ts';

let there: Receiving;
beforeEach(async () => {
  there = await startReceiving();
});
afterEach(() => there.close());

const send = (event: object, team = HOME_TEAM, id = 'Ev1') => sendEvent(there.url, { team_id: team, event_id: id, event });
const address = (channel: string) => ({ platform: 'slack', id: `${HOME_TEAM}:${channel}`, route: channel });

test.each([
  [{ type: 'channel_archive', channel: 'C1', user: ANN.id }, { kind: 'archived' }],
  [{ type: 'group_archive', channel: 'C1' }, { kind: 'archived' }],
  [{ type: 'channel_unarchive', channel: 'C1', user: ANN.id }, { kind: 'restored' }],
  [{ type: 'group_unarchive', channel: 'C1' }, { kind: 'restored' }],
  [
    { type: 'channel_rename', channel: { id: 'C1', name: 'new-lab', created: 1 } },
    { kind: 'renamed', name: '#new-lab' },
  ],
  [
    { type: 'group_rename', channel: { id: 'C1', name: 'new-lab', created: 1 } },
    { kind: 'renamed', name: '#new-lab' },
  ],
  [{ type: 'channel_deleted', channel: 'C1' }, { kind: 'removed' }],
  [{ type: 'group_deleted', channel: 'C1' }, { kind: 'removed' }],
  [{ type: 'channel_left', channel: 'C1', actor_id: ANN.id }, { kind: 'removed' }],
  [{ type: 'group_left', channel: 'C1', actor_id: ANN.id }, { kind: 'removed' }],
  [{ type: 'member_left_channel', channel: 'C1', user: SELF }, { kind: 'removed' }],
  [{ type: 'member_joined_channel', channel: 'C1', user: SELF }, { kind: 'joined' }],
  [
    { type: 'channel_id_changed', old_channel_id: 'C1', new_channel_id: 'C2' },
    { kind: 'id-changed', to: address('C2') },
  ],
])('%o is told', async (event, change) => {
  expect((await send(event)).status).toBe(200);
  expect(await there.told(1)).toEqual({ kind: 'destination', id: 'Ev1', address: address('C1'), change });
});

test.each([{ type: 'app_uninstalled' }, { type: 'tokens_revoked', tokens: { bot: [SELF] } }])('%o is told of the whole workspace', async (event) => {
  await send(event);
  expect(await there.told(1)).toMatchObject({ kind: 'destination', address: address(''), change: { kind: 'signed-out' } });
});

test('that somebody else comes or goes, and what is of another workspace, is told to nobody', async () => {
  await send({ type: 'member_left_channel', channel: 'C1', user: ANN.id });
  await send({ type: 'member_joined_channel', channel: 'C1', user: ANN.id });
  await send({ type: 'channel_archive', channel: 'C1' }, 'T0OTHER');
  await send({ type: 'tokens_revoked', tokens: { oauth: [ANN.id] } });
  await send({ type: 'app_uninstalled' }, 'T0OTHER');
  await sendEvent(there.url, {
    team_id: 'T0OTHER',
    authorizations: [{ team_id: HOME_TEAM }],
    event_id: 'Ev2',
    event: { type: 'channel_archive', channel: 'C1' },
  });
  expect(await there.told(1)).toMatchObject({ id: 'Ev2' });
  expect(there.events).toHaveLength(1);
});

test('the tab with the messages keeps a person’s own conversation known', async () => {
  await send({ type: 'app_home_opened', tab: 'messages', user: ANN.id, channel: 'DUANN' });
  expect(await there.told(1)).toEqual({ kind: 'seen', id: 'Ev1', address: address('DUANN') });
});

test('every event that the app listens to is taken, with nothing in it', async () => {
  for (const type of BOT_EVENTS) expect((await send({ type })).status, type).toBe(200);
});
