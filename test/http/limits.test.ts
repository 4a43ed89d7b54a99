import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { createRateLimit, LARGEST_BODY_BYTES } from '../../src/http/limits.ts';
import { createHttp, type Http } from '../../src/http/server.ts';
import type { Log } from '../../src/ports/log.ts';
import { silentLog, systemClock } from '../support/builders.ts';

let http: Http | null = null;
afterEach(async () => http?.close());

const standing = { ...systemClock, at: 0, monotonic: () => standing.at };

async function serve(log: Log = silentLog): Promise<{ readonly url: string; readonly port: number; readonly read: string[] }> {
  http = createHttp({ host: '127.0.0.1', port: 0, log, clock: standing });
  const read: string[] = [];
  http.routes.mount('/read', async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    read.push(Buffer.concat(chunks).toString());
    response.end('read');
  });
  return { ...(await http.listen()), read };
}

describe('a body', () => {
  test('that says it is too large is refused before its handler', async () => {
    const { url, read } = await serve();
    const answer = await fetch(`${url}/read`, { method: 'POST', body: Buffer.alloc(LARGEST_BODY_BYTES + 1) }).catch(() => null);
    if (answer) expect(answer.status).toBe(413);
    expect(read).toEqual([]);
    expect((await fetch(`${url}/read`, { method: 'POST', body: Buffer.alloc(LARGEST_BODY_BYTES, 'x') })).status).toBe(200);
  });

  test('that grows too large without saying so is cut off with 413, is no failure, and the server lives on', async () => {
    const failures: string[] = [];
    const log: Log = { ...silentLog, error: (message) => void failures.push(message), with: () => log };
    const { url, port, read } = await serve(log);
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    let answer = '';
    socket.on('data', (chunk: Buffer) => {
      answer += chunk.toString();
    });
    await once(socket, 'connect');
    socket.write('POST /read HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    for (let sent = 0; sent <= LARGEST_BODY_BYTES && !socket.destroyed; sent += 0x10000) socket.write(piece);
    await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect([read, failures]).toEqual([[], []]);
    expect((await fetch(`${url}/read`, { method: 'POST', body: 'small' })).status).toBe(200);
  });
});

describe('one address', () => {
  test('that floods is told to wait, and may ask again after it', async () => {
    const { url } = await serve();
    const ask = async () => {
      const answer = await fetch(`${url}/nowhere`);
      await answer.arrayBuffer();
      return answer;
    };
    let refused: Response | null = null;
    for (let asked = 0; asked < 1_100 && refused === null; asked += 1) {
      const answer = await ask();
      if (answer.status !== 404) refused = answer;
    }
    expect([refused?.status, refused?.headers.get('retry-after')]).toEqual([429, '1']);
    standing.at += 1_000;
    expect((await ask()).status).toBe(404);
  });

  test('has its own allowance, a network of IPv6 one together', () => {
    const mayAsk = createRateLimit({ clock: standing, perSecond: 1, burst: 2 });
    expect(['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2'].map(mayAsk)).toEqual([true, true, false, true]);
    expect(['2001:db8:1:2::1', '2001:db8:1:2:3::9', '2001:db8:1:2::7', '2001:db8:1:3::1'].map(mayAsk)).toEqual([true, true, false, true]);
    expect(['::ffff:10.0.0.3', '::1', '::2', '::1'].map(mayAsk)).toEqual([true, true, true, false]);
  });
});

test('a request is named in its answer and in the log, without its query', async () => {
  const lines: Record<string, unknown>[] = [];
  const log: Log = { ...silentLog, debug: (message, fields) => void lines.push({ message, ...fields }), with: () => log };
  const { url } = await serve(log);
  const answer = await fetch(`${url}/read?token=secret`);
  expect(await answer.text()).toBe('read');
  const id = answer.headers.get('x-request-id');
  expect(id).toMatch(/^[0-9a-f]{12}$/);
  await http?.close();
  expect(lines).toEqual([{ message: 'a request', request: id, method: 'GET', path: '/read', status: 200, ms: 0, complete: true }]);
});
