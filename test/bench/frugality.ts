/** How many requests MetaStudio gets. */
import { setTimeout as pause } from 'node:timers/promises';
import { setScene } from './freshness.ts';
import { type Bench, median, perSecond, times } from './report.ts';
import { letHappen } from './world.ts';

const ROUNDS = 3;
const ROUND_MS = 60_000;
/** After a round of events: what they bring with them (a failure is read twice) belongs to them. */
const REST_MS = 20_000;
const REST_WANTED = 0.5;
const PER_EVENT_WANTED = 1.3;
const CEILING = 2;

export const frugality: Bench = {
  name: 'frugality',
  takes: '9 minutes',
  run: async (say) => {
    const { world, end } = await setScene(say);
    const requests = () => world.simulator.requests.length;
    const atRest: number[] = [];
    const perEvent: number[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const before = requests();
      await pause(ROUND_MS);
      const rest = ((requests() - before) * 1000) / ROUND_MS;
      atRest.push(rest);
      const from = requests();
      const { count } = await letHappen(world, { perSecond: 1, forMs: ROUND_MS, moving: 1 });
      await pause(REST_MS);
      perEvent.push((requests() - from - (rest * (ROUND_MS + REST_MS)) / 1000) / count);
      say(`round ${round}: ${perSecond(atRest.at(-1) ?? 0)} at rest, ${perEvent.at(-1)?.toFixed(2)} more for each event`);
    }
    await end();
    const each = (values: readonly number[], write: (value: number) => string) => `${write(median(values))} (${values.map(write).join(', ')})`;
    return {
      about:
        'Requests to MetaStudio for 1,000 followed jobs. The baseline polls every job each 5 minutes, which is the slowest that was wished for, and so hears of an event within them.',
      rows: [
        {
          what: 'at rest',
          ours: each(atRest, perSecond),
          baseline: `${perSecond(1_000 / 300)}, which the ceiling of ${CEILING}/s does not allow`,
          ratio: times(1_000 / 300 / median(atRest)),
          wanted: `at most ${REST_WANTED}/s`,
          holds: atRest.every((rate) => rate <= REST_WANTED),
        },
        {
          what: 'for each event beyond that, at 1 event/s',
          ours: each(perEvent, (value) => value.toFixed(2)),
          baseline: '0',
          ratio: '',
          wanted: `at most ${PER_EVENT_WANTED}`,
          holds: perEvent.every((requestsEach) => requestsEach <= PER_EVENT_WANTED),
        },
      ],
      notes: [
        `${ROUNDS} rounds of ${ROUND_MS / 1000} s at rest and ${ROUND_MS / 1000} s with an event a second; in brackets each round.`,
        'An event is whatever happens to a job: four in five write an entry and move the state, the others change the state alone or are failures. Rejections cost a second request (the review’s findings), failures that no entry tells two more.',
      ],
    };
  },
};
