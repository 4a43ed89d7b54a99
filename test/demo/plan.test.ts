import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEMO_JOBS, DEMO_SPEED, due, type PlannedEvent } from '../../src/demo/plan.ts';

const FROM_START = Number.NEGATIVE_INFINITY;
const seconds = (event: PlannedEvent) => event.atS / DEMO_SPEED;
const name = (event: PlannedEvent) => (event.kind === 'create' ? 'create' : event.act.kind);
const lives = (events: readonly PlannedEvent[]) => Map.groupBy(events, ({ jobId }) => jobId);
/** What people are told of by default. */
const told = (event: PlannedEvent) => !['create', 'startTraining', 'upload'].includes(name(event));

describe('the plan', () => {
  test('says the same however the time is cut into pieces', () => {
    const end = 1200 * DEMO_SPEED;
    const cuts = fc.array(fc.double({ min: 0, max: end, noNaN: true }), { maxLength: 30 });
    fc.assert(
      fc.property(fc.nat(), cuts, (seed, instants) => {
        const pieces = [...instants.toSorted((a, b) => a - b), end];
        const cut = pieces.flatMap((until, index) => due(seed, pieces[index - 1] ?? FROM_START, until));
        expect(cut.map((event) => [event.jobId, name(event)])).toEqual(due(seed, FROM_START, end).map((event) => [event.jobId, name(event)]));
      }),
      { numRuns: 40 },
    );
  });

  test('is another one with another seed, but for the two jobs that are always there', () => {
    const ids = (seed: number) => [...lives(due(seed, FROM_START, 600 * DEMO_SPEED)).keys()];
    expect(
      ids(1)
        .filter((id) => ids(2).includes(id))
        .sort(),
    ).toEqual(DEMO_JOBS.map(({ jobId }) => jobId).sort());
  });

  test('gives the two jobs something to tell every 8 seconds at the start and every 30 for eight minutes', () => {
    const followed = new Set(DEMO_JOBS.map(({ jobId }) => jobId));
    const at = due(1, 0, 480 * DEMO_SPEED)
      .filter((event) => followed.has(event.jobId) && told(event))
      .map(seconds);
    const gaps = at.map((second, index) => second - (at[index - 1] ?? 0));
    expect(Math.max(...gaps.filter((_, index) => (at[index] ?? 0) < 90))).toBeLessThanOrEqual(8.5);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
    expect(at.at(-1)).toBeGreaterThan(450);
  });

  test('has something happen somewhere at least every 30 seconds for ever', () => {
    const at = due(7, 86_400 * DEMO_SPEED, 87_600 * DEMO_SPEED).map(seconds);
    expect(at.length).toBeGreaterThan(100);
    expect(Math.max(...at.slice(1).map((second, index) => second - (at[index] ?? 0)))).toBeLessThanOrEqual(30);
  });

  test('ends each later life within one to two minutes, completed or failed in training', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const [, , ...later] = [...lives(due(seed, FROM_START, 600 * DEMO_SPEED)).values()].filter((events) => seconds(events[0] ?? fail()) < 400);
        for (const events of later) {
          const [first, last] = [events[0] ?? fail(), events.at(-1) ?? fail()];
          expect(['complete', 'failTraining']).toContain(name(last));
          expect(seconds(last) - seconds(first)).toBeGreaterThan(40);
          expect(seconds(last) - seconds(first)).toBeLessThan(120);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('shows all four kinds of life among the first four later jobs', () => {
    const [, , ...later] = [...lives(due(3, FROM_START, 400 * DEMO_SPEED)).values()];
    const kinds = later
      .slice(0, 4)
      .map((events) => events.map(name).filter((act) => ['rejectByMachine', 'rejectByPerson', 'failTraining', 'complete'].includes(act)));
    expect(kinds).toEqual([['failTraining'], ['complete'], ['rejectByMachine', 'complete'], ['rejectByPerson', 'complete']]);
  });

  test('never uses a voice name twice', () => {
    const names = due(5, FROM_START, 4000 * DEMO_SPEED).flatMap((event) => (event.kind === 'create' ? [event.voiceName] : []));
    expect(names.length).toBeGreaterThan(90);
    expect(new Set(names).size).toBe(names.length);
  });
});

function fail(): never {
  throw new Error('a life without events');
}
