import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobKey } from '../../src/domain/job.ts';
import { loadScripts } from '../../src/store/scripts.ts';
import { createSweepStore } from '../../src/store/sweep-store.ts';
import { pollOnce } from '../../src/watch/poll-once.ts';
import { type SweepDeps, sweepOnce } from '../../src/watch/sweep.ts';
import { PROJECT, silentLog, systemClock } from '../support/builders.ts';
import { chatAdapter } from '../support/chat-server.ts';
import { type Core, core, follow, SHORT } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';

const HOUR_MS = 3_600_000;

let redis: TestRedis;
let client: Redis;
let parts: Core;
let upstream: Upstream;
let woken: JobKey[] = [];
let counted: Map<string, number>;
let deps: SweepDeps;

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
  parts = core(client, chatAdapter('http://127.0.0.1:1'));
});
afterAll(() => redis.stop());
beforeEach(async () => {
  upstream = await startUpstream(client);
  woken = [];
  counted = new Map();
  deps = {
    store: createSweepStore(loadScripts(client, SHORT), PROJECT),
    list: upstream.list,
    scheduler: { wakeWatch: async (job) => void woken.push(job) },
    poll: { minMs: 10, maxMs: 300_000, maxRps: 500 },
    clock: systemClock,
    log: silentLog,
    metrics: { observe: () => {}, set: () => {}, count: (name, labels = {}, by = 1) => add(`${name} ${labels.outcome ?? ''}`.trim(), by) },
  };
});
afterEach(async () => {
  await upstream.simulator.close();
  await redis.flush();
});

const add = (name: string, by: number) => counted.set(name, (counted.get(name) ?? 0) + by);
const idOf = (job: JobKey) => job.slice(PROJECT.length + 1);
const poll = (job: JobKey) => pollOnce(upstream.watch, job, AbortSignal.timeout(20_000));
const sight = async (job: JobKey) => (await parts.watch.readWatch(job))?.sweep;
const actions = async (job: JobKey) => ((await parts.watch.readWatch(job))?.journal ?? []).map((entry) => (entry.kind === 'log' ? entry.action : entry.kind));
const dueInMs = async (job: JobKey) => Number(await client.zscore('{vj}:polls', job)) - Date.now();
const calls = (from: number) => upstream.simulator.requests.slice(from).map(({ path }) => /op-logs|audit-result|jobs$/.exec(path)?.[0] ?? 'detail');

/** A turn of the sweep now, whenever the next one is due. */
async function sweep(): Promise<void> {
  await client.hset(`{vj}:sweep:${PROJECT}`, 'dueAt', 0);
  await sweepOnce(deps, AbortSignal.timeout(20_000));
}
/** Makes what happened seem to be so long ago, as far as the sweep's verdicts go. */
async function age(job: JobKey): Promise<void> {
  await client.hdel(`{vj}:job:${job}`, 'movedAt');
  if ((await client.zscore(`{vj}:sweep:doubts:${PROJECT}`, job)) !== null) await client.zadd(`{vj}:sweep:doubts:${PROJECT}`, Date.now() - HOUR_MS, job);
}
/** The simulator's times are whole seconds: makes a change one that the list can tell. */
async function nextSecond(): Promise<void> {
  const second = Math.floor(Date.now() / 1000);
  while (Math.floor(Date.now() / 1000) === second) await pause(20);
}

/** Jobs that a channel follows, seen once by a poll, listed, and covered by the sweep. */
async function followed(count = 1): Promise<JobKey[]> {
  const jobs = Array.from({ length: count }, (_, nth) => `${PROJECT}/${upstream.simulator.createJob({ voiceName: `narrator-${nth}` })}`);
  for (const job of jobs) await follow(parts, 'C1', job);
  for (const job of jobs) await poll(job);
  await sweep();
  await sweep();
  woken = [];
  return jobs;
}

/** The only one of a list. */
function only(jobs: readonly JobKey[]): JobKey {
  const [job] = jobs;
  if (job === undefined || jobs.length > 1) throw new RangeError(`${jobs.length} jobs`);
  return job;
}

describe('what the list shows', () => {
  it('only the log of the job that moved is read, and its new state comes from the list', async () => {
    const [quiet = '', moved = ''] = await followed(2);
    const from = upstream.simulator.requests.length;
    upstream.simulator.submit(idOf(moved));
    await sweep();
    expect(woken).toEqual([moved]);
    expect(await poll(moved)).toMatchObject({ kind: 'again', reason: 'swept' });
    expect(calls(from)).toEqual(['jobs', 'op-logs']);
    expect(await actions(moved)).toEqual(['CREATE_JOB', 'COMMIT_JOB']);
    expect(await parts.watch.readWatch(moved)).toMatchObject({ facts: { state: 'SYSTEM_AUDITING' }, sweep: { row: null } });
    expect(await sight(quiet)).toMatchObject({ row: null, covered: true });
    await sweep();
    expect(woken).toEqual([moved]);
  });

  it('a job that it covers is left to the safety net, which asks little', async () => {
    const job = only(await followed());
    expect(await poll(job)).toMatchObject({ reason: 'swept' });
    expect(await dueInMs(job)).toBeGreaterThan(200_000);
  });

  it('more than a page of jobs that moved are all found', async () => {
    const jobs = await followed(130);
    for (const job of jobs) upstream.simulator.submit(idOf(job));
    await sweep();
    expect(new Set(woken)).toEqual(new Set(jobs));
  });

  it('a failure that the log never says is told after two reads, seconds apart', async () => {
    const job = only(await followed());
    upstream.simulator.failTraining(idOf(job), 'loss did not converge', { carrier: 'none' });
    await sweep();
    expect(woken).toEqual([job]);
    expect(await poll(job)).toMatchObject({ reason: 'suspected' });
    await poll(job);
    expect((await parts.watch.readWatch(job))?.journal.at(-1)).toMatchObject({ kind: 'state', state: 'FAILED', reason: 'loss did not converge' });
  });

  it('a log that lags behind the list is read again soon, which is held against nobody', async () => {
    const job = only(await followed());
    upstream.simulator.setState(idOf(job), 'AUDITING');
    await sweep();
    expect(await poll(job)).toMatchObject({ reason: 'expecting' });
    upstream.simulator.append(idOf(job), { action: 'SYSTEM_AUDIT_PASS', operator: 'SYSTEM' });
    await poll(job);
    expect(await actions(job)).toEqual(['CREATE_JOB', 'SYSTEM_AUDIT_PASS']);
    await age(job);
    await sweep();
    expect(counted.get('sweep_missed_total')).toBeUndefined();
  });

  it('a job that the list shows up to a minute late is found all the same', async () => {
    const [late = '', other = ''] = await followed(2);
    upstream.simulator.submit(idOf(late));
    upstream.simulator.rules.list.hidden.add(idOf(late));
    await nextSecond();
    upstream.simulator.submit(idOf(other));
    await sweep();
    expect(woken).toEqual([other]);
    upstream.simulator.rules.list.hidden.clear();
    await sweep();
    expect(woken).toEqual([other, late]);
  });

  it('in milliseconds it says the same', async () => {
    upstream.simulator.rules.shape.timeUnit = 'ms';
    const job = only(await followed());
    upstream.simulator.submit(idOf(job));
    await sweep();
    expect(woken).toEqual([job]);
  });

  it('a state that changes without moving the update time is found by the census', async () => {
    const job = only(await followed());
    const { detail, log, audit } = upstream.simulator.job(idOf(job)) ?? { detail: null, log: [], audit: {} };
    expect(detail).not.toBeNull();
    upstream.simulator.deleteJob(idOf(job));
    upstream.simulator.createJob({ voiceName: 'narrator-0', id: idOf(job) });
    upstream.simulator.setState(idOf(job), 'FAILED', { job_failed_code: 'MSS.1', job_failed_reason: 'words' });
    upstream.simulator.setLog(idOf(job), log);
    upstream.simulator.setAuditResult(idOf(job), audit);
    upstream.simulator.rules.list.updateStepS = 1_000_000_000;
    await sweep();
    expect(woken).toEqual([]);
    await client.hset(`{vj}:sweep:${PROJECT}`, 'censusAt', 0);
    await sweep();
    expect(woken).toEqual([job]);
  });
});

describe('what the list misses', () => {
  it('an entry that moves no update time is found by the safety net and counted, and the project is polled more often until the sweep proves right', async () => {
    const jobs = await followed(30);
    const [job = '', other = ''] = jobs;
    deps = { ...deps, poll: { minMs: 10, maxMs: 10, maxRps: 0.1 } };
    upstream.simulator.append(idOf(job), { action: 'NOTE_ADDED', operator: 'ADMIN' });
    await sweep();
    expect(woken).toEqual([]);
    const at = { ...upstream.watch, poll: deps.poll };
    await pollOnce(at, job, AbortSignal.timeout(20_000));
    expect(await actions(job)).toEqual(['CREATE_JOB', 'NOTE_ADDED']);
    const before = await dueInMs(job);
    await age(job);
    await sweep();
    expect(counted.get('sweep_missed_total')).toBe(1);
    expect((await sight(job))?.missed).toBeCloseTo(0.05);
    await pollOnce(at, job, AbortSignal.timeout(20_000));
    const doubted = await dueInMs(job);
    expect(doubted).toBeLessThan(before / 2);
    for (let round = 0; round < 40; round += 1) {
      upstream.simulator.setLog(idOf(other), []);
      upstream.simulator.append(idOf(other), { action: `NOTE_${round}`, operator: 'ADMIN' });
      upstream.simulator.setState(idOf(other), `STATE_${round}`);
      await sweep();
      await pollOnce(at, other, AbortSignal.timeout(20_000));
    }
    expect((await sight(job))?.missed).toBeLessThan(0.01);
    await pollOnce(at, job, AbortSignal.timeout(20_000));
    expect(await dueInMs(job)).toBeGreaterThan(doubted * 1.5);
  });

  it('an entry that the safety net saw before the list did is no miss', async () => {
    const job = only(await followed());
    upstream.simulator.rules.list.hidden.add(idOf(job));
    upstream.simulator.submit(idOf(job));
    await sweep();
    await poll(job);
    upstream.simulator.rules.list.hidden.clear();
    await sweep();
    await age(job);
    await sweep();
    expect(woken).toEqual([job]);
    expect(counted.get('sweep_missed_total')).toBeUndefined();
  });

  it('a second entry in the same coarse time is found by the safety net', async () => {
    const job = only(await followed());
    upstream.simulator.rules.list.updateStepS = 86_400;
    upstream.simulator.setState(idOf(job), 'AUDITING');
    upstream.simulator.append(idOf(job), { action: 'FIRST', operator: 'ADMIN' });
    await sweep();
    await poll(job);
    upstream.simulator.setState(idOf(job), 'AUDITING');
    upstream.simulator.append(idOf(job), { action: 'SECOND', operator: 'ADMIN' });
    woken = [];
    await sweep();
    expect(woken).toEqual([]);
    await poll(job);
    expect(await actions(job)).toEqual(['CREATE_JOB', 'FIRST', 'SECOND']);
  });

  it('a job that the list does not show is polled as if there were no sweep, and covered once it does', async () => {
    const id = upstream.simulator.createJob({ voiceName: 'narrator-1' });
    upstream.simulator.rules.list.hidden.add(id);
    const job = `${PROJECT}/${id}`;
    await follow(parts, 'C1', job);
    await poll(job);
    await sweep();
    expect(await sight(job)).toMatchObject({ covered: false });
    expect(await poll(job)).toMatchObject({ reason: 'active' });
    upstream.simulator.rules.list.hidden.clear();
    upstream.simulator.submit(id);
    await sweep();
    expect(await sight(job)).toMatchObject({ covered: true });
  });

  it('a job that vanishes from the list is uncovered once the list was read to its end', async () => {
    const jobs = await followed(120);
    const [job = ''] = jobs;
    expect(await sight(job)).toMatchObject({ covered: true });
    upstream.simulator.rules.list.hidden.add(idOf(job));
    for (let page = 0; page < 2; page += 1) {
      await client.hset(`{vj}:sweep:${PROJECT}`, 'censusAt', 0);
      await sweep();
    }
    expect(await sight(job)).toMatchObject({ covered: false });
    expect(await sight(jobs[1] ?? '')).toMatchObject({ covered: true });
  });
});

describe('a list that can not be asked', () => {
  it.each(['refused', 'ignored'] as const)(
    'update_since %s: jobs are polled as if there were no sweep, those that wait for the safety net at once',
    async (updateSince) => {
      const jobs = await followed(20);
      for (const job of jobs) await poll(job);
      for (const job of jobs) expect(await dueInMs(job)).toBeGreaterThan(200_000);
      upstream.simulator.rules.list.updateSince = updateSince;
      if (updateSince === 'ignored') upstream.simulator.setLog(idOf(jobs[0] ?? ''), []);
      const since = { sinceS: Math.floor(Date.now() / 1000) + 2 * 3_600 };
      if (updateSince === 'ignored') await client.hset(`{vj}:sweep:${PROJECT}`, 'since', since.sinceS * 1000);
      await sweep();
      expect([...counted.keys()]).toContain(updateSince === 'refused' ? 'sweeps_total invalid' : 'sweeps_total filter-ignored');
      // a minute later: nothing covers them any more
      await client.hset(`{vj}:sweep:${PROJECT}`, 'sweptAt', Date.now() - HOUR_MS);
      for (const job of jobs) await client.zadd(`{vj}:sweep:net:${PROJECT}`, Date.now() - HOUR_MS, job);
      await client.del(`{vj}:sweep:pulled:${PROJECT}`);
      await sweepOnce(deps, AbortSignal.timeout(20_000));
      expect(woken.length).toBeGreaterThan(0);
      for (const job of woken) expect(await dueInMs(job)).toBeLessThanOrEqual(0);
      expect(await poll(woken[0] ?? '')).toMatchObject({ reason: 'active' });
    },
  );

  it('polls that come sooner do not keep those of the safety net from being pulled forward', async () => {
    const jobs = await followed(3);
    for (const job of jobs) await poll(job);
    const soon = Array.from({ length: 200 }, (_, i) => [Date.now() + 60_000, `${PROJECT}/soon-${i}`]).flat();
    await client.zadd('{vj}:polls', ...soon);
    await client.hset(`{vj}:sweep:${PROJECT}`, 'sweptAt', Date.now() - HOUR_MS);
    for (const job of jobs) await client.zadd(`{vj}:sweep:net:${PROJECT}`, Date.now() - HOUR_MS, job);
    await client.del(`{vj}:sweep:pulled:${PROJECT}`);
    woken.length = 0;
    await sweepOnce(deps, AbortSignal.timeout(20_000));
    expect(woken.length).toBeGreaterThan(0);
    expect(jobs).toEqual(expect.arrayContaining(woken));
  });

  it('a list that fails is asked again, and nothing that moved meanwhile is lost', async () => {
    const job = only(await followed());
    upstream.simulator.submit(idOf(job));
    for (const kind of ['half-body', 'html', 'reset', 'hang'] as const) {
      upstream.simulator.fault({ kind, match: (path) => path.endsWith('/jobs') });
      await sweep();
    }
    upstream.simulator.fault({ kind: 'status', status: 429, match: (path) => path.endsWith('/jobs') });
    await sweep();
    expect(woken).toEqual([]);
    await sweep();
    expect(woken).toEqual([job]);
  });
});

describe('crashes', () => {
  it('a turn that ended well is followed by the next after the interval, census or not', async () => {
    await followed();
    await client.hset(`{vj}:sweep:${PROJECT}`, 'dueAt', 0, 'censusAt', 0);
    await sweepOnce(deps, AbortSignal.timeout(20_000));
    expect(Number(await client.hget(`{vj}:sweep:${PROJECT}`, 'dueAt')) - Date.now()).toBeLessThan(1_000);
  });

  it('one process sweeps at a time; a turn that ends with its process is taken by another', async () => {
    await followed();
    await client.hset(`{vj}:sweep:${PROJECT}`, 'dueAt', 0);
    expect(await deps.store.take(150)).toMatchObject({ kind: 'turn' });
    expect(await deps.store.take(150)).toMatchObject({ kind: 'wait' });
    await pause(160);
    expect(await deps.store.take(150)).toMatchObject({ kind: 'turn' });
  });

  it('a job that moved is due although the process died before it woke it', async () => {
    const job = only(await followed());
    upstream.simulator.submit(idOf(job));
    const dying = { ...deps, scheduler: { wakeWatch: () => Promise.reject(new Error('killed')) } };
    await client.hset(`{vj}:sweep:${PROJECT}`, 'dueAt', 0);
    await expect(sweepOnce(dying, AbortSignal.timeout(20_000))).rejects.toThrow('killed');
    await client.zincrby('{vj}:polls', -60_000, job);
    expect(await parts.watch.overdue({ overdueMs: 10_000, limit: 10 })).toEqual([job]);
    expect(await sight(job)).toMatchObject({ row: { detail: { state: 'SYSTEM_AUDITING' } } });
  });

  it('a job that moves again during its poll is polled again at once', async () => {
    const job = only(await followed());
    const jobs: typeof upstream.watch.jobs = {
      ...upstream.watch.jobs,
      readLog: async (...read) => {
        const log = await upstream.watch.jobs.readLog(...read);
        upstream.simulator.submit(idOf(job));
        await sweep();
        return log;
      },
    };
    expect(await pollOnce({ ...upstream.watch, jobs }, job, AbortSignal.timeout(20_000))).toMatchObject({ kind: 'again', delayMs: 0, reason: 'moved' });
    expect(await dueInMs(job)).toBeLessThanOrEqual(0);
    await poll(job);
    expect(await actions(job)).toEqual(['CREATE_JOB', 'COMMIT_JOB']);
  });
});

describe('whatever the list does', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('entry' as const), job: fc.nat(3), moves: fc.boolean() }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('sweep' as const), woken: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('poll' as const), job: fc.nat(3) }) },
    fc.record({ do: fc.constant('hide' as const), job: fc.nat(3), hidden: fc.boolean() }),
    fc.record({ do: fc.constant('since' as const), to: fc.constantFrom('ok' as const, 'refused' as const, 'ignored' as const) }),
    fc.record({ do: fc.constant('coarse' as const), s: fc.constantFrom(1, 60, 1_000_000_000) }),
    fc.record({ do: fc.constant('lag' as const), s: fc.constantFrom(0, 5, 1_000) }),
    fc.record({ do: fc.constant('forget' as const) }),
  );

  it('each entry is in its journal once after every job was polled once more, and the sweep never puts a poll off that it woke', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        await redis.flush();
        const { simulator } = upstream;
        Object.assign(simulator.rules.list, { updateSince: 'ok', updateStepS: 1, lagS: 0 });
        simulator.rules.list.hidden.clear();
        for (const id of simulator.jobIds()) simulator.deleteJob(id);
        const jobs = await followed(4);
        const at = (nth: number) => jobs[nth] ?? '';
        let entries = 0;
        for (const one of steps) {
          switch (one.do) {
            case 'entry':
              entries += 1;
              simulator.append(idOf(at(one.job)), { action: `ENTRY_${entries}`, operator: 'ADMIN' });
              if (one.moves) simulator.setState(idOf(at(one.job)), `STATE_${entries}`);
              break;
            case 'sweep':
              woken = [];
              await sweep();
              for (const job of woken) expect(await dueInMs(job)).toBeLessThanOrEqual(0);
              if (one.woken) for (const job of new Set(woken)) await poll(job);
              break;
            case 'poll':
              await poll(at(one.job));
              break;
            case 'hide':
              if (one.hidden) simulator.rules.list.hidden.add(idOf(at(one.job)));
              else simulator.rules.list.hidden.delete(idOf(at(one.job)));
              break;
            case 'since':
              simulator.rules.list.updateSince = one.to;
              break;
            case 'coarse':
              simulator.rules.list.updateStepS = one.s;
              break;
            case 'lag':
              simulator.rules.list.lagS = one.s;
              break;
            case 'forget':
              await client.del(`{vj}:sweep:${PROJECT}`, `{vj}:sweep:seen:${PROJECT}`);
              break;
            default:
              one satisfies never;
          }
        }
        for (const job of jobs) await poll(job);
        for (const job of jobs) {
          const log = (simulator.job(idOf(job))?.log ?? []).map(({ action }) => action);
          expect((await actions(job)).toSorted()).toEqual(log.toSorted());
          expect(await dueInMs(job)).toBeLessThan(7 * HOUR_MS);
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
