/** What stands where, as figures: read when somebody wants to see them, by whichever process is asked. */
import type { Figure } from '../ports/metrics.ts';
import { text } from './reply.ts';
import type { Scripts } from './scripts.ts';

/** Destinations that are looked at one by one: some milliseconds of Redis' time at the worst. */
const LOOKED_AT = 200;

type Sums = {
  readonly jobs: number;
  readonly destinations: number;
  readonly due: number;
  readonly lagEntries: number;
  readonly lagMs: number;
  readonly oldestMs: number;
  /** `platform|reason` -> destinations, subscriptions. Lua writes an empty table as an object. */
  readonly paused: Readonly<Record<string, readonly [number, number]>>;
  readonly platforms: Readonly<Record<string, string>>;
  readonly pollLagMs: number;
  readonly letters: number;
  readonly demand: number;
  readonly pace: number;
  readonly queued: number;
  readonly gate: number;
};

/** Reads them in one script of bounded cost. Rejects when Redis does not answer. */
export async function readFigures(scripts: Pick<Scripts, 'figures'>): Promise<readonly Figure[]> {
  const sums = JSON.parse(text(await scripts.figures(LOOKED_AT))) as Sums;
  const paused = Object.entries(sums.paused).map(([key, [places, subscriptions]]) => {
    const [platform = '', reason = ''] = key.split('|');
    return { labels: { platform, reason }, places, subscriptions };
  });
  return [
    { name: 'watched_jobs', value: sums.jobs },
    { name: 'destinations', value: sums.destinations },
    { name: 'due_destinations', value: sums.due },
    { name: 'cursor_lag_entries', value: sums.lagEntries },
    { name: 'cursor_lag_seconds', value: sums.lagMs / 1000 },
    { name: 'oldest_undelivered_entry_seconds', value: sums.oldestMs / 1000 },
    { name: 'poll_lag_seconds', value: sums.pollLagMs / 1000 },
    { name: 'dead_letters', value: sums.letters },
    { name: 'budget_demand_polls', value: sums.demand },
    { name: 'budget_pace', value: sums.pace },
    { name: 'budget_queue', value: sums.queued },
    { name: 'gate_closed', value: sums.gate },
    ...paused.map(({ labels, places }): Figure => ({ name: 'paused_destinations', labels, value: places })),
    ...paused.map(({ labels, subscriptions }): Figure => ({ name: 'paused_subscriptions', labels, value: subscriptions })),
    ...Object.entries(sums.platforms).map(([platform, reason]): Figure => ({ name: 'paused_platforms', labels: { platform, reason }, value: 1 })),
  ];
}
