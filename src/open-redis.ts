/** Redis as configured, checked and ready: the first thing that a process builds. */
import type { Redis } from 'ioredis';
import type { Config } from './config.ts';
import { TIMING } from './domain/timing.ts';
import type { createLifecycle } from './lifecycle.ts';
import type { Log } from './ports/log.ts';
import { type ConnectionSettings, connectionOptions, connectRedis, type RedisTarget, type StoreHealth, storeHealth } from './store/connect.ts';
import { openPrivateRedis, wasRestored } from './store/private-redis.ts';
import { loadScripts, type Scripts } from './store/scripts.ts';
import { systemClock as clock } from './system.ts';

/** What the keys and their contents mean. It grows when an older program would misread them; data-version.lua then brings older data up to it. */
export const DATA_VERSION = 1;

export type OpenRedis = { readonly connection: ConnectionSettings; readonly redis: Redis; readonly scripts: Scripts; readonly health: StoreHealth };

/** The data was written by a newer voicejob, whose promises this one can't keep. */
export class NewerDataError extends Error {
  override readonly name = 'NewerDataError';
  readonly mend = 'run the newer voicejob that wrote it, or restore a backup from before the update';
}

/**
 * Starts or joins the private Redis, or connects to the configured one; `life` ends it. Rejects with a sentence for the operator when it does not answer,
 * and when its data is newer than this program; older data is brought up to date.
 */
export async function openRedis(config: Config, log: Log, life: Pick<ReturnType<typeof createLifecycle>, 'defer'>): Promise<OpenRedis> {
  const connection = connectionOptions(await redisTarget(config, log, life));
  const redis = connectRedis(connection, { name: 'voicejob', log });
  life.defer('the Redis client', () => redis.disconnect());
  // a backup lacks what came after it, as a Redis that lost its tail does
  const isPrivate = config.redis.kind === 'private' && !wasRestored(config.dataDir);
  const health = await storeHealth(redis, { isPrivate }).catch((error: unknown) => {
    throw new Error('Redis does not answer; look at REDIS_URL, and whether the server runs and takes this password', { cause: error });
  });
  const scripts = loadScripts(redis, TIMING);
  const found = Number(await scripts['data-version'](DATA_VERSION));
  if (found > DATA_VERSION) {
    throw new NewerDataError(`the data in Redis is of version ${found}, and this voicejob knows ${DATA_VERSION} at most`);
  }
  return { connection, redis, scripts, health };
}

/** The private Redis is started or joined; a foreign one is as configured. */
async function redisTarget(config: Config, log: Log, life: Pick<ReturnType<typeof createLifecycle>, 'defer'>): Promise<RedisTarget> {
  const { redis } = config;
  if (redis.kind === 'sentinel') return { ...redis, username: redis.username ?? '', password: redis.password ?? '' };
  if (redis.kind === 'url') return redis;
  const server = await openPrivateRedis({ dataDir: config.dataDir, log, clock });
  life.defer('the private Redis', () => server.close());
  return { kind: 'socket', path: server.socketPath };
}
