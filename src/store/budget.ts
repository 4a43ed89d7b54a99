/**
 * The one bucket of upstream requests and the gate, shared by all processes on one Redis.
 *
 * Bucket: `maxRps` tokens a second, at most max(1, maxRps) saved up, so any window of t seconds sees at most max(1, maxRps) + maxRps * t
 * grants. Who must wait stands in one queue, higher priority first and then by arrival, with a lease: a waiter that dies is forgotten
 * within seconds. A waiter that the queue can't serve in time is told so at once, and when to come again.
 *
 * Trial: a process whose key has not been taken yet sends one request at a time, and one such process at a time, so that a wrong key is seen after one.
 *
 * Gate: the first refused key shuts it. While shut, one caller of all processes is let through every `probeMs`; only an `ok` by the
 * process whose probe is unanswered opens it, so an answer to a request sent before the closing can't. A probe that ends otherwise, or never, leaves it shut.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Budget, Gate, Priority } from '../ports/budget.ts';
import type { Clock, Random } from '../ports/clock.ts';
import { script } from './script.ts';

export type BudgetOptions = {
  /** Ceiling of requests a second over all processes; may be a fraction. */
  readonly maxRps: number;
  readonly clock: Clock;
  readonly random: Random;
  /** Longest wait in `acquire`. A person is waiting for a command, and every other poll can come again. */
  readonly maxWaitMs?: Readonly<Record<Priority, number>>;
  /** A key locks for 5 minutes after more than 5 failures in a row (gateway FAQ), so a refused one is tried once in that time. */
  readonly probeMs?: number;
  /** How long the bucket takes from standstill back to full speed after 429s. */
  readonly recoverMs?: number;
  /** How long a trial that is never reported holds up the others: longer than a request may take. */
  readonly trialMs?: number;
};

/** The safety net hardly waits: its polls would keep a process' workers from those of jobs that have moved. */
const MAX_WAIT_MS: Readonly<Record<Priority, number>> = { command: 8_000, moved: 5_000, 'safety-net': 1_000 };
const PROBE_MS = 300_000;
const RECOVER_MS = 60_000;
const TRIAL_MS = 10_000;
const RANK: Readonly<Record<Priority, number>> = { command: 0, moved: 1, 'safety-net': 2 };
/** Longest upstream word on waiting that is believed: a wrong one can't silence everything for days. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/** Reads the bucket as of now. `pace` is the share of maxRps that 429s have left; `at` lies ahead while a Retry-After runs, so nothing is saved up meanwhile. */
const BUCKET = `
local function bucket(n, rps, recoverMs)
  local b = redis.call('HMGET', P..'budget', 'tokens', 'at', 'pace', 'notBefore', 'slowAt')
  local full = math.max(1, rps)
  local at, pace, notBefore = tonumber(b[2] or n), tonumber(b[3] or 1), tonumber(b[4] or 0)
  if notBefore > n + ${LONGEST_RETRY_AFTER_MS} then notBefore = 0 end
  if at > n and notBefore <= n then at = n end
  local passed = math.max(0, n - at)
  return { tokens = math.min(full, tonumber(b[1] or full) + passed * rps * pace / 1000), pace = math.min(1, pace + passed / recoverMs),
    at = math.max(at, n), notBefore = notBefore, slowAt = tonumber(b[5] or 0) }
end
local function save(b) redis.call('HSET', P..'budget', 'tokens', b.tokens, 'at', b.at, 'pace', b.pace, 'notBefore', b.notBefore, 'slowAt', b.slowAt) end
local function leave(id) redis.call('ZREM', P..'budget:queue', id) redis.call('ZREM', P..'budget:leases', id) end
`;

/** ARGV: id, rank, maxRps, patienceMs, probeMs, recoverMs, process ('' = its key is proven), trialMs. A waiter sleeps a second at most, and its lease outlives that by two. */
const ACQUIRE = `${BUCKET}
local n, id, rps, patience = now(), ARGV[1], tonumber(ARGV[3]), tonumber(ARGV[4])
local b = bucket(n, rps, tonumber(ARGV[6]))
local nextProbe = tonumber(redis.call('HGET', P..'gate', 'nextProbe') or 0)
if nextProbe > 0 then
  leave(id)
  local wait = math.max(nextProbe, b.notBefore) - n
  if wait > 0 then return {'closed', math.ceil(wait)} end
  redis.call('HSET', P..'gate', 'nextProbe', n + tonumber(ARGV[5]), 'probe', id)
  b.tokens = math.max(0, b.tokens - 1)
  save(b)
  return {'probe', 0}
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', P..'budget:leases', '-inf', n)) do leave(dead) end
if not redis.call('ZSCORE', P..'budget:queue', id) then
  redis.call('ZADD', P..'budget:queue', tonumber(ARGV[2]) * 1e12 + redis.call('HINCRBY', P..'budget', 'arrivals', 1), id)
end
local ahead = redis.call('ZRANK', P..'budget:queue', id)
local wait = math.ceil(math.max(0, b.notBefore - n) + math.max(0, ahead + 1 - b.tokens) * 1000 / (rps * b.pace))
local trial = 0
if ARGV[7] ~= '' then trial = math.min(tonumber(ARGV[8]), tonumber(redis.call('HGET', P..'budget', 'trialUntil') or 0) - n) end
if wait <= 0 and trial <= 0 then
  leave(id)
  b.tokens = b.tokens - 1
  save(b)
  if ARGV[7] ~= '' then redis.call('HSET', P..'budget', 'trial', ARGV[7], 'trialUntil', n + tonumber(ARGV[8])) end
  return {'granted', 0}
end
if wait > patience or patience <= 0 then
  leave(id)
  return {'busy', math.max(wait, trial)}
end
-- A trial ends with its answer, which may come any moment.
local nap = math.max(1, math.min(trial > 0 and math.max(wait, 100) or wait, 1000))
redis.call('ZADD', P..'budget:leases', n + nap + 2000, id)
return {'wait', nap}
`;

const LEAVE = `${BUCKET} leave(ARGV[1])`;

/** ARGV: retryAfterMs, maxRps, recoverMs. One burst of 429s is one excess: the pace halves once a second at most, and never below a sixteenth. */
const THROTTLED = `${BUCKET}
local n = now()
local b = bucket(n, tonumber(ARGV[2]), tonumber(ARGV[3]))
if n - b.slowAt >= 1000 or b.slowAt > n then
  b.pace = math.max(1 / 16, b.pace / 2)
  b.slowAt = n
end
b.notBefore = math.max(b.notBefore, n + tonumber(ARGV[1]))
b.tokens = 0
b.at = b.notBefore
save(b)
`;

/** ARGV: probeMs, status, code, requestId, words. Whoever waits in the queue is told at the next question. */
const SHUT = `
local n = now()
redis.call('HSETNX', P..'gate', 'since', n)
redis.call('HSET', P..'gate', 'nextProbe', n + tonumber(ARGV[1]), 'status', ARGV[2], 'code', ARGV[3], 'requestId', ARGV[4], 'words', ARGV[5])
redis.call('HDEL', P..'gate', 'probe')
redis.call('HDEL', P..'budget', 'trialUntil')
redis.call('DEL', P..'budget:queue', P..'budget:leases')
`;

/** ARGV: the id of the probe that was answered, the process whose key was taken. */
const OPEN = `
if redis.call('HGET', P..'gate', 'probe') == ARGV[1] then redis.call('DEL', P..'gate') end
if redis.call('HGET', P..'budget', 'trial') == ARGV[2] then redis.call('HDEL', P..'budget', 'trialUntil') end
`;

/** ARGV: the process whose trial is over. */
const END_TRIAL = `if redis.call('HGET', P..'budget', 'trial') == ARGV[1] then redis.call('HDEL', P..'budget', 'trialUntil') end`;

const LOOK = `return redis.call('HMGET', P..'gate', 'since', 'nextProbe', 'status', 'code', 'requestId', 'words')`;

/**
 * A budget on Redis. `acquire` rejects with the signal's reason when it is aborted, and leaves no waiter behind; every call rejects when Redis is lost.
 * An `ok` costs no round trip unless it is this process's first, or this process holds an unanswered probe.
 */
export function createBudget(redis: Redis, options: BudgetOptions): Budget {
  const { maxRps, clock, random, maxWaitMs = MAX_WAIT_MS, probeMs = PROBE_MS, recoverMs = RECOVER_MS, trialMs = TRIAL_MS } = options;
  const ask = script(redis, ACQUIRE);
  const leave = script(redis, LEAVE);
  const slowDown = script(redis, THROTTLED);
  const shut = script(redis, SHUT);
  const open = script(redis, OPEN);
  const endTrial = script(redis, END_TRIAL);
  const look = script(redis, LOOK);
  /** The probe of this process that is not answered yet. */
  let probe: string | null = null;
  const self = random.id();
  let proven = false;

  return {
    acquire: async (priority, signal) => {
      signal.throwIfAborted();
      const id = random.id();
      const giveUpAt = clock.monotonic() + maxWaitMs[priority];
      for (;;) {
        const patienceMs = Math.max(0, giveUpAt - clock.monotonic());
        const { kind, ms } = readAnswer(await ask(id, RANK[priority], maxRps, patienceMs, probeMs, recoverMs, proven ? '' : self, trialMs));
        switch (kind) {
          case 'probe':
            probe = id;
            return { kind: 'granted' };
          case 'granted':
            return { kind: 'granted' };
          case 'closed':
            return { kind: 'closed', afterMs: ms };
          case 'busy':
            // Spread, or all who were turned away would come back together.
            return { kind: 'busy', afterMs: Math.ceil(ms * (1 + random.fraction() / 2)) };
          case 'wait':
            await napOrLeave(ms, signal, () => leave(id));
        }
      }
    },

    report: async (result) => {
      const answered = probe;
      const wasProven = proven;
      probe = null;
      const saysNothing = result.kind === 'throttled' || result.kind === 'unsaid' || result.kind === 'forbidden';
      if (!saysNothing) proven = result.kind === 'ok';
      // it told nothing of the key, and the next may try at once: while upstream is flaky, new processes must not wait a trial's whole time for each request
      if (saysNothing && !wasProven) await endTrial(self);
      switch (result.kind) {
        case 'unsaid':
        case 'forbidden':
          return;
        case 'ok':
          if (answered !== null || !wasProven) await open(answered ?? '', self);
          return;
        case 'throttled':
          await slowDown(Math.min(Math.max(0, result.retryAfterMs), LONGEST_RETRY_AFTER_MS), maxRps, recoverMs);
          return;
        case 'unauthorized': {
          const { status, code, requestId, words } = result.evidence;
          await shut(probeMs, status, code, requestId, words);
        }
      }
    },

    gate: async () => readGate(await look()),
  };
}

type Answer = { readonly kind: 'granted' | 'probe' | 'closed' | 'busy' | 'wait'; readonly ms: number };

function readAnswer(reply: unknown): Answer {
  if (Array.isArray(reply)) {
    const [kind, ms]: unknown[] = reply;
    if (typeof ms === 'number' && (kind === 'granted' || kind === 'probe' || kind === 'closed' || kind === 'busy' || kind === 'wait')) return { kind, ms };
  }
  throw new TypeError('the budget script answered something else');
}

function readGate(reply: unknown): Gate | null {
  if (!Array.isArray(reply)) throw new TypeError('the gate script answered something else');
  const [since, nextProbe, status, code, requestId, words] = reply.map((value: unknown) => (typeof value === 'string' ? value : ''));
  if (!since) return null;
  return { since: Number(since), nextProbe: Number(nextProbe), status: Number(status), code: code ?? '', requestId: requestId ?? '', words: words ?? '' };
}

/** Sleeps; when aborted, leaves the queue and throws the signal's reason. A lease ends by itself where Redis can't be told. */
async function napOrLeave(ms: number, signal: AbortSignal, leave: () => Promise<unknown>): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    await leave().catch(() => undefined);
    signal.throwIfAborted();
  }
}
