/** A short run of the suite and a little of its nonsense; the long ones are `npm run chaos` and `npm run chaos -- fuzz`. */
import { expect, test } from 'vitest';
import { fuzz } from './fuzz.ts';
import type { Planned } from './plan.ts';
import { run } from './run.ts';

/** What is told first are announcements, which are no pairs: the chat's mishaps come after them. */
const PLAN: readonly Planned[] = [
  { atMs: 500, mishap: { kind: 'kill at a script', step: { script: 'append', when: 'after' } } },
  { atMs: 1_000, mishap: { kind: 'kill', role: 'web' } },
  { atMs: 2_000, mishap: { kind: 'upstream', how: '500' } },
  { atMs: 2_500, mishap: { kind: 'kill at the chat', op: 'post', when: 'after' } },
  { atMs: 2_500, mishap: { kind: 'chat', how: 'hang applied', op: 'post' } },
  { atMs: 3_000, mishap: { kind: 'kill at a script', step: { script: 'settle', when: 'before' } } },
  { atMs: 3_500, mishap: { kind: 'wipe the queues' } },
  { atMs: 4_000, mishap: { kind: 'redis', how: 'kill -9' } },
  { atMs: 5_000, mishap: { kind: 'upstream', how: 'growth between pages' } },
];

test('processes and servers fail, and every entry is told once and in order', { timeout: 240_000 }, async () => {
  const result = await run({
    ...{ seed: 7, plan: PLAN, troubleMs: 11_000, quietMs: 1_000, patienceMs: 150_000, perRole: 2, clocks: false, history: true, redis: 'everysec' },
    ...{ jobs: 6, slackChannels: 3, teamsChannels: 1, teamsGroups: 1, followers: 2, growEveryMs: 2_000, floods: 0, say: () => undefined },
  });
  const { lost, twice, disorder, unwanted, expected } = result.verdict;
  expect({ lost, twice, disorder, unwanted, crashes: result.crashes, badStops: result.badStops }).toEqual({
    ...{ lost: [], twice: [], disorder: [], unwanted: [], crashes: [], badStops: [] },
  });
  expect(expected).toBeGreaterThan(20);
  expect([...result.counts.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThan(3);
});

test('nonsense from people, platforms and upstream ends nothing and shows no inside', { timeout: 240_000 }, async () => {
  const { faults } = await fuzz(11, { commands: 60, bodies: 100, upstream: 100, parser: 5_000 }, () => undefined);
  expect(faults).toEqual([]);
});
