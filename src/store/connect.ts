/** How to reach Redis, and what its settings promise. */
import { Redis } from 'ioredis';
import type { Finding } from '../ports/finding.ts';
import type { Log } from '../ports/log.ts';

/** What the server that holds the store promises, and what it does not. */
export type StoreHealth = {
  /** Nothing it acknowledged can be lost. */
  readonly durable: boolean;
  /** It can be asked to wait for its disk (WAITAOF), and does not wait by itself. */
  readonly waitsOnRequest: boolean;
  readonly version: string;
  readonly warnings: readonly Finding[];
};

/** Where Redis is. A URL is `redis://` or `rediss://`, with user, password and database number where there are any. */
export type RedisTarget =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly hosts: readonly { readonly host: string; readonly port: number }[];
      /** The master's name there. */
      readonly name: string;
      /** Of the Redis servers, not of the sentinels. */
      readonly username: string;
      readonly password: string;
      readonly tls?: boolean;
    };

/** Plain options for a client, taken by ioredis and BullMQ alike. */
export type ConnectionSettings = {
  readonly path?: string;
  readonly host?: string;
  readonly port?: number;
  readonly username?: string;
  readonly password?: string;
  readonly db?: number;
  readonly tls?: { readonly servername?: string };
  readonly sentinels?: { host: string; port: number }[];
  readonly name?: string;
  readonly enableTLSForSentinelMode?: boolean;
  readonly sentinelTLS?: { readonly servername?: string };
  readonly connectTimeout: number;
  readonly keepAlive: number;
  readonly retryStrategy: (attempt: number) => number;
  readonly sentinelRetryStrategy: (attempt: number) => number;
  readonly reconnectOnError: (error: Error) => boolean;
};

const DEFAULT_PORT = 6379;
const CONNECT_TIMEOUT_MS = 3_000;
const KEEP_ALIVE_MS = 10_000;
/** ioredis and BullMQ wait up to 20 s between tries by themselves; a restart takes less. */
const RETRY_STEP_MS = 100;
const RETRY_MOST_MS = 2_000;
/** A lost connection takes what was under way with it and ioredis never says so: this alone ends the wait for its answer. */
const COMMAND_TIMEOUT_MS = 5_000;
/** Tries to reconnect (100 + 200 + 300 ms apart) that a command not yet sent waits for: long enough for a restart of the private Redis. */
const RECONNECTS_PER_COMMAND = 3;

/** Redis 7 is the oldest that the scripts and the settings were run on; WAITAOF came with 7.2. */
const OLDEST_VERSION = [7, 0];
const WAITAOF_VERSION = [7, 2];

const retryDelayMs = (attempt: number): number => Math.min(attempt * RETRY_STEP_MS, RETRY_MOST_MS);

/** Throws a TypeError for what is not a URL. */
export function connectionOptions(target: RedisTarget): ConnectionSettings {
  const common = {
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAlive: KEEP_ALIVE_MS,
    retryStrategy: retryDelayMs,
    sentinelRetryStrategy: retryDelayMs,
    // The first word of an error is its code. A master that became a replica refuses writes so; a new connection finds the new master.
    reconnectOnError: (error: Error) => error.message.startsWith('READONLY'),
  };
  switch (target.kind) {
    case 'socket':
      return { ...common, path: target.path };
    case 'url':
      return { ...common, ...fromUrl(new URL(target.url)) };
    case 'sentinel':
      return {
        ...common,
        sentinels: target.hosts.map(({ host, port }) => ({ host, port })),
        name: target.name,
        ...credentials(target.username, target.password),
        ...(target.tls === true ? { tls: {}, enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
      };
  }
}

function fromUrl(url: URL) {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const db = Number(url.pathname.slice(1));
  return {
    host: host === '' ? 'localhost' : host,
    port: url.port === '' ? DEFAULT_PORT : Number(url.port),
    ...credentials(decodeURIComponent(url.username), decodeURIComponent(url.password)),
    ...(Number.isInteger(db) && db > 0 ? { db } : {}),
    ...(url.protocol === 'rediss:' ? { tls: { servername: host } } : {}),
  };
}

function credentials(username: string, password: string) {
  return { ...(username === '' ? {} : { username }), ...(password === '' ? {} : { password }) };
}

/**
 * A client for commands and scripts. A command that was sent and not answered within 5 s rejects, and is never sent twice; one that could not be sent
 * waits for some reconnects and then rejects. Reconnects for ever; an outage is logged when it begins and when it is over. The caller ends it with `disconnect()`.
 */
export function connectRedis(settings: ConnectionSettings, options: { readonly name: string; readonly log: Log }): Redis {
  const { name } = options;
  const log = options.log.with({ client: name });
  const redis = new Redis({
    ...settings,
    connectionName: name,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: RECONNECTS_PER_COMMAND,
    commandTimeout: COMMAND_TIMEOUT_MS,
    enableOfflineQueue: true,
  });
  let away = false;
  let ending = false;
  const lost = (reason: string): void => {
    if (!away && !ending) log.warn('Redis does not answer; reconnecting', { reason });
    away = true;
  };
  // The error itself may carry the arguments of AUTH.
  redis.on('error', (error: Error) => lost(error.message));
  // Planned by us, as by disconnect(), it is followed by no 'reconnecting'.
  redis.on('reconnecting', () => lost('the connection was closed'));
  redis.on('ready', () => {
    if (away) log.info('Redis answers again');
    away = false;
  });
  redis.on('end', () => {
    ending = true;
  });
  return redis;
}

/**
 * What the server promises, read at start. `durable` holds for the private Redis alone, and only if it really writes every change to disk before it
 * answers: a foreign one may fail over to a replica that lacks the last writes. A managed Redis may forbid CONFIG; what cannot be read is warned of.
 */
export async function storeHealth(redis: Redis, options: { readonly isPrivate: boolean }): Promise<StoreHealth> {
  const info = parseInfo(await redis.info());
  const version = info.get('redis_version') ?? '0';
  const appendOnly = info.get('aof_enabled') === '1';
  const policy = info.get('maxmemory_policy') ?? 'unknown';
  const fsync = await readSetting(redis, 'appendfsync');

  const warnings: Finding[] = [];
  const found = (level: 'warning' | 'problem', says: string, mend: string) => void warnings.push({ level, says, mend });
  if (!atLeast(version, OLDEST_VERSION)) found('problem', `Redis is ${version}; 7.0 or newer is expected`, 'update the Redis server');
  if (policy !== 'noeviction') {
    const says = `maxmemory-policy is ${policy}; it must be noeviction, or Redis may forget subscriptions when memory runs short`;
    found('problem', says, 'set maxmemory-policy noeviction in redis.conf or at your provider, and restart or CONFIG SET it');
  }
  if (!appendOnly) {
    found(
      'problem',
      'appendonly is off: a restart of Redis loses subscriptions and journals',
      'set appendonly yes and appendfsync always or everysec in redis.conf',
    );
  } else if (fsync === null) {
    const says = 'CONFIG is forbidden here, so appendfsync is not known: what a power loss may take is not known either';
    found('warning', says, 'look up what your provider promises, and choose appendfsync always or everysec there');
  } else if (fsync !== 'always' && !atLeast(version, WAITAOF_VERSION)) {
    const says = `appendfsync is ${fsync}: a power loss may undo what was asked for in the last second (Redis 7.2 could wait for the disk)`;
    found('warning', says, 'set appendfsync always, or update Redis to 7.2 or newer');
  }
  const waitsOnRequest = appendOnly && fsync !== 'always' && atLeast(version, WAITAOF_VERSION);
  return { durable: options.isPrivate && appendOnly && fsync === 'always', waitsOnRequest, version, warnings };
}

/** null: the server does not let us look. */
async function readSetting(redis: Redis, name: string): Promise<string | null> {
  try {
    const answer: unknown = await redis.config('GET', name);
    if (Array.isArray(answer)) return typeof answer[1] === 'string' ? answer[1] : null;
    const value: unknown = typeof answer === 'object' && answer !== null ? Reflect.get(answer, name) : null;
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function parseInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
}

function atLeast(version: string, [major = 0, minor = 0]: readonly number[]): boolean {
  const [ours = 0, oursMinor = 0] = version.split('.').map(Number);
  return ours > major || (ours === major && oursMinor >= minor);
}
