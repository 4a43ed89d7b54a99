import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPanel } from '../../src/demo/panel.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import type { SimulatorControl } from '../../src/ports/inspect.ts';

let simulator: Simulator;
let panel: SimulatorControl;

beforeEach(async () => {
  simulator = await startSimulator({ accessKey: 'ak', secretKey: 'sk' });
  panel = openPanel(simulator);
});
afterEach(() => simulator.close());

test('a job that is started lives by hand to its end', () => {
  const job = panel.start();
  const acts: unknown[] = [];
  for (let next = panel.job(job)?.next; next; next = panel.job(job)?.next) {
    acts.push(next);
    expect(panel.perform(job, 'next', '')).toBe(true);
  }
  expect(acts).toEqual(['submit', 'passMachine', 'approve', 'startTraining', 'finishTraining', 'upload', 'complete']);
  expect(simulator.job(job)?.detail.state).toBe('SUCCEED');
  expect(panel.perform(job, 'next', '')).toBe(false);
});

test('a review rejects with the reason that was given, training fails, and nothing happens at the wrong time', () => {
  const job = panel.start();
  expect(panel.perform(job, 'reject', 'too early')).toBe(false);
  panel.perform(job, 'next', '');
  panel.perform(job, 'next', '');
  expect(panel.job(job)).toMatchObject({ next: 'approve', canReject: true, canFail: false });
  expect(panel.perform(job, 'reject', 'Sentence 7 is cut off')).toBe(true);
  expect(simulator.job(job)?.log.at(-1)).toMatchObject({ action: 'AUDIT_NOT_PASS', external_info: { admin_audit_failure_reason: 'Sentence 7 is cut off' } });
  for (let step = 0; step < 3; step += 1) panel.perform(job, 'next', '');
  expect(panel.perform(job, 'fail', '')).toBe(true);
  expect(simulator.job(job)?.detail).toMatchObject({ state: 'FAILED', job_failed_reason: expect.stringMatching(/./) });
  expect(panel.perform('nobody', 'next', '')).toBe(false);
});

test('a machine review rejects with the reason that was given, beside its files', () => {
  const job = panel.start();
  panel.perform(job, 'next', '');
  expect(panel.perform(job, 'reject', 'The room echoes')).toBe(true);
  expect(simulator.job(job)?.log.at(-1)).toMatchObject({ operator: 'SYSTEM', external_info: { algorithm_failure_reason: 'The room echoes' } });
  expect(simulator.job(job)?.audit.system_audit_result?.errors).not.toEqual([]);
});

test('faults begin and end', async () => {
  const status = async () => (await fetch(`${simulator.url}/anything`).catch(() => null))?.status ?? 0;
  const healthy = await status();
  panel.setTrouble({ outage: true, wrongKey: true });
  expect(await status()).toBe(0);
  panel.setTrouble({ outage: false, wrongKey: true });
  expect(await status()).toBe(401);
  expect(await status()).toBe(401);
  panel.setTrouble({ outage: false, wrongKey: false });
  expect(await status()).toBe(healthy);
});
