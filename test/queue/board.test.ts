/** bull-board in a real browser, behind the admin token, on the queues of a real Redis. */
import { once } from 'node:events';
import { request as rawRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { behindAdminToken } from '../../src/http/admin-gate.ts';
import { createHttp, type Http } from '../../src/http/server.ts';
import type { Queue } from '../../src/queue/queue.ts';
import { startBrowser } from '../support/browser.ts';
import { JOB, silentLog, systemClock } from '../support/builders.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { makeQueue } from './rig.ts';

const TOKEN = 'an-admin-token-for-the-board';
const AS_ADMIN = { authorization: `Bearer ${TOKEN}` };

let redis: TestRedis;
let queue: Queue;
let http: Http;
let url: string;

beforeAll(async () => {
  redis = await startRedis();
  // It works at nothing, so that what is added stays to be seen.
  queue = makeQueue(redis.socketPath, { roles: { watch: false, deliver: false } });
  await queue.wakeWatch(JOB);
  await queue.nudgeDestination('test.d1');
  http = createHttp({ host: '127.0.0.1', port: 0, log: silentLog, clock: systemClock });
  const board = behindAdminToken(TOKEN, queue.board('/admin/queues'));
  for (const path of ['/admin/queues', '/admin/queues/']) http.routes.mount(path, board);
  ({ url } = await http.listen());
}, 60_000);
afterAll(async () => {
  await http.close();
  await queue.stop();
  await redis.stop();
});

const get = (path: string, headers: Record<string, string> = AS_ADMIN) => fetch(`${url}/admin/queues${path}`, { headers });

/** As it stands: fetch would tidy the path. */
async function rawStatus(path: string): Promise<number | undefined> {
  const [response] = await once(rawRequest(url, { path: `/admin/queues${path}`, headers: AS_ADMIN, agent: false }).end(), 'response');
  response.resume();
  return response.statusCode;
}

it('is a page that a browser draws without any error, and shows both queues and their jobs', { timeout: 60_000 }, async () => {
  const browser = await startBrowser({ httpCredentials: { username: 'anybody', password: TOKEN } });
  try {
    const page = await browser.context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    page.on('pageerror', (error) => errors.push(error.message));
    const strangers: string[] = [];
    page.on('request', (request) => request.url().startsWith(url) || request.url().startsWith('data:') || strangers.push(request.url()));
    await page.goto(`${url}/admin/queues`);
    await page.getByText('deliver').first().waitFor();
    await page.goto(`${url}/admin/queues/queue/watch`);
    await page
      .getByText(/w-[0-9a-f]{32}/)
      .first()
      .waitFor();
    expect([errors, strangers]).toEqual([[], []]);
    expect(await page.title()).toContain('voicejob');
  } finally {
    await browser.close();
  }
});

describe('the board', () => {
  it('is closed without the token', async () => {
    for (const path of ['', '/', '/api/queues', '/static/favicon.ico']) expect((await get(path, {})).status, path).toBe(401);
  });

  it('answers what its page asks, with the queues and nothing to change them by', async () => {
    const answer = await get('/api/queues?activeQueue=watch&status=latest&page=1&jobsPerPage=10');
    expect(answer.status).toBe(200);
    const { queues } = (await answer.json()) as { queues: { name: string; readOnlyMode: boolean }[] };
    expect(queues.map(({ name, readOnlyMode }) => [name, readOnlyMode]).toSorted()).toEqual([
      ['deliver', true],
      ['watch', true],
    ]);
    expect((await get('/api/queues/nowhere/metrics')).status).toBe(404);
    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
      const refused = await fetch(`${url}/admin/queues/api/queues/watch/obliterate`, { method, headers: AS_ADMIN });
      expect([refused.status, refused.headers.get('allow')], method).toEqual([405, 'GET, HEAD']);
    }
    expect(await redis.connect().exists('{vj}:watch:meta')).toBe(1);
  });

  it('gives no file but its own', async () => {
    expect((await get('/static/favicon-32x32.png')).headers.get('content-type')).toBe('image/png');
    for (const path of [
      '/static/../package.json',
      '/static/%2e%2e/index.ejs',
      '/static/%2e%2e%2findex.ejs',
      '/static/..%2f..%2fpackage.json',
      '/static/%00',
      '/static/',
      '/static/js/none.js',
      '/%zz',
    ]) {
      expect([400, 404], path).toContain(await rawStatus(path));
    }
  });

  it('may not be framed, and runs no script but its own', async () => {
    const policy = (await get('/')).headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
  });
});
