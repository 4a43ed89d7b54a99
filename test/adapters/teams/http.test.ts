import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { card } from '../../contract/adapter-harness.ts';
import { eventually } from '../../support/program.ts';
import { startTeamsBench, type TeamsBench } from '../../support/teams-bench.ts';

let bench: TeamsBench;
let reached: number;
beforeAll(async () => {
  bench = await startTeamsBench();
});
beforeEach(() => {
  reached = bench.events.length;
});
afterAll(() => bench.close());

type Sent = { readonly status: number; readonly text: string; readonly headers: NodeJS.Dict<string | string[]> };

/** A request as any program may send it. */
async function send(body: string, headers: Readonly<Record<string, string>> = {}, method = 'POST'): Promise<Sent> {
  const { promise, resolve, reject } = Promise.withResolvers<Sent>();
  const sent = request(`${bench.server.url}/api/messages`, { method, headers: { 'content-type': 'application/json', ...headers } }, (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers }));
  });
  sent.on('error', reject);
  sent.end(body);
  return promise;
}

const words = (more: object = {}): string =>
  JSON.stringify(bench.client.activity({ who: bench.connector.people.ann, at: bench.personal }, { text: 'list', ...more }));

describe('a trial without authentication', () => {
  test('takes what Microsoft’s tools on this machine send', async () => {
    for (const channelId of ['msteams', 'emulator']) expect(await send(words({ channelId }))).toMatchObject({ status: 200, text: '' });
    await eventually(async () => bench.events.length === reached + 2);
  });

  const foreign = [
    { 'x-forwarded-for': '10.0.0.1' },
    { forwarded: 'for=10.0.0.1' },
    { via: '1.1 proxy' },
    { host: 'voicejob.example.test' },
    { host: '127.0.0.1' },
    { origin: 'https://evil.example.test' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
  ] as const;
  test.each(foreign)('refuses what is forwarded, or asked by a page: %j', async (headers) => {
    expect(await send(words(), headers)).toMatchObject({ status: 403 });
    expect(bench.events).toHaveLength(reached);
  });

  test('sends nothing to another machine', async () => {
    for (const serviceUrl of ['http://192.168.0.1/', 'https://evil.example.test/']) expect((await send(words({ serviceUrl }))).status).toBe(403);
    expect(bench.events).toHaveLength(reached);
  });
});

describe('a request', () => {
  test('of another method is told which one is taken', async () => {
    expect(await send('', {}, 'GET')).toMatchObject({ status: 405, headers: { allow: 'POST' } });
  });

  test('that is too large is not read to its end', async () => {
    expect(await send(words({ text: 'x'.repeat(300_000) }))).toMatchObject({ status: 413 });
  });

  test('while the adapter is stopped is told to come again', async () => {
    const other = await startTeamsBench();
    await other.bot.stop();
    expect((await other.client.send(other.client.activity({ who: other.connector.people.ann, at: other.personal }))).status).toBe(503);
    await other.close();
  });
});

/** An activity with one member anywhere in it put wrong. */
function mutated(activity: object, where: readonly number[], value: unknown): unknown {
  const [first = 0, ...rest] = where;
  const names = Object.keys(activity);
  const name = names[first % Math.max(1, names.length)];
  if (name === undefined) return value;
  const member: unknown = Object.getOwnPropertyDescriptor(activity, name)?.value;
  const inner = typeof member === 'object' && member !== null && rest.length > 0 ? mutated(member, rest, value) : value;
  return Array.isArray(activity) ? activity.with(first % activity.length, inner) : { ...activity, [name]: inner };
}

test('whatever is sent, the answer is one of ours, and never a failure', async () => {
  bench.answer((event) => (event.kind === 'form-options' ? { kind: 'options', options: [] } : { kind: 'reply', card: card('words'), replaces: true }));
  const where = { who: bench.connector.people.ann, at: bench.channel, root: '17' };
  const action = { type: 'Action.Execute', verb: 'history', data: { value: 'p/1', on: 'answer', confirm: { question: 'q', yes: 'y', no: 'n' } } };
  const samples = [
    bench.client.activity(where, {
      text: '<at>voicejob</at> list',
      entities: [{ type: 'mention', text: '<at>voicejob</at>', mentioned: { id: '28:x', name: 'v' } }],
    }),
    bench.client.activity(where, { type: 'invoke', name: 'adaptiveCard/action', value: { action }, replyToId: '17' }),
    bench.client.activity(where, { type: 'invoke', name: 'application/search', value: { queryText: 'x', dataset: 'subscribe/job' } }),
    bench.client.activity(where, { type: 'installationUpdate', action: 'add' }),
    bench.client.activity(where, {
      type: 'conversationUpdate',
      membersRemoved: [{ id: '28:x' }],
      channelData: { eventType: 'teamArchived', team: { id: 't' } },
    }),
  ];
  const wrong = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', 0, -1, null, [], {}, '__proto__', 'x'.repeat(5_000), ['x'], { id: {} }),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...samples), fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), wrong, async (sample, path, value) => {
      const { status, text } = await send(JSON.stringify(mutated(sample, path, value)));
      expect([200, 400, 403, 501]).toContain(status);
      expect(text).not.toMatch(/\bat .+:\d+:\d+|node_modules/);
    }),
    { numRuns: 250 },
  );
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary' }), async (body) => {
      expect((await send(body)).status).toBe(400);
    }),
    { numRuns: 50 },
  );
}, 120_000);
