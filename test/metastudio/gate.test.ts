import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Credentials } from '../../src/metastudio/send.ts';
import { UpstreamError } from '../../src/ports/job-source.ts';
import { createBudget } from '../../src/store/budget.ts';
import { sendJson, startHttpServer, type TestHttpServer } from '../support/http-server.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { ACCESS_KEY, clientFor, failureOf, JOB, read } from './fakes.ts';

const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const random = { id: () => randomUUID(), fraction: () => Math.random() };

let redis: TestRedis;
let api: TestHttpServer;
let right: boolean;
beforeAll(async () => {
  redis = await startRedis({ appendfsync: 'no' });
  api = await startHttpServer((_, response) => {
    if (right) sendJson(response, 200, { count: 0, operations: [], token: {} }, { 'x-subject-token': 'token' });
    else sendJson(response, 401, { error_code: 'APIG.0301', error_msg: 'verify aksk signature fail', request_id: 'rid' });
  });
});
beforeEach(async () => {
  right = false;
  await redis.flush();
});
afterAll(() => Promise.all([redis.stop(), api.close()]));

/** A client with a budget as a process of its own has them. */
function ownProcess(credentials: Credentials) {
  return clientFor(api.url, { clock, credentials, budget: createBudget(redis.connect(), { maxRps: 200, clock, random }) }).source;
}

test.each<[string, () => Credentials]>([
  ['key', () => ACCESS_KEY],
  ['password', () => ({ kind: 'iam', endpoint: api.url, user: 'u', password: 'wrong-password', domain: 'd' })],
])('a wrong %s with 1,000 watches in two processes makes one request in five minutes, and a right one opens the gate again', async (_, credentials) => {
  const processes = [ownProcess(credentials()), ownProcess(credentials())] as const;
  const before = api.requests.length;
  const requests = () => api.requests.length - before;
  const everyWatch = async () => {
    const kinds = await Promise.all(
      Array.from({ length: 500 }, () => processes.map((source) => source.readLog(JOB, read({ priority: 'safety-net' }))))
        .flat()
        .map((log) =>
          log.then(
            () => 'read',
            (error: unknown) => (error instanceof UpstreamError ? error.kind : 'bug'),
          ),
        ),
    );
    return new Set(kinds);
  };
  expect((await everyWatch()).has('unauthorized')).toBe(true);
  expect(requests()).toBe(1);
  await everyWatch();
  expect(requests()).toBe(1);

  const look = redis.connect();
  await look.hset('{vj}:gate', 'nextProbe', 1);
  expect(await everyWatch()).toEqual(new Set(['unauthorized', 'closed']));
  expect(requests()).toBe(2);

  right = true;
  expect((await failureOf(processes[0].readLog(JOB, read()))).kind).toBe('closed');
  await look.hset('{vj}:gate', 'nextProbe', 1);
  expect(await processes[0].readLog(JOB, read())).toEqual([]);
  expect(await processes[1].readLog(JOB, read())).toEqual([]);
});
