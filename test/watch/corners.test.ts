/** Corners of the watch, shown by what the journal and the facts hold. */
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { JobKey } from '../../src/domain/job.ts';
import { pollOnce } from '../../src/watch/poll-once.ts';
import { PROJECT } from '../support/builders.ts';
import { chatAdapter } from '../support/chat-server.ts';
import { type Core, core, follow } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

let redis: TestRedis;
let client: Redis;
let parts: Core;
let upstream: Upstream;
let now = Date.now();

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
  parts = core(client, chatAdapter('http://127.0.0.1:1'));
});
afterAll(() => redis.stop());
beforeEach(async () => {
  now = Date.now();
  upstream = await startUpstream(client, { clock: { now: () => now, monotonic: () => performance.now() } });
});
afterEach(async () => {
  await upstream.simulator.close();
  await redis.flush();
});
const poll = (job: JobKey) => pollOnce(upstream.watch, job, AbortSignal.timeout(20_000));
const idOf = (job: JobKey) => job.slice(PROJECT.length + 1);
async function followed(): Promise<JobKey> {
  const job = `${PROJECT}/${upstream.simulator.createJob({ voiceName: 'narrator-01' })}`;
  await follow(parts, 'C1', job);
  return job;
}

it('a second rejection gets its audit result although the detail failed in that very poll', async () => {
  const job = await followed();
  const id = idOf(job);
  upstream.simulator.submit(id);
  upstream.simulator.rejectByPerson(id, 'first');
  await poll(job);
  expect((await parts.watch.readWatch(job))?.facts?.audit?.admin?.message).toBe('first');
  upstream.simulator.submit(id);
  upstream.simulator.rejectByPerson(id, 'second');
  upstream.simulator.fault({ kind: 'status', status: 500, times: 1, match: (path) => !path.includes('op-log') && !path.includes('logs') });
  await poll(job);
  for (let i = 0; i < 10; i += 1) {
    now += 3_600_000;
    await poll(job);
  }
  expect((await parts.watch.readWatch(job))?.facts?.audit?.admin?.message).toBe('second');
});

it('a job that succeeded and has no log any more ends like others', async () => {
  const jobs: typeof upstream.watch.jobs = {
    ...upstream.watch.jobs,
    readLog: async () => [],
    readDetail: async () => ({
      jobId: 'x',
      voiceName: 'x',
      jobType: '',
      state: 'SUCCEED',
      failedCode: '',
      failedReason: '',
      assetId: '',
      rejectTimes: 0,
      createdAt: 1,
      updatedAt: 1,
    }),
  };
  const job = `${PROJECT}/old`;
  await follow(parts, 'C1', job);
  let result = await pollOnce({ ...upstream.watch, jobs }, job, AbortSignal.timeout(5_000));
  for (let i = 0; i < 5 && result.kind === 'again'; i += 1) {
    now += 600_000;
    result = await pollOnce({ ...upstream.watch, jobs }, job, AbortSignal.timeout(5_000));
  }
  expect(result.kind).toBe('ended');
});

it('a job that is gone for 30 days is looked at once a day, with one request', async () => {
  const job = await followed();
  await poll(job);
  upstream.simulator.deleteJob(idOf(job));
  await poll(job);
  expect((await parts.watch.readWatch(job))?.journal.at(-1)?.kind).toBe('gone');
  now += 40 * 86_400_000;
  const before = upstream.simulator.requests.length;
  const result = await poll(job);
  const asked = upstream.simulator.requests.length - before;
  expect({
    hours: result.kind === 'again' ? Math.round(result.delayMs / 3_600_000) : 0,
    asked,
    demand: (await parts.watch.readWatch(job))?.demand,
  }).toMatchObject({ asked: 1 });
  expect(result.kind === 'again' && result.delayMs).toBeGreaterThan(80_000_000);
});

it('following a job that ended while another place still has it muted is not over at once', async () => {
  const job = await followed();
  const id = idOf(job);
  const first = await parts.subscriptions.destinationAt({ platform: 'test', id: 'C1', route: 'C1' });
  for (const act of ['submit', 'passMachine', 'approve', 'startTraining', 'finishTraining', 'upload'] as const) upstream.simulator[act](id);
  await poll(job);
  await parts.subscriptions.mute(first?.id ?? '', job, 30 * 86_400_000);
  upstream.simulator.complete(id);
  await poll(job);
  now += 600_000;
  expect((await poll(job)).kind).toBe('ended');
  // submitted again; a new follower comes
  upstream.simulator.append(id, { action: 'COMMIT_JOB', operator: 'USER' });
  const second = await follow(parts, 'C2', job);
  expect(await client.zscore('{vj}:polls', job)).not.toBeNull();
  expect((await poll(job)).kind).toBe('again');
  expect(second).toBeTruthy();
});

it('what a watch asks of the budget is what it takes, also when it is gone', async () => {
  const job = await followed();
  await poll(job);
  upstream.simulator.deleteJob(idOf(job));
  await poll(job);
  let took = 0;
  for (let i = 0; i < 5; i += 1) {
    const result = await poll(job);
    took = result.kind === 'again' ? result.delayMs : 0;
    now += took;
  }
  const demand = (await parts.watch.readWatch(job))?.demand ?? 0;
  expect(demand).toBeLessThan(1.2 * (1000 / took));
});
