/** A Redis server that belongs to nobody here, as an operator's would: it restarts, dies, hangs, loses its last second, and runs out of disk. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, statSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';

export type ForeignRedis = {
  /** null: it listens on no port. */
  readonly port: number | null;
  /** A client of the suite's own, straight to the server. */
  readonly client: Redis;
  /** In good order, and gone for so long, ms. */
  restart(downMs: number): Promise<void>;
  kill9(downMs: number): Promise<void>;
  /** Killed, and what it wrote in the last second is gone: under everysec it may never have reached the disk. Answers the bytes that were lost. */
  powerLoss(): Promise<number>;
  /** The disk is full after so many more bytes: the next larger write ends the server. Then there is room again. */
  fullDisk(roomBytes: number): Promise<void>;
  /** Runs, and does nothing. */
  hang(ms: number): Promise<void>;
  close(): Promise<void>;
};

const START_PATIENCE_MS = 20_000;
const SAMPLE_MS = 100;
const LOST_MS = 1_000;
/** A full disk that nobody writes to ends nothing. */
const FULL_DISK_PATIENCE_MS = 15_000;

export async function startForeignRedis(directory: string, fsync: 'always' | 'everysec'): Promise<ForeignRedis> {
  const port = await freePort();
  const client = new Redis({ port, host: '127.0.0.1', maxRetriesPerRequest: null, retryStrategy: () => 50, lazyConnect: true });
  client.on('error', () => undefined);
  let server = await launch(directory, port, fsync);
  const killNow = (): void => void server.kill('SIGKILL');
  process.once('exit', killNow);
  await client.connect();
  let sizes: { readonly at: number; readonly bytes: number }[] = [];
  const log = () => appendOnlyFile(directory);
  const sampler = setInterval(() => {
    sizes = [...sizes.slice(-50), { at: performance.now(), bytes: sizeOf(log()) }];
  }, SAMPLE_MS);

  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill(signal);
    await exit;
  };
  const start = async (): Promise<void> => {
    sizes = [];
    server = await launch(directory, port, fsync);
  };

  return {
    port,
    client,
    restart: async (downMs) => {
      await end('SIGTERM');
      await pause(downMs);
      await start();
    },
    kill9: async (downMs) => {
      await end('SIGKILL');
      await pause(downMs);
      await start();
    },
    powerLoss: async () => {
      const safe = sizes.findLast(({ at }) => at < performance.now() - LOST_MS)?.bytes ?? 0;
      await end('SIGKILL');
      const lost = sizeOf(log()) - safe;
      if (safe > 0) truncateSync(log(), safe);
      await start();
      return lost;
    },
    fullDisk: async (roomBytes) => {
      execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${sizeOf(log()) + roomBytes}`]);
      await Promise.race([once(server, 'exit'), pause(FULL_DISK_PATIENCE_MS)]);
      await end('SIGKILL');
      await start();
    },
    hang: async (ms) => {
      server.kill('SIGSTOP');
      await pause(ms);
      server.kill('SIGCONT');
    },
    close: async () => {
      clearInterval(sampler);
      client.disconnect();
      await end('SIGKILL');
      process.off('exit', killNow);
    },
  };
}

/** Where the newest writes go: the incremental file with the highest number (Redis 7). */
export function appendOnlyFile(directory: string): string {
  const folder = join(directory, 'appendonlydir');
  const number = (name: string): number => Number(/\.(\d+)\.incr\.aof$/.exec(name)?.[1] ?? 0);
  const [name = ''] = readdirSync(folder)
    .filter((one) => number(one) > 0)
    .toSorted((a, b) => number(b) - number(a));
  return join(folder, name);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

async function launch(directory: string, port: number, fsync: string): Promise<ChildProcess> {
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', directory, '--save', '', '--appendonly', 'yes', '--appendfsync', fsync];
  // a rewrite would leave nothing to cut
  const server = spawn('redis-server', [...settings, '--auto-aof-rewrite-percentage', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
  }
  const probe = new Redis({ port, host: '127.0.0.1', retryStrategy: () => 20, maxRetriesPerRequest: null });
  probe.on('error', () => undefined);
  try {
    const ready = probe.ping();
    const failed = once(server, 'exit').then(() => {
      throw new Error(`redis-server ended:\n${output}`);
    });
    const late = pause(START_PATIENCE_MS, null, { ref: false }).then(() => {
      throw new Error(`redis-server does not answer:\n${output}`);
    });
    await Promise.race([ready, failed, late]);
    failed.catch(() => undefined);
    late.catch(() => undefined);
    return server;
  } finally {
    probe.disconnect();
  }
}

/** Free now; nobody else here takes ports so high at random. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
