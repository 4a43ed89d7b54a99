import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Budget, GateEvidence, Permission, Priority } from '../../src/ports/budget.ts';
import { type BudgetOptions, createBudget } from '../../src/store/budget.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const clock = { now: () => Date.now(), monotonic: () => performance.now() };
const random = { id: () => randomUUID(), fraction: () => Math.random() };
const LONG_WAIT = { command: 25_000, moved: 25_000, 'safety-net': 25_000 };
const NO_WAIT = { command: 0, moved: 0, 'safety-net': 0 };
const EVIDENCE: GateEvidence = { status: 401, code: 'APIG.0301', requestId: 'rid', words: 'verify aksk signature fail' };
const REFUSED = { kind: 'unauthorized', evidence: EVIDENCE } as const;

let redis: TestRedis;
let look: Redis;
beforeAll(async () => {
  redis = await startRedis({ appendfsync: 'no' });
  look = redis.connect();
});
afterAll(() => redis.stop());
beforeEach(() => redis.flush());

/** A budget as a process of its own has it: its own connection, its own memory. */
function unproven(over: Partial<BudgetOptions> = {}): Budget {
  return createBudget(redis.connect(), { maxRps: 2, clock, random, ...over });
}

/** The same, whose key was taken before. */
async function budget(over: Partial<BudgetOptions> = {}): Promise<Budget> {
  const proven = unproven(over);
  await proven.report({ kind: 'ok' });
  return proven;
}

const acquire = (from: Budget, priority: Priority = 'moved', signal = new AbortController().signal): Promise<Permission> => from.acquire(priority, signal);

async function waiting(): Promise<number> {
  return look.zcard('{vj}:budget:queue');
}

/** Redis' own clock, which the scripts go by. */
async function redisNow(): Promise<number> {
  const [seconds, micros] = await look.time();
  return Number(seconds) * 1000 + Number(micros) / 1000;
}

/** As if the probe window had passed. */
async function probeIsDue(): Promise<void> {
  await look.hset('{vj}:gate', 'nextProbe', 1);
}

test('several processes together never get more than the burst and the rate allow', async () => {
  const maxRps = 20;
  const budgets = [
    await budget({ maxRps, maxWaitMs: LONG_WAIT }),
    await budget({ maxRps, maxWaitMs: LONG_WAIT }),
    await budget({ maxRps, maxWaitMs: LONG_WAIT }),
  ];
  const start = await redisNow();
  const times: number[] = [];
  await Promise.all(
    Array.from({ length: 60 }, async (_, index) => {
      const permission = await acquire(budgets[index % 3] ?? (await budget()), index % 2 === 0 ? 'command' : 'safety-net');
      expect(permission).toEqual({ kind: 'granted' });
      times.push(await redisNow());
    }),
  );
  times.sort((a, b) => a - b);
  for (const [index, at] of times.entries()) expect(index + 1).toBeLessThanOrEqual(maxRps + (maxRps * (at - start)) / 1000 + 1);
});

test('a rate below one a second still lets one request through at once', async () => {
  const slow = await budget({ maxRps: 0.1, maxWaitMs: NO_WAIT });
  expect(await acquire(slow)).toEqual({ kind: 'granted' });
  const next = await acquire(slow);
  expect(next.kind).toBe('busy');
  if (next.kind === 'busy') expect(next.afterMs).toBeGreaterThan(1_000);
});

test('who can not be served in time is told at once when to come again, and does not stay in the queue', async () => {
  const one = await budget({ maxRps: 0.01, maxWaitMs: { command: 8_000, moved: 5_000, 'safety-net': 5_000 } });
  await acquire(one);
  const answers = await Promise.all(Array.from({ length: 50 }, () => acquire(one, 'safety-net')));
  expect(answers.every(({ kind }) => kind === 'busy')).toBe(true);
  expect(await waiting()).toBe(0);
});

test('a higher priority that comes later goes first, in whatever process', async () => {
  const [a, b] = [await budget({ maxRps: 1, maxWaitMs: LONG_WAIT }), await budget({ maxRps: 1, maxWaitMs: LONG_WAIT })];
  await a.report({ kind: 'throttled', retryAfterMs: 10_000 });
  const order: string[] = [];
  const waiters: Promise<unknown>[] = [];
  const steps = [
    ['safety-net', a],
    ['moved', b],
    ['command', a],
  ] as const;
  for (const [index, [priority, from]] of steps.entries()) {
    waiters.push(acquire(from, priority).then(() => order.push(priority)));
    await expect.poll(waiting).toBe(index + 1);
  }
  // As if the Retry-After had passed while all three stood there.
  await look.hset('{vj}:budget', 'notBefore', 0, 'at', Math.floor(await redisNow()), 'pace', 1);
  await Promise.all(waiters);
  expect(order).toEqual(['command', 'moved', 'safety-net']);
});

test('an aborted waiter rejects with the reason and leaves the queue', async () => {
  const one = await budget({ maxRps: 0.2, maxWaitMs: LONG_WAIT });
  await acquire(one);
  const abort = new AbortController();
  const waiter = acquire(one, 'command', abort.signal);
  await expect.poll(waiting).toBe(1);
  abort.abort(new Error('shutting down'));
  await expect(waiter).rejects.toThrow('shutting down');
  expect(await waiting()).toBe(0);
  await expect(acquire(one, 'command', abort.signal)).rejects.toThrow('shutting down');
});

test('a waiter that died blocks nobody for longer than its lease', async () => {
  const connection = redis.connect();
  const dying = createBudget(connection, { maxRps: 1, clock, random, maxWaitMs: LONG_WAIT });
  await dying.report({ kind: 'ok' });
  await acquire(dying);
  // Its process is gone: it never asks again, and never says so.
  const abandoned = acquire(dying, 'command').catch(() => 'died');
  await expect.poll(waiting).toBe(1);
  connection.disconnect();
  expect(await acquire(await budget({ maxRps: 1, maxWaitMs: LONG_WAIT }), 'safety-net')).toEqual({ kind: 'granted' });
  expect(await abandoned).toBe('died');
  await expect
    .poll(async () => (await acquire(await budget({ maxRps: 1 }), 'safety-net')).kind === 'granted' && (await waiting()), { timeout: 20_000 })
    .toBe(0);
});

test.each([
  ['forwards', 3_600_000],
  ['backwards', -3_600_000],
])('a wall clock that steps %s neither ends a wait nor prolongs it', async (_, byMs) => {
  const one = await budget({ maxRps: 5, maxWaitMs: LONG_WAIT });
  const slow = await budget({ maxRps: 0.01 });
  let at = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => {
    at += byMs;
    return at;
  });
  try {
    const served = await Promise.all(Array.from({ length: 8 }, () => acquire(one)));
    expect(served.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'granted'));
    expect((await acquire(slow)).kind).toBe('busy');
  } finally {
    vi.restoreAllMocks();
  }
});

test('Retry-After holds back everybody', async () => {
  const [a, b] = [await budget({ maxWaitMs: NO_WAIT }), await budget({ maxWaitMs: NO_WAIT })];
  await a.report({ kind: 'throttled', retryAfterMs: 60_000 });
  const answer = await acquire(b, 'command');
  expect(answer.kind).toBe('busy');
  if (answer.kind === 'busy') expect(answer.afterMs).toBeGreaterThan(55_000);
});

test('an absurd Retry-After counts as an hour', async () => {
  const one = await budget({ maxWaitMs: NO_WAIT });
  await one.report({ kind: 'throttled', retryAfterMs: 1e12 });
  const answer = await acquire(one);
  if (answer.kind !== 'busy') throw new Error(answer.kind);
  expect(answer.afterMs).toBeLessThan(1.6 * 3_600_000);
});

test('a 429 halves the pace, a burst of them no further, and the pace comes back', async () => {
  const one = await budget({ maxRps: 100, recoverMs: 1e9, maxWaitMs: LONG_WAIT });
  const pace = async () => Number(await look.hget('{vj}:budget', 'pace'));
  const start = await redisNow();
  await Promise.all(Array.from({ length: 5 }, () => one.report({ kind: 'throttled', retryAfterMs: 0 })));
  const halvings = 1 + Math.floor(((await redisNow()) - start) / 1000);
  expect(await pace()).toBeLessThan(0.51);
  expect(await pace()).toBeGreaterThanOrEqual(0.5 ** halvings);
  const recovering = await budget({ maxRps: 100, recoverMs: 300, maxWaitMs: LONG_WAIT });
  const later = async () => {
    await acquire(recovering);
    return pace();
  };
  await expect.poll(later, { timeout: 10_000 }).toBe(1);
});

test('the pace never falls below a sixteenth', async () => {
  const one = await budget({ recoverMs: 1e9 });
  await look.hset('{vj}:budget', 'pace', 0.07, 'at', Math.floor(await redisNow()));
  await one.report({ kind: 'throttled', retryAfterMs: 0 });
  expect(Number(await look.hget('{vj}:budget', 'pace'))).toBeCloseTo(1 / 16, 3);
});

test('nothing is saved up while Retry-After runs', async () => {
  const one = await budget({ maxRps: 50, maxWaitMs: LONG_WAIT });
  const start = await redisNow();
  await one.report({ kind: 'throttled', retryAfterMs: 400 });
  await acquire(one);
  const savedUpFor = (await redisNow()) - start - 400 + 2;
  expect(Number(await look.hget('{vj}:budget', 'tokens'))).toBeLessThanOrEqual((50 * savedUpFor) / 1000);
});

test('the first refusal shuts the gate for every process, with its evidence', async () => {
  const [a, b] = [await budget(), await budget()];
  expect(await b.gate()).toBeNull();
  await acquire(a);
  const before = await redisNow();
  await a.report(REFUSED);
  const denied = await acquire(b, 'command');
  if (denied.kind !== 'closed') throw new Error(denied.kind);
  expect(denied.afterMs).toBeGreaterThan(290_000);
  expect(denied.afterMs).toBeLessThanOrEqual(300_000);
  const gate = await b.gate();
  expect(gate).toMatchObject(EVIDENCE);
  expect(gate?.since).toBeGreaterThanOrEqual(Math.floor(before));
  expect((gate?.nextProbe ?? 0) - (gate?.since ?? 0)).toBe(300_000);
});

test('who waits when the gate shuts is told so', async () => {
  const one = await budget({ maxRps: 0.2, maxWaitMs: LONG_WAIT });
  await acquire(one);
  const waiter = acquire(one, 'safety-net');
  await expect.poll(waiting).toBe(1);
  await one.report(REFUSED);
  expect((await waiter).kind).toBe('closed');
  expect(await waiting()).toBe(0);
});

test('a wrong key with 1,000 watches makes one request, and one more in each probe window', async () => {
  const processes = [await budget({ maxRps: 500 }), await budget({ maxRps: 500 })] as const;
  let requests = 0;
  const poll = async (from: Budget): Promise<void> => {
    const permission = await acquire(from, 'safety-net');
    if (permission.kind === 'closed') return;
    expect(permission.kind).toBe('granted');
    requests += 1;
    await from.report(REFUSED);
  };
  const everyWatch = () => Promise.all(Array.from({ length: 500 }, () => processes.map(poll)).flat());
  await poll(processes[0]);
  await everyWatch();
  expect(requests).toBe(1);
  const since = (await processes[1].gate())?.since;
  for (const window of [2, 3, 4]) {
    await probeIsDue();
    await everyWatch();
    expect(requests).toBe(window);
    expect((await processes[0].gate())?.nextProbe).toBeGreaterThan((await redisNow()) + 290_000);
  }
  expect((await processes[0].gate())?.since).toBe(since);
});

test('a probe is granted to exactly one of many, and its ok opens the gate', async () => {
  const processes = await Promise.all(Array.from({ length: 4 }, () => budget()));
  await processes[0]?.report(REFUSED);
  await probeIsDue();
  const answers = await Promise.all(
    processes.map(async (from) => ({ from, kinds: (await Promise.all([acquire(from), acquire(from), acquire(from)])).map(({ kind }) => kind) })),
  );
  expect(answers.flatMap(({ kinds }) => kinds).sort()).toEqual([...Array.from({ length: 11 }, () => 'closed'), 'granted']);
  const holder = answers.find(({ kinds }) => kinds.includes('granted'))?.from;
  // An ok by a process that holds no probe is about a request from before.
  for (const other of processes.filter((process) => process !== holder)) await other.report({ kind: 'ok' });
  expect(await holder?.gate()).not.toBeNull();
  await holder?.report({ kind: 'ok' });
  expect(await holder?.gate()).toBeNull();
  expect((await acquire(processes[0] ?? (await budget()))).kind).toBe('granted');
});

test('an ok from before the closing does not open the gate', async () => {
  const one = await budget();
  await acquire(one);
  await acquire(one);
  await one.report(REFUSED);
  await one.report({ kind: 'ok' });
  expect(await one.gate()).not.toBeNull();
});

test('a refused probe keeps the gate shut and its first moment; a probe that is throttled or never answered does too', async () => {
  const one = await budget();
  await one.report(REFUSED);
  const since = (await one.gate())?.since;
  const probe = async () => {
    await probeIsDue();
    expect((await acquire(one)).kind).toBe('granted');
    expect((await acquire(one)).kind).toBe('closed');
  };
  await probe();
  await one.report({ ...REFUSED, evidence: { ...EVIDENCE, requestId: 'second' } });
  expect(await one.gate()).toMatchObject({ since, requestId: 'second' });
  await probe();
  await one.report({ kind: 'throttled', retryAfterMs: 0 });
  await one.report({ kind: 'ok' });
  expect(await one.gate()).toMatchObject({ since });
  await probe();
  expect((await one.gate())?.since).toBe(since);
  await probe();
  await one.report({ kind: 'ok' });
  expect(await one.gate()).toBeNull();
});

test('the answer to a probe that another has replaced does not open the gate', async () => {
  const [a, b] = [await budget(), await budget()];
  await a.report(REFUSED);
  for (const from of [a, b]) {
    await probeIsDue();
    expect((await acquire(from)).kind).toBe('granted');
  }
  await a.report({ kind: 'ok' });
  expect(await b.gate()).not.toBeNull();
  await b.report({ kind: 'ok' });
  expect(await b.gate()).toBeNull();
});

test('no probe goes out while Retry-After runs', async () => {
  const one = await budget();
  await one.report(REFUSED);
  await one.report({ kind: 'throttled', retryAfterMs: 60_000 });
  await probeIsDue();
  const answer = await acquire(one);
  if (answer.kind !== 'closed') throw new Error(answer.kind);
  expect(answer.afterMs).toBeGreaterThan(50_000);
});

test('the gate outlives kill -9 of Redis, and the bucket goes on', async () => {
  const lasting = await startRedis();
  try {
    const one = createBudget(lasting.connect(), { maxRps: 2, clock, random });
    await acquire(one);
    await one.report(REFUSED);
    await lasting.kill9();
    await lasting.restart();
    expect((await acquire(one)).kind).toBe('closed');
    expect(await one.gate()).toMatchObject(EVIDENCE);
  } finally {
    await lasting.stop();
  }
});

test('a lost Redis rejects', async () => {
  const connection = redis.connect();
  const one = createBudget(connection, { maxRps: 2, clock, random });
  await acquire(one);
  connection.disconnect();
  await expect(acquire(one)).rejects.toThrow();
  await expect(one.report({ kind: 'throttled', retryAfterMs: 1 })).rejects.toThrow();
});

test('processes whose key is not proven try one request at a time, all together, until it is answered', async () => {
  const [a, b, c] = [
    unproven({ maxRps: 100, maxWaitMs: LONG_WAIT, trialMs: 60_000 }),
    unproven({ maxRps: 100, maxWaitMs: LONG_WAIT, trialMs: 60_000 }),
    await budget({ maxRps: 100 }),
  ];
  expect((await acquire(a)).kind).toBe('granted');
  const others = [acquire(a), acquire(b), acquire(b)];
  await expect.poll(waiting).toBe(3);
  // A process whose key was taken has no part in it.
  expect((await acquire(c, 'command')).kind).toBe('granted');
  expect(await waiting()).toBe(3);
  await a.report({ kind: 'ok' });
  // Now a is proven and b has its own trial.
  await expect.poll(waiting).toBe(1);
  await b.report({ kind: 'ok' });
  expect((await Promise.all(others)).map(({ kind }) => kind)).toEqual(['granted', 'granted', 'granted']);
});

test('a wrong key shows itself in one request, however many ask at the start', async () => {
  const processes = [unproven({ maxRps: 500 }), unproven({ maxRps: 500 })] as const;
  let requests = 0;
  const poll = async (from: Budget): Promise<string> => {
    const { kind } = await acquire(from, 'safety-net');
    if (kind !== 'granted') return kind;
    requests += 1;
    await expect.poll(waiting).toBeGreaterThan(1);
    await from.report(REFUSED);
    return 'refused';
  };
  const outcomes = await Promise.all(Array.from({ length: 500 }, () => processes.map(poll)).flat());
  expect(requests).toBe(1);
  expect(outcomes.filter((outcome) => outcome === 'refused')).toHaveLength(1);
});

for (const result of [{ kind: 'unsaid' }, { kind: 'throttled', retryAfterMs: 0 }] as const) {
  test(`a trial that ended ${result.kind} is over: while upstream is flaky, the next try of new processes does not wait a trial's whole time`, async () => {
    const [a, b] = [unproven({ maxRps: 100, maxWaitMs: LONG_WAIT, trialMs: 600_000 }), unproven({ maxRps: 100, maxWaitMs: LONG_WAIT, trialMs: 600_000 })];
    expect((await acquire(a)).kind).toBe('granted');
    const next = acquire(b);
    await expect.poll(waiting).toBe(1);
    await a.report(result);
    expect((await next).kind).toBe('granted');
  });
}

test('a trial that is never reported holds up the others for a while only', async () => {
  const one = unproven({ trialMs: 200, maxWaitMs: LONG_WAIT });
  expect((await acquire(one)).kind).toBe('granted');
  expect((await acquire(one)).kind).toBe('granted');
});
