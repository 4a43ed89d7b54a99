import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLifecycle, type Lifecycle } from '../src/lifecycle.ts';
import type { Log } from '../src/ports/log.ts';

function start(): { readonly lifecycle: Lifecycle; readonly logged: string[] } {
  const logged: string[] = [];
  const note = (message: string): void => void logged.push(message);
  const log: Log = { debug: note, info: note, warn: note, error: (message, fields) => note(`${message}: ${fields?.cleanup}`), with: () => log };
  return { lifecycle: createLifecycle(log), logged };
}

const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('stop', () => {
  test('runs the cleanups one after the other, the latest first', async () => {
    const { lifecycle } = start();
    const steps: string[] = [];
    for (const name of ['redis', 'queue', 'web']) {
      lifecycle.defer(name, async () => {
        steps.push(`${name} begins`);
        await tick();
        steps.push(`${name} ends`);
      });
    }
    expect(await lifecycle.stop()).toEqual([]);
    expect(steps).toEqual(['web begins', 'web ends', 'queue begins', 'queue ends', 'redis begins', 'redis ends']);
  });

  test('goes on after cleanups that throw, reject or hang, logs each and answers them all', async () => {
    const { lifecycle, logged } = start();
    let last = false;
    lifecycle.defer('last', () => {
      last = true;
    });
    lifecycle.defer('throws', () => {
      throw new TypeError('at once');
    });
    lifecycle.defer('rejects', () => Promise.reject('no error'));
    lifecycle.defer('hangs', () => new Promise(() => {}), 5);
    const failures = await lifecycle.stop();
    expect(last).toBe(true);
    expect(failures.map(({ name, error }) => [name, error.message])).toEqual([
      ['hangs', 'hangs did not end within 5 ms'],
      ['rejects', 'rejects failed'],
      ['throws', 'at once'],
    ]);
    expect(logged).toEqual(['a cleanup failed: hangs', 'a cleanup failed: rejects', 'a cleanup failed: throws']);
  });

  test('does not hear what a cleanup says that was given up', async () => {
    const { lifecycle } = start();
    const { promise, reject } = Promise.withResolvers<void>();
    lifecycle.defer('late', () => promise, 1);
    expect(await lifecycle.stop()).toHaveLength(1);
    reject(new Error('too late'));
    await tick();
  });

  test('tells whoever starts something that it is over', async () => {
    const { lifecycle } = start();
    expect(lifecycle.stopping.aborted).toBe(false);
    const stopped = lifecycle.stop();
    expect(lifecycle.stopping.aborted).toBe(true);
    await stopped;
  });

  test('of nothing ends', async () => {
    expect(await start().lifecycle.stop()).toEqual([]);
  });
});

test('what is deferred while it stops, by a cleanup or after the end, is cleaned up too', async () => {
  const { lifecycle } = start();
  const steps: string[] = [];
  const add = (name: string) => lifecycle.defer(name, () => void steps.push(name));
  lifecycle.defer('first', async () => {
    add('born of a cleanup');
    await tick();
    steps.push('first');
  });
  const stopped = lifecycle.stop();
  add('born in between');
  await stopped;
  expect(steps.toSorted()).toEqual(['born in between', 'born of a cleanup', 'first']);
  add('born afterwards');
  await lifecycle.stop();
  expect(steps.at(-1)).toBe('born afterwards');
});

test('however often and whenever it is stopped, each cleanup runs once, and every caller waits for all', async () => {
  const step = fc.constantFrom('defer', 'defer failing', 'stop', 'tick');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const { lifecycle } = start();
      const runs = new Map<number, number>();
      const stops: Promise<void>[] = [];
      let born = 0;
      for (const what of [...steps, 'stop']) {
        if (what === 'tick') await tick();
        else if (what === 'stop') {
          const known = born;
          stops.push(
            lifecycle.stop().then(() => {
              for (let id = 0; id < known; id++) expect(runs.get(id)).toBe(1);
            }),
          );
        } else {
          const id = born++;
          lifecycle.defer(String(id), async () => {
            await tick();
            runs.set(id, (runs.get(id) ?? 0) + 1);
            if (what === 'defer failing') throw new Error('failed');
          });
        }
      }
      await Promise.all(stops);
      expect([...runs.values()]).toEqual(Array.from({ length: born }, () => 1));
    }),
    { numRuns: 60 },
  );
});
