import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Queue, QueueOptions } from '../../src/queue/queue.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { makeQueue, raised } from './rig.ts';

const soon = { timeout: 10_000, interval: 5 };

let redis: TestRedis;
let client: Redis;
const queues: Queue[] = [];

const started = (changes: Partial<QueueOptions>): Queue => {
  const queue = makeQueue(redis.socketPath, { roles: { watch: false, deliver: true }, ...changes });
  queues.push(queue);
  queue.start();
  return queue;
};

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
});
afterAll(() => redis.stop());
beforeEach(() => redis.flush());
afterEach(async () => {
  await Promise.all(queues.splice(0).map((queue) => queue.stop()));
});

describe('a drain', () => {
  test('starts at a nudge, and leaves nothing behind', async () => {
    const drained: string[] = [];
    const queue = started({ deliverOnce: async (destination) => void drained.push(destination) });
    await queue.nudgeDestination('d:1');
    await queue.nudgeDestination('d2');
    await vi.waitFor(() => expect(drained.sort()).toEqual(['d2', 'd:1']), soon);
    await vi.waitFor(async () => expect(await client.keys('{vj}:deliver:*')).not.toContainEqual(expect.stringMatching(/:(\d+|de:.*)$/)), soon);
  });

  test('is the only one of its destination, over two processes, and holds up no other', async () => {
    const gate = Promise.withResolvers<void>();
    const running = new Map<string, number>();
    let most = 0;
    let others = 0;
    const deliverOnce = async (destination: string) => {
      running.set(destination, (running.get(destination) ?? 0) + 1);
      most = Math.max(most, running.get(destination) ?? 0);
      if (destination === 'slow') await gate.promise;
      else others += 1;
      running.set(destination, (running.get(destination) ?? 1) - 1);
    };
    const due = async () => ['slow', 'quick'];
    const [one, two] = [started({ deliverOnce, dueDestinations: due }), started({ deliverOnce, dueDestinations: due })];
    for (let round = 0; round < 20; round++) await Promise.all([one.nudgeDestination('slow'), two.nudgeDestination('slow')]);
    await vi.waitFor(() => expect(others).toBeGreaterThan(10), soon);
    expect(running.get('slow')).toBe(1);
    expect(most).toBe(1);
    gate.resolve();
  });

  test('that misses what came while it ended is repeated by the sweep', async () => {
    const due = new Set<string>();
    let drains = 0;
    const first = Promise.withResolvers<void>();
    const queue = started({
      dueDestinations: async () => [...due],
      deliverOnce: async (destination) => {
        drains += 1;
        if (drains === 1) await first.promise;
        else due.delete(destination);
      },
    });
    await queue.nudgeDestination('d');
    await vi.waitFor(() => expect(drains).toBe(1), soon);
    due.add('d');
    await queue.nudgeDestination('d');
    first.resolve();
    await vi.waitFor(() => expect(due.size).toBe(0), soon);
    expect(drains).toBe(2);
  });

  test('that throws is tried again later, and is no failed job', async () => {
    let drains = 0;
    const queue = started({
      dueDestinations: async () => (drains < 2 ? ['d'] : []),
      deliverOnce: async () => {
        drains += 1;
        throw new TypeError('a bug');
      },
    });
    await vi.waitFor(() => expect(drains).toBe(2), soon);
    await vi.waitFor(async () => expect((await queue.counts()).deliver).toMatchObject({ waiting: 0, active: 0, failed: 0 }), soon);
  });
});

describe('the sweep', () => {
  test('starts a drain for each of many destinations', async () => {
    const due = new Set(Array.from({ length: 700 }, (_, index) => `d${index}`));
    started({ dueDestinations: async (limit) => [...due].slice(0, limit), deliverOnce: async (destination) => void due.delete(destination) });
    await vi.waitFor(() => expect(due.size).toBe(0), soon);
  });

  test.each([
    ['all keys of the queue', '{vj}:deliver:*'],
    ['all keys but the one that says a drain is there', '{vj}:deliver:[!d]*'],
  ])('starts what is due after a loss of %s', async (_, pattern) => {
    const producer = makeQueue(redis.socketPath, { roles: { watch: false, deliver: false } });
    queues.push(producer);
    await producer.nudgeDestination('d');
    await client.del(await client.keys(pattern));
    const drained = Promise.withResolvers<string>();
    started({ dueDestinations: async () => ['d'], deliverOnce: async (destination) => drained.resolve(destination) });
    expect(await drained.promise).toBe('d');
  });

  test('never overlaps itself', async () => {
    let atOnce = 0;
    let most = 0;
    let sweeps = 0;
    started({
      sweepEveryMs: 1,
      dueDestinations: async () => {
        most = Math.max(most, ++atOnce);
        await new Promise(setImmediate);
        atOnce -= 1;
        sweeps += 1;
        return [];
      },
    });
    await vi.waitFor(() => expect(sweeps).toBeGreaterThan(20), soon);
    expect(most).toBe(1);
  });
});

describe('stopping', () => {
  test('leaves no job active when drains obey the signal, and what is due is drained elsewhere', async () => {
    const draining = Promise.withResolvers<void>();
    const queue = started({
      deliverOnce: (_, signal) => {
        draining.resolve();
        return raised(signal);
      },
    });
    await queue.nudgeDestination('d');
    await draining.promise;
    await queue.stop();
    expect(await client.lrange('{vj}:deliver:active', 0, -1)).toEqual([]);
    const drained = Promise.withResolvers<string>();
    started({ dueDestinations: async () => ['d'], deliverOnce: async (destination) => drained.resolve(destination) });
    expect(await drained.promise).toBe('d');
  });

  test('ends although a drain hangs and the sweep waits', async () => {
    const draining = Promise.withResolvers<void>();
    const hung = Promise.withResolvers<void>();
    const queue = started({
      dueDestinations: () => new Promise(() => undefined),
      deliverOnce: () => {
        draining.resolve();
        return hung.promise;
      },
    });
    await queue.nudgeDestination('d');
    await draining.promise;
    const limit = AbortSignal.timeout(5_000);
    await queue.stop();
    expect(limit.aborted).toBe(false);
    hung.resolve();
  }, 10_000);
});

describe('without Redis', () => {
  test('a wake-up and a nudge give up, and stopping ends', async () => {
    const queue = makeQueue('/nowhere/s');
    queue.start();
    await Promise.all([queue.wakeWatch('project/job'), queue.nudgeDestination('d')]);
    expect(queue.healthy()).toBe(false);
    await expect(queue.counts()).rejects.toThrow();
    const limit = AbortSignal.timeout(5_000);
    await queue.stop();
    expect(limit.aborted).toBe(false);
  }, 20_000);

  test('a queue whose Redis went away is not healthy, stops in time, and is healthy when it is back', async () => {
    const queue = started({ roles: { watch: true, deliver: true } });
    await vi.waitFor(() => expect(queue.healthy()).toBe(true), soon);
    await redis.kill9();
    await vi.waitFor(() => expect(queue.healthy()).toBe(false), soon);
    await redis.restart();
    await vi.waitFor(() => expect(queue.healthy()).toBe(true), soon);
    await redis.kill9();
    const limit = AbortSignal.timeout(5_000);
    await queue.stop();
    expect(limit.aborted).toBe(false);
    await redis.restart();
  }, 30_000);
});
