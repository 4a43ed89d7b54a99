/** Lua scripts as functions. Keys are built inside the scripts: they all share one hash tag. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** All keys of voicejob begin so; the braces keep them in one cluster slot. */
export const KEY_PREFIX = '{vj}:';

export type ScriptArgument = string | number;
export type Script = (...args: readonly ScriptArgument[]) => Promise<unknown>;

/** What every script may use: the key prefix, the server's clock in ms, and which life of the server this is (48 of its 160 random bits: each watch keeps it). */
const PRELUDE = `
local P = '${KEY_PREFIX}'
local function now() local t = redis.call('TIME') return t[1] * 1000 + math.floor(t[2] / 1000) end
local function runid() return string.match(redis.call('INFO', 'server'), 'run_id:(%x%x%x%x%x%x%x%x%x%x%x%x)') end
`;

/** A function that runs the script atomically (EVALSHA, and EVAL where the server does not know it yet). ARGV are the arguments as text. */
export function script(redis: Redis, lua: string): Script {
  const body = PRELUDE + lua;
  const name = `vj_${createHash('sha1').update(body).digest('hex')}`;
  redis.defineCommand(name, { numberOfKeys: 0, lua: body });
  const run: unknown = Reflect.get(redis, name);
  if (typeof run !== 'function') throw new TypeError(`ioredis did not define ${name}`);
  return (...args) => Promise.resolve(Reflect.apply(run, redis, args));
}
