/** What people read at each point of each fixture's life, in both languages. Read a changed golden file as its reader would. */
import { describe, expect, it } from 'vitest';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { Message, Wording } from '../../../src/domain/message.ts';
import { instantMs } from '../../../src/domain/operation.ts';
import { LANGUAGES, type Language } from '../../../src/domain/subscription.ts';
import { FIXTURES, type Fixture, viewAt } from './fixture-views.ts';

const NOTIFY = { platform: 'slack', id: 'U1', name: 'Voice owner' };

describe.each(LANGUAGES)('in %s', (language) => {
  const wording: Wording = { language, zone: 'Asia/Shanghai', prefix: '/voicejob ' };

  it.each(FIXTURES)('the life of $name reads as its golden file', async (fixture) => {
    await expect(life(fixture, wording)).toMatchFileSnapshot(`golden/${fixture.name}.${language}.txt`);
  });
});

/** A long log is told at its beginning and end. */
function pointsOf({ operations }: Fixture): number[] {
  const all = operations.map((_, index) => index + 1);
  return all.length > 20 ? [...all.slice(0, 5), ...all.slice(-2)] : all;
}

function life(fixture: Fixture, wording: Wording & { language: Language }): string {
  const { operations } = fixture;
  const told = pointsOf(fixture).flatMap((length) => {
    const view = viewAt(fixture, length);
    const entries = view.journal.slice(-1);
    return [
      section(`after ${length}: live card`, { kind: 'live', view, preset: 'milestones' }, wording),
      section(`after ${length}: in a thread`, { kind: 'news', view, entries, threads: true, dm: false, summary: 0, notify: NOTIFY }, wording),
      section(`after ${length}: in a DM`, { kind: 'news', view, entries, threads: false, dm: true, summary: 0, notify: null }, wording),
    ];
  });
  const view = viewAt(fixture, operations.length);
  const last = Math.max(...operations.map(({ time }) => instantMs(time) ?? 0));
  const readAt = last + 600_000;
  const here = { view, preset: 'milestones' as const, mutedUntil: 0, waiting: 0, pending: false };
  const batch = view.journal.slice(0, 20);
  return [
    ...told,
    section('all at once', { kind: 'news', view, entries: batch, threads: true, dm: false, summary: 0, notify: NOTIFY }, wording),
    section('after a mute', { kind: 'news', view, entries: batch, threads: false, dm: true, summary: batch.length + 7, notify: null }, wording),
    section('history', { kind: 'history', view, page: 99, filter: 'all', readAt, stale: null, dm: false }, wording),
    section('problems', { kind: 'history', view, page: 99, filter: 'problems', readAt, stale: 'unavailable', dm: false }, wording),
    section('status', { kind: 'status', view, here, readAt, stale: null, now: readAt, stretchedTo: null }, wording),
    section('files', { kind: 'files', view }, wording),
    section('list', { kind: 'list', jobs: [here], health: { paused: null, since: 0 }, dm: false, page: 1 }, wording),
    section('unfollowed', { kind: 'no-longer-followed', view }, wording),
  ].join('\n\n');
}

function section(title: string, message: Message, wording: Wording): string {
  return `=== ${title}\n${cardOf(message, wording).text}`;
}
