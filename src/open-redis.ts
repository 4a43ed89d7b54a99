/** Redis as configured, checked and ready: the first thing that a process builds. */
import { accessSync, chmodSync, constants, mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Redis } from 'ioredis';
import type { Config } from './config.ts';
import { TIMING } from './domain/timing.ts';
import type { createLifecycle } from './lifecycle.ts';
import type { Log } from './ports/log.ts';
import { type ConnectionSettings, connectionOptions, connectRedis, type RedisTarget, type StoreHealth, storeHealth } from './store/connect.ts';
import { openPrivateRedis, wasRestored } from './store/private-redis.ts';
import { texts } from './store/reply.ts';
import { loadScripts, type Scripts } from './store/scripts.ts';
import { systemClock as clock } from './system.ts';

/** What the keys and their contents mean. It grows when an older program would misread them; data-version.lua then brings older data up to it. */
export const DATA_VERSION = 2;

export type OpenRedis = { readonly connection: ConnectionSettings; readonly redis: Redis; readonly scripts: Scripts; readonly health: StoreHealth };

/** Data that this process can't work with: a newer voicejob wrote it, it is of another project, or there is no place for it. */
export class UnfitDataError extends Error {
  override readonly name = 'UnfitDataError';
  readonly mend: string;
  constructor(message: string, mend: string) {
    super(message);
    this.mend = mend;
  }
}

/**
 * Starts or joins the private Redis, or connects to the configured one; `life` ends it. Rejects with a sentence for the operator when it does not answer,
 * when its data is newer than this program (older data is brought up to date), and when the service would find jobs of another project followed there:
 * it could not read them. The operator's commands work on those too.
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
    const says = `the data in Redis is of version ${found}, and this voicejob knows ${DATA_VERSION} at most`;
    throw new UnfitDataError(says, 'run the newer voicejob that wrote it, or restore a backup from before the update');
  }
  if (config.mode === 'run' && config.metastudio) await refuseOtherProject(scripts, config.metastudio.projectId);
  return { connection, redis, scripts, health };
}

/** Told by the jobs themselves, so that data needs no mark of its project, and data without jobs is anybody's. */
async function refuseOtherProject(scripts: Scripts, projectId: string): Promise<void> {
  const [count, other] = texts(await scripts['other-project'](projectId));
  if (Number(count) === 0) return;
  throw new UnfitDataError(
    `${count} ${count === '1' ? 'job' : 'jobs'} of the project ${other} ${count === '1' ? 'is' : 'are'} followed in this Redis, and METASTUDIO_PROJECT_ID is ${projectId}`,
    `set METASTUDIO_PROJECT_ID to ${other}; or give ${projectId} a Redis of its own (another database in REDIS_URL, or another DATA_DIR); or end what is followed: npm run admin -- search ${other} lists it, npm run admin -- remove ends it`,
  );
}

/** Makes DATA_DIR where it is missing; throws an UnfitDataError when nothing can be written there. `ownerOnly`: nobody else may look into it. */
export function makeDataDir(dataDir: string, ownerOnly: boolean): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (ownerOnly) chmodSync(dataDir, 0o700);
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const mend = 'give the directory to the user that runs voicejob, or set DATA_DIR to another';
    throw new UnfitDataError(`DATA_DIR ${resolve(dataDir)} is no directory that this user can write (${String(error.code)})`, mend);
  }
}

/** The private Redis is started or joined; a foreign one is as configured. */
async function redisTarget(config: Config, log: Log, life: Pick<ReturnType<typeof createLifecycle>, 'defer'>): Promise<RedisTarget> {
  const { redis } = config;
  if (redis.kind === 'sentinel') return { ...redis, username: redis.username ?? '', password: redis.password ?? '' };
  if (redis.kind === 'url') return redis;
  makeDataDir(config.dataDir, true);
  const server = await openPrivateRedis({ dataDir: config.dataDir, log, clock });
  life.defer('the private Redis', () => server.close());
  return { kind: 'socket', path: server.socketPath };
}
