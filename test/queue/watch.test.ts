import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { PollResult } from '../../src/ports/scheduler.ts';
import type { Queue, QueueOptions } from '../../src/queue/queue.ts';
import { watchJobId } from '../../src/queue/watch-queue.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { type Line, makeQueue, raised, recordingLog } from './rig.ts';

const JOB = 'project/job-1';
const again = (delayMs: number): PollResult => ({ kind: 'again', delayMs, reason: 'test' });
const HOUR_MS = 3_600_000;
const soon = { timeout: 10_000, interval: 5 };

/** Polls that count themselves and then wait for `delayMs`. */
const counted = (delayMs: number, before: () => void = () => undefined) => {
  const polls = { count: 0 };
  const pollOnce = async () => {
    before();
    polls.count += 1;
    return again(delayMs);
  };
  return { polls, pollOnce };
};

let redis: TestRedis;
let client: Redis;
const queues: Queue[] = [];

const started = (changes: Partial<QueueOptions>): Queue => {
  const queue = makeQueue(redis.socketPath, { roles: { watch: true, deliver: false }, ...changes });
  queues.push(queue);
  queue.start();
  return queue;
};
const roster = (changes: Partial<QueueOptions['roster']>): QueueOptions['roster'] => ({
  overdue: async () => [],
  all: async () => ({ watches: [], cursor: '0' }),
  everyMs: 20,
  fullEveryMs: 60_000,
  ...changes,
});

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
});
afterAll(() => redis.stop());
beforeEach(() => redis.flush());
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop()));
});

describe('a watch', () => {
  test('is polled again and again, each time after the delay that the poll answered', async () => {
    const delays = [5, 60, 1, 30];
    const gaps: { readonly asked: number; readonly waited: number }[] = [];
    let endedAt = 0;
    let asked = 0;
    let polls = 0;
    const queue = started({
      pollOnce: async () => {
        if (polls > 0) gaps.push({ asked, waited: Date.now() - endedAt });
        asked = delays[polls % delays.length] ?? 0;
        polls += 1;
        endedAt = Date.now();
        return again(asked);
      },
    });
    await queue.wakeWatch(JOB);
    await vi.waitFor(() => expect(gaps.length).toBeGreaterThan(8), soon);
    for (const { asked: least, waited } of gaps) expect(waited).toBeGreaterThanOrEqual(least - 1);
  });

  test('is one job, however often it is woken', async () => {
    let atOnce = 0;
    let most = 0;
    let polls = 0;
    const pollOnce = async () => {
      most = Math.max(most, ++atOnce);
      await new Promise(setImmediate);
      atOnce -= 1;
      polls += 1;
      return again(1);
    };
    const [one, two] = [started({ pollOnce }), started({ pollOnce })];
    for (let round = 0; round < 50; round++) await Promise.all([one.wakeWatch(JOB), two.wakeWatch(JOB)]);
    await vi.waitFor(() => expect(polls).toBeGreaterThan(50), soon);
    expect(most).toBe(1);
    await Promise.all([one.stop(), two.stop()]);
    expect(await client.keys('{vj}:watch:w-*')).toEqual([`{vj}:watch:${watchJobId(JOB)}`]);
  });

  test('that waits for its time is polled at once when it is woken', async () => {
    const { polls, pollOnce } = counted(HOUR_MS);
    const queue = started({ pollOnce });
    await queue.wakeWatch(JOB);
    await vi.waitFor(async () => expect((await queue.counts()).watch).toMatchObject({ delayed: 1, active: 0 }), soon);
    expect(polls.count).toBe(1);
    await queue.wakeWatch(JOB);
    await vi.waitFor(() => expect(polls.count).toBe(2), soon);
  });

  test('that is woken during a poll is polled once more after it', async () => {
    const starts: number[] = [];
    const gate = Promise.withResolvers<void>();
    const queue = started({
      pollOnce: async () => {
        starts.push(Date.now());
        if (starts.length === 1) await gate.promise;
        return again(HOUR_MS);
      },
    });
    await queue.wakeWatch(JOB);
    await vi.waitFor(() => expect(starts).toHaveLength(1), soon);
    await queue.wakeWatch(JOB);
    gate.resolve();
    await vi.waitFor(() => expect(starts).toHaveLength(2), soon);
    await vi.waitFor(async () => expect((await queue.counts()).watch).toMatchObject({ delayed: 1, active: 0, waiting: 0 }), soon);
    expect(starts).toHaveLength(2);
  });

  test('that is woken during its last poll begins anew', async () => {
    let polls = 0;
    const gate = Promise.withResolvers<void>();
    const queue = started({
      pollOnce: async () => {
        polls += 1;
        if (polls > 1) return again(HOUR_MS);
        await gate.promise;
        return { kind: 'ended', reason: 'test' };
      },
    });
    await queue.wakeWatch(JOB);
    await vi.waitFor(() => expect(polls).toBe(1), soon);
    await queue.wakeWatch(JOB);
    gate.resolve();
    await vi.waitFor(() => expect(polls).toBe(2), soon);
  });

  test('that has ended leaves nothing, and can be woken again', async () => {
    let polls = 0;
    const queue = started({
      pollOnce: async () => {
        polls += 1;
        return { kind: 'ended', reason: 'test' };
      },
    });
    await queue.wakeWatch(JOB);
    await vi.waitFor(async () => expect(await client.keys('{vj}:watch:w-*')).toEqual([]), soon);
    await queue.wakeWatch(JOB);
    await vi.waitFor(() => expect(polls).toBe(2), soon);
  });

  test('whose poll throws is logged, lives on, and is put off by more than ten seconds', async () => {
    const lines: Line[] = [];
    const queue = started({
      log: recordingLog(lines),
      pollOnce: async () => {
        throw new TypeError('a bug');
      },
    });
    await queue.wakeWatch(JOB);
    await vi.waitFor(async () => expect((await queue.counts()).watch).toMatchObject({ delayed: 1, failed: 0 }), soon);
    expect(lines).toContainEqual({ level: 'error', message: 'a poll threw, and is tried again' });
    expect(Number(await client.hget(`{vj}:watch:${watchJobId(JOB)}`, 'delay'))).toBeGreaterThan(10_000);
  });

  test('that fails here is left alone by the roster for that time', async () => {
    let polls = 0;
    let passes = 0;
    started({
      roster: roster({
        overdue: async () => {
          passes += 1;
          return [JOB];
        },
      }),
      pollOnce: async () => {
        polls += 1;
        throw new TypeError('a bug');
      },
    });
    await vi.waitFor(() => expect(polls).toBe(1), soon);
    const before = passes;
    await vi.waitFor(() => expect(passes).toBeGreaterThan(before + 5), soon);
    expect(polls).toBe(1);
  });

  test('goes on after Redis was killed and came back', async () => {
    const { polls, pollOnce } = counted(5);
    const queue = started({ pollOnce });
    await queue.wakeWatch(JOB);
    await vi.waitFor(() => expect(polls.count).toBeGreaterThan(3), soon);
    await redis.kill9();
    const before = polls.count;
    await redis.restart();
    await vi.waitFor(() => expect(polls.count).toBeGreaterThan(before + 3), { timeout: 20_000, interval: 5 });
  }, 30_000);

  test('is taken up by another process when the one that polls it is killed', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./polling-process.ts', import.meta.url)), redis.socketPath], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    try {
      const producer = makeQueue(redis.socketPath, { roles: { watch: false, deliver: false } });
      queues.push(producer);
      await producer.wakeWatch(JOB);
      await once(child.stdout, 'data');
    } finally {
      child.kill('SIGKILL');
      await exited;
    }
    const { polls, pollOnce } = counted(HOUR_MS);
    started({ pollOnce });
    await vi.waitFor(() => expect(polls.count).toBe(1), { timeout: 25_000, interval: 20 });
  }, 40_000);
});

describe('the roster', () => {
  /** A watch that is put off for an hour, and then said to be overdue until its next poll. */
  const putOff = async () => {
    let overdue: readonly string[] = [];
    const { polls, pollOnce } = counted(HOUR_MS, () => {
      overdue = [];
    });
    const queue = started({ roster: roster({ overdue: async () => overdue }), pollOnce });
    const isPutOff = () => vi.waitFor(async () => expect((await queue.counts()).watch).toMatchObject({ delayed: 1, active: 0, waiting: 0 }), soon);
    await queue.wakeWatch(JOB);
    await isPutOff();
    return {
      polls,
      isPutOff,
      sayOverdue: () => {
        overdue = [JOB];
      },
    };
  };

  test('starts what is overdue and has no queue job', async () => {
    const polled = new Set<string>();
    started({
      roster: roster({ overdue: async () => [JOB, 'project/job-2'].filter((job) => !polled.has(job)) }),
      pollOnce: async (job) => {
        polled.add(job);
        return again(HOUR_MS);
      },
    });
    await vi.waitFor(() => expect([...polled].sort()).toEqual([JOB, 'project/job-2']), soon);
  });

  test('starts what is overdue and of which a wiped queue left only a part, which is no failure', async () => {
    const { polls, pollOnce } = counted(HOUR_MS);
    const lines: Line[] = [];
    const waiting = makeQueue(redis.socketPath, { roles: { watch: false, deliver: false } });
    queues.push(waiting);
    await waiting.wakeWatch(JOB);
    await client.hdel(`{vj}:watch:${watchJobId(JOB)}`, 'data');
    started({ pollOnce, log: recordingLog(lines), roster: roster({ overdue: async () => (polls.count === 0 ? [JOB] : []) }) });
    await vi.waitFor(() => expect(polls.count).toBe(1), soon);
    expect(lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  test('starts what is overdue and put off for too long', async () => {
    const watch = await putOff();
    watch.sayOverdue();
    await vi.waitFor(() => expect(watch.polls.count).toBe(2), soon);
  });

  test.each([
    ['all its keys are gone', async () => void (await client.del(await client.keys('{vj}:watch:*')))],
    ['only its place among the delayed is gone', async () => void (await client.del('{vj}:watch:delayed'))],
  ])(
    'brings a watch back when %s',
    async (_, damage) => {
      const watch = await putOff();
      await damage();
      watch.sayOverdue();
      await vi.waitFor(() => expect(watch.polls.count).toBeGreaterThan(1), { timeout: 20_000, interval: 5 });
      await watch.isPutOff();
    },
    25_000,
  );

  test('puts back every missing watch, page by page, and leaves those that are there alone', async () => {
    const jobs = Array.from({ length: 2_500 }, (_, index) => `project/job-${index}`);
    const polled = new Map<string, number>();
    let walks = 0;
    started({
      concurrency: { watch: 50, deliver: 1 },
      roster: roster({
        fullEveryMs: 500,
        all: async (cursor) => {
          const from = Number(cursor);
          if (from === 0) walks += 1;
          const to = from + 300;
          return { watches: jobs.slice(from, to).map((job) => ({ job, dueInMs: 0 })), cursor: to < jobs.length ? String(to) : '0' };
        },
      }),
      pollOnce: async (job) => {
        polled.set(job, (polled.get(job) ?? 0) + 1);
        return again(HOUR_MS);
      },
    });
    await vi.waitFor(() => expect(polled.size).toBe(jobs.length), { timeout: 30_000, interval: 20 });
    const before = walks;
    await vi.waitFor(() => expect(walks).toBeGreaterThan(before + 1), { timeout: 30_000, interval: 20 });
    expect(Math.max(...polled.values())).toBe(1);
  }, 60_000);

  test('a watch that was put back waits until it is due', async () => {
    const { polls, pollOnce } = counted(HOUR_MS);
    const queue = started({ roster: roster({ all: async () => ({ watches: [{ job: JOB, dueInMs: HOUR_MS }], cursor: '0' }) }), pollOnce });
    await vi.waitFor(async () => expect((await queue.counts()).watch).toMatchObject({ delayed: 1, active: 0, waiting: 0 }), soon);
    expect(polls.count).toBe(0);
    await queue.wakeWatch(JOB);
    await vi.waitFor(() => expect(polls.count).toBe(1), soon);
  });

  test('survives a source that fails, and says so once', async () => {
    const lines: Line[] = [];
    let passes = 0;
    const polled = Promise.withResolvers<string>();
    started({
      log: recordingLog(lines),
      roster: roster({
        overdue: async () => {
          passes += 1;
          if (passes < 5) throw new Error('no connection');
          return [JOB];
        },
      }),
      pollOnce: async (job) => {
        polled.resolve(job);
        return again(HOUR_MS);
      },
    });
    expect(await polled.promise).toBe(JOB);
    await vi.waitFor(() => {
      expect(lines.filter(({ message }) => message.startsWith('the roster'))).toEqual([
        { level: 'warn', message: 'the roster failed, and is tried again' },
        { level: 'info', message: 'the roster works again' },
      ]);
    }, soon);
  });
});

describe('stopping', () => {
  test('raises the signal, and leaves no job active and the watch alive when polls obey', async () => {
    const polling = Promise.withResolvers<void>();
    const queue = started({
      pollOnce: async (_job, signal): Promise<PollResult> => {
        polling.resolve();
        await raised(signal);
        throw new DOMException('stopped', 'AbortError');
      },
    });
    await queue.wakeWatch(JOB);
    await polling.promise;
    await queue.stop();
    expect(await client.lrange('{vj}:watch:active', 0, -1)).toEqual([]);
    expect(await client.zrange('{vj}:watch:delayed', '0', '-1')).toEqual([watchJobId(JOB)]);

    const { polls, pollOnce } = counted(HOUR_MS);
    started({ pollOnce });
    await vi.waitFor(() => expect(polls.count).toBe(1), soon);
  });

  test('ends although a poll hangs', async () => {
    const hung = Promise.withResolvers<PollResult>();
    const polling = Promise.withResolvers<void>();
    const queue = started({
      pollOnce: () => {
        polling.resolve();
        return hung.promise;
      },
    });
    await queue.wakeWatch(JOB);
    await polling.promise;
    const limit = AbortSignal.timeout(5_000);
    await queue.stop();
    expect(limit.aborted).toBe(false);
    hung.resolve(again(1));
  }, 10_000);

  test('ends while many watches are polled without a pause, and loses none', async () => {
    const jobs = Array.from({ length: 40 }, (_, index) => `project/job-${index}`);
    const queue = started({ pollOnce: async () => again(0) });
    await Promise.all(jobs.map((job) => queue.wakeWatch(job)));
    await queue.stop();
    expect(await client.lrange('{vj}:watch:active', 0, -1)).toEqual([]);
    expect(await client.keys('{vj}:watch:w-*')).toHaveLength(jobs.length);
  });

  test('may be asked for twice, and before the start', async () => {
    const queue = makeQueue(redis.socketPath);
    await Promise.all([queue.stop(), queue.stop()]);
    queue.start();
    expect(queue.healthy()).toBe(false);
    await queue.wakeWatch(JOB);
    expect(await client.keys('{vj}:watch:w-*')).toEqual([]);
  });
});
