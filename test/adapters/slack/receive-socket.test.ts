import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { card } from '../../contract/adapter-harness.ts';
import { silentLog } from '../../support/builders.ts';
import { eventually } from '../../support/program.ts';
import { ANN, BY_ANN, HOME_TEAM, type Receiving, startReceiving } from '../../support/slack-receiving.ts';
import { sendCommand } from '../../support/slack-signed.ts';

const TICKET = 'ticket-of-the-socket';
const TOKEN = 'xapp-test-secret';

let there: Receiving;
let server: WebSocketServer;
let acks: { readonly envelope_id: string; readonly payload?: object }[];
const lines: string[] = [];
const log = { ...silentLog, warn: (message: string, fields: object = {}) => void lines.push(`${message} ${JSON.stringify(fields)}`), with: () => log };

beforeEach(async () => {
  acks = [];
  lines.length = 0;
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => void acks.push(JSON.parse(data.toString())));
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
  });
  there = await startReceiving({ appToken: TOKEN, log });
  const { port } = server.address() as AddressInfo;
  there.say('apps.connections.open', { ok: true, url: `ws://127.0.0.1:${port}/?ticket=${TICKET}` });
});

afterEach(async () => {
  await there.close();
  for (const socket of server.clients) socket.terminate();
  await new Promise((done) => server.close(done));
});

const socket = (): Promise<WebSocket> => eventually(async () => [...server.clients].find(({ readyState }) => readyState === 1));
let envelopes = 0;
const send = async (type: string, payload: unknown): Promise<string> => {
  envelopes += 1;
  (await socket()).send(JSON.stringify({ envelope_id: `e${envelopes}`, type, payload, accepts_response_payload: true }));
  return `e${envelopes}`;
};
const acked = (id: string) => eventually(async () => acks.find(({ envelope_id }) => envelope_id === id));
const command = (id: string) => ({
  command: '/voicejob',
  text: 'list',
  user_id: ANN.id,
  team_id: HOME_TEAM,
  channel_id: 'C1',
  channel_name: 'voice-lab',
  trigger_id: id,
});

test('a command is acknowledged, told to the core and answered, as over HTTP, which then is not served', async () => {
  there.answerWith({ kind: 'reply', card: card('the list'), replaces: false });
  const id = await send('slash_commands', { ...command('t1'), response_url: there.answers.url('r') });
  expect(await acked(id)).toEqual({ envelope_id: id, payload: {} });
  await there.answers.received(1);
  expect(there.events).toEqual([expect.objectContaining({ kind: 'command', id: 't1', text: 'list' })]);
  expect((await sendCommand(there.url, command('t2'))).status).toBe(404);
});

test('events and searches come through the same listeners', async () => {
  await send('events_api', { team_id: HOME_TEAM, event_id: 'Ev1', event: { type: 'channel_archive', channel: 'C1' } });
  expect(await there.told(1)).toMatchObject({ kind: 'destination', change: { kind: 'archived' } });
  there.answerWith({ kind: 'options', options: [{ value: 'j-1', label: 'Ada' }] });
  const view = { id: 'V1', callback_id: 'subscribe', private_metadata: '{"channel":"C1","name":"lab"}' };
  const id = await send('interactive', { type: 'block_suggestion', ...BY_ANN, action_id: 'job', value: 'ad', view });
  expect(await acked(id)).toMatchObject({ payload: { options: [{ value: 'j-1' }] } });
});

test('a change of a place is acknowledged once it is stored, and not when it could not be, so that Slack sends it again', async () => {
  const archived = { team_id: HOME_TEAM, event_id: 'Ev1', event: { type: 'channel_archive', channel: 'C1' } };
  there.answerWith({ kind: 'again' });
  const lost = await send('events_api', archived);
  await there.told(1);
  there.answerWith({ kind: 'none' });
  const stored = await send('events_api', archived);
  expect(await acked(stored)).toMatchObject({ envelope_id: stored });
  expect(acks.filter(({ envelope_id }) => envelope_id === lost)).toEqual([]);
});

test('when Slack asks to connect anew, it is done, and nothing is lost to the next command', async () => {
  const before = await socket();
  before.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
  await once(before, 'close');
  await send('slash_commands', command('t1'));
  expect(await there.told(1)).toMatchObject({ id: 't1' });
});

test('a connection that breaks is opened again, and what can’t be read ends nothing', async () => {
  const before = await socket();
  for (const message of ['null', '{', '5', '{"type":"events_api"}', '{"type":"events_api","payload":{"event":null}}']) before.send(message);
  for (const payload of [null, {}, { event: 5 }, { type: 'block_actions', actions: [] }]) await send('interactive', payload);
  await send('slash_commands', command('t1'));
  await there.told(1);
  before.terminate();
  await send('slash_commands', command('t2'));
  expect(await there.told(2)).toMatchObject({ id: 't2' });
});

test('a token that Slack refuses is told by the check, and no log line has it or the socket’s address', async () => {
  await socket();
  there.say('apps.connections.open', { ok: false, error: 'invalid_auth' });
  for (const client of server.clients) client.terminate();
  const problem = await eventually(async () => (await there.adapter.check()).problem);
  expect(problem).toMatch(/SLACK_APP_TOKEN \(invalid_auth\)/);
  expect((await there.adapter.check()).ok).toBe(true);
  expect(lines.join('\n')).not.toMatch(new RegExp(`${TICKET}|${TOKEN}`));
});

test('after a stop nothing connects any more, and the connection is ended', async () => {
  const open = await socket();
  await there.adapter.stop();
  await once(open, 'close');
  const opened = there.asked('apps.connections.open').length;
  expect(server.clients.size).toBe(0);
  expect(opened).toBe(1);
});
