import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { connectionOptions, connectRedis, storeHealth } from '../../src/store/connect.ts';
import { openPrivateRedis, type PrivateRedis } from '../../src/store/private-redis.ts';
import { inspectProcess } from '../../src/store/private-redis-process.ts';
import { readRecord } from '../../src/store/private-redis-record.ts';
import { quiet } from '../queue/rig.ts';

const soon = { timeout: 20_000, interval: 10 };
const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const SCRIPT = fileURLToPath(new URL('./redis-user.ts', import.meta.url));

let place: string;
let dataDir: string;
const opened: PrivateRedis[] = [];
const children: ChildProcess[] = [];
const clients: Redis[] = [];
const serverPids = new Set<number>();

const isRunning = (pid: number) => inspectProcess(pid) !== null;

const open = async (directory = dataDir): Promise<PrivateRedis> => {
  const redis = await openPrivateRedis({ dataDir: directory, log: quiet, clock });
  opened.push(redis);
  serverPids.add(redis.pid());
  return redis;
};

const connect = (socketPath: string): Redis => {
  const client = connectRedis(connectionOptions({ kind: 'socket', path: socketPath }), { name: 'test', log: quiet });
  clients.push(client);
  return client;
};

type User = {
  readonly socketPath: string;
  readonly pid: number;
  readonly error: string;
  readonly leave: () => Promise<void>;
  readonly kill9: () => Promise<void>;
};

/** Another process that uses the same data directory. */
const otherProcess = async (environment: Record<string, string> = {}): Promise<User> => {
  const child = spawn(process.execPath, [SCRIPT, dataDir], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...environment } });
  children.push(child);
  const exited = once(child, 'exit');
  const [line] = await once(createInterface(child.stdout), 'line');
  const said: { socketPath?: string; pid?: number; error?: string } = JSON.parse(String(line));
  if (said.pid !== undefined) serverPids.add(said.pid);
  return {
    socketPath: said.socketPath ?? '',
    pid: said.pid ?? 0,
    error: said.error ?? '',
    leave: async () => {
      child.stdin.end();
      await exited;
    },
    kill9: async () => {
      child.kill('SIGKILL');
      await exited;
    },
  };
};

const kill9 = async (pid: number): Promise<void> => {
  process.kill(pid, 'SIGKILL');
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), soon);
};

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'vj-test-'));
  dataDir = join(place, 'data');
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.disconnect();
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
  for (const redis of opened.splice(0)) await redis.close();
  const left = [...serverPids].filter(isRunning);
  for (const pid of left) process.kill(pid, 'SIGKILL');
  serverPids.clear();
  await rm(place, { recursive: true, force: true });
  expect(left).toEqual([]);
});

describe('the private Redis', () => {
  test('is started for the first, on a socket and no port, for its owner alone, and with every write on disk', async () => {
    const redis = await open();
    const client = connect(redis.socketPath);
    expect(await storeHealth(client, { isPrivate: true })).toMatchObject({ durable: true, warnings: [] });
    expect(await client.config('GET', 'port')).toContain('0');
    expect([dataDir, dirname(redis.socketPath), join(dataDir, 'redis')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o700, 0o700]);
    expect(readRecord(dataDir)).toMatchObject({ socketPath: redis.socketPath, pid: redis.pid() });
  });

  test('keeps its data over a stop, which leaves no process and no socket', async () => {
    const first = await open();
    await connect(first.socketPath).set('k', 'v');
    await first.close();
    expect(isRunning(first.pid())).toBe(false);
    expect(existsSync(dirname(first.socketPath))).toBe(false);
    expect(readRecord(dataDir)).toBeNull();
    const second = await open();
    expect(await connect(second.socketPath).get('k')).toBe('v');
  });

  test.each(['with spaces in it', '数据-é\'"$x', 'a\\b #c'])('works in a directory called %s', async (name) => {
    const redis = await open(join(place, name));
    await connect(redis.socketPath).set('k', 'v');
    await redis.close();
    const again = await open(join(place, name));
    expect(await connect(again.socketPath).get('k')).toBe('v');
    expect(existsSync(join(place, name, 'redis', 'appendonlydir'))).toBe(true);
  });

  test('works in a relative directory', async () => {
    const redis = await open(relative(process.cwd(), dataDir));
    expect(await connect(redis.socketPath).ping()).toBe('PONG');
    expect(existsSync(join(dataDir, 'redis', 'appendonlydir'))).toBe(true);
  });

  test('starts although the end of its file was cut off', async () => {
    const first = await open();
    await connect(first.socketPath).set('k', 'v');
    await first.close();
    const directory = join(dataDir, 'redis', 'appendonlydir');
    const file = (await readdir(directory)).find((name) => name.endsWith('.incr.aof'));
    await appendFile(join(directory, file ?? ''), '*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$5\r\nha');
    expect(await connect((await open()).socketPath).get('k')).toBe('v');
  });

  test('that cannot read its data says what it said, and leaves nothing', async () => {
    const first = await open();
    await connect(first.socketPath).set('k', 'v');
    await first.close();
    const directory = join(dataDir, 'redis', 'appendonlydir');
    for (const name of await readdir(directory)) if (name.endsWith('.incr.aof')) await writeFile(join(directory, name), 'not a command\r\n'.repeat(10));
    await expect(open()).rejects.toMatchObject({ name: 'PrivateRedisError', kind: 'start', message: expect.stringContaining('Bad file format') });
    expect(readRecord(dataDir)).toBeNull();
  });
});

describe('several processes on one data directory', () => {
  test('use one server, and the last to leave stops it', async () => {
    const [here, there] = [await open(), await otherProcess()];
    expect(there).toMatchObject({ socketPath: here.socketPath, pid: here.pid() });
    await here.close();
    expect(isRunning(here.pid())).toBe(true);
    await there.leave();
    expect(isRunning(here.pid())).toBe(false);
  });

  test('share it within a process too', async () => {
    const [one, two] = [await open(), await open()];
    expect(two.pid()).toBe(one.pid());
    await one.close();
    expect(await connect(two.socketPath).ping()).toBe('PONG');
    await two.close();
    expect(isRunning(one.pid())).toBe(false);
  });

  test.each([2, 5])(
    'that start at the same moment, %d of them, use one server',
    async (count) => {
      const users = await Promise.all(Array.from({ length: count }, () => otherProcess()));
      expect(users.map(({ error }) => error)).toEqual(users.map(() => ''));
      expect(new Set(users.map(({ pid }) => pid)).size).toBe(1);
      expect(new Set(users.map(({ socketPath }) => socketPath)).size).toBe(1);
      const [{ pid } = { pid: 0 }] = users;
      await Promise.all(users.map(({ leave }) => leave()));
      expect(isRunning(pid)).toBe(false);
    },
    60_000,
  );

  test('that come and go at once never find it gone', async () => {
    const rounds = async () => {
      for (let round = 0; round < 6; round++) {
        const redis = await open();
        expect(await connect(redis.socketPath).ping()).toBe('PONG');
        await redis.close();
      }
    };
    await Promise.all([rounds(), rounds(), rounds()]);
  }, 60_000);

  test('adopt the server of one that was killed, with its data', async () => {
    const first = await otherProcess();
    await connect(first.socketPath).set('k', 'v');
    await first.kill9();
    expect(isRunning(first.pid)).toBe(true);
    const second = await open();
    expect(second.pid()).toBe(first.pid);
    expect(await connect(second.socketPath).get('k')).toBe('v');
    await second.close();
    expect(isRunning(first.pid)).toBe(false);
  });

  test('start anew when both the process and its server were killed', async () => {
    const first = await otherProcess();
    await connect(first.socketPath).set('k', 'v');
    await first.kill9();
    await kill9(first.pid);
    const second = await open();
    expect(second.socketPath).toBe(first.socketPath);
    expect(await connect(second.socketPath).get('k')).toBe('v');
  });

  test('are not taken in by a process id that belongs to somebody else by now', async () => {
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    children.push(bystander);
    const first = await otherProcess();
    await first.kill9();
    await kill9(first.pid);
    const record = readRecord(dataDir);
    await writeFile(join(dataDir, 'redis.json'), JSON.stringify({ ...record, pid: bystander.pid }));
    const second = await open();
    expect(await connect(second.socketPath).ping()).toBe('PONG');
    expect(isRunning(bystander.pid ?? 0)).toBe(true);
  });

  test('find the server of one that was killed before it could note the process', async () => {
    const first = await otherProcess();
    await first.kill9();
    const record = readRecord(dataDir);
    await writeFile(join(dataDir, 'redis.json'), JSON.stringify({ ...record, pid: 0, started: '' }));
    expect((await open()).pid()).toBe(first.pid);
  });

  test('replace a server that hangs', async () => {
    const first = await otherProcess();
    await connect(first.socketPath).set('k', 'v');
    await first.kill9();
    process.kill(first.pid, 'SIGSTOP');
    const second = await open();
    expect(second.pid()).not.toBe(first.pid);
    expect(isRunning(first.pid)).toBe(false);
    expect(await connect(second.socketPath).get('k')).toBe('v');
  }, 40_000);

  test('are refused while a process elsewhere uses the directory', async () => {
    const there = await otherProcess();
    const record = readRecord(dataDir);
    await writeFile(join(dataDir, 'redis.json'), JSON.stringify({ ...record, realm: 'another container', socketPath: '/elsewhere/s' }));
    await expect(open()).rejects.toMatchObject({ kind: 'locked', message: expect.stringContaining('another container') });
    await writeFile(join(dataDir, 'redis.json'), JSON.stringify(record));
    await there.leave();
  }, 40_000);
});

describe('a server that is killed', () => {
  test('is started again on the same socket, with its data, and clients find it', async () => {
    const redis = await open();
    const client = connect(redis.socketPath);
    await client.set('k', 'v');
    const before = redis.pid();
    await kill9(before);
    await vi.waitFor(() => expect(redis.pid()).not.toBe(before), soon);
    serverPids.add(redis.pid());
    await vi.waitFor(async () => expect(await client.get('k')).toBe('v'), soon);
  }, 30_000);

  test('is started again once, by whichever of its users', async () => {
    const [one, two, there] = [await open(), await open(), await otherProcess()];
    const before = one.pid();
    for (const _ of [1, 2, 3]) {
      const killed = one.pid();
      await kill9(killed);
      await vi.waitFor(() => expect(one.pid()).not.toBe(killed), soon);
      await vi.waitFor(() => expect(two.pid()).toBe(one.pid()), soon);
      serverPids.add(one.pid());
    }
    expect(one.pid()).not.toBe(before);
    expect(await connect(there.socketPath).ping()).toBe('PONG');
    await one.close();
    await two.close();
    expect(isRunning(one.pid())).toBe(true);
    await there.leave();
    expect(isRunning(one.pid())).toBe(false);
  }, 60_000);

  test('stays on the same socket although a restart failed at first', async () => {
    const redis = await open();
    const before = redis.pid();
    const home = join(dataDir, 'redis', 'appendonlydir');
    const names = await readdir(home);
    const file = join(home, names.find((name) => name.endsWith('.incr.aof')) ?? '');
    const good = await readFile(file);
    await writeFile(file, 'not a command\r\n'.repeat(10));
    await kill9(before);
    const refused = async () => expect(await readFile(join(dataDir, 'redis.log'), 'utf8')).toContain('Bad file format');
    await vi.waitFor(refused, soon);
    await writeFile(file, good);
    await vi.waitFor(() => expect(redis.pid()).not.toBe(before), soon);
    serverPids.add(redis.pid());
    expect(await connect(redis.socketPath).ping()).toBe('PONG');
  }, 40_000);

  // a limit on the size of its files is what a full disk is to it (prlimit is Linux'); a new server has none
  test.skipIf(process.platform !== 'linux')(
    'by a full disk is started again, with all that it had acknowledged',
    async () => {
      const redis = await open();
      const client = connect(redis.socketPath);
      const before = redis.pid();
      execFileSync('prlimit', ['--pid', String(before), '--fsize=2000']);
      const acknowledged: string[] = [];
      for (let n = 0; redis.pid() === before; n += 1) {
        const answer = await client.set(`k${n}`, 'x'.repeat(100)).catch(() => 'lost');
        if (answer === 'OK') acknowledged.push(`k${n}`);
      }
      serverPids.add(redis.pid());
      expect(acknowledged.length).toBeGreaterThan(0);
      await vi.waitFor(async () => expect(await client.exists(acknowledged)).toBe(acknowledged.length), soon);
    },
    30_000,
  );

  test('is not started again by one that is leaving', async () => {
    const redis = await open();
    const pid = redis.pid();
    await kill9(pid);
    await Promise.all([redis.close(), redis.close()]);
    expect(isRunning(redis.pid())).toBe(false);
    expect(readRecord(dataDir)).toBeNull();
  });
});

describe('what cannot work is said in a sentence', () => {
  test('no redis-server', async () => {
    const { error } = await otherProcess({ PATH: '' });
    expect(error).toContain('redis-server was not found. Install it');
    expect(readRecord(dataDir)).toBeNull();
  });

  test('a temporary directory whose path is too long for a socket', async () => {
    const long = join(place, 'x'.repeat(90));
    await mkdir(long);
    const { error } = await otherProcess({ TMPDIR: long });
    expect(error).toMatch(/would have a path of \d+ bytes .* the system allows 10[37]\. Set TMPDIR/);
    expect(await readdir(long)).toEqual([]);
  });
});
