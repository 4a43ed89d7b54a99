import { setTimeout as wait } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { ripeAfter, type Timing } from '../../src/domain/timing.ts';

export async function isPaused(redis: Redis, destination: string): Promise<boolean> {
  return (await redis.hexists(`{vj}:dest:${destination}`, 'paused')) === 1;
}

/** Lets the protocol's own wait pass: what is tested is what comes after it. */
export async function ripe(timing: Timing): Promise<void> {
  await wait(ripeAfter(timing) + 20);
}
