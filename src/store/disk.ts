/** Waiting until what was written is on disk. */
import type { Redis } from 'ioredis';

/** Replicas may be slow; a person is not kept waiting longer. */
const DISK_WAIT_MS = 1_000;

/** Asks Redis (7.2 and newer) to sync its append-only file; answers after a second at the latest. */
export async function waitForDisk(redis: Redis): Promise<void> {
  await redis.call('WAITAOF', '1', '0', String(DISK_WAIT_MS));
}
