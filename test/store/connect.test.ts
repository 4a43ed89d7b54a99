import { once } from 'node:events';
import { createServer } from 'node:net';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Log } from '../../src/ports/log.ts';
import { type ConnectionSettings, connectionOptions, connectRedis, type RedisTarget, storeHealth } from '../../src/store/connect.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const soon = { timeout: 10_000, interval: 5 };

describe('connection options', () => {
  const named = (target: RedisTarget): Partial<ConnectionSettings> => {
    const { connectTimeout: _, keepAlive: __, retryStrategy: ___, sentinelRetryStrategy: ____, reconnectOnError: _____, ...rest } = connectionOptions(target);
    return rest;
  };

  test.each<[string, RedisTarget, Partial<ConnectionSettings>]>([
    ['a socket', { kind: 'socket', path: '/tmp/s' }, { path: '/tmp/s' }],
    ['a host', { kind: 'url', url: 'redis://cache' }, { host: 'cache', port: 6379 }],
    ['a port and a database', { kind: 'url', url: 'redis://cache:7000/3' }, { host: 'cache', port: 7000, db: 3 }],
    ['credentials with signs', { kind: 'url', url: 'redis://us%40er:p%3A%2Fss@cache' }, { host: 'cache', port: 6379, username: 'us@er', password: 'p:/ss' }],
    ['a password alone', { kind: 'url', url: 'redis://:secret@cache' }, { host: 'cache', port: 6379, password: 'secret' }],
    ['TLS', { kind: 'url', url: 'rediss://cache:6380' }, { host: 'cache', port: 6380, tls: { servername: 'cache' } }],
    ['IPv6', { kind: 'url', url: 'redis://[::1]:6380' }, { host: '::1', port: 6380 }],
    [
      'sentinels',
      { kind: 'sentinel', hosts: [{ host: 'a', port: 1 }], name: 'main', username: '', password: 'p' },
      { sentinels: [{ host: 'a', port: 1 }], name: 'main', password: 'p' },
    ],
    [
      'sentinels with TLS',
      { kind: 'sentinel', hosts: [{ host: 'a', port: 1 }], name: 'main', username: 'u', password: '', tls: true },
      { sentinels: [{ host: 'a', port: 1 }], name: 'main', username: 'u', tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true },
    ],
  ])('name %s', (_, target, expected) => {
    expect(named(target)).toEqual(expected);
  });

  test('refuse what is not a URL', () => {
    expect(() => connectionOptions({ kind: 'url', url: 'not a url' })).toThrow(TypeError);
  });

  test('retry quickly at first and never more than two seconds apart', () => {
    const { retryStrategy } = connectionOptions({ kind: 'socket', path: '/tmp/s' });
    expect([1, 2, 3, 100].map(retryStrategy)).toEqual([100, 200, 300, 2_000]);
  });
});

describe('a client', () => {
  let server: TestRedis;
  const lines: string[] = [];
  const note = (message: string) => void lines.push(message);
  const log: Log = { debug: () => undefined, info: note, warn: note, error: note, with: () => log };
  const clients: Redis[] = [];
  const connected = () => {
    const client = connectRedis(connectionOptions({ kind: 'socket', path: server.socketPath }), { name: 'test', log });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  afterEach(() => {
    for (const client of clients.splice(0)) client.disconnect();
    lines.splice(0);
  });

  test('answers, and bears its name', async () => {
    const client = connected();
    expect(await client.ping()).toBe('PONG');
    expect(await client.client('GETNAME')).toBe('test');
    expect(lines).toEqual([]);
  });

  test('reconnects, and logs an outage once when it begins and once when it is over', async () => {
    const client = connected();
    await client.ping();
    await server.kill9();
    let failures = 0;
    client.on('error', () => {
      failures += 1;
    });
    await vi.waitFor(() => expect(failures).toBeGreaterThan(2), soon);
    await server.restart();
    await vi.waitFor(() => expect(lines).toEqual(['Redis does not answer; reconnecting', 'Redis answers again']), soon);
    expect(await client.ping()).toBe('PONG');
  });

  test('rejects a command whose answer was lost, and does not send it again', async () => {
    const client = connected();
    const other = connected();
    await client.set('n', 0);
    // Answered only after the pause, which the kill cuts short.
    await other.call('CLIENT', 'PAUSE', '60000', 'WRITE');
    const lost = client.incr('n').then(
      () => 'answered',
      () => 'rejected',
    );
    await other.ping();
    await server.kill9();
    await server.restart();
    expect(await lost).toBe('rejected');
    expect(await client.get('n')).toBe('0');
  }, 20_000);

  test('rejects when Redis stays away', async () => {
    const client = connectRedis(connectionOptions({ kind: 'socket', path: '/nowhere/s' }), { name: 'test', log });
    clients.push(client);
    await expect(client.ping()).rejects.toThrow();
  });

  test('is quiet when we end it ourselves', async () => {
    const client = connected();
    await client.ping();
    const ended = new Promise((resolve) => client.once('end', resolve));
    client.disconnect();
    await ended;
    expect(lines).toEqual([]);
  });

  test('takes the same options as BullMQ', async () => {
    const queue = new Queue('options', { connection: connectionOptions({ kind: 'socket', path: server.socketPath }), prefix: '{vj}' });
    expect(await queue.getJobCounts('waiting')).toEqual({ waiting: 0 });
    await queue.close();
  });
});

describe('store health', () => {
  let server: TestRedis;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis();
    client = server.connect();
  });
  afterAll(() => server.stop());
  afterEach(async () => {
    await client.config('SET', 'appendonly', 'yes', 'appendfsync', 'always', 'maxmemory-policy', 'noeviction');
  });

  test('is durable for the private Redis that writes every change to disk, and has no warnings', async () => {
    const version = String((await client.info('server')).match(/redis_version:(\S+)/)?.[1]);
    expect(await storeHealth(client, { isPrivate: true })).toEqual({ durable: true, waitsOnRequest: false, version, warnings: [] });
  });

  test('is never durable for a foreign Redis', async () => {
    expect((await storeHealth(client, { isPrivate: false })).durable).toBe(false);
  });

  test('warns of appendfsync everysec, and is then not durable', async () => {
    await client.config('SET', 'appendfsync', 'everysec');
    const health = await storeHealth(client, { isPrivate: true });
    expect(health.durable).toBe(false);
    expect(health.warnings).toEqual(
      Number(health.version.slice(0, 3)) >= 7.2 ? [] : [expect.objectContaining({ says: expect.stringContaining('everysec'), level: 'warning' })],
    );
  });

  test('warns of a server that evicts keys or keeps no append-only file', async () => {
    await client.config('SET', 'appendonly', 'no', 'maxmemory-policy', 'allkeys-lru');
    const { durable, warnings } = await storeHealth(client, { isPrivate: true });
    expect(durable).toBe(false);
    expect(warnings.map(({ level, says }) => [level, says])).toEqual([
      ['problem', expect.stringContaining('allkeys-lru')],
      ['problem', expect.stringContaining('appendonly is off')],
    ]);
  });

  test.each([
    ['6.2.14', ['Redis is 6.2.14; 7.0 or newer is expected']],
    ['7.0.0', []],
    ['10.1.0', []],
  ])('of version %s warns of %j', async (version, says) => {
    // servers of those versions are not at hand: this one says what they say of themselves
    const info = `redis_version:${version}\r\naof_enabled:1\r\nmaxmemory_policy:noeviction\r\n`;
    const older = createServer((socket) => {
      socket.on('data', (asked) => {
        const isInfo = asked.toString().toLowerCase().includes('info');
        socket.write(isInfo ? `$${info.length}\r\n${info}\r\n` : '*2\r\n$11\r\nappendfsync\r\n$6\r\nalways\r\n');
      });
    }).listen(0, '127.0.0.1');
    await once(older, 'listening');
    const address = older.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const asking = new Redis({ host: '127.0.0.1', port: address.port, enableReadyCheck: false, disableClientInfo: true });
    try {
      const { warnings } = await storeHealth(asking, { isPrivate: false });
      expect(warnings).toEqual(says.map((words) => expect.objectContaining({ level: 'problem', says: words })));
    } finally {
      asking.disconnect();
      older.close();
    }
  });

  test('says so where CONFIG is forbidden, and does not fail', async () => {
    await client.call('ACL', 'SETUSER', 'managed', 'on', '>secret', '~*', '+@all', '-config');
    const managed = new Redis({ path: server.socketPath, username: 'managed', password: 'secret' });
    try {
      const { durable, warnings } = await storeHealth(managed, { isPrivate: true });
      expect(durable).toBe(false);
      expect(warnings.map(({ says }) => says)).toEqual([expect.stringContaining('CONFIG is forbidden')]);
    } finally {
      managed.disconnect();
    }
  });
});
