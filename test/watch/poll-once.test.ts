import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JobKey } from '../../src/domain/job.ts';
import type { JournalEntry } from '../../src/domain/journal.ts';
import type { PollResult } from '../../src/ports/scheduler.ts';
import { pollOnce } from '../../src/watch/poll-once.ts';
import { PROJECT } from '../support/builders.ts';
import { chatAdapter } from '../support/chat-server.ts';
import { type Core, core, follow } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { KEY, startUpstream, type Upstream } from '../support/upstream.ts';

let redis: TestRedis;
let client: Redis;
let parts: Core;
let upstream: Upstream;

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
  parts = core(client, chatAdapter('http://127.0.0.1:1'));
});
afterAll(() => redis.stop());
beforeEach(async () => {
  upstream = await startUpstream(client, { scenario: 'fixtures' });
});
afterEach(async () => {
  await upstream.simulator.close();
  await redis.flush();
});

const poll = (job: JobKey, from = upstream): Promise<PollResult> => pollOnce(from.watch, job, AbortSignal.timeout(20_000));
const journal = async (job: JobKey): Promise<readonly JournalEntry[]> => (await parts.watch.readWatch(job))?.journal ?? [];
const actions = async (job: JobKey) => (await journal(job)).map((entry) => (entry.kind === 'log' ? entry.action : entry.kind));
const facts = async (job: JobKey) => (await parts.watch.readWatch(job))?.facts;

/** A job of the simulator's that a channel follows. */
async function followed(voiceName = 'narrator-01'): Promise<JobKey> {
  const job = `${PROJECT}/${upstream.simulator.createJob({ voiceName })}`;
  await follow(parts, 'C1', job);
  return job;
}
const idOf = (job: JobKey) => job.slice(PROJECT.length + 1);

describe('pollOnce', () => {
  it('takes what it first sees as the past, with facts, and what comes later as news', async () => {
    const job = await followed();
    upstream.simulator.submit(idOf(job));
    expect(await poll(job)).toMatchObject({ kind: 'again', reason: 'submitted' });
    expect(await parts.watch.readWatch(job)).toMatchObject({ base: 2, facts: { voiceName: 'narrator-01', state: 'SYSTEM_AUDITING' } });
    upstream.simulator.passMachine(idOf(job));
    await poll(job);
    expect(await actions(job)).toEqual(['CREATE_JOB', 'COMMIT_JOB', 'SYSTEM_AUDIT_PASS']);
    expect(await parts.watch.readWatch(job)).toMatchObject({ base: 2, facts: { state: 'AUDITING' } });
  });

  it('reads the audit result of a rejection, without its link', async () => {
    const job = await followed();
    upstream.simulator.submit(idOf(job));
    await poll(job);
    upstream.simulator.passMachine(idOf(job));
    upstream.simulator.rejectByPerson(idOf(job), 'Letter is not signed', {
      attachment: 'notes.docx',
      files: [{ audio_name: '3.wav', text_name: '3.txt', error_code: 'MSS.1', error_message: 'too short' }],
    });
    await poll(job);
    expect((await facts(job))?.audit?.admin).toMatchObject({ attachmentName: 'notes.docx' });
    expect(JSON.stringify(await facts(job))).not.toContain('http');
  });

  it('a rejection is told although its audit result can not be read, which a later poll brings', async () => {
    const job = await followed();
    upstream.simulator.submit(idOf(job));
    await poll(job);
    upstream.simulator.fault({ kind: 'status', status: 500, match: (path) => path.endsWith('/audit-result') });
    upstream.simulator.rejectByMachine(idOf(job), [{ audio_name: '3.wav', text_name: '3.txt', error_code: 'MSS.1', error_message: 'too short' }]);
    await poll(job);
    expect((await actions(job)).at(-1)).toBe('AUDIT_NOT_PASS');
    expect((await facts(job))?.audit).toBeNull();
    await poll(job);
    expect((await facts(job))?.audit?.system?.files).toHaveLength(1);
  });

  it('a failure that the log never says is told after two full reads, once', async () => {
    const job = await followed();
    upstream.simulator.submit(idOf(job));
    await poll(job);
    upstream.simulator.failTraining(idOf(job), 'loss did not converge', { code: 'MSS.60020007', carrier: 'none' });
    upstream.simulator.append(idOf(job), { action: 'NOTE_ADDED', operator: 'ADMIN' });
    expect(await poll(job)).toMatchObject({ reason: 'suspected' });
    expect((await journal(job)).some((entry) => entry.kind === 'state')).toBe(false);
    await poll(job);
    expect((await journal(job)).at(-1)).toMatchObject({ kind: 'state', state: 'FAILED', code: 'MSS.60020007', attempt: 1 });
    await poll(job);
    await poll(job);
    expect((await journal(job)).filter((entry) => entry.kind === 'state')).toHaveLength(1);
  });

  it('a failure that the log says late is told by the log alone', async () => {
    const job = await followed();
    upstream.simulator.submit(idOf(job));
    await poll(job);
    upstream.simulator.setState(idOf(job), 'FAILED', { job_failed_code: 'MSS.1', job_failed_reason: 'words' });
    upstream.simulator.append(idOf(job), { action: 'NOTE_ADDED', operator: 'ADMIN' });
    await poll(job);
    upstream.simulator.append(idOf(job), { action: 'TRAINING_FINISH', operator: 'SYSTEM', external_info: { algorithm_failure_reason: 'noise' } });
    await poll(job);
    await poll(job);
    expect((await journal(job)).map((entry) => entry.kind)).not.toContain('state');
  });

  it('a state that failed before the first sight is past', async () => {
    const job = await followed();
    upstream.simulator.submit(idOf(job));
    upstream.simulator.failTraining(idOf(job), 'words', { carrier: 'none' });
    await poll(job);
    const watched = await parts.watch.readWatch(job);
    expect(watched?.journal.at(-1)?.kind).toBe('state');
    expect(watched?.base).toBe(watched?.journal.length);
  });

  it('a job that is gone is told once, and once that it is back', async () => {
    const job = await followed();
    await poll(job);
    upstream.simulator.deleteJob(idOf(job));
    await poll(job);
    await poll(job);
    expect(await actions(job)).toEqual(['CREATE_JOB', 'gone']);
    upstream.simulator.restoreJob(idOf(job));
    upstream.simulator.submit(idOf(job));
    await poll(job);
    await poll(job);
    expect(await actions(job)).toEqual(['CREATE_JOB', 'gone', 'back', 'COMMIT_JOB']);
  });

  it('a job that was never there is told as gone: it has no past', async () => {
    const job = `${PROJECT}/no-such-job`;
    const destination = await follow(parts, 'C1', job);
    await poll(job);
    const view = await parts.subscriptions.subscription(destination, job);
    expect(await actions(job)).toEqual(['gone']);
    expect(view?.subscription.cursor).toBe(0);
  });

  it('a log answer alone does not make a job gone', async () => {
    const job = await followed();
    await poll(job);
    upstream.simulator.fault({ kind: 'status', status: 404, body: { error_code: 'MSS.1', error_msg: 'no' }, match: (path) => path.endsWith('/op-logs') });
    await poll(job);
    expect(await actions(job)).toEqual(['CREATE_JOB']);
  });

  it('ends with a completed job, after one late look that finds nothing', async () => {
    let now = Date.now();
    const late = await startUpstream(client, { clock: { now: () => now, monotonic: () => performance.now() } });
    try {
      const id = late.simulator.createJob({ voiceName: 'done' });
      const job = `${PROJECT}/${id}`;
      await follow(parts, 'C1', job);
      for (const act of ['submit', 'passMachine', 'approve', 'startTraining', 'finishTraining', 'upload', 'complete'] as const) late.simulator[act](id);
      expect(await poll(job, late)).toMatchObject({ kind: 'again', reason: 'completed' });
      now += 300_000;
      expect(await poll(job, late)).toEqual({ kind: 'ended', reason: 'completed' });
      expect((await parts.watch.readWatch(job))?.ended).toBe(true);
      expect((await poll(job, late)).kind).toBe('ended');
    } finally {
      await late.simulator.close();
    }
  });

  it('ends when nobody follows', async () => {
    expect(await poll(`${PROJECT}/whatever`)).toEqual({ kind: 'ended', reason: 'not-followed' });
  });

  it('many polls at once append every entry once', async () => {
    const job = await followed();
    await poll(job);
    upstream.simulator.submit(idOf(job));
    upstream.simulator.passMachine(idOf(job));
    await Promise.all(Array.from({ length: 10 }, () => poll(job)));
    expect(await actions(job)).toEqual(['CREATE_JOB', 'COMMIT_JOB', 'SYSTEM_AUDIT_PASS']);
  });

  for (const order of ['newest', 'oldest'] as const) {
    for (const timeUnit of ['s', 'ms'] as const) {
      it(`answers ${order} first, in ${timeUnit}, members in another order: 130 entries once and in order, while the log grows between pages`, async () => {
        Object.assign(upstream.simulator.rules.shape, { order, timeUnit, shuffleMembers: true });
        const job = `${PROJECT}/e2c569be-17a5-4e1b-8a3d-5b1f8f0a9c06`;
        await follow(parts, 'C1', job);
        upstream.simulator.growBetweenPages({ action: 'GREW', operator: 'SYSTEM', time: 1_764_800_000 }, 1);
        await poll(job);
        const entries = await journal(job);
        expect(entries).toHaveLength(131);
        expect(new Set(entries.map((entry) => entry.key)).size).toBe(131);
        const times = entries.map((entry) => entry.time ?? 0);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        await poll(job);
        expect(await journal(job)).toHaveLength(131);
      });
    }
  }

  it('keeps unknown actions, operators and members, and entries without external_info, reasons, time or operator', async () => {
    const job = `${PROJECT}/d41d8cd9-8f00-4204-a980-0998ecf8427e`;
    await follow(parts, 'C1', job);
    await poll(job);
    const entries = await journal(job);
    expect(await actions(job)).toEqual(['CREATE_JOB', 'COMMIT_JOB', 'RISK_CONTROL_HOLD', 'SYSTEM_AUDIT_PASS', 'ADMIN_AUDIT_PASS']);
    expect(entries[2]).toMatchObject({ operator: 'PARTNER', reviewIds: ['rv-9'], other: { hold_reason: 'manual check' } });
    expect(entries[3]?.time).toBeNull();
    expect(entries[4]).toMatchObject({ operator: '' });
  });

  for (const fault of [
    { kind: 'status', status: 400, body: { error_code: 'MSS.00010009', error_msg: 'tenant' } },
    { kind: 'status', status: 403, body: { error_code: 'APIGW.0302', error_msg: 'no' } },
    { kind: 'status', status: 429, body: { error_code: 'APIGW.0308', error_msg: 'policy over ratelimit,limit:20,time:1 second' } },
    { kind: 'status', status: 500, body: { error_code: 'APIG.0203', error_msg: 'backend' } },
    { kind: 'hang' },
    { kind: 'half-body' },
    { kind: 'html' },
    { kind: 'reset' },
  ] as const) {
    it(`${fault.kind}${'status' in fault ? ` ${fault.status}` : ''} from upstream: the poll comes again, and nothing is lost or invented`, async () => {
      const job = await followed();
      await poll(job);
      upstream.simulator.submit(idOf(job));
      upstream.simulator.fault({ ...fault, times: 1 });
      const result = await poll(job);
      expect(result).toMatchObject({ kind: 'again' });
      expect(await actions(job)).toEqual(['CREATE_JOB']);
      upstream = { ...upstream, ...(await reopened()) };
      await poll(job);
      expect(await actions(job)).toEqual(['CREATE_JOB', 'COMMIT_JOB']);
    });
  }

  it('a poll that is told when to come again comes no sooner', async () => {
    const job = await followed();
    await poll(job);
    upstream.simulator.fault({ kind: 'status', status: 429, headers: { 'retry-after': '60' }, body: { error_code: 'APIG.0308', error_msg: 'no' }, times: 1 });
    expect(await poll(job)).toEqual({ kind: 'again', delayMs: 60_000, reason: 'throttled' });
  });

  /** The budget remembers a 429; a test does not wait for it. */
  async function reopened(): Promise<Partial<Upstream>> {
    await client.del('{vj}:budget');
    return {};
  }

  it('a refused key with 1,000 watches asks upstream once, and again only after the gate lets a probe through', async () => {
    const refused = await startUpstream(client, { key: { ...KEY, secretKey: 'wrong' } });
    try {
      const jobs = Array.from({ length: 1_000 }, (_, i) => `${PROJECT}/job-${i}`);
      for (const job of jobs) await follow(parts, 'C1', job);
      const first = jobs[0] ?? '';
      await poll(first, refused);
      const results = await Promise.all(jobs.map((job) => poll(job, refused)));
      expect(refused.simulator.requests).toHaveLength(1);
      expect(results.every((result) => result.kind === 'again' && result.delayMs > 200_000)).toBe(true);
    } finally {
      await refused.simulator.close();
    }
  });
});
