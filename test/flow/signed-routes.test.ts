/** The routes that Slack and Teams call, of the real program with both configured, asked by whoever is neither: refused, nothing leaks, nothing is stored. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/builders.ts';
import { eventually, type Program, scratchDirectory, startProgram } from '../support/program.ts';
import { BY_ANN, clickIn } from '../support/slack-receiving.ts';
import { type SlackServer, startSlackServer } from '../support/slack-server.ts';
import { FORM, SIGNING_SECRET, type Signing, sendSigned } from '../support/slack-signed.ts';
import { everythingIn } from '../support/stored.ts';
import { type TeamsClient, teamsClient } from '../support/teams-client.ts';
import { startTeamsConnector, type TeamsConnector } from '../support/teams-connector.ts';
import { startTeamsIdentity, type TeamsIdentity, type TokenClaims } from '../support/teams-identity.ts';

const JOB = '26f06524-4f75-4b3a-a853-b649a21aaf66';
const PATHS = ['/slack/events', '/api/messages'];
const SECRETS = { METASTUDIO_SECRET_KEY: 'a-secret-key-nobody-sees', ADMIN_TOKEN: 'an-admin-token-nobody-sees', SLACK_SIGNING_SECRET: SIGNING_SECRET };
/** What the queues, the sweep of the job list and the budget write by themselves. */
const OWN = /^\{vj\}:(watch:|deliver:|sweep|budget)/;
/** As a proxy says that the request came from this machine. */
const FORWARDED = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-host': 'localhost', forwarded: 'for=127.0.0.1;host=localhost' };

let slack: SlackServer;
let identity: TeamsIdentity;
let connector: TeamsConnector;
let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
let program: Program;
let teams: TeamsClient;
let before: string;

beforeAll(async () => {
  [slack, identity, scratch] = await Promise.all([startSlackServer(), startTeamsIdentity(), scratchDirectory()]);
  connector = await startTeamsConnector(identity.isIssued);
  program = await startProgram({
    PLAYGROUND: '',
    DATA_DIR: scratch.path,
    // Nothing answers there; nothing has to.
    METASTUDIO_ENDPOINT: 'http://127.0.0.1:9',
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: 'AK',
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.apiUrl,
    TEAMS_APP_ID: identity.appId,
    TEAMS_APP_PASSWORD: identity.appPassword,
    TEAMS_TENANT_ID: identity.tenantId,
    TEAMS_OPENID_METADATA_URL: identity.metadataUrl,
    ...SECRETS,
  });
  teams = teamsClient(connector, { identity, endpoint: `${program.url}/api/messages` });
}, 60_000);
beforeEach(async () => {
  before = await everythingIn(scratch.path, OWN);
  return async () => expect(await everythingIn(scratch.path, OWN)).toBe(before);
});
afterAll(async () => {
  await program.stop();
  await Promise.all([connector.close(), identity.close(), slack.close()]);
  await scratch.remove();
});

/** Refused with one of these statuses, with nothing of the program in the answer. */
async function refused(response: Response | Promise<Response>, status: number, of: string): Promise<void> {
  const got = await response;
  const body = await got.text();
  expect([got.status, of]).toEqual([status, of]);
  const kept = [...Object.values(SECRETS), slack.token, identity.appPassword, scratch.path, process.cwd(), 'node_modules', JOB];
  for (const secret of kept) expect(body, of).not.toContain(secret);
  expect(body, of).not.toMatch(/^\s+at .*:\d+/m);
  expect(body.length, of).toBeLessThan(200);
  expect([got.headers.get('x-content-type-options'), got.headers.get('x-powered-by'), got.headers.get('server')], of).toEqual(['nosniff', null, null]);
}

const post = (path: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(program.url + path, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });

const slackCommand = (): string =>
  new URLSearchParams({
    command: '/voicejob',
    text: `subscribe ${JOB}`,
    user_id: slack.person('ann'),
    team_id: slack.team,
    channel_id: 'C1',
    channel_name: 'voice-lab',
    trigger_id: 't1',
  }).toString();
const slackBodies = (): readonly (readonly [body: string, type: string])[] => [
  [slackCommand(), FORM],
  [new URLSearchParams({ payload: JSON.stringify(clickIn('C1')) }).toString(), FORM],
  [new URLSearchParams({ payload: JSON.stringify({ type: 'shortcut', callback_id: 'follow_job', ...BY_ANN, trigger_id: 't' }) }).toString(), FORM],
  [JSON.stringify({ type: 'event_callback', team_id: slack.team, event_id: 'Ev1', event: { type: 'app_uninstalled' } }), 'application/json'],
];
const teamsActivities = (): readonly object[] => {
  const where = { who: connector.people.ann, at: connector.personal(connector.people.ann) };
  return [
    teams.activity(where, { text: `subscribe ${JOB}` }),
    teams.activity(where, { type: 'installationUpdate', action: 'remove' }),
    teams.activity(where, { type: 'invoke', name: 'adaptiveCard/action', value: { action: { type: 'Action.Execute', verb: 'list', data: {} } } }),
  ];
};

it('every other method is refused', async () => {
  for (const path of PATHS) {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) await refused(fetch(program.url + path, { method }), 405, `${method} ${path}`);
  }
});

describe('Slack’s route', () => {
  it('refuses what is not signed, or wrongly, or not now, forwarded or not', async () => {
    const wrong: readonly Signing[] = [
      { secret: 'another' },
      { secret: '' },
      { aheadS: -301 },
      { aheadS: 400 },
      { headers: { 'x-slack-signature': 'v0=00' } },
      { headers: { 'x-slack-signature': '' } },
      { headers: { 'x-slack-request-timestamp': 'now' } },
    ];
    for (const [body, type] of slackBodies()) {
      await refused(post('/slack/events', body, { 'content-type': type }), 401, `unsigned ${body}`);
      await refused(post('/slack/events', body, { 'content-type': type, ...FORWARDED }), 401, `forwarded ${body}`);
      await refused(post('/slack/events', body, { 'content-type': type, authorization: `Bearer ${SECRETS.ADMIN_TOKEN}` }), 401, `the admin's ${body}`);
      for (const signing of wrong) {
        const headers = { ...FORWARDED, ...signing.headers };
        await refused(sendSigned(program.url, body, { type, ...signing, headers }), 401, `${JSON.stringify(signing)} ${body}`);
      }
    }
  });

  it('refuses what is too large, signed or not, and what is signed and no payload', async () => {
    const large = `text=${'x'.repeat(1024 * 1024)}`;
    await refused(sendSigned(program.url, large), 413, 'signed');
    await refused(post('/slack/events', large, { 'content-type': FORM }), 413, 'unsigned');
    for (const body of ['', '{', 'null', '[]', '"x"']) await refused(sendSigned(program.url, body, { type: 'application/json' }), 400, body);
    await refused(sendSigned(program.url, 'payload={'), 400, 'half a payload');
  });
});

describe('Teams’ route', () => {
  it('refuses what has no token, or a wrong one, forwarded or not', async () => {
    const wrong: readonly Partial<TokenClaims>[] = [
      { audience: 'another-app' },
      { audience: null },
      { issuer: 'https://sts.windows.net/' },
      { expiresInS: -600 },
      { notBeforeS: 3_600 },
      { key: 'other' },
      { key: 'unendorsed' },
      { keyId: 'unheard-of' },
      { serviceUrl: 'http://127.0.0.1:1/' },
    ];
    const tokens = await Promise.all(wrong.map((claims) => identity.token(connector.serviceUrl, claims)));
    for (const activity of teamsActivities()) {
      const body = JSON.stringify(activity);
      await refused(post('/api/messages', body), 401, 'no token');
      await refused(post('/api/messages', body, FORWARDED), 401, 'forwarded');
      for (const authorization of ['', 'Bearer', 'Bearer x.y.z', `Bearer ${SECRETS.ADMIN_TOKEN}`, 'Basic YTpi'])
        await refused(post('/api/messages', body, { authorization }), 401, authorization);
      for (const [at, token] of tokens.entries())
        await refused(post('/api/messages', body, { ...FORWARDED, authorization: `Bearer ${token}` }), 401, JSON.stringify(wrong[at]));
    }
  });

  it('refuses, with a good token, another channel, service or tenant, what is too large and what is no activity', async () => {
    const authorization = `Bearer ${await identity.token(connector.serviceUrl)}`;
    const [activity = {}] = teamsActivities();
    const others: readonly object[] = [
      { channelId: 'emulator' },
      { channelId: 'webchat' },
      { serviceUrl: 'https://evil.example.test/' },
      {
        channelData: { tenant: { id: '11111111-0000-4000-8000-000000000000' } },
        conversation: { id: 'a:1', conversationType: 'personal', tenantId: '11111111-0000-4000-8000-000000000000' },
      },
    ];
    for (const other of others) await refused(post('/api/messages', JSON.stringify({ ...activity, ...other }), { authorization }), 403, JSON.stringify(other));
    await refused(post('/api/messages', JSON.stringify({ ...activity, text: 'x'.repeat(300_000) }), { authorization }), 413, 'too large');
    for (const body of ['', '{', 'null', '[]', '"x"', '\u0000']) await refused(post('/api/messages', body, { authorization }), 400, body);
  });
});

it('what is signed rightly is taken, through a proxy too', async () => {
  const challenge = JSON.stringify({ type: 'url_verification', challenge: 'c4' });
  expect(await (await sendSigned(program.url, challenge, { type: 'application/json', headers: FORWARDED })).json()).toEqual({ challenge: 'c4' });
  const [activity = {}] = teamsActivities();
  const authorization = `Bearer ${await identity.token(connector.serviceUrl)}`;
  expect((await post('/api/messages', JSON.stringify({ ...activity, type: 'typing' }), { ...FORWARDED, authorization })).status).toBe(200);
});

it('the program lives on, nobody was told anything, and no secret is in its log', async () => {
  expect((await fetch(`${program.url}/readyz`)).status).toBe(200);
  expect(slack.calls.filter(({ method }) => method.startsWith('chat.'))).toEqual([]);
  expect(connector.requests.filter(({ method }) => method === 'POST')).toEqual([]);
  for (const secret of [...Object.values(SECRETS), slack.token, identity.appPassword]) expect(program.output()).not.toContain(secret);
  expect(program.output()).not.toContain('a request failed');
  // what is refused is told, now and then
  await eventually(async () => program.output().includes('a request to Slack’s path was refused'));
  await eventually(async () => program.output().includes('something that is not from Teams was refused'));
});
