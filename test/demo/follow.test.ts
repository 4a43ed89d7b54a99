import { afterAll, beforeAll, expect, it } from 'vitest';
import { nextToFollow } from '../../src/demo/follow.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ accessKey: 'FOLLOW-KEY', secretKey: 'follow-secret' });
});
afterAll(() => simulator.close());

it('the demo follows the latest job that has only begun, once one of two is over', () => {
  const [first, second] = [simulator.createJob({ voiceName: 'first' }), simulator.createJob({ voiceName: 'second' })];
  const followed = new Set([first, second]);
  const older = simulator.createJob({ voiceName: 'older' });
  const latest = simulator.createJob({ voiceName: 'latest' });
  const busy = simulator.createJob({ voiceName: 'busy' });
  simulator.submit(busy);
  expect(nextToFollow(followed, simulator)).toBeNull();
  for (const act of ['submit', 'passMachine', 'approve', 'startTraining', 'finishTraining', 'upload', 'complete'] as const) simulator[act](first);
  expect(nextToFollow(followed, simulator)).toBe(latest);
  followed.add(latest);
  expect(nextToFollow(followed, simulator)).toBeNull();
  followed.add(older);
  for (const id of [second, older, latest]) {
    simulator.submit(id);
    simulator.passMachine(id);
    simulator.approve(id);
    simulator.startTraining(id);
    simulator.failTraining(id, 'loss did not converge', { carrier: 'none' });
  }
  expect(nextToFollow(followed, simulator)).toBeNull();
});
