import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendJson, startHttpServer, type TestHttpServer } from '../support/http-server.ts';
import { clientFor, failureOf, JOB, PROJECT, read } from './fakes.ts';

const PASSWORD = 'pa"ss\\word-0815';
const HOUR_MS = 3_600_000;

let iam: TestHttpServer;
let api: TestHttpServer;
/** Tokens that the API takes; null = all. */
let accepted: Set<string> | null;
let issued: number;
let lifeMs: number;

beforeEach(async () => {
  accepted = null;
  issued = 0;
  lifeMs = 24 * HOUR_MS;
  iam = await startHttpServer((_, response) => {
    issued += 1;
    const at = Date.UTC(2020, 0, 1);
    const token = { issued_at: iamDate(at), expires_at: iamDate(at + lifeMs), methods: ['password'] };
    sendJson(response, 201, { token }, { 'x-subject-token': `token-${issued}` });
  });
  api = await startHttpServer(({ headers }, response) => {
    const known = accepted === null || accepted.has(String(headers['x-auth-token']));
    if (known) sendJson(response, 200, { state: 'WAITING' });
    else sendJson(response, 401, { error_code: 'APIG.0307', error_msg: 'The token must be updated.' });
  });
});
afterEach(() => Promise.all([iam.close(), api.close()]));

/** IAM writes microseconds. */
function iamDate(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}

function client() {
  return clientFor(api.url, { credentials: { kind: 'iam', endpoint: `${iam.url}/`, user: 'bot', password: PASSWORD, domain: 'account' } });
}

const tokensSent = () => api.requests.map(({ headers }) => headers['x-auth-token']);

test('a token is asked for once, for the project, and carried by every request', async () => {
  const { source, asked } = client();
  await Promise.all(Array.from({ length: 20 }, () => source.readDetail(JOB, read())));
  await source.readDetail(JOB, read());
  expect(iam.requests).toHaveLength(1);
  expect(iam.requests[0]?.target).toBe('/v3/auth/tokens?nocatalog=true');
  expect(JSON.parse(iam.requests[0]?.body ?? '')).toEqual({
    auth: {
      identity: { methods: ['password'], password: { user: { name: 'bot', password: PASSWORD, domain: { name: 'account' } } } },
      scope: { project: { id: PROJECT } },
    },
  });
  expect(new Set(tokensSent())).toEqual(new Set(['token-1']));
  expect(api.requests[0]?.headers.authorization).toBeUndefined();
  expect(asked).toHaveLength(21);
});

test('a token is renewed half an hour before it ends, by the clock that issued it', async () => {
  const { source, clock } = client();
  await source.readDetail(JOB, read());
  clock.move(23 * HOUR_MS);
  await source.readDetail(JOB, read());
  clock.move(HOUR_MS / 2 + 1000);
  await source.readDetail(JOB, read());
  expect(tokensSent()).toEqual(['token-1', 'token-1', 'token-2']);
});

test('a short token is renewed after three quarters of its life', async () => {
  lifeMs = HOUR_MS;
  const { source, clock } = client();
  await source.readDetail(JOB, read());
  clock.move(0.74 * HOUR_MS);
  await source.readDetail(JOB, read());
  clock.move(0.02 * HOUR_MS);
  await source.readDetail(JOB, read());
  expect(tokensSent()).toEqual(['token-1', 'token-1', 'token-2']);
});

test('an old token serves on while IAM is down, and IAM is asked again after a minute', async () => {
  const { source, clock } = client();
  await source.readDetail(JOB, read());
  iam.respond((_, response) => sendJson(response, 503, {}));
  clock.move(23.6 * HOUR_MS);
  await source.readDetail(JOB, read());
  await source.readDetail(JOB, read());
  expect(iam.requests).toHaveLength(2);
  clock.move(61_000);
  await source.readDetail(JOB, read());
  expect(iam.requests).toHaveLength(3);
  expect(new Set(tokensSent())).toEqual(new Set(['token-1']));
  clock.move(HOUR_MS);
  expect((await failureOf(source.readDetail(JOB, read()))).kind).toBe('unavailable');
});

test('a token that died early is dropped and fetched once anew, and the gate stays open', async () => {
  const { source, told } = client();
  await source.readDetail(JOB, read());
  accepted = new Set(['token-2']);
  const all = await Promise.all(Array.from({ length: 5 }, () => source.readDetail(JOB, read())));
  expect(all).toHaveLength(5);
  expect(iam.requests).toHaveLength(2);
  expect(told.filter(({ kind }) => kind === 'unauthorized')).toEqual([]);
});

test('a new token that is refused shuts the gate after two requests', async () => {
  const { source, told } = client();
  await source.readDetail(JOB, read());
  accepted = new Set();
  expect(await failureOf(source.readDetail(JOB, read()))).toMatchObject({ kind: 'unauthorized', evidence: { code: 'APIG.0307' } });
  expect(tokensSent()).toEqual(['token-1', 'token-1', 'token-2']);
  expect(told.map(({ kind }) => kind)).toEqual(['ok', 'unauthorized']);
});

test('the first token of all, refused, is not tried twice', async () => {
  accepted = new Set();
  const { source, told } = client();
  expect((await failureOf(source.readDetail(JOB, read()))).kind).toBe('unauthorized');
  expect(api.requests).toHaveLength(1);
  expect(told.map(({ kind }) => kind)).toEqual(['unauthorized']);
});

test('a refused password shuts the gate with one report for all who wait, and appears nowhere', async () => {
  iam.respond(({ body }, response) =>
    sendJson(response, 401, { error: { code: 401, message: `no: ${JSON.parse(body).auth.identity.password.user.password}`, title: 'Unauthorized' } }),
  );
  const { source, told, lines } = client();
  const errors = await Promise.all(Array.from({ length: 10 }, () => failureOf(source.readDetail(JOB, read()))));
  expect(errors.map(({ kind }) => kind)).toEqual(errors.map(() => 'unauthorized'));
  expect(iam.requests).toHaveLength(1);
  expect(api.requests).toEqual([]);
  expect(told).toMatchObject([{ kind: 'unauthorized', evidence: { status: 401, code: '401', words: 'no: ***' } }]);
  const all = JSON.stringify([lines, told, errors.map((error) => [error.evidence, error.stack, String(error.cause)])]);
  expect(all).not.toContain(PASSWORD);
  expect(all).not.toContain('0815');
});

test.each([
  [404, 'configuration', 'unsaid', { error: { code: 404, message: 'Could not find project' } }],
  [400, 'configuration', 'unsaid', { error: { code: 400, message: 'bad body' } }],
  [403, 'forbidden', 'forbidden', { error: { code: 403, message: 'federated' } }],
  [500, 'unavailable', 'unsaid', {}],
  [201, 'unreadable', 'unsaid', { token: {} }],
])('HTTP %i of IAM is %s', async (status, kind, verdict, body) => {
  iam.respond((_, response) => sendJson(response, status, body));
  const { source, told } = client();
  expect((await failureOf(source.readDetail(JOB, read()))).kind).toBe(kind);
  expect(told).toMatchObject([{ kind: verdict }]);
});

test('while the gate is shut the held token is dropped, so that the next probe brings a new one', async () => {
  const { source, deny } = client();
  await source.readDetail(JOB, read());
  deny({ kind: 'closed', afterMs: 1000 });
  expect((await failureOf(source.readDetail(JOB, read()))).kind).toBe('closed');
  deny({ kind: 'granted' });
  await source.readDetail(JOB, read());
  expect(tokensSent()).toEqual(['token-1', 'token-2']);
});

test('who leaves does not take the token from the others, and the last to leave ends the fetch', async () => {
  let answer = (): void => undefined;
  let cut = false;
  iam.respond((_, response) => {
    response.once('close', () => {
      cut = !response.writableEnded;
    });
    answer = () => sendJson(response, 201, {}, { 'x-subject-token': 'slow' });
  });
  const { source } = client();
  const leaver = new AbortController();
  const left = source.readDetail(JOB, read({ signal: leaver.signal }));
  const stays = source.readDetail(JOB, read());
  await iam.received(1);
  leaver.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  answer();
  expect(await stays).toMatchObject({ state: 'WAITING' });
  expect(tokensSent()).toEqual(['slow']);

  const last = new AbortController();
  const other = client();
  const alone = other.source.readDetail(JOB, read({ signal: last.signal }));
  await iam.received(2);
  last.abort(new Error('left too'));
  await expect(alone).rejects.toThrow('left too');
  await expect.poll(() => cut).toBe(true);
  answer = () => undefined;
  iam.respond((_, response) => sendJson(response, 201, {}, { 'x-subject-token': 'later' }));
  await other.source.readDetail(JOB, read());
  expect(tokensSent()).toEqual(['slow', 'later']);
});
