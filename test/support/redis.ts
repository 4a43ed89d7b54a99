/** A real redis-server for a test: on a Unix socket, alone in a short temp directory, every write on disk before it is answered. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';

export type TestRedis = {
  readonly socketPath: string;
  /** Changes with `restart`. */
  readonly pid: number;
  /** A new client, closed by `stop`. It reconnects after a restart; a command that was under way is then refused, never sent twice. */
  connect(): Redis;
  /** Forgets everything, cached scripts included. */
  flush(): Promise<void>;
  /** Stops the server in good order (if it still runs) and starts it anew on the same data: another run_id. */
  restart(): Promise<void>;
  /** Kills the server as a power cut would; `restart` brings it back. */
  kill9(): Promise<void>;
  /** Closes all clients, ends the server and deletes its data. May be called twice. */
  stop(): Promise<void>;
};

const START_PATIENCE_MS = 20_000;

export async function startRedis({ appendfsync = 'always' }: { readonly appendfsync?: 'always' | 'everysec' | 'no' } = {}): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'vj-'));
  const socketPath = join(directory, 's');
  const clients: Redis[] = [];
  let server = await launch(directory, socketPath, appendfsync);
  let stopped = false;

  const killNow = () => server.kill('SIGKILL');
  process.once('exit', killNow);

  const connect = (): Redis => {
    const client = new Redis({ path: socketPath, autoResendUnfulfilledCommands: false, maxRetriesPerRequest: null, retryStrategy: () => 20 });
    client.on('error', () => undefined);
    clients.push(client);
    return client;
  };

  const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    server.kill(signal);
    await exit;
  };

  return {
    socketPath,
    get pid() {
      return server.pid ?? 0;
    },
    connect,
    flush: async () => {
      const client = new Redis({ path: socketPath });
      await client.flushall();
      await client.script('FLUSH');
      client.disconnect();
    },
    restart: async () => {
      await end('SIGTERM');
      server = await launch(directory, socketPath, appendfsync);
    },
    kill9: () => end('SIGKILL'),
    stop: async () => {
      if (stopped) return;
      stopped = true;
      for (const client of clients) client.disconnect();
      await end('SIGKILL');
      process.off('exit', killNow);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function launch(directory: string, socketPath: string, appendfsync: string): Promise<ChildProcess> {
  await rm(socketPath, { force: true });
  const settings = ['--port', '0', '--unixsocket', socketPath, '--dir', directory, '--save', '', '--appendonly', 'yes', '--appendfsync', appendfsync];
  const server = spawn('redis-server', settings, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const listen = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
  };
  server.stdout.on('data', listen);
  server.stderr.on('data', listen);
  let failure: Error | null = null;
  server.once('error', (error) => {
    failure = error;
  });
  const giveUpAt = performance.now() + START_PATIENCE_MS;
  while (!(await answersPing(socketPath))) {
    if (failure !== null) throw failure;
    if (server.exitCode !== null || server.signalCode !== null || performance.now() > giveUpAt) {
      server.kill('SIGKILL');
      throw new Error(`redis-server did not start: ${output}`);
    }
    await wait(5);
  }
  return server;
}

/** True once the server has loaded its data and answers. */
function answersPing(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(socketPath);
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write('PING\r\n'));
    socket.once('data', (chunk) => done(chunk.toString().startsWith('+PONG')));
    socket.once('error', () => done(false));
    socket.once('close', () => resolve(false));
  });
}
