import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { text as readAll } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPlayground } from '../../../adapters/playground/adapter.ts';
import { BODY_BYTES } from '../../../adapters/playground/limits.ts';
import type { ChatAdapter } from '../../../src/ports/chat-adapter.ts';
import type { InboundEvent } from '../../../src/ports/inbound.ts';
import { type RoutesServer, startRoutesServer } from '../../support/routes-server.ts';
import { asPage, playgroundDeps } from './as-page.ts';

let server: RoutesServer;
let playground: ChatAdapter;
let events: InboundEvent[];
beforeEach(async () => {
  events = [];
  server = await startRoutesServer();
  playground = createPlayground({ ...playgroundDeps(), dataDir: null, defaultLanguage: 'en' });
  await playground.start({
    routes: server.routes,
    inbound: async (event) => {
      events.push(event);
      return { kind: 'none' };
    },
  });
});
afterEach(async () => {
  await playground.stop();
  await server.close();
});

/** A request as no browser would make it. */
async function raw(
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; body: string; headers: IncomingMessage['headers'] }> {
  const sent = httpRequest(`${server.url}${path}`, { method: options.method ?? 'GET', headers: options.headers });
  sent.end(options.body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, body: await readAll(response), headers: response.headers };
}

const COMMAND = { id: 'event-00000001', place: 'voice-lab', text: 'list' };

test('the page and everything it asks for is served, under a policy that runs nothing else', async () => {
  const page = await raw('/');
  expect(page.status).toBe(200);
  expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(page.headers['x-content-type-options']).toBe('nosniff');
  expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style|\son\w+=|\sstyle=|https?:\/\//);
  const wanted = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
  const scripts = new Set(wanted);
  for (const path of scripts) {
    const file = await raw(path);
    expect([path, file.status]).toEqual([path, 200]);
    if (path.endsWith('.js')) for (const [, name] of file.body.matchAll(/from '\.(\/[^']+)'/g)) scripts.add(`/playground${name}`);
  }
  expect(scripts.size).toBeGreaterThan(6);
});

test('nothing else is there', async () => {
  for (const path of [
    '/nothing',
    '/playground/',
    '/playground/adapter.ts',
    '/playground/../adapter.ts',
    '/playground/%2e%2e/adapter.ts',
    '/playground/page/main.js',
    '/playground/constructor',
  ]) {
    expect([path, (await raw(path)).status]).toEqual([path, 404]);
  }
});

test('a foreign host, a foreign origin, a proxy and a form of another site are refused with a sentence', async () => {
  const own = { origin: server.url, 'content-type': 'application/json' };
  for (const headers of [
    { ...own, host: 'rebound.example' },
    { ...own, origin: 'https://evil.example' },
    { ...own, 'x-forwarded-for': '10.0.0.1' },
    { ...own, 'content-type': 'text/plain' },
  ]) {
    const { status, body } = await raw('/playground/command', { method: 'POST', headers, body: JSON.stringify(COMMAND) });
    expect([403, 415]).toContain(status);
    expect(JSON.parse(body)).toEqual({ problem: expect.stringMatching(/\.$/) });
  }
  expect((await raw('/', { headers: { host: `rebound.example:${server.port}` } })).status).toBe(403);
  expect((await raw('/playground/events', { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' } })).status).toBe(403);
  expect(events).toEqual([]);
});

test('a body that is too large or no JSON is refused, and the server goes on', async () => {
  const page = asPage(server.url);
  const large = await page('command', { ...COMMAND, text: 'x'.repeat(BODY_BYTES) });
  expect([large.status, await large.json()]).toEqual([413, { problem: 'The body is larger than 64 KB.' }]);
  const headers = { origin: server.url, 'content-type': 'application/json' };
  expect((await raw('/playground/command', { method: 'POST', headers, body: '{"id":' })).status).toBe(400);
  expect((await raw('/playground/command')).status).toBe(405);
  expect((await raw('/playground/command', { method: 'PUT', headers })).status).toBe(405);
  expect((await raw('/playground/nothing', { method: 'POST', headers, body: '{}' })).status).toBe(404);
  expect(events).toEqual([]);
  expect((await page('command', COMMAND)).status).toBe(200);
  expect(events).toHaveLength(1);
});

test('stop ends the open streams, and afterwards the page is told that nobody is here', async () => {
  const stream = await fetch(`${server.url}/playground/events`);
  expect(stream.headers.get('content-type')).toContain('text/event-stream');
  await playground.stop();
  expect(await stream.text()).toContain('event: chat');
  expect((await fetch(`${server.url}/`)).status).toBe(503);
});
