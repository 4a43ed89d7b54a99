import { expect, test } from 'vitest';
import { type Asked, refusal } from '../../../adapters/playground/guard.ts';

const OWN = { host: 'localhost:3000', origin: 'http://localhost:3000', 'content-type': 'application/json; charset=utf-8', 'sec-fetch-site': 'same-origin' };

function asked(headers: Asked['headers'] = {}, more: Partial<Asked> = {}): Asked {
  return { method: 'POST', headers: { ...OWN, ...headers }, remoteAddress: '127.0.0.1', localPort: 3000, ...more };
}

test("the playground's own page may ask, by each name of this machine", () => {
  for (const host of ['localhost:3000', '127.0.0.1:3000', '[::1]:3000']) expect(refusal(asked({ host, origin: `http://${host}` }))).toBeNull();
  for (const remoteAddress of ['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1']) expect(refusal(asked({}, { remoteAddress }))).toBeNull();
  expect(refusal(asked({ host: 'localhost', origin: 'http://localhost' }, { localPort: 80 }))).toBeNull();
});

test.each([
  ['a name that points at this machine', { host: 'rebound.example:3000', origin: 'http://rebound.example:3000' }],
  ['a name that begins as ours', { host: 'localhost:3000.evil.example' }],
  ['another port', { host: 'localhost:3001' }],
  ['no host', { host: '' }],
  ['another origin', { origin: 'https://evil.example' }],
  ['an opaque origin', { origin: 'null' }],
  ['the origin of another local server', { origin: 'http://localhost:8080' }],
  ['another site', { 'sec-fetch-site': 'cross-site' }],
  ['another port of this site', { 'sec-fetch-site': 'same-site' }],
  ['a proxy', { 'x-forwarded-for': '10.0.0.1' }],
  ['a proxy that names the host', { 'x-forwarded-host': 'localhost:3000' }],
  ['a standard proxy', { forwarded: 'for=10.0.0.1' }],
  ['a proxy that only says via', { via: '1.1 proxy' }],
])('%s is refused', (_, headers) => {
  expect(refusal(asked(headers))).toMatchObject({ status: 403 });
});

test('a request without an origin, of another type, by another method or from another machine is refused', () => {
  const { origin: _, ...without } = OWN;
  expect(refusal({ ...asked(), headers: without })).toMatchObject({ status: 403 });
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', '', 'application/jsonx'])
    expect(refusal(asked({ 'content-type': type }))).toMatchObject({ status: 415 });
  for (const method of ['PUT', 'DELETE', 'OPTIONS', '']) expect(refusal(asked({}, { method }))).toMatchObject({ status: 405 });
  for (const remoteAddress of ['192.168.1.5', '::ffff:10.0.0.1', '', '128.0.0.1']) expect(refusal(asked({}, { remoteAddress }))).toMatchObject({ status: 403 });
});

test('another site may link to the page and not read from it', () => {
  expect(refusal(asked({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, { method: 'GET' }))).toBeNull();
  expect(refusal(asked({ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, { method: 'GET' }))).toMatchObject({ status: 403 });
  expect(refusal(asked({ 'sec-fetch-site': 'none' }, { method: 'GET' }))).toBeNull();
});
