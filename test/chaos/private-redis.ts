/** The program's own Redis, troubled from outside: the program itself must bring it back. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { appendOnlyFile, type ForeignRedis } from './foreign-redis.ts';

const FULL_DISK_PATIENCE_MS = 15_000;

/** `dataDir` is the program's; the server is there once the program runs. */
export function ownRedis(dataDir: string): ForeignRedis {
  let made: { readonly path: string; readonly redis: Redis } | null = null;
  const record = () => JSON.parse(readFileSync(join(dataDir, 'redis.json'), 'utf8')) as { readonly pid: number; readonly socketPath: string };
  const client = (): Redis => {
    // when every process has ended, the next one starts a server with another socket
    const path = record().socketPath;
    if (made?.path !== path) {
      made?.redis.disconnect();
      made = { path, redis: new Redis({ path, maxRetriesPerRequest: null, retryStrategy: () => 50 }).on('error', () => undefined) };
    }
    return made.redis;
  };
  const kill = (): void => void process.kill(record().pid, 'SIGKILL');
  /** Somebody starts it again. */
  const back = async (): Promise<void> => void (await client().ping());
  const killed = async (): Promise<void> => {
    kill();
    await back();
  };
  return {
    port: null,
    get client() {
      return client();
    },
    restart: killed,
    kill9: killed,
    // every write was on disk before it was answered
    powerLoss: async () => {
      await killed();
      return 0;
    },
    fullDisk: async (roomBytes) => {
      const { pid } = record();
      const size = statSync(appendOnlyFile(join(dataDir, 'redis'))).size;
      execFileSync('prlimit', ['--pid', String(pid), `--fsize=${size + roomBytes}`]);
      const end = performance.now() + FULL_DISK_PATIENCE_MS;
      while (record().pid === pid && performance.now() < end) await pause(100);
      if (record().pid === pid) kill();
      await back();
    },
    hang: async (ms) => {
      const { pid } = record();
      process.kill(pid, 'SIGSTOP');
      await pause(ms);
      process.kill(pid, 'SIGCONT');
    },
    close: async () => {
      made?.redis.disconnect();
      try {
        kill();
      } catch {
        // it has ended with the program
      }
    },
  };
}
