/** How many polls a process does a second when nothing holds it back. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineOptions } from './engine-process.ts';
import { type Bench, median, perSecond, spread, times } from './report.ts';
import { breakGround, ended, KEY, makeWatches, PROJECT, startChild } from './rig.ts';
import { makeWorld } from './world.ts';

const WATCHES = 200;
const CONCURRENCY = 50;
const ROUNDS = 5;
const WARM_MS = 3_000;
const ROUND_MS = 8_000;

export const engine: Bench = {
  name: 'engine',
  takes: '2 minutes',
  run: async (say) => {
    const world = await makeWorld(WATCHES);
    const bodies = new Map(world.jobs.map((job) => [job.detail.job_id, JSON.stringify({ count: job.log.length, operations: job.log })]));
    let served = 0;
    const server = createServer((request, response) => {
      served += 1;
      const id = /jobs\/([^/]+)/.exec(request.url ?? '')?.[1] ?? '';
      response.writeHead(200, { 'content-type': 'application/json' }).end(bodies.get(id));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const ground = await breakGround();
    await makeWatches(
      ground,
      world.jobs.map((job) => ({ job, channels: ['C1'], intervalMs: 300_000, nextPollInMs: 300_000 })),
    );
    const jobs = world.jobs.map((job) => `${PROJECT}/${job.detail.job_id}`);
    const rate = async (kind: EngineOptions['kind']): Promise<number> => {
      const options: EngineOptions = { kind, socketPath: ground.socketPath, endpoint, projectId: PROJECT, ...KEY, jobs, concurrency: CONCURRENCY };
      const { child } = await startChild('engine-process.ts', options);
      await pause(WARM_MS);
      const [before, start] = [served, performance.now()];
      await pause(ROUND_MS);
      const result = ((served - before) * 1000) / (performance.now() - start);
      await ended(child);
      await ground.redis.del(...(await ground.redis.keys('bull:*')), 'none');
      return result;
    };
    const [ours, bare]: [number[], number[]] = [[], []];
    for (let round = 1; round <= ROUNDS; round += 1) {
      ours.push(await rate('ours'));
      bare.push(await rate('bare'));
      say(`round ${round}: ${perSecond(ours.at(-1) ?? 0)}, bare ${perSecond(bare.at(-1) ?? 0)}`);
    }
    await ground.end();
    await world.simulator.close();
    server.closeAllConnections();
    server.close();
    return {
      about: `Polls a second of one process, ${WATCHES} watches, ${CONCURRENCY} at once, an upstream that answers at once. The baseline is a bare BullMQ worker whose perpetual jobs do one GET with ky, and neither sign, keep a budget, decode, compare nor write.`,
      rows: [
        { what: 'polls', ours: spread(ours, perSecond), baseline: spread(bare, perSecond), ratio: times(median(ours) / median(bare)), wanted: '', holds: null },
      ],
      notes: [
        `Medians of ${ROUNDS} rounds of ${ROUND_MS / 1000} s, taken in turn; in brackets the least and the most. Redis writes each change to disk before it answers, for both; it, the upstream and the process share the cores.`,
      ],
    };
  },
};
