import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createHttpReceiver } from '../../../adapters/slack/receive-http.ts';
import { distrust } from '../../../adapters/slack/signature.ts';
import type { InboundResult } from '../../../src/ports/inbound.ts';
import type { Log } from '../../../src/ports/log.ts';
import { systemClock } from '../../support/builders.ts';
import { eventually } from '../../support/program.ts';
import { BY_ANN, clickIn, HOME_TEAM, type Receiving, startReceiving } from '../../support/slack-receiving.ts';
import { FORM, sendCommand, sendEvent, sendPayload, sendSigned } from '../../support/slack-signed.ts';

describe('requests to /slack/events', () => {
  let there: Receiving;
  beforeEach(async () => {
    there = await startReceiving();
  });
  afterEach(() => there.close());

  const command = (id: string) =>
    new URLSearchParams({
      command: '/voicejob',
      text: 'list',
      user_id: 'UANN',
      team_id: 'T0HOME',
      channel_id: 'C1',
      channel_name: 'voice-lab',
      trigger_id: id,
    });
  const statusOf = async (answer: Promise<Response>): Promise<number> => (await answer).status;

  test('a signed command is taken with an empty answer, and the core is told', async () => {
    const answer = await sendSigned(there.url, command('t1').toString());
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(await there.told(1)).toMatchObject({ kind: 'command', id: 't1', text: 'list' });
  });

  test('one that Slack did not sign, or not now, is answered 401, and the core is told nothing', async () => {
    const body = command('t1').toString();
    expect(await statusOf(sendSigned(there.url, body, { secret: 'another' }))).toBe(401);
    expect(await statusOf(sendSigned(there.url, body, { aheadS: -301 }))).toBe(401);
    expect(await statusOf(sendSigned(there.url, body, { aheadS: 303 }))).toBe(401);
    expect(await statusOf(sendSigned(there.url, body, { headers: { 'x-slack-signature': 'v0=00' } }))).toBe(401);
    expect(await statusOf(sendSigned(there.url, body, { headers: { 'x-slack-request-timestamp': 'now' } }))).toBe(401);
    expect(await statusOf(fetch(`${there.url}/slack/events`, { method: 'POST', headers: { 'content-type': FORM }, body }))).toBe(401);
    expect(await statusOf(sendSigned(there.url, body, { aheadS: -290 }))).toBe(200);
    await there.told(1);
    expect(there.events).toHaveLength(1);
  });

  test('the signature is over the bytes as they came', async () => {
    const bytes = Uint8Array.from([...Buffer.from(`${command('t1')}&note=`), 0xff, 0xfe]);
    expect(await statusOf(sendSigned(there.url, bytes))).toBe(200);
    const headers = { 'x-slack-request-timestamp': '1700000000', 'x-slack-signature': 'v0=0' };
    expect(distrust(Buffer.from('body'), headers, { secret: 's', now: 1_700_000_000_000 })).toBe('forged');
  });

  test('an address is verified by its challenge, and looked for without a signature', async () => {
    const answer = await sendSigned(there.url, JSON.stringify({ type: 'url_verification', challenge: 'c4' }), { type: 'application/json' });
    expect(await answer.json()).toEqual({ challenge: 'c4' });
    expect(await statusOf(fetch(`${there.url}/slack/events?ssl_check=1`))).toBe(200);
    expect(
      await statusOf(fetch(`${there.url}/slack/events`, { method: 'POST', headers: { 'content-type': FORM }, body: `ssl_check=1&${command('t1')}` })),
    ).toBe(200);
    expect(await statusOf(fetch(`${there.url}/slack/events`))).toBe(405);
    expect(there.events).toEqual([]);
  });

  test('JSON that is no object is answered 400', async () => {
    for (const body of ['null', '1', '"text"', '[]', '{', '']) {
      expect(await statusOf(sendSigned(there.url, body, { type: 'application/json' })), body).toBe(400);
    }
    expect(await statusOf(sendSigned(there.url, 'payload=null'))).toBe(400);
  });

  test('a body that breaks off on the way is no failure, and no line in the log', async () => {
    const logged: unknown[] = [];
    const note = (...words: readonly unknown[]) => void logged.push(words);
    const log: Log = { debug: note, info: note, warn: note, error: note, with: () => log };
    const { handler } = createHttpReceiver({ secret: 's', clock: systemClock, log });
    const reading = Promise.withResolvers<void>();
    const handled = Promise.withResolvers<unknown>();
    const server = createServer((request, response) => {
      request.once('data', () => reading.resolve());
      Promise.resolve(handler(request, response)).then(() => handled.resolve('handled'), handled.resolve);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const bound = server.address();
    const socket = connect(typeof bound === 'object' && bound ? bound.port : 0, '127.0.0.1');
    socket.write('POST /slack/events HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\nhalf');
    await reading.promise;
    socket.destroy();
    expect(await handled.promise).toBe('handled');
    expect(logged).toEqual([]);
    server.close();
    await once(server, 'close');
  });

  test('a change of a place is answered once it is stored, and 503 when it could not be, so that Slack sends it again', async () => {
    const archived = { team_id: HOME_TEAM, event_id: 'Ev1', event: { type: 'channel_archive', channel: 'C1' } };
    there.answerWith({ kind: 'again' });
    expect(await statusOf(sendEvent(there.url, archived))).toBe(503);
    const stored = Promise.withResolvers<InboundResult>();
    there.answerWith(() => stored.promise);
    const answered = statusOf(sendEvent(there.url, archived));
    await there.told(2);
    stored.resolve({ kind: 'none' });
    expect(await answered).toBe(200);
  });

  test('a change that comes while nobody can say whose it is, is answered 503', async () => {
    await there.close();
    there = await startReceiving({}, [['auth.test', { ok: false, error: 'internal_error' }]]);
    expect(await statusOf(sendEvent(there.url, { team_id: HOME_TEAM, event_id: 'Ev1', event: { type: 'channel_archive', channel: 'C1' } }))).toBe(503);
  });

  test('more than a mebibyte is not read', async () => {
    expect(await statusOf(sendSigned(there.url, `text=${'x'.repeat(1024 * 1024)}`))).toBe(413);
  });

  test('while it is stopped nothing is taken, and after a start it is again', async () => {
    await there.adapter.stop();
    expect(await statusOf(sendSigned(there.url, command('t1').toString()))).toBe(503);
  });

  test('a command of any name is answered, and what nobody listens to is taken', async () => {
    expect(await statusOf(sendCommand(there.url, { ...Object.fromEntries(command('t1')), command: '/other' }))).toBe(200);
    await there.told(1);
    expect(await statusOf(sendSigned(there.url, JSON.stringify({ type: 'event_callback', event: { type: 'star_added' } }), { type: 'application/json' }))).toBe(
      200,
    );
    expect(await statusOf(sendPayload(there.url, { type: 'something_new' }))).toBe(200);
  });

  test('whatever a body holds, it is taken or refused, and no answer tells how the program is made', async () => {
    const shapes = fc.constantFrom('block_actions', 'view_submission', 'block_suggestion', 'shortcut', 'message_action', 'event_callback', 'url_verification');
    const names = fc.constantFrom(
      'event',
      'user',
      'team',
      'view',
      'actions',
      'channel',
      'container',
      'state',
      'authorizations',
      'command',
      'name',
      'response_url',
    );
    const members = fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }));
    const body = fc.record({ type: fc.oneof(shapes, fc.jsonValue()), more: members }).map(({ type, more }) => ({ ...more, type }));
    await fc.assert(
      fc.asyncProperty(body, fc.boolean(), async (json, asForm) => {
        const text = JSON.stringify(json);
        const answer = await (asForm
          ? sendSigned(there.url, new URLSearchParams({ payload: text }).toString())
          : sendSigned(there.url, text, { type: 'application/json' }));
        expect([200, 400]).toContain(answer.status);
        expect(await answer.text()).not.toMatch(/Error|node_modules|\.ts/);
      }),
      { numRuns: 300 },
    );
  });

  test('a body of Slack’s with any member changed into anything is taken or refused, and ends nothing', async () => {
    const click = clickIn('C1');
    const form = { id: 'V1', type: 'modal', callback_id: 'subscribe', private_metadata: '{"channel":"C1","name":"lab"}', blocks: [], state: { values: {} } };
    const bodies: object[] = [
      click,
      { ...click, view: { id: 'V1', type: 'home' } },
      { type: 'view_submission', ...BY_ANN, trigger_id: 't', view: form },
      { type: 'block_suggestion', ...BY_ANN, action_id: 'job', value: 'a', view: form },
      { type: 'shortcut', callback_id: 'follow_job', ...BY_ANN, trigger_id: 't' },
      ...['app_home_opened', 'channel_rename', 'channel_id_changed', 'member_joined_channel'].map((type) => ({
        type: 'event_callback',
        team_id: 'T0HOME',
        event_id: 'Ev1',
        event: {
          type,
          tab: 'home',
          user: 'UANN',
          channel: type === 'channel_rename' ? { id: 'C1', name: 'lab' } : 'C1',
          old_channel_id: 'C1',
          new_channel_id: 'C2',
        },
      })),
    ];
    const changed = fc.constantFrom(...bodies).chain((body) => {
      const paths = pathsIn(body);
      return fc
        .tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined)))
        .map(([path, value]) => replaced(body, path, value));
    });
    await fc.assert(
      fc.asyncProperty(changed, fc.boolean(), async (body, asForm) => {
        const answer = await (asForm ? sendPayload(there.url, body) : sendSigned(there.url, JSON.stringify(body), { type: 'application/json' }));
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 300 },
    );
    expect(await statusOf(sendSigned(there.url, command('still there').toString()))).toBe(200);
    await eventually(async () => there.events.some(({ id }) => id === 'still there'));
  });
});

function pathsIn(value: unknown, before: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [[...before, name], ...pathsIn(member, [...before, name])]);
}

function replaced(body: object, path: readonly string[], value: unknown): object {
  const copy = structuredClone(body);
  const holder = path.slice(0, -1).reduce<object>((found, name) => Reflect.get(found, name) as object, copy);
  Reflect.set(holder, path.at(-1) ?? '', value);
  return copy;
}
