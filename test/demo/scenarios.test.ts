import { describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { runSimulator } from '../../src/demo/main-simulator.ts';
import { DEMO_JOBS } from '../../src/demo/plan.ts';
import type { Log } from '../../src/ports/log.ts';
import { actionsOf, call, handClock, simulate } from './caller.ts';

const SECOND = 1000;

describe('scenarios', () => {
  test('fixtures are the seven samples', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const { body } = await call(simulator, '');
    expect(body.count).toBe(7);
  });

  test('empty has no job', async () => {
    await using simulator = await simulate();
    expect((await call(simulator, '')).body).toEqual({ count: 0, jobs: [] });
  });

  test('the demo starts from the samples, and its two jobs already have a past', async () => {
    const clock = handClock();
    await using simulator = await simulate({ scenario: 'demo', clock });
    expect(simulator.jobIds()).toHaveLength(9);
    for (const { jobId, voiceName } of DEMO_JOBS) {
      expect(simulator.job(jobId)).toMatchObject({
        detail: { voice_name: voiceName, state: 'SYSTEM_AUDITING' },
        log: [{ action: 'CREATE_JOB' }, { action: 'COMMIT_JOB' }],
      });
    }
  });

  test('a job of the demo lives to its end, with the wall clock in its log', async () => {
    const clock = handClock();
    await using simulator = await simulate({ scenario: 'demo', clock });
    const start = clock.now() / 1000;
    const [{ jobId } = { jobId: '' }] = DEMO_JOBS;
    clock.move(23 * SECOND);
    simulator.advance();
    const rejected = await call(simulator, `/${jobId}`, { signedAt: clock.now() });
    expect(rejected.body).toMatchObject({ state: 'AUDIT_FAILED', reject_times: 1, lastupdate_time: start + 21 });
    clock.move(90 * SECOND);
    simulator.advance();
    const { body } = await call(simulator, `/${jobId}/op-logs`, { query: { limit: '100' }, signedAt: clock.now() });
    expect(actionsOf(body)).toEqual([
      'CREATE_JOB',
      'COMMIT_JOB',
      'SYSTEM_AUDIT_PASS',
      'AUDIT_NOT_PASS',
      'COMMIT_JOB',
      'SYSTEM_AUDIT_PASS',
      'ADMIN_AUDIT_PASS',
      'TRAINING_FINISH',
      'UPLOADING_MODEL',
      'COMPLETE_JOB',
    ]);
    expect(simulator.job(jobId)?.detail).toMatchObject({ state: 'SUCCEED', asset_id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(simulator.job(jobId)?.log[3]).toMatchObject({
      time: start + 21,
      operator: 'ADMIN',
      external_info: { admin_audit_failure_reason: expect.stringContaining('\n') },
    });
  });

  test('the loop lets the demo live without anybody asking', async () => {
    await using simulator = await simulate({ scenario: 'demo', speed: 100_000 });
    await expect.poll(() => simulator.jobIds().length, { timeout: 5000 }).toBeGreaterThan(10);
  });

  test('a job that was deleted by hand does not come back, and finished ones of long ago are forgotten', async () => {
    const clock = handClock();
    await using simulator = await simulate({ scenario: 'demo', clock });
    const [{ jobId } = { jobId: '' }] = DEMO_JOBS;
    simulator.deleteJob(jobId);
    clock.move(8 * 3600 * SECOND);
    simulator.advance();
    expect(simulator.job(jobId)).toBeNull();
    expect(simulator.jobIds().length).toBeLessThanOrEqual(509);
    expect(simulator.jobIds().length).toBeGreaterThan(500);
  });
});

describe('control', () => {
  test('each act leaves what the log, the detail and the audit result would show', async () => {
    const clock = handClock();
    await using simulator = await simulate({ clock });
    const time = clock.now() / 1000;
    const job = simulator.createJob({ voiceName: 'lena', jobType: 'FLEXUS', id: 'job-1' });
    const files = [{ audio_name: '1.wav', text_name: '1.txt', error_code: 'X', error_message: 'short' }];
    const acts = [
      () => simulator.submit(job),
      () => simulator.rejectByMachine(job, files),
      () => simulator.submit(job),
      () => simulator.passMachine(job),
      () => simulator.rejectByPerson(job, 'unsigned', { files, reviewIds: ['rv-1'] }),
      () => simulator.submit(job),
      () => simulator.passMachine(job),
      () => simulator.approve(job),
      () => simulator.startTraining(job),
      () => simulator.failTraining(job, 'did not converge', { carrier: 'TRAINING_FINISH', code: 'MSS.1' }),
    ];
    const states = acts.map((perform) => {
      perform();
      return simulator.job(job)?.detail.state;
    });
    expect(states).toEqual([
      'SYSTEM_AUDITING',
      'AUDIT_FAILED',
      'SYSTEM_AUDITING',
      'AUDITING',
      'AUDIT_FAILED',
      'SYSTEM_AUDITING',
      'AUDITING',
      'WAITING',
      'PROCESSING',
      'FAILED',
    ]);
    expect(simulator.job(job)?.detail).toMatchObject({ job_type: 'FLEXUS', reject_times: 2, job_failed_code: 'MSS.1', job_failed_reason: 'did not converge' });
    expect(simulator.job(job)?.audit.admin_audit_result).toEqual({ message: 'unsigned', audit_time: time });
    expect(simulator.job(job)?.log).toEqual([
      { time, action: 'CREATE_JOB', operator: 'USER' },
      { time, action: 'COMMIT_JOB', operator: 'USER' },
      { time, action: 'AUDIT_NOT_PASS', operator: 'SYSTEM' },
      { time, action: 'COMMIT_JOB', operator: 'USER' },
      { time, action: 'SYSTEM_AUDIT_PASS', operator: 'SYSTEM' },
      { time, action: 'AUDIT_NOT_PASS', operator: 'ADMIN', external_info: { review_id_list: ['rv-1'], admin_audit_failure_reason: 'unsigned' } },
      { time, action: 'COMMIT_JOB', operator: 'USER' },
      { time, action: 'SYSTEM_AUDIT_PASS', operator: 'SYSTEM' },
      { time, action: 'ADMIN_AUDIT_PASS', operator: 'ADMIN' },
      { time, action: 'TRAINING_FINISH', operator: 'SYSTEM', external_info: { algorithm_failure_reason: 'did not converge' } },
    ]);
  });

  test('an entry can be appended without a time, and a state set without an entry', async () => {
    await using simulator = await simulate();
    const job = simulator.createJob({ voiceName: 'lena' });
    simulator.append(job, { time: null, action: 'RISK_CONTROL_HOLD', operator: 'PARTNER' });
    simulator.setState(job, 'FAILED', { job_failed_code: 'MSS.2', job_failed_reason: 'no' });
    simulator.setAuditResult(job, { admin_audit_result: { message: 'm', audit_time: 5 } });
    const { body } = await call(simulator, `/${job}/op-logs`);
    expect(body).toMatchObject({ count: 2, operations: [{ action: 'CREATE_JOB' }, { action: 'RISK_CONTROL_HOLD', operator: 'PARTNER' }] });
    expect((await call(simulator, `/${job}`)).body).toMatchObject({ state: 'FAILED', job_failed_code: 'MSS.2' });
    expect((await call(simulator, `/${job}/audit-result`)).body).toEqual({ admin_audit_result: { message: 'm', audit_time: 5 } });
  });

  test('a deleted job is unknown until it is restored', async () => {
    await using simulator = await simulate();
    const job = simulator.createJob({ voiceName: 'lena' });
    simulator.deleteJob(job);
    expect((await call(simulator, `/${job}/op-logs`)).status).toBe(404);
    simulator.restoreJob(job);
    expect((await call(simulator, `/${job}/op-logs`)).body.count).toBe(1);
    expect(() => simulator.submit('nobody')).toThrow(RangeError);
  });
});

test('the simulator alone says what to put into the environment, and that works', async () => {
  const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };
  const { simulator, environment } = await runSimulator({ host: '127.0.0.1', port: 0, log: silent });
  try {
    const values = Object.fromEntries(
      environment
        .trimEnd()
        .split('\n')
        .filter((line) => !line.startsWith('#'))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(values).toMatchObject({ METASTUDIO_ENDPOINT: simulator.url, METASTUDIO_PROJECT_ID: simulator.projectId });
    const keys = { accessKey: values.METASTUDIO_ACCESS_KEY ?? '', secretKey: values.METASTUDIO_SECRET_KEY ?? '' };
    expect((await call(simulator, `/${DEMO_JOBS[0]?.jobId}`, keys)).status).toBe(200);
    // Nothing else is needed to start.
    expect(readConfig(values, () => '', 'run')).toMatchObject({ kind: 'ok', config: { playground: true } });
  } finally {
    await simulator.close();
  }
});
