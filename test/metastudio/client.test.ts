import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { sign } from '../../src/metastudio/sign.ts';
import { type Responder, sendHalf, sendJson, startHttpServer, type TestHttpServer } from '../support/http-server.ts';
import { ACCESS_KEY, clientFor, failureOf, JOB, JOB_ID, PROJECT, read, reads } from './fakes.ts';

const servers: TestHttpServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(responder: Responder): Promise<TestHttpServer> {
  const server = await startHttpServer(responder);
  servers.push(server);
  return server;
}

const EMPTY_LOG = { count: 0, operations: [] };
const JOBS_PATH = `/v1/${PROJECT}/voice-training-manage/user/jobs`;

test('each call asks its own address, with what that address takes', async () => {
  const server = await serve(({ path }, response) => {
    const body = path.endsWith('/op-logs')
      ? EMPTY_LOG
      : path.endsWith('/audit-result')
        ? {}
        : path === JOBS_PATH
          ? { count: 0, jobs: [] }
          : { state: 'WAITING' };
    sendJson(response, 200, body);
  });
  const { source, asked, told, lines } = clientFor(server.url, { appUserId: 'user-7' });
  await source.readLog(JOB, read({ priority: 'safety-net' }));
  await source.readDetail(JOB, read({ priority: 'moved' }));
  await source.readAuditResult(JOB, read({ priority: 'command' }));
  await source.attachmentLink(JOB, read({ priority: 'command' }));
  await source.listJobs({ name: "it's 新闻 & co", offset: 20, limit: 10 }, read({ priority: 'command' }));
  await source.listJobs({ name: '', offset: 0, limit: 500 }, read());
  expect(server.requests.map(({ target }) => target)).toEqual([
    `${JOBS_PATH}/${JOB_ID}/op-logs?limit=100&offset=0`,
    `${JOBS_PATH}/${JOB_ID}`,
    `${JOBS_PATH}/${JOB_ID}/audit-result`,
    `${JOBS_PATH}/${JOB_ID}/audit-result`,
    `${JOBS_PATH}?limit=10&offset=20&voice_name=it%27s%20%E6%96%B0%E9%97%BB%20%26%20co`,
    `${JOBS_PATH}?limit=100&offset=0`,
  ]);
  expect(server.requests.map(({ headers }) => headers['x-app-userid'] ?? null)).toEqual([null, 'user-7', null, null, 'user-7', 'user-7']);
  expect(asked).toEqual(['safety-net', 'moved', 'command', 'command', 'command', 'moved']);
  expect(told).toEqual(Array.from({ length: 6 }, () => ({ kind: 'ok' })));
  expect(lines).toEqual([]);
});

test('what arrives carries a signature over what arrived', async () => {
  const server = await serve((_, response) => sendJson(response, 200, { count: 0, jobs: [] }));
  const credentials = { ...ACCESS_KEY, securityToken: 'temporary' };
  const { source } = clientFor(`${server.url}/base(1)/`, { credentials });
  await source.listJobs({ name: 'a+b c', offset: 0, limit: 1 }, read());
  const [request] = server.requests;
  const [name = ''] = /^[^ ]+/.exec(String(request?.headers.authorization)) ?? [];
  const signedNames = /SignedHeaders=([^,]+)/.exec(String(request?.headers.authorization))?.[1]?.split(';') ?? [];
  expect(name).toBe('SDK-HMAC-SHA256');
  expect(signedNames).toEqual(['content-type', 'host', 'x-project-id', 'x-sdk-date', 'x-security-token']);
  const date = String(request?.headers['x-sdk-date']);
  const at = Date.parse(date.replace(/^(....)(..)(..T..)(..)(..Z)$/, '$1-$2-$3:$4:$5'));
  const headers = { 'Content-Type': String(request?.headers['content-type']), 'X-Project-Id': PROJECT };
  const expected = sign({ method: 'GET', url: new URL(`http://${request?.headers.host}${request?.target}`), headers, body: '' }, credentials, at);
  expect(request?.headers.authorization).toBe(expected.Authorization);
  expect(request?.target).toBe(`/base%281%29${JOBS_PATH}?limit=1&offset=0&voice_name=a%2Bb%20c`);
});

test.each(['a/../b', 'p/a?x', 'p/', '/a', 'p/a/b', 'nothing', `p/${'x'.repeat(65)}`, 'p/%2e%2e'])('"%s" never reaches an address', async (job) => {
  const server = await serve((_, response) => sendJson(response, 200, EMPTY_LOG));
  const { source } = clientFor(server.url);
  await expect(source.readLog(job, read())).rejects.toThrow(RangeError);
  await expect(source.readDetail(job, read())).rejects.toThrow(RangeError);
  await expect(source.readAuditResult(job, read())).rejects.toThrow(RangeError);
  await expect(source.attachmentLink(job, read())).rejects.toThrow(RangeError);
  expect(server.requests).toEqual([]);
  expect(() => clientFor(server.url, { projectId: `${job}/` })).toThrow(RangeError);
});

test('the composed samples are read as they are', async () => {
  const folder = new URL('../../src/demo/fixtures/', import.meta.url);
  const samples = readdirSync(folder).map((name): Sample => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));
  for (const sample of samples) {
    const server = await serve(({ query }, response) => {
      const page = sample.pages.find(({ query: { offset } }) => String(offset) === query.get('offset'));
      sendJson(response, 200, page?.body ?? { count: sample.pages[0]?.body.count, operations: [] });
    });
    const { source, counted } = clientFor(server.url);
    const log = await source.readLog(`${sample.project_id}/${sample.job_id}`, read());
    expect(log.map(({ action }) => action)).toEqual(sample.pages.flatMap(({ body }) => body.operations.map(({ action }) => action ?? '')));
    expect(counted.filter((name) => name.startsWith('upstream_unstable'))).toEqual([]);
  }
});
type Sample = { project_id: string; job_id: string; pages: { query: { offset: number }; body: { count: number; operations: { action?: string }[] } }[] };

test.each([
  [400, { error_code: 'MSS.00000003', error_msg: 'Invalid parameter' }, 'invalid', ['ok']],
  [404, { error_code: 'MSS.00000404', error_msg: 'no such job' }, 'not-found', ['ok']],
  [404, { error_code: 'APIG.0101', error_msg: 'no such API' }, 'configuration', ['unsaid']],
  [401, { error_code: 'APIGW.0301', error_msg: 'Incorrect IAM authentication information: ak sks not exist' }, 'unauthorized', ['unauthorized']],
  [400, { error_code: 'MSS.00010008', error_msg: 'invalid token' }, 'unauthorized', ['unauthorized']],
  [403, { error_code: 'MSS.00024001', error_msg: 'no privilege' }, 'forbidden', ['forbidden']],
  [429, { error_code: 'APIG.0308', error_msg: 'over ratelimit,limit:20,time:1 second' }, 'throttled', ['throttled']],
  [500, { error_code: 'MSS.00021016', error_msg: 'token check failed' }, 'unavailable', ['unsaid']],
])('HTTP %i with %j is %s, reported, and one log line with the request id', async (status, body, kind, reported) => {
  const server = await serve((_, response) => sendJson(response, status, { ...body, request_id: 'rid-1' }));
  for (const call of ['readLog', 'readDetail', 'readAuditResult']) {
    const { source, told, lines, counted } = clientFor(server.url);
    const error = await failureOf(reads(source)[call]?.() ?? Promise.resolve());
    expect(error).toMatchObject({ kind, evidence: { status, code: body.error_code, words: body.error_msg, requestId: 'rid-1' } });
    expect(told.map((result) => result.kind)).toEqual(reported);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'warn', fields: { requestId: 'rid-1', status, kind, code: body.error_code } });
    expect(counted).toHaveLength(1);
    expect(counted[0]).toMatch(new RegExp(` ${kind}$`));
  }
});

test.each<[string, Responder]>([
  [
    'HTML',
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'text/html', 'x-request-id': 'rid-2' }).end('<html><body>Sign in to the hotel network</body></html>'),
  ],
  ['an empty body', (_, response) => void response.writeHead(200, { 'x-request-id': 'rid-2' }).end()],
  ['204', (_, response) => void response.writeHead(204, { 'x-request-id': 'rid-2' }).end()],
  ['a JSON text', (_, response) => sendJson(response, 200, 'fine', { 'x-request-id': 'rid-2' })],
  ['null', (_, response) => sendJson(response, 200, null, { 'x-request-id': 'rid-2' })],
  ['a list', (_, response) => sendJson(response, 200, [], { 'x-request-id': 'rid-2' })],
  ['an error under a 200', (_, response) => sendJson(response, 200, { error_code: 'X.1', error_msg: 'no', operations: [], state: 'x', request_id: 'rid-2' })],
])('%s in place of an answer is unreadable, never an empty log', async (_, responder) => {
  const server = await serve(responder);
  for (const call of ['readLog', 'readDetail', 'readAuditResult']) {
    const { source, lines } = clientFor(server.url);
    const error = await failureOf(reads(source)[call]?.() ?? Promise.resolve());
    expect(error.kind).toBe('unreadable');
    expect(lines).toHaveLength(1);
    expect(lines[0]?.fields.requestId).toBe('rid-2');
  }
});

test('a body cut in half is unreadable, with its request id in the log', async () => {
  const server = await serve((_, response) => {
    response.setHeader('x-request-id', 'rid-3');
    sendHalf(response, { count: 0, operations: [], padding: 'x'.repeat(10_000) });
  });
  const { source, lines } = clientFor(server.url);
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unreadable');
  expect(lines.map(({ fields }) => [fields.kind, fields.requestId])).toEqual([['unreadable', 'rid-3']]);
});

test('half an error still has its status', async () => {
  const server = await serve((_, response) => {
    response.writeHead(401, { 'content-length': 1000, 'x-request-id': 'rid-4' });
    response.write('{"error', () => response.destroy());
  });
  const { source, told } = clientFor(server.url);
  expect(await failureOf(source.readDetail(JOB, read()))).toMatchObject({ kind: 'unauthorized', evidence: { status: 401, requestId: 'rid-4' } });
  expect(told.map(({ kind }) => kind)).toEqual(['unauthorized']);
});

test('an endless body is not read to its end', async () => {
  const server = await serve((_, response) => {
    const megabyte = Buffer.alloc(1024 * 1024, ' ');
    const pour = (): void => {
      if (!response.destroyed) response.write(megabyte, () => pour());
    };
    pour();
  });
  const { source } = clientFor(server.url);
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unreadable');
});

test.each<[string, Responder]>([
  ['no answer', () => undefined],
  ['headers and no body', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()],
  ['half a body and silence', (_, response) => void response.writeHead(200).write('{"count":')],
])('%s within the time limit is unavailable', async (_, responder) => {
  const server = await serve(responder);
  const { source, told, lines } = clientFor(server.url, { timeouts: { requestMs: 60 } });
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unavailable');
  expect(told).toEqual([{ kind: 'unsaid' }]);
  expect(lines).toHaveLength(1);
});

test('a cut connection and a closed port are unavailable', async () => {
  const server = await serve((_, response) => void response.destroy());
  const { source, lines } = clientFor(server.url);
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unavailable');
  await server.close();
  servers.splice(0);
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unavailable');
  expect(lines[1]?.fields.fault).toBe('ECONNREFUSED');
});

test('a redirect is an error, and the credentials do not follow it', async () => {
  const elsewhere = await serve((_, response) => sendJson(response, 200, EMPTY_LOG));
  const server = await serve((_, response) => void response.writeHead(302, { location: `${elsewhere.url}/` }).end());
  const { source } = clientFor(server.url);
  expect(await failureOf(source.readLog(JOB, read()))).toMatchObject({ kind: 'configuration', evidence: { status: 302 } });
  expect(elsewhere.requests).toEqual([]);
});

test('Retry-After reaches the caller and the budget', async () => {
  const server = await serve((_, response) => sendJson(response, 429, {}, { 'retry-after': '12' }));
  const { source, told } = clientFor(server.url);
  expect((await failureOf(source.readDetail(JOB, read()))).evidence.retryAfterMs).toBe(12_000);
  expect(told).toEqual([{ kind: 'throttled', retryAfterMs: 12_000 }]);
});

test('what the budget denies is never sent', async () => {
  const server = await serve((_, response) => sendJson(response, 200, EMPTY_LOG));
  const { source, deny } = clientFor(server.url);
  deny({ kind: 'busy', afterMs: 700 });
  expect(await failureOf(source.readLog(JOB, read()))).toMatchObject({ kind: 'throttled', evidence: { status: 0, retryAfterMs: 700 } });
  deny({ kind: 'closed', afterMs: 90_000 });
  expect(await failureOf(source.listJobs({ name: '', offset: 0, limit: 1 }, read()))).toMatchObject({ kind: 'closed', evidence: { retryAfterMs: 90_000 } });
  expect(server.requests).toEqual([]);
});

test('what has moved is asked for latest first, with an instant of 20 characters', async () => {
  const server = await serve((_, response) => sendJson(response, 200, { count: 0, jobs: [] }));
  const { source } = clientFor(server.url);
  await source.listUpdated({ sinceMs: Date.UTC(2026, 0, 2, 3, 4, 5), offset: 100 }, read());
  await source.listUpdated({ sinceMs: null, offset: 0 }, read());
  expect(server.requests.map(({ target }) => target)).toEqual([
    `${JOBS_PATH}?limit=100&offset=100&sort_dir=desc&sort_key=update_time&update_since=2026-01-02T03%3A04%3A05Z`,
    `${JOBS_PATH}?limit=100&offset=0&sort_dir=desc&sort_key=update_time`,
  ]);
});

test("a caller's abort ends the request with its reason; a caller's timeout is unavailable", async () => {
  const server = await serve(() => undefined);
  const { source } = clientFor(server.url);
  const abort = new AbortController();
  const call = source.readLog(JOB, read({ signal: abort.signal }));
  await server.received(1);
  abort.abort(new Error('shutting down'));
  await expect(call).rejects.toThrow('shutting down');
  expect((await failureOf(source.readLog(JOB, read({ signal: AbortSignal.timeout(30) })))).kind).toBe('unavailable');
});

test('an answer stands even when its report gets lost', async () => {
  const server = await serve((_, response) => sendJson(response, 200, EMPTY_LOG));
  const { source, lines } = clientFor(server.url, {
    budget: { acquire: async () => ({ kind: 'granted' }), report: () => Promise.reject(new Error('connection lost')), gate: async () => null },
  });
  expect(await source.readLog(JOB, read())).toEqual([]);
  expect(lines.map(({ level }) => level)).toEqual(['warn']);
});

test('no error and no log line holds a secret that upstream repeats', async () => {
  const credentials = { ...ACCESS_KEY, securityToken: 'sts-secret-token' };
  const server = await serve(({ headers }, response) => {
    const echo = `key ${credentials.secretKey} token ${String(headers['x-security-token'])} ak ${credentials.accessKey}`;
    sendJson(response, 401, { error_code: 'APIG.0301', error_msg: echo });
  });
  const { source, lines, told } = clientFor(server.url, { credentials });
  const error = await failureOf(source.readDetail(JOB, read()));
  const all = JSON.stringify([lines, told, error.evidence, error.message, error.stack, Object.values(error)]) + String(error.cause);
  for (const secret of [credentials.secretKey, credentials.securityToken, credentials.accessKey]) expect(all).not.toContain(secret);
  expect(error.evidence.words).toBe('key *** token *** ak ***');
});

test('errors of the network hold no request', async () => {
  const server = await serve((_, response) => void response.destroy());
  const { source } = clientFor(server.url);
  const chain: unknown[] = [];
  for (let error: unknown = await failureOf(source.readLog(JOB, read())); error instanceof Error; error = error.cause) chain.push(error);
  expect(chain.length).toBeGreaterThan(1);
  expect(chain.every((error) => typeof error === 'object' && error !== null && !('request' in error))).toBe(true);
});
