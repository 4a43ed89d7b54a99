/** The sweep's side of the store: whose turn it is, what the list has shown, and what it missed. Keys of one project. */
import { rowMark } from '../domain/sweep.ts';
import type { SweepStore, SweepTurn } from '../ports/store.ts';
import { list, number, text, texts, wellFormed } from './reply.ts';
import type { Scripts } from './scripts.ts';

export function createSweepStore(scripts: Scripts, projectId: string): SweepStore {
  return {
    async take(leaseMs): Promise<SweepTurn> {
      const [watches, missed, works, sweptAgo, kind, now, since, census] = list(await scripts['sweep-take'](projectId, Math.round(leaseMs)));
      const sweptAgoMs = sweptAgo === '' ? null : Number(sweptAgo);
      const state = { watches: Number(watches), missed: Number(missed), works: works === '1', sweptAgoMs };
      if (kind !== 'turn') return { kind: 'wait', state };
      return {
        kind: 'turn',
        state,
        now: Number(now),
        sinceMs: since === '' ? null : number(text(since)),
        censusOffset: census === '' ? null : number(text(census)),
      };
    },

    async page(kind, rows, leaseMs) {
      const told = rows.flatMap((row) => [row.jobId, rowMark(row), row.state, wellFormed(row)]);
      return texts(await scripts['sweep-page'](projectId, kind, Math.round(leaseMs), ...told));
    },

    async done({ startedAt, largestMs, everyMs, graceMs }) {
      return Number(await scripts['sweep-done'](projectId, startedAt, largestMs ?? '', Math.round(everyMs), Math.round(graceMs)));
    },

    async censusPage(nextOffset, pauseMs) {
      await scripts['sweep-census'](projectId, nextOffset ?? '', pauseMs);
    },

    async later(inMs) {
      await scripts['sweep-later'](projectId, Math.round(inMs));
    },

    async pull({ olderThanMs, limit, everyMs }) {
      return texts(await scripts['sweep-pull'](projectId, Math.round(olderThanMs), limit, Math.round(everyMs)));
    },
  };
}
