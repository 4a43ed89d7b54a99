import { expect, test } from 'vitest';
import { createRest } from '../../src/queue/rest.ts';

const rested = () => {
  const time = { now: 0 };
  return { time, rest: createRest({ firstMs: 100, mostMs: 1_000, now: () => time.now, fraction: () => 0.5 }) };
};

test('what never failed is not resting', () => {
  expect(rested().rest.isResting('a')).toBe(false);
});

test('a rest doubles with each failure in a row, up to its limit', () => {
  const { rest } = rested();
  expect([1, 2, 3, 4, 5, 6].map(() => rest.failed('a'))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test('a rest ends by itself, and a success starts the count anew', () => {
  const { time, rest } = rested();
  rest.failed('a');
  expect([rest.isResting('a'), rest.isResting('b')]).toEqual([true, false]);
  time.now = 100;
  expect(rest.isResting('a')).toBe(false);
  rest.failed('a');
  rest.succeeded('a');
  expect(rest.isResting('a')).toBe(false);
  expect(rest.failed('a')).toBe(100);
});

test('rests that are over are forgotten when there are many', () => {
  const { time, rest } = rested();
  for (let index = 0; index < 1_000; index++) rest.failed(String(index));
  time.now = 10_000;
  rest.failed('last');
  expect(rest.failed('0')).toBe(100);
  expect(rest.failed('last')).toBe(200);
});
