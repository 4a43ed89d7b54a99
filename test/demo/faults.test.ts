import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { call, signedFetch, simulate } from './caller.ts';

test('a status fault meets the next requests that match, as often as asked', async () => {
  await using simulator = await simulate({ scenario: 'fixtures' });
  simulator.fault({ kind: 'status', status: 500, body: { error_code: 'MSS.00021016', error_msg: 'token' }, times: 2, match: (path) => path.endsWith('/jobs') });
  simulator.fault({ kind: 'status', status: 429, headers: { 'retry-after': '7' } });
  const statuses = [];
  for (const path of ['', '', '']) statuses.push((await call(simulator, path)).status);
  expect(statuses).toEqual([500, 500, 429]);
  expect((await call(simulator, '')).status).toBe(200);
});

test('a fault is taken away by what its planning answered', async () => {
  await using simulator = await simulate();
  const takeAway = simulator.fault({ kind: 'reset', times: Number.POSITIVE_INFINITY });
  await expect(call(simulator, '')).rejects.toThrow();
  takeAway();
  expect((await call(simulator, '')).status).toBe(200);
});

test('HTML comes in place of JSON', async () => {
  await using simulator = await simulate();
  simulator.fault({ kind: 'html', status: 502 });
  const answer = await signedFetch(simulator, '');
  expect([answer.status, answer.headers.get('content-type'), (await answer.text()).slice(0, 9)]).toEqual([502, 'text/html', '<!DOCTYPE']);
});

test('a body breaks off in the middle', async () => {
  await using simulator = await simulate({ scenario: 'fixtures' });
  simulator.fault({ kind: 'half-body' });
  const answer = await signedFetch(simulator, '');
  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toThrow();
});

test('a hanging request is left by its caller, and seen', async () => {
  await using simulator = await simulate();
  simulator.fault({ kind: 'hang' });
  const leave = new AbortController();
  const asked = call(simulator, '', { signal: leave.signal });
  await expect.poll(() => simulator.requests).toEqual([expect.objectContaining({ status: 0, authorized: true })]);
  leave.abort();
  await expect(asked).rejects.toThrow();
});

test('a delayed answer is the right one', async () => {
  await using simulator = await simulate();
  simulator.fault({ kind: 'delay', afterMs: 30 });
  expect((await call(simulator, '')).body).toEqual({ count: 0, jobs: [] });
});

test('in an outage every connection breaks, and afterwards none', async () => {
  await using simulator = await simulate();
  simulator.outage(true);
  await expect(call(simulator, '')).rejects.toThrow();
  await expect(call(simulator, '')).rejects.toThrow();
  simulator.outage(false);
  expect((await call(simulator, '')).status).toBe(200);
});

test('closing breaks open and delayed requests and frees the port', async () => {
  const simulator = await simulate({ scenario: 'demo' });
  simulator.fault({ kind: 'hang' });
  simulator.fault({ kind: 'delay', afterMs: 3_600_000 });
  const open = Promise.allSettled([call(simulator, ''), call(simulator, '')]);
  await expect.poll(() => simulator.requests.length).toBe(1);
  await simulator.close();
  expect((await open).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const { port } = new URL(simulator.url);
  const refused = await new Promise((resolve) => connect(Number(port), '127.0.0.1').on('error', (error) => resolve(Reflect.get(error, 'code'))));
  expect(refused).toBe('ECONNREFUSED');
});
