import { afterEach, describe, expect, test } from 'vitest';
import { behindAdminToken } from '../../src/http/admin-gate.ts';
import { mountHealth, type Readiness } from '../../src/http/health.ts';
import { createHttp, type Http } from '../../src/http/server.ts';
import type { Log } from '../../src/ports/log.ts';
import { systemClock } from '../support/builders.ts';

const TOKEN = 'an-admin-token-of-some-length';
const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };

let http: Http | null = null;

afterEach(async () => {
  await http?.close();
});

async function serve(parts: { readonly adminToken?: string | null; readonly ready?: () => Promise<Readiness> } = {}): Promise<string> {
  http = createHttp({ host: '127.0.0.1', port: 0, log, clock: systemClock });
  const adminToken = parts.adminToken ?? null;
  const ready = parts.ready ?? (async () => ({ ready: true, reasons: [] }));
  mountHealth(http.routes, { ready, metrics: { render: async () => 'figures 1\n', contentType: 'text/plain; version=0.0.4' }, adminToken, log });
  http.routes.mount(
    '/admin/',
    behindAdminToken(adminToken, (_, response) => void response.end('admin')),
  );
  return (await http.listen()).url;
}

const basic = (pair: string): string => `Basic ${Buffer.from(pair).toString('base64')}`;

test('/healthz says that the process answers', async () => {
  const answer = await fetch(`${await serve()}/healthz`);
  expect([answer.status, await answer.json()]).toEqual([200, { alive: true }]);
});

test('/healthz and /readyz are read only', async () => {
  const url = await serve();
  for (const path of ['/healthz', '/readyz']) {
    const answer = await fetch(url + path, { method: 'POST', body: 'x' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect((await fetch(url + path, { method: 'HEAD' })).status).toBe(200);
  }
});

describe('/readyz', () => {
  test.each<readonly [string, () => Promise<Readiness>, number, Readiness]>([
    ['is 200 when all is well', async () => ({ ready: true, reasons: [] }), 200, { ready: true, reasons: [] }],
    ['is 503 with the reasons', async () => ({ ready: false, reasons: ['redis'] }), 503, { ready: false, reasons: ['redis'] }],
    ['is 503 when the check fails', () => Promise.reject(new Error('inner words')), 503, { ready: false, reasons: ['the check failed'] }],
    ['is 503 when the check hangs', () => new Promise(() => {}), 503, { ready: false, reasons: ['the check took too long'] }],
  ])('%s', async (_, ready, status, body) => {
    const answer = await fetch(`${await serve({ ready })}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([status, body]);
  });
});

describe('/metrics and /admin', () => {
  test('answer as an unknown path does when there is no admin token', async () => {
    const url = await serve();
    const answer = async (path: string) => {
      const response = await fetch(url + path, { headers: { authorization: `Bearer ${TOKEN}` } });
      return [response.status, await response.text(), response.headers.get('www-authenticate'), response.headers.get('content-type')];
    };
    const unknown = await answer('/unknown');
    for (const path of ['/metrics', '/admin/queues']) expect(await answer(path)).toEqual(unknown);
  });

  test.each([`Bearer ${TOKEN}`, `bearer  ${TOKEN}`, basic(`anybody:${TOKEN}`), basic(`:${TOKEN}`)])('open for the token: %s', async (authorization) => {
    const url = await serve({ adminToken: TOKEN });
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization } });
    expect([metrics.status, metrics.headers.get('content-type'), await metrics.text()]).toEqual([200, 'text/plain; version=0.0.4', 'figures 1\n']);
    expect(await (await fetch(`${url}/admin/queues`, { headers: { authorization } })).text()).toBe('admin');
  });

  test.each(['', 'Bearer', 'Bearer wrong', `Bearer ${TOKEN}x`, TOKEN, `Token ${TOKEN}`, basic(TOKEN), basic(`${TOKEN}:`), basic(`a:${TOKEN}:`), 'Basic ???'])(
    'ask for the token: %s',
    async (authorization) => {
      const url = await serve({ adminToken: TOKEN });
      for (const path of ['/metrics', '/admin/queues']) {
        const answer = await fetch(url + path, { headers: { authorization } });
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="voicejob", charset="UTF-8"']);
      }
    },
  );

  test('take a password with a colon in it', async () => {
    const url = await serve({ adminToken: 'with:colons:in:the:token' });
    expect((await fetch(`${url}/metrics`, { headers: { authorization: basic('me:with:colons:in:the:token') } })).status).toBe(200);
  });
});
