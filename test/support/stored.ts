/** What a program's private Redis holds. */
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';

function record(dataDir: string): { socketPath: string; pid: number } {
  return JSON.parse(readFileSync(`${dataDir}/redis.json`, 'utf8')) as { socketPath: string; pid: number };
}
export const redisSocket = (dataDir: string) => record(dataDir).socketPath;
export const redisPid = (dataDir: string) => record(dataDir).pid;

/** Every key and value, as text, a line each; `except`: keys that are left out. */
export async function everythingIn(dataDir: string, except: RegExp | null = null): Promise<string> {
  const redis = new Redis({ path: redisSocket(dataDir) });
  try {
    const found: string[] = [];
    for (const key of await redis.keys('*')) {
      if (except?.test(key)) continue;
      const type = await redis.type(key);
      found.push(key);
      if (type === 'string') found.push((await redis.get(key)) ?? '');
      if (type === 'hash') found.push(JSON.stringify(await redis.hgetall(key)));
      if (type === 'list') found.push(...(await redis.lrange(key, 0, -1)));
      if (type === 'set') found.push(...(await redis.smembers(key)));
      if (type === 'zset') found.push(...(await redis.zrange(key, '0', '-1')));
      if (type === 'stream') found.push(JSON.stringify(await redis.xrange(key, '-', '+')));
    }
    return found.join('\n');
  } finally {
    redis.disconnect();
  }
}
