import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, nearestOf } from '../../src/domain/nearest.ts';

test.each([
  ['history', 'history', 0],
  ['hsitory', 'history', 1],
  ['histry', 'history', 1],
  ['', 'abc', 3],
  ['客服-云加', '客服-云佳', 1],
  ['NARRATOR', 'narrator', 0],
])('%s and %s are %i apart', (from, to, distance) => {
  expect(editDistance(from, to)).toBe(distance);
});

test('distance is symmetric, and 0 only for the same text', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[abc]{0,8}$/), fc.stringMatching(/^[abc]{0,8}$/), (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

test('nearest first, the start of a word before a slip, and nothing far away', () => {
  expect(nearestOf('narator-01', ['edu-5', 'narrator-01', 'narrator-02', 'live-host-3'], 3)).toEqual(['narrator-01', 'narrator-02']);
  expect(nearestOf('narr', ['narrator-01', 'nbrr'], 3)).toEqual(['narrator-01', 'nbrr']);
  expect(nearestOf('zebra', ['edu-5', 'narrator-01'], 3)).toEqual([]);
});

test('a very long input is compared in no time', () => {
  expect(nearestOf('x'.repeat(100_000), ['y'.repeat(100_000)], 3)).toHaveLength(0);
});
