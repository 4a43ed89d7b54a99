import { once } from 'node:events';
import { request as rawRequest } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttp, type Http } from '../../src/http/server.ts';
import type { Log, LogFields } from '../../src/ports/log.ts';
import { systemClock } from '../support/builders.ts';

type Logged = { readonly message: string; readonly fields: LogFields };

const open: Http[] = [];

afterEach(async () => {
  for (const http of open.splice(0)) await http.close();
});

function make(): { readonly http: Http; readonly logged: Logged[] } {
  const logged: Logged[] = [];
  const note = (message: string, fields: LogFields = {}): void => void logged.push({ message, fields });
  const log: Log = { debug: note, info: note, warn: note, error: note, with: () => log };
  const http = createHttp({ host: '127.0.0.1', port: 0, log, clock: systemClock });
  open.push(http);
  return { http, logged };
}

/** Sends a path as it stands, which fetch would tidy. */
async function status(url: string, path: string): Promise<number | undefined> {
  const request = rawRequest(url, { path, agent: false }).end();
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}

describe('a request', () => {
  test('goes to the longest path that was mounted', async () => {
    const { http } = make();
    for (const path of ['/', '/slack/events', '/page/', '/page/app.js', '/page/deep/']) http.routes.mount(path, (_, response) => void response.end(path));
    const { url } = await http.listen();
    const served = async (path: string) => (await fetch(url + path)).text();
    expect(await served('/slack/events')).toBe('/slack/events');
    expect(await served('/slack/events?a=/page/')).toBe('/slack/events');
    expect(await served('/slack/events/more')).toBe('/');
    expect(await served('/page/')).toBe('/page/');
    expect(await served('/page/app.js')).toBe('/page/app.js');
    expect(await served('/page/app.js.map')).toBe('/page/');
    expect(await served('/page/deep/er/x')).toBe('/page/deep/');
    expect(await served('/page')).toBe('/');
    expect(await served('/')).toBe('/');
  });

  test('to a path that nobody mounted is answered 404, as JSON to who asks for it', async () => {
    const { http } = make();
    http.routes.mount('/here', (_, response) => void response.end());
    const { url } = await http.listen();
    const text = await fetch(`${url}/there`);
    expect([text.status, text.headers.get('content-type'), await text.text()]).toEqual([404, 'text/plain; charset=utf-8', 'not found\n']);
    const json = await fetch(`${url}/there`, { headers: { accept: 'application/json' } });
    expect([json.status, await json.json()]).toEqual([404, { error: 'not found' }]);
  });

  test('whose path climbs or is none is refused', async () => {
    const { http } = make();
    http.routes.mount('/', (_, response) => void response.end());
    const { url } = await http.listen();
    for (const path of ['/a/../b', '/a/..', '/./b', 'http://elsewhere/x', '*']) expect(await status(url, path), path).toBe(400);
    for (const path of ['/a..b', '//elsewhere/x', '/a/...', '/%2e%2e/x']) expect(await status(url, path), path).toBe(200);
  });

  test('reaches its handler with the body unread', async () => {
    const { http } = make();
    http.routes.mount('/echo', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      response.end(Buffer.concat(chunks));
    });
    const { url } = await http.listen();
    const body = Buffer.from([0, 255, 10, 13]);
    const echoed = await fetch(`${url}/echo`, { method: 'POST', body });
    expect(Buffer.from(await echoed.arrayBuffer())).toEqual(body);
  });

  test('whose handler fails gets 500 and a reference to the log line, and nothing of the error', async () => {
    const { http, logged } = make();
    http.routes.mount('/throws', () => {
      throw new TypeError('the inner words');
    });
    http.routes.mount('/rejects', async () => Promise.reject(new TypeError('the inner words')));
    const { url } = await http.listen();
    for (const path of ['/throws', '/rejects']) {
      const answer = await fetch(url + path, { headers: { accept: 'application/json' } });
      const body = (await answer.json()) as { readonly reference: string };
      expect(answer.status).toBe(500);
      expect(body).toEqual({ error: 'internal error', reference: expect.stringMatching(/^[0-9a-f]{12}$/) });
      expect(logged.findLast(({ message }) => message === 'a request failed')).toMatchObject({
        message: 'a request failed',
        fields: { path, method: 'GET', request: body.reference, error: { message: 'the inner words' } },
      });
    }
  });

  test('whose handler fails half-way through the answer is cut off, and the server lives on', async () => {
    const { http } = make();
    http.routes.mount('/half', (_, response) => {
      response.write('half');
      throw new Error('too late for a status');
    });
    const { url } = await http.listen();
    await expect(fetch(`${url}/half`).then((answer) => answer.text())).rejects.toThrow();
    expect((await fetch(`${url}/nowhere`)).status).toBe(404);
  });
});

test('every answer forbids guessing, framing, caching and leaking its address, unless its handler says otherwise', async () => {
  const { http } = make();
  http.routes.mount('/page', (_, response) => void response.writeHead(200, { 'content-security-policy': "default-src 'self'" }).end());
  const { url } = await http.listen();
  const { headers } = await fetch(`${url}/nowhere`);
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
  expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
  const page = await fetch(`${url}/page`);
  expect(page.headers.get('content-security-policy')).toBe("default-src 'self'");
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
});

test('a path is mounted once, and starts with a slash', () => {
  const { http } = make();
  http.routes.mount('/a', () => {});
  expect(() => http.routes.mount('/a', () => {})).toThrow('the path /a is taken');
  expect(() => http.routes.mount('b', () => {})).toThrow(RangeError);
});

test('a port that is taken is refused with its code', async () => {
  const first = make().http;
  const { port } = await first.listen();
  const log: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
  await expect(createHttp({ host: '127.0.0.1', port, log, clock: systemClock }).listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

describe('close', () => {
  test('ends streams and idle connections, lets what runs finish, and takes nothing new', async () => {
    const { http } = make();
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    http.routes.mount('/stream', (_, response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n'));
    http.routes.mount('/slow', async (_, response) => {
      arrive();
      await released;
      response.end('done');
    });
    const { url, port } = await http.listen();
    const idle = connect(port, '127.0.0.1');
    await once(idle, 'connect');
    idle.on('error', () => {});
    const idleClosed = once(idle, 'close');
    const stream = (await fetch(`${url}/stream`)).body?.getReader();
    await stream?.read();
    const slow = fetch(`${url}/slow`);
    await arrived;
    const closed = http.close();
    release();
    expect(await (await slow).text()).toBe('done');
    await closed;
    await idleClosed;
    await expect(stream?.read()).rejects.toThrow();
    await expect(fetch(`${url}/slow`)).rejects.toThrow();
  });

  test('may come twice, and before anything listened', async () => {
    const { http } = make();
    await http.close();
    const other = make().http;
    await other.listen();
    await Promise.all([other.close(), other.close()]);
    await other.close();
  });
});
