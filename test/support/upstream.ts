/** The simulator as upstream, and polls that read it through the real client. */

import type { Redis } from 'ioredis';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { createMetaStudio } from '../../src/metastudio/client.ts';
import type { Budget } from '../../src/ports/budget.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { JobList, JobSource } from '../../src/ports/job-source.ts';
import { createBudget } from '../../src/store/budget.ts';
import { loadScripts } from '../../src/store/scripts.ts';
import { createWatchStore } from '../../src/store/watch-store.ts';
import type { WatchDeps } from '../../src/watch/poll.ts';
import { noMetrics, PROJECT, silentLog, systemClock } from './builders.ts';
import { SHORT, uniqueRandom } from './core.ts';

export const KEY = { accessKey: 'TEST-ACCESS-KEY', secretKey: 'test-secret-key-5d1f' };

export type Upstream = { readonly simulator: Simulator; readonly jobs: JobSource; readonly list: JobList; readonly budget: Budget; readonly watch: WatchDeps };

export async function startUpstream(
  redis: Redis,
  options: {
    readonly scenario?: 'fixtures' | 'empty';
    readonly key?: typeof KEY;
    readonly clock?: Clock;
    readonly log?: WatchDeps['log'];
    readonly probeMs?: number;
  } = {},
): Promise<Upstream> {
  const simulator = await startSimulator({ ...KEY, projectId: PROJECT, scenario: options.scenario ?? 'empty' });
  const clock = options.clock ?? systemClock;
  const log = options.log ?? silentLog;
  const budget = createBudget(redis, {
    maxRps: 500,
    clock: systemClock,
    random: uniqueRandom,
    ...(options.probeMs === undefined ? {} : { probeMs: options.probeMs }),
  });
  const credentials = { kind: 'access-key', ...KEY, ...options.key, securityToken: '' } as const;
  const jobs = createMetaStudio({
    endpoint: simulator.url,
    projectId: PROJECT,
    appUserId: '',
    credentials,
    budget,
    clock: systemClock,
    log,
    metrics: noMetrics,
    timeouts: { requestMs: 500 },
  });
  const watch: WatchDeps = {
    store: createWatchStore(redis, loadScripts(redis, SHORT)),
    jobs,
    scheduler: { nudgeDestination: async () => {} },
    projectId: PROJECT,
    poll: { minMs: 15_000, maxMs: 300_000, maxRps: 500 },
    clock,
    random: uniqueRandom,
    log,
    metrics: noMetrics,
  };
  return { simulator, jobs, list: jobs, budget, watch };
}
