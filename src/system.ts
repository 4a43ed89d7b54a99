/** The machine's own time and chance. */
import { randomBytes } from 'node:crypto';
import type { Clock, Random } from './ports/clock.ts';

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };

export const systemRandom: Random = {
  id: () => randomBytes(12).toString('base64url'),
  fraction: () => Math.random(),
};
