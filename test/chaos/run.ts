/** One run: everything is started, followed, troubled, left alone, and judged. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fleet } from './fleet.ts';
import type { TapRequest } from './http-tap.ts';
import type { Incident, Verdict } from './judge.ts';
import type { Planned } from './plan.ts';
import { openTrouble } from './trouble.ts';
import { startWorld, type WorldOptions } from './world.ts';

export type RunOptions = WorldOptions & {
  readonly plan: readonly Planned[];
  /** How long mishaps happen and logs grow, ms. */
  readonly troubleMs: number;
  /** From the last mishap to the judgement, ms: until twins have been removed. */
  readonly quietMs: number;
  /** How much longer what has not arrived is waited for, ms. */
  readonly patienceMs: number;
  /** Between two growths of one log, ms on average. */
  readonly growEveryMs: number;
  /** Told what goes on. */
  readonly say: (line: string) => void;
};

export type Result = {
  readonly verdict: Verdict;
  readonly counts: ReadonlyMap<string, number>;
  readonly kills: Fleet['kills'];
  readonly crashes: readonly string[];
  readonly stopsMs: readonly number[];
  readonly badStops: readonly string[];
  readonly memory: ReturnType<Fleet['memory']>;
  readonly leftovers: Readonly<Record<string, number>>;
  readonly tookMs: number;
  readonly logs: string;
  /** What the judge was given, and what happened, for finding out why. */
  readonly evidence: { readonly requests: readonly TapRequest[]; readonly incidents: readonly Incident[] };
};

const LOOK_MS = 3_000;
const GROW_MS = 500;
const BURST = { share: 0.1, least: 2, most: 6 };

export async function run(options: RunOptions): Promise<Result> {
  const began = Date.now();
  const world = await startWorld(options);
  const { fleet, upstream, luck, jobs } = world;
  let growing: NodeJS.Timeout | null = null;
  try {
    const trouble = openTrouble(world);
    options.say(`${world.following.length} subscriptions of ${upstream.jobs.length} jobs stand after ${Date.now() - began} ms`);

    const start = performance.now();
    growing = setInterval(() => {
      for (const job of jobs) {
        if (luck.chance(GROW_MS / options.growEveryMs)) upstream.grow(job, luck.chance(BURST.share) ? luck.between(BURST.least, BURST.most) : 1, luck);
      }
    }, GROW_MS);
    for (const { atMs, mishap } of options.plan) {
      await pause(Math.max(0, start + atMs - performance.now()));
      trouble.befall(mishap);
    }
    await pause(Math.max(0, start + options.troubleMs - performance.now()));
    clearInterval(growing);
    await trouble.end();
    options.say(`trouble is over after ${Math.round((performance.now() - start) / 1000)} s; from now on it is quiet`);

    await pause(options.quietMs);
    const giveUpAt = Date.now() + options.patienceMs;
    let verdict = await world.look(trouble.incidents);
    while (verdict.lost.length > 0 && Date.now() < giveUpAt) {
      options.say(`${verdict.lost.length} of ${verdict.expected} pairs are still to come`);
      await pause(LOOK_MS);
      verdict = await world.look(trouble.incidents);
    }
    const { counts, stopsMs, badStops } = trouble;
    const { kills, crashes } = fleet;
    const evidence = { requests: world.chats.flatMap(({ tap }) => tap.requests), incidents: trouble.incidents };
    const leftovers = await world.leftovers();
    return { verdict, counts, kills, crashes, stopsMs, badStops, memory: fleet.memory(), leftovers, tookMs: Date.now() - began, logs: fleet.logs(), evidence };
  } finally {
    if (growing) clearInterval(growing);
    await world.close();
  }
}
