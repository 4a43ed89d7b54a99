/** What Teams' calls are let in by: real tokens of a local identity, checked by the real adapter on its real route. */
import { exportSPKI, importJWK, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTeams } from '../../../adapters/teams/adapter.ts';
import type { ChatAdapter } from '../../../src/ports/chat-adapter.ts';
import type { InboundEvent } from '../../../src/ports/inbound.ts';
import type { Log } from '../../../src/ports/log.ts';
import { systemClock } from '../../support/builders.ts';
import { eventually } from '../../support/program.ts';
import { type RoutesServer, startRoutesServer } from '../../support/routes-server.ts';
import { type Activity, type TeamsAnswer, type TeamsClient, teamsClient } from '../../support/teams-client.ts';
import { startTeamsConnector, type TeamsConnector } from '../../support/teams-connector.ts';
import { startTeamsIdentity, type TeamsIdentity } from '../../support/teams-identity.ts';
import type { TeamsConversation } from '../../support/teams-places.ts';

let identity: TeamsIdentity;
let connector: TeamsConnector;
let server: RoutesServer;
let adapter: ChatAdapter;
let client: TeamsClient;
let channel: TeamsConversation;
const events: InboundEvent[] = [];
const logged: string[] = [];
const log: Log = {
  debug: () => {},
  info: (...words) => void logged.push(JSON.stringify(words)),
  warn: (...words) => void logged.push(JSON.stringify(words)),
  error: (...words) => void logged.push(JSON.stringify(words)),
  with: () => log,
};
const printed = vi.spyOn(console, 'error');
const written = vi.spyOn(process.stderr, 'write');

beforeAll(async () => {
  identity = await startTeamsIdentity();
  connector = await startTeamsConnector(identity.isIssued);
  server = await startRoutesServer();
  adapter = await startAdapter(identity.metadataUrl, server);
  client = teamsClient(connector, { identity, endpoint: `${server.url}/api/messages` });
  channel = connector.conversation('channel', 'voice-lab');
});
afterEach(() => {
  events.length = 0;
  logged.length = 0;
});
afterAll(async () => {
  await adapter.stop();
  await Promise.all([server.close(), connector.close(), identity.close()]);
});

async function startAdapter(openIdMetadataUrl: string, { routes }: RoutesServer): Promise<ChatAdapter> {
  const { appId, appPassword, tenantId } = identity;
  const credentials = { allowUnauthenticated: false, appId, appPassword, tenantId, appType: 'SingleTenant' as const };
  const made = createTeams({ settings: { ...credentials, allowedTenants: [tenantId], openIdMetadataUrl }, clock: systemClock, log });
  const inbound = async (event: InboundEvent) => {
    events.push(event);
    return { kind: 'none' as const };
  };
  await made.start({ inbound, routes });
  return made;
}

const activity = (more: Activity = {}) =>
  client.activity({ who: connector.people.ann, at: channel }, { text: '<at>voicejob</at> list', ...mentioned, ...more });
const mentioned = { entities: [{ type: 'mention', text: '<at>voicejob</at>', mentioned: { id: '28:5f1c2a34-0000-4000-8000-00000000b071' } }] };
const bearer = async (token: Promise<string> | string) => `Bearer ${await token}`;
const signed = (wrong: Parameters<TeamsIdentity['token']>[1]) => bearer(identity.token(connector.serviceUrl, wrong));

/** Refused with a reason, before anything looked at it; nothing of the token or the SDK is shown or written anywhere. */
function expectRefused({ status, text, body }: TeamsAnswer, wanted?: number): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  if (wanted !== undefined) expect(status).toBe(wanted);
  expect(body).toEqual({ problem: expect.any(String) });
  expect(text + logged.join()).not.toMatch(/\s+at .+:\d+|PUBLIC KEY|ey[\w-]+\.ey|node_modules|botframework-connector/);
  expect(events).toEqual([]);
  expect([printed.mock.calls, written.mock.calls]).toEqual([[], []]);
}

test('a token of Teams is let in', async () => {
  expect((await client.send(activity())).status).toBe(200);
  await eventually(async () => events.some(({ kind }) => kind === 'command'));
});

describe('refused with 401', () => {
  const claims = () => ({ iss: 'https://api.botframework.com', aud: identity.appId, serviceurl: connector.serviceUrl });
  const emulator = { issuer: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/' };
  const cases: readonly (readonly [what: string, authorization: () => Promise<string> | string | null])[] = [
    ['no authorization', () => null],
    ['an empty one', () => ' '],
    ['garbage', () => 'garbage'],
    ['garbage as a token', () => 'Bearer garbage'],
    ['three parts of garbage', () => 'Bearer a.b.c'],
    ['a token with a tail', async () => `${await signed({})}.more`],
    ['another scheme', async () => `Basic ${await identity.token(connector.serviceUrl)}`],
    ['no scheme', () => identity.token(connector.serviceUrl)],
    ['another key under the known key’s id', () => signed({ key: 'other' })],
    ['a key id that nobody published', () => signed({ keyId: 'unheard-of' })],
    ['a token for another bot', () => signed({ audience: '00000000-0000-4000-8000-00000000ffff' })],
    ['a token for nobody', () => signed({ audience: null })],
    ['another issuer', () => signed({ issuer: 'https://login.example.test' })],
    ['the issuer of emulators', () => signed(emulator)],
    ['no issuer', () => signed({ issuer: null })],
    ['an expired token', () => signed({ expiresInS: -3_600 })],
    ['a token from the future', () => signed({ notBeforeS: 3_600, expiresInS: 7_200 })],
    ['a token for another service address', () => signed({ serviceUrl: 'https://smba.trafficmanager.net/emea/' })],
    ['a token for no service address', () => signed({ serviceUrl: null })],
    ['a key that is not endorsed for Teams', () => signed({ key: 'unendorsed' })],
    ['the algorithm none', () => bearer(new UnsecuredJWT(claims()).setExpirationTime('1h').encode())],
    ['the public key used as a secret', () => bearer(forgedWithPublicKey(claims()))],
  ];
  for (const [what, authorization] of cases) {
    test(what, async () => expectRefused(await client.send(activity(), await authorization()), 401));
  }

  async function forgedWithPublicKey(forged: Readonly<Record<string, string>>): Promise<string> {
    const response = await fetch(new URL('/v1/.well-known/keys', identity.metadataUrl));
    const { keys } = (await response.json()) as { keys: JWK[] };
    const key = await importJWK(keys[0] ?? {}, 'RS256', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('no public key');
    const secret = new TextEncoder().encode(await exportSPKI(key));
    return new SignJWT(forged).setProtectedHeader({ alg: 'HS256', kid: 'known' }).setExpirationTime('1h').sign(secret);
  }
});

describe('refused although the token is valid', () => {
  const cases: readonly (readonly [what: string, more: () => Activity, status: number])[] = [
    ['another channel of the Bot Framework', () => ({ channelId: 'webchat' }), 403],
    ['no channel', () => ({ channelId: undefined }), 400],
    ['no service address', () => ({ serviceUrl: undefined }), 400],
    ['an empty service address', () => ({ serviceUrl: '' }), 400],
    ['a service address that is none of Teams', () => ({ serviceUrl: 'https://attacker.example.test/' }), 403],
    ['a service address of Teams that the token is not for', () => ({ serviceUrl: 'https://smba.trafficmanager.net/emea/' }), 401],
    ['no sender', () => ({ from: undefined }), 400],
    ['no conversation', () => ({ conversation: undefined }), 400],
    ['no type', () => ({ type: undefined }), 400],
    ['a type that is a number', () => ({ type: 123 }), 400],
    ['another tenant', () => ({ channelData: { tenant: { id: 'ffff0000-0000-4000-8000-0000000000ff' } } }), 403],
    ['no tenant', () => ({ channelData: {}, conversation: { id: channel.id, conversationType: 'channel' } }), 403],
  ];
  for (const [what, more, status] of cases) {
    test(what, async () => expectRefused(await client.send(activity(more())), status));
  }

  for (const body of ['', '{}', '[]', 'null', '"text"', '{"type":', '<h1>hello</h1>']) {
    test(`a body of ${body || 'nothing'}`, async () => expectRefused(await client.send(body), 400));
  }

  test('a body that is larger than any of Teams', async () => {
    expectRefused(await client.send(activity({ text: 'x'.repeat(300_000) })), 413);
  });
});

test('after all that was refused, what is good is still let in', async () => {
  expectRefused(await client.send(activity(), await signed({ key: 'other' })), 401);
  expect((await client.send(activity())).status).toBe(200);
  await eventually(async () => events.some(({ kind }) => kind === 'command'));
});

test('whatever is refused again and again is one line in the log for each reason', async () => {
  const other = await startRoutesServer();
  const fresh = await startAdapter(identity.metadataUrl, other);
  const { send } = teamsClient(connector, { identity, endpoint: `${other.url}/api/messages` });
  for (let n = 0; n < 3; n += 1) {
    expect((await send(activity(), null)).status).toBe(401);
    expect((await send(activity({ channelId: 'webchat' }))).status).toBe(403);
  }
  await fresh.stop();
  await other.close();
  expect(logged).toEqual([expect.stringContaining('"status":401'), expect.stringContaining('"status":403')]);
});

test('while the keys cannot be fetched, nothing is let in, and Teams is told to come again', async () => {
  const gone = await startTeamsIdentity();
  await gone.close();
  const other = await startRoutesServer();
  const without = await startAdapter(gone.metadataUrl, other);
  const { send } = teamsClient(connector, { identity, endpoint: `${other.url}/api/messages` });
  await send(activity());
  const { status, body } = await send(activity());
  await without.stop();
  await other.close();
  expect([status, body]).toEqual([503, { problem: expect.any(String) }]);
  expect(logged).toEqual([expect.stringContaining('cannot be fetched')]);
  expect(events).toEqual([]);
  expect([printed.mock.calls, written.mock.calls]).toEqual([[], []]);
});
