/** Every HTTP route of the real program, asked as strangers ask: nothing opens, nothing leaks, nothing is stored. */
import { readFileSync } from 'node:fs';
import { request as rawRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROJECT } from '../support/builders.ts';
import { eventually, type Program, scratchDirectory, startProgram } from '../support/program.ts';

const SECRETS = { METASTUDIO_SECRET_KEY: 'a-secret-key-nobody-sees', ADMIN_TOKEN: 'an-admin-token-nobody-sees' };
const FILES = ['/', '/playground/page.css', '/playground/main.js', '/playground/view.js', '/playground/voicejob.svg'];
const POSTS = ['command', 'action', 'form', 'form-options'].map((name) => `/playground/${name}`);
const OPEN = ['/healthz', '/readyz'];
const ADMIN = ['/metrics', '/admin/queues', '/admin/queues/', '/admin/queues/api/queues', '/admin/queues/static/favicon.ico', '/admin/queues/queue/watch'];
/** Not configured here, or nowhere at all. */
const ABSENT = ['/slack/events', '/api/messages', '/admin', '/admin/', '/playground/none', '/.env', '/metrics/', '/healthz/x', '/favicon.ico'];
const ALL = [...FILES, ...POSTS, ...OPEN, ...ADMIN, ...ABSENT, '/playground/events'];

let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
let program: Program;
let client: Redis;
let host: string;
let before: string;

beforeAll(async () => {
  scratch = await scratchDirectory();
  program = await startProgram({
    DATA_DIR: scratch.path,
    // Nothing answers there; nothing has to.
    METASTUDIO_ENDPOINT: 'http://127.0.0.1:9',
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: 'AK',
    ...SECRETS,
  });
  host = new URL(program.url).host;
  const { socketPath } = JSON.parse(readFileSync(join(scratch.path, 'redis.json'), 'utf8')) as { socketPath: string };
  client = new Redis({ path: socketPath });
  await eventually(async () => (await ask('/readyz')).status === 200);
}, 60_000);
beforeEach(async () => {
  before = await stored();
  return async () => {
    expect(await stored()).toBe(before);
  };
});
afterAll(async () => {
  client.disconnect();
  await program.stop();
  await scratch.remove();
});

/** Everything in Redis but what the queues, the sweep of the job list and the budget write by themselves. */
async function stored(): Promise<string> {
  const keys = (await client.keys('*')).filter((key) => !/^\{vj\}:(watch:|deliver:|sweep|budget)/.test(key)).toSorted();
  return JSON.stringify(await Promise.all(keys.map(async (key) => [key, (await client.dump(key))?.toString()])));
}

type Got = { readonly status: number; readonly headers: Readonly<Record<string, unknown>>; readonly body: string };

/** As it stands: fetch would tidy paths and refuse headers. An endless answer is left after its beginning. */
function ask(
  path: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly body?: string | Buffer } = {},
): Promise<Got> {
  return new Promise((resolve, reject) => {
    const request = rawRequest(program.url, { path, method: options.method ?? 'GET', agent: false, headers: { host, ...options.headers } }, (response) => {
      let body = '';
      const finish = () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
        if (response.headers['content-type']?.startsWith('text/event-stream')) {
          finish();
          request.destroy();
        }
      });
      response.on('end', finish);
      response.on('error', finish);
    });
    request.on('error', reject);
    request.end(options.body);
  });
}

function expectClean({ body, headers }: Got, of: string): void {
  for (const secret of [...Object.values(SECRETS), scratch.path, process.cwd(), 'node_modules', 'redis.json']) expect(body, of).not.toContain(secret);
  expect(body, of).not.toMatch(/^\s+at .*:\d+/m);
  expect(headers['x-content-type-options'], of).toBe('nosniff');
  expect(headers['content-security-policy'], of).toContain("frame-ancestors 'none'");
  expect(headers['referrer-policy'], of).toBe('no-referrer');
  expect(headers['x-powered-by'] ?? headers.server, of).toBeUndefined();
}

describe('unauthenticated', () => {
  it('health is open, the admin’s paths ask for the token, what is not there is 404', async () => {
    for (const path of OPEN) expect((await ask(path)).status, path).toBe(200);
    for (const path of ADMIN) expect((await ask(path)).status, path).toBe(401);
    for (const path of ABSENT) expect((await ask(path)).status, path).toBe(404);
    for (const path of FILES) expect((await ask(path)).status, path).toBe(200);
  });

  it('a wrong token opens nothing, and the right one all of the admin’s paths', async () => {
    for (const path of ADMIN) {
      for (const authorization of [
        'Bearer wrong',
        `Bearer ${SECRETS.ADMIN_TOKEN}x`,
        `Basic ${Buffer.from('a:b').toString('base64')}`,
        'Basic ',
        'x'.repeat(4_000),
      ]) {
        const got = await ask(path, { headers: { authorization } });
        expect(got.status, path).toBe(401);
        expectClean(got, path);
      }
      expect((await ask(path, { headers: { authorization: `Bearer ${SECRETS.ADMIN_TOKEN}` } })).status, path).toBe(200);
    }
  });

  it('no path gives anything away, whatever the method', async () => {
    for (const path of ALL) {
      for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE']) {
        const got = await ask(path, { method, headers: { accept: 'application/json' } });
        expectClean(got, `${method} ${path}`);
        if (method !== 'GET' && method !== 'HEAD') expect(got.status, `${method} ${path}`).toBeGreaterThanOrEqual(400);
        expect(got.status, `${method} ${path}`).toBeLessThan(500);
      }
    }
  });
});

describe('forwarded, or from another site', () => {
  it('the local page answers nobody but this machine’s own browser', async () => {
    const strangers: Record<string, string>[] = [
      { 'x-forwarded-for': '10.0.0.1' },
      { forwarded: 'for=10.0.0.1' },
      { via: '1.1 proxy' },
      { host: 'voicejob.example.com' },
      { origin: 'https://evil.example', 'content-type': 'application/json' },
      { 'sec-fetch-site': 'cross-site', origin: `http://${host}`, 'content-type': 'application/json' },
    ];
    const body = JSON.stringify({ id: 'abcdefgh12345678', place: 'voice-lab', text: 'subscribe 26f06524-4f75-4b3a-a853-b649a21aaf66' });
    for (const headers of strangers) {
      for (const path of POSTS) {
        const got = await ask(path, { method: 'POST', headers: { 'content-type': 'application/json', origin: `http://${host}`, ...headers }, body });
        expect([got.status, JSON.stringify(headers)]).toEqual([403, JSON.stringify(headers)]);
        expectClean(got, path);
      }
    }
    for (const headers of strangers.slice(0, 4)) expect((await ask('/playground/events', { headers })).status).toBe(403);
  });

  it('a forwarded request is no admin', async () => {
    for (const path of ADMIN)
      expect((await ask(path, { headers: { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-user': 'admin', 'x-original-url': '/healthz' } })).status).toBe(401);
  });
});

describe('oversized', () => {
  const own = () => ({ origin: `http://${host}`, 'content-type': 'application/json' });

  it('a body is refused where one is taken, and ignored or refused where none is', async () => {
    for (const path of POSTS) {
      const big = await ask(path, { method: 'POST', headers: own(), body: JSON.stringify({ text: 'x'.repeat(100_000) }) });
      expect(big.status, path).toBe(413);
      const huge = await ask(path, { method: 'POST', headers: own(), body: Buffer.alloc(3 * 1024 * 1024, 'x') }).catch(() => null);
      if (huge) expect(huge.status, path).toBe(413);
    }
    for (const path of [...OPEN, ...ADMIN, ...ABSENT]) {
      const got = await ask(path, { method: 'POST', headers: own(), body: Buffer.alloc(2 * 1024 * 1024, 'x') }).catch(() => null);
      if (got) expect(got.status, path).toBe(413);
    }
    expect((await ask('/healthz')).status).toBe(200);
  });

  it('headers and addresses are refused by their size', async () => {
    expect((await ask('/healthz', { headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
    expect((await ask(`/${'x'.repeat(20_000)}`)).status).toBe(431);
    expect((await ask(`/playground/${'x'.repeat(10_000)}`)).status).toBe(404);
  });
});

describe('malformed', () => {
  it('bodies are answered 400', async () => {
    for (const path of POSTS) {
      for (const body of [
        '',
        '{',
        'null',
        '[]',
        '"x"',
        '{"id":1}',
        '{"id":"abcdefgh12345678","place":"nowhere"}',
        '\u0000\u0001',
        '{"__proto__":{"id":"abcdefgh12345678"}}',
      ]) {
        const got = await ask(path, { method: 'POST', headers: { origin: `http://${host}`, 'content-type': 'application/json' }, body });
        expect([got.status, path, body]).toEqual([400, path, body]);
        expectClean(got, path);
      }
      const plain = await ask(path, { method: 'POST', headers: { origin: `http://${host}`, 'content-type': 'text/plain' }, body: '{}' });
      expect(plain.status).toBe(415);
    }
  });

  it('paths lead nowhere', async () => {
    for (const path of ['/../../etc/passwd', '/playground/../../package.json', '/a/./b', '*', 'http://elsewhere/healthz'])
      expect((await ask(path)).status, path).toBe(400);
    for (const path of ['/%2e%2e/%2e%2e/etc/passwd', '/playground/%2e%2e%2fpackage.json', '/playground/page.css%00', '/HEALTHZ', '/metrics%20', '/%zz']) {
      const got = await ask(path);
      expect(got.status, path).toBe(404);
      expectClean(got, path);
    }
  });

  it('what is not HTTP is cut off, and the program lives on', async () => {
    for (const bytes of [
      '\u0016\u0003\u0001\u0002\u0000',
      'GET\r\n\r\n',
      'GET /healthz HTTP/9.9\r\n\r\n',
      'POST /healthz HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ]) {
      const answer = await new Promise<string>((resolve) => {
        const socket = connect(Number(new URL(program.url).port), '127.0.0.1', () => socket.write(bytes));
        let text = '';
        socket.on('data', (chunk: Buffer) => {
          text += chunk.toString();
        });
        socket.on('error', () => {});
        socket.on('close', () => resolve(text));
      });
      expect(answer, bytes).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
    expect((await ask('/healthz')).status).toBe(200);
  });
});

it('every path that is mounted in the core and by the local page is in this scan', () => {
  const mounted = ['src/http/health.ts', 'src/app.ts', 'adapters/playground/adapter.ts'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/mount\(\s*'([^']+)'|_PATH = '([^']+)'/g)].map(([, path, named]) => path ?? named ?? ''),
  );
  expect(mounted.length).toBeGreaterThan(5);
  expect(mounted.filter((path) => !ALL.some((scanned) => scanned === path || scanned.startsWith(path)))).toEqual([]);
});

it('a scrape by the admin shows what stands in Redis, the queues and the build', async () => {
  const { body } = await ask('/metrics', { headers: { authorization: `Bearer ${SECRETS.ADMIN_TOKEN}` } });
  expect(body).toContain('voicejob_redis_up 1\n');
  expect(body).toContain('voicejob_watched_jobs 0\n');
  expect(body).toMatch(/voicejob_queue_jobs\{queue="watch",state="delayed"\} 0/);
  expect(body).toMatch(/voicejob_build_info\{version="\d+\.\d+\.\d+",node="v24\./);
});

it('what was asked is in the log by request id, without secrets', async () => {
  const { headers } = await ask('/metrics?token=an-admin-token-nobody-sees');
  const line = await eventually(async () =>
    program
      .output()
      .split('\n')
      .slice(0, -1)
      .find((one) => one.includes(String(headers['x-request-id']))),
  );
  expect(JSON.parse(line)).toMatchObject({ message: 'a request', path: '/metrics', status: 401 });
  expect(program.output()).not.toContain(SECRETS.ADMIN_TOKEN);
  expect(program.output()).not.toContain('a request failed');
});
