/** What there is to say at each point of a fixture's life: shared by the golden files and the contact sheet. */
import type { Message } from '../../../src/domain/message.ts';
import { instantMs } from '../../../src/domain/operation.ts';
import { type Fixture, viewAt } from './fixture-views.ts';

export type Moment = { readonly title: string; readonly message: Message };

const NOTIFY = { platform: 'slack', id: 'U1', name: 'Voice owner' };

/** A long log is told at its beginning and end. */
function pointsOf({ operations }: Fixture): number[] {
  const all = operations.map((_, index) => index + 1);
  return all.length > 20 ? [...all.slice(0, 5), ...all.slice(-2)] : all;
}

export function momentsOf(fixture: Fixture): readonly Moment[] {
  const { operations } = fixture;
  const told = pointsOf(fixture).flatMap((length): Moment[] => {
    const view = viewAt(fixture, length);
    const entries = view.journal.slice(-1);
    return [
      { title: `after ${length}: live card`, message: { kind: 'live', view, preset: 'milestones' } },
      { title: `after ${length}: in a thread`, message: { kind: 'news', view, entries, threads: true, dm: false, summary: 0, notify: NOTIFY } },
      { title: `after ${length}: in a DM`, message: { kind: 'news', view, entries, threads: false, dm: true, summary: 0, notify: null } },
    ];
  });
  const view = viewAt(fixture, operations.length);
  const last = Math.max(...operations.map(({ time }) => instantMs(time) ?? 0));
  const readAt = last + 600_000;
  const here = { view, preset: 'milestones' as const, mutedUntil: 0, waiting: 0, pending: false };
  const batch = view.journal.slice(0, 20);
  return [
    ...told,
    { title: 'all at once', message: { kind: 'news', view, entries: batch, threads: true, dm: false, summary: 0, notify: NOTIFY } },
    { title: 'after a mute', message: { kind: 'news', view, entries: batch, threads: false, dm: true, summary: batch.length + 7, notify: null } },
    { title: 'history', message: { kind: 'history', view, page: 99, filter: 'all', readAt, stale: null, dm: false } },
    { title: 'problems', message: { kind: 'history', view, page: 99, filter: 'problems', readAt, stale: 'unavailable', dm: false } },
    { title: 'status', message: { kind: 'status', paused: null, view, here, readAt, stale: null, now: readAt, stretchedTo: null } },
    { title: 'files', message: { kind: 'files', view } },
    { title: 'list', message: { kind: 'list', jobs: [here], health: { paused: null, since: 0 }, stale: null, dm: false, page: 1 } },
    { title: 'unfollowed', message: { kind: 'no-longer-followed', view } },
  ];
}
