/** The redis-server of one data directory: found or started, and stopped. Everything here happens inside the directory's mutex. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, existsSync, lstatSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { inspectProcess } from './private-redis-process.ts';
import { forgetServer, readRecord, realm, type ServerRecord, writeRecord } from './private-redis-record.ts';

/** unix(7): sun_path has 108 bytes, one of them the end; on macOS 104. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'darwin' ? 103 : 107;
/** A server that is there but says nothing for so long hangs. Loading counts as an answer. */
const SILENCE_MS = 10_000;
/** A start that was cut off before it could note the process: for so long it may still come up. */
const UNNOTED_START_MS = 2_000;
/** Of the directory that holds the socket. */
const DIRECTORY_PREFIX = 'vj-';
/** No process has this id. */
const NOBODY = -1;
const PING_TIMEOUT_MS = 1_000;
const PING_EVERY_MS = 10;
const SHUTDOWN_PATIENCE_MS = 2_500;
const KILL_PATIENCE_MS = 1_000;
const LOG_TAIL_LINES = 8;

/** `missing`: there is no redis-server. `path`: no socket can be made there. `start`: it did not start. `locked`: the data directory stays locked. */
export class PrivateRedisError extends Error {
  override readonly name = 'PrivateRedisError';
  readonly kind: 'missing' | 'path' | 'start' | 'locked';
  constructor(kind: PrivateRedisError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * The server that runs on this data directory, or a new one. `dataDir` is absolute and exists. `socketPath` is where our clients look for it already, or null;
 * a new one listens there, or where the one before did. `hasMembers`: some process uses the directory now.
 */
export async function ensureServer(
  dataDir: string,
  options: { readonly socketPath: string | null; readonly hasMembers: () => boolean },
): Promise<{ readonly record: ServerRecord; readonly found: 'running' | 'started' }> {
  const before = readRecord(dataDir);
  if (before !== null) {
    const silence = before.pid === 0 ? UNNOTED_START_MS : SILENCE_MS;
    if (await comesUp(before.socketPath, silence, () => before.pid === 0 || isOurs(before))) {
      const record = before.pid === 0 ? await note(dataDir, before.socketPath) : before;
      return { record, found: 'running' };
    }
    // Two servers on one append-only file would destroy it.
    if (before.realm !== realm() && options.hasMembers()) {
      throw new PrivateRedisError(
        'locked',
        `${dataDir} is in use by a process in another container or on another machine. Give both the same REDIS_URL instead.`,
      );
    }
    await kill(before);
  }
  const socketPath = socketPathLike(options.socketPath ?? before?.socketPath ?? null);
  try {
    return { record: await startServer(dataDir, socketPath), found: 'started' };
  } catch (error) {
    // Of a first try nothing stays; a restart comes again, on the same path.
    if (before === null && options.socketPath === null) forgetServer(dataDir, socketPath);
    else writeRecord(dataDir, { socketPath, pid: NOBODY, started: '', realm: realm() });
    throw error;
  }
}

/** Ends the server with SHUTDOWN, or if it does not obey by force, and removes its socket. With `appendfsync always` neither can lose what it acknowledged. */
export async function stopServer(dataDir: string): Promise<void> {
  const record = readRecord(dataDir);
  if (record === null) return;
  await say(record.socketPath, 'SHUTDOWN NOSAVE');
  if (!(await isGone(record, SHUTDOWN_PATIENCE_MS))) await kill(record);
  forgetServer(dataDir, record.socketPath);
}

async function startServer(dataDir: string, socketPath: string): Promise<ServerRecord> {
  const home = join(dataDir, 'redis');
  mkdirSync(home, { recursive: true, mode: 0o700 });
  rmSync(socketPath, { force: true });
  const logPath = join(dataDir, 'redis.log');
  const logFile = openSync(logPath, 'a', 0o600);
  // Before the start: should we die in between, the next process waits for a server on this socket instead of starting a second one on the same data.
  writeRecord(dataDir, { socketPath, pid: 0, started: '', realm: realm() });
  // The directory is given as the working directory, so that no path in it has to pass through Redis' own quoting.
  const settings = [
    '--port',
    '0',
    '--unixsocket',
    socketPath,
    '--unixsocketperm',
    '700',
    '--dir',
    './',
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
  ];
  // Our hashes hold JSON of some hundred bytes. Kept compact, a watch takes 1 KB less: 100 MB for 100,000 watches (npm run bench scale).
  const compact = ['--hash-max-listpack-value', '2048'];
  const limits = ['--maxmemory-policy', 'noeviction', '--aof-load-truncated', 'yes', '--daemonize', 'no'];
  const child = spawn('redis-server', [...settings, ...limits, ...compact], { cwd: home, detached: true, stdio: ['ignore', logFile, logFile] });
  closeSync(logFile);
  let failure: Error | null = null;
  child.once('error', (error) => {
    failure = error;
  });
  child.unref();
  const record = { socketPath, pid: child.pid ?? NOBODY, started: inspectProcess(child.pid ?? NOBODY)?.started ?? '', realm: realm() };
  if (child.pid !== undefined) writeRecord(dataDir, record);

  const isAlive = () => failure === null && child.exitCode === null && child.signalCode === null;
  if (await comesUp(socketPath, SILENCE_MS, isAlive)) return record;
  await kill(record);
  if (failure !== null) throw notStarted(failure);
  throw new PrivateRedisError('start', `redis-server did not start on ${home}. The end of ${logPath}:\n${tail(logPath)}`);
}

function notStarted(failure: Error): PrivateRedisError {
  if ('code' in failure && failure.code === 'ENOENT') {
    const message =
      'redis-server was not found. Install it (Debian, Ubuntu: apt install redis-server; macOS: brew install redis), or set REDIS_URL to a Redis that runs elsewhere.';
    return new PrivateRedisError('missing', message, { cause: failure });
  }
  return new PrivateRedisError('start', 'redis-server could not be run', { cause: failure });
}

/** True once the server answers; it may load its data for as long as it needs. False when `isAlive` denies it, or after `silenceMs` without a word. */
async function comesUp(socketPath: string, silenceMs: number, isAlive: () => boolean): Promise<boolean> {
  let heardAt = performance.now();
  for (;;) {
    const answer = await say(socketPath, 'PING');
    if (answer.startsWith('+PONG')) return true;
    if (answer !== '') heardAt = performance.now();
    if (!isAlive() || performance.now() - heardAt > silenceMs) return false;
    await pause(PING_EVERY_MS);
  }
}

/** Sends one inline command; answers what came back, '' for nothing. */
async function say(socketPath: string, command: string): Promise<string> {
  const socket = createConnection(socketPath);
  const chunks: Buffer[] = [];
  try {
    const signal = AbortSignal.timeout(PING_TIMEOUT_MS);
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'connect', { signal });
    socket.end(`${command}\r\n`);
    await once(socket, 'close', { signal });
  } catch {
    // Nobody there, or too slow: what came counts.
  } finally {
    socket.destroy();
  }
  return Buffer.concat(chunks).toString();
}

/** Finds out which process answers on the socket, and notes it. */
async function note(dataDir: string, socketPath: string): Promise<ServerRecord> {
  const pid = Number(/process_id:(\d+)/.exec(await say(socketPath, 'INFO server'))?.[1] ?? 0);
  const record = { socketPath, pid, started: inspectProcess(pid)?.started ?? '', realm: realm() };
  writeRecord(dataDir, record);
  return record;
}

function isOurs(record: ServerRecord): boolean {
  const running = inspectProcess(record.pid);
  return running !== null && running.started === record.started && running.command.includes(record.socketPath);
}

/** Only a process that still is the one noted, and serves that socket, is ever signalled. */
async function kill(record: ServerRecord): Promise<void> {
  if (!isOurs(record)) return;
  process.kill(record.pid, 'SIGKILL');
  await isGone(record, KILL_PATIENCE_MS);
}

async function isGone(record: ServerRecord, patienceMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs;
  while (isOurs(record)) {
    if (performance.now() > giveUpAt) return false;
    await pause(PING_EVERY_MS);
  }
  return true;
}

/** The wished path, if its directory is still ours or can be made again; else a new one. */
function socketPathLike(wished: string | null): string {
  if (wished !== null && isOwnDirectory(dirname(wished))) return wished;
  // Room for what mkdtemp adds and for the socket's own name.
  const prefix = join(tmpdir(), DIRECTORY_PREFIX);
  const bytes = Buffer.byteLength(join(`${prefix}XXXXXX`, 's'));
  if (bytes > MAX_SOCKET_PATH_BYTES) {
    const message = `The socket of the private Redis would have a path of ${bytes} bytes below ${tmpdir()}; the system allows ${MAX_SOCKET_PATH_BYTES}. Set TMPDIR to a directory with a shorter path, or REDIS_URL.`;
    throw new PrivateRedisError('path', message);
  }
  return join(mkdtempSync(prefix), 's');
}

/** A directory for us alone. Somebody else may have made one of that name after the system emptied its temporary directory. */
function isOwnDirectory(path: string): boolean {
  try {
    if (!basename(path).startsWith(DIRECTORY_PREFIX)) return false;
    if (!existsSync(path)) mkdirSync(path, { mode: 0o700 });
    const stat = lstatSync(path);
    if (!stat.isDirectory() || stat.uid !== process.getuid?.()) return false;
    chmodSync(path, 0o700);
    return true;
  } catch {
    return false;
  }
}

function tail(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
}
