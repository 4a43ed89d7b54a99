/**
 * The private Redis: a redis-server that belongs to a data directory and not to a process. Whoever opens the directory first starts it, the others
 * attach, all of them bring it back when it dies, and whoever leaves last stops it. One that lost all its users to kill -9 waits to be adopted.
 * It listens on a Unix socket in a directory of its owner alone, and on no port.
 *
 *   DATA_DIR/mutex      inside it, a server is looked for, started or stopped     DATA_DIR/members   held by every process that uses the server
 *   DATA_DIR/redis.json where the server is                                      DATA_DIR/redis/    its append-only file      DATA_DIR/redis.log
 *   DATA_DIR/restored   the data came back from a backup
 *
 * Processes in different containers or on different machines cannot share it: they see neither each other's sockets nor process ids. Use REDIS_URL there.
 */
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join as joinPath, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { hasMembers, join, withMutex } from './private-redis-lock.ts';
import type { ServerRecord } from './private-redis-record.ts';
import { ensureServer, PrivateRedisError, stopServer } from './private-redis-server.ts';

/** A start may have to load much data. */
const OPEN_PATIENCE_MS = 120_000;
/** Of the 5 s in which a process must stop. */
const REVIVE_PATIENCE_MS = 1_000;
const CLOSE_PATIENCE_MS = 1_000;
const FIRST_RESTART_MS = 50;
const SLOWEST_RESTART_MS = 5_000;
/** A server that ran for so long has not failed at once: the next restart is quick again. */
const SETTLED_MS = 60_000;

/** Put beside a restored backup by the operator. */
const RESTORED_MARK = 'restored';

/**
 * True when the data came back from a backup: then it may lack what was told since, and whatever a platform can be asked about is looked for before it
 * is told, as after a power loss. The mark stays; it costs a few look-ups after each start.
 */
export function wasRestored(dataDir: string): boolean {
  return existsSync(joinPath(dataDir, RESTORED_MARK));
}

export type PrivateRedis = {
  /** Stays the same over restarts. */
  readonly socketPath: string;
  /** Process id of the server as last seen. */
  pid(): number;
  /** Leaves; the last to leave stops the server. Within 5 s. May be called twice. End the clients first. */
  close(): Promise<void>;
};

/** Finds or starts the Redis of `dataDir`, which is made (0700) where missing. Rejects with a PrivateRedisError, whose message tells the operator what to do. */
export async function openPrivateRedis(options: { readonly dataDir: string; readonly log: Log; readonly clock: Clock }): Promise<PrivateRedis> {
  const { clock } = options;
  const log = options.log.with({ part: 'private redis' });
  const dataDir = resolve(options.dataDir);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chmodSync(dataDir, 0o700);
  const mutex = joinPath(dataDir, 'mutex');
  const members = joinPath(dataDir, 'members');

  const locked = async <T>(patienceMs: number, work: () => Promise<T>): Promise<T> => {
    const outcome = await withMutex(mutex, patienceMs, work);
    if (outcome.kind === 'done') return outcome.value;
    throw new PrivateRedisError('locked', `another process has been starting or stopping Redis in ${dataDir} for more than ${patienceMs / 1_000} s`);
  };

  const { record, found, membership } = await locked(OPEN_PATIENCE_MS, async () => {
    const server = await ensureServer(dataDir, { socketPath: null, hasMembers: () => hasMembers(members) });
    return { ...server, membership: join(members) };
  });
  log.info(found === 'started' ? 'Redis was started' : 'Redis was running already', { pid: record.pid, socketPath: record.socketPath });

  const closing = new AbortController();
  let current: ServerRecord = record;
  let line: Socket | null = null;
  let reviving: Promise<void> = Promise.resolve();
  let restartMs = FIRST_RESTART_MS;
  let upSince = clock.monotonic();

  /** A connection that says nothing: it breaks when the server ends. */
  const watch = (): void => {
    upSince = clock.monotonic();
    line = createConnection(current.socketPath);
    line.unref();
    line.on('error', () => undefined);
    line.on('close', () => {
      if (!closing.signal.aborted) reviving = revive();
    });
  };

  const revive = async (): Promise<void> => {
    if (clock.monotonic() - upSince > SETTLED_MS) restartMs = FIRST_RESTART_MS;
    log.warn('Redis has ended; it is started again', { pid: current.pid });
    while (!closing.signal.aborted) {
      await pause(restartMs, undefined, { signal: closing.signal }).catch(() => undefined);
      if (closing.signal.aborted) return;
      restartMs = Math.min(restartMs * 2, SLOWEST_RESTART_MS);
      try {
        const server = await locked(OPEN_PATIENCE_MS, () => ensureServer(dataDir, { socketPath: record.socketPath, hasMembers: () => false }));
        current = server.record;
        log.info('Redis is there again', { pid: current.pid, found: server.found });
        if (!closing.signal.aborted) watch();
        return;
      } catch (error) {
        log.error('Redis could not be started again', { error: error instanceof Error ? error : String(error), nextTryMs: restartMs });
      }
    }
  };

  const close = async (): Promise<void> => {
    closing.abort();
    line?.destroy();
    // A restart under way ends first, unless it takes too long: then the next process on this directory finds what it left.
    await Promise.race([reviving, pause(REVIVE_PATIENCE_MS, undefined, { ref: false })]);
    try {
      await locked(CLOSE_PATIENCE_MS, async () => {
        if (!membership.leave()) return;
        await stopServer(dataDir);
        log.info('Redis was stopped', { pid: current.pid });
      });
    } catch (error) {
      log.warn('Redis could not be left in order; the next process finds it', { error: error instanceof Error ? error : String(error) });
    }
  };

  watch();
  let closed: Promise<void> | null = null;
  return {
    socketPath: record.socketPath,
    pid: () => current.pid,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}
