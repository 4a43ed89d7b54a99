/** What Teams is sent at each point of each fixture's life and for every answer, in both languages. A changed golden file is a changed message. */
import { describe, expect, it } from 'vitest';
import { renderTeams } from '../../../adapters/teams/render.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { Message, Wording } from '../../../src/domain/message.ts';
import { instantMs } from '../../../src/domain/operation.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { MESSAGES } from '../../domain/cards/all-messages.ts';
import { FIXTURES, type Fixture, viewAt, wholeView } from '../../domain/cards/fixture-views.ts';

const NOTIFY = { platform: 'teams', id: '29:1-voice-owner', name: 'Voice owner' };

describe.each(LANGUAGES)('in %s', (language) => {
  const wording: Wording = { language, zone: 'Asia/Shanghai', prefix: '@voicejob ' };

  it.each(FIXTURES)('the life of $name is drawn as its golden file', async (fixture) => {
    const drawn = life(fixture).map(([title, message]) => section(title, message, wording));
    await expect(drawn.join('\n\n')).toMatchFileSnapshot(`golden/${fixture.name}.${language}.txt`);
  });

  it('answers, notices and errors are drawn as their golden file', async () => {
    const drawn = MESSAGES.map((message) => section(nameOf(message), message, wording));
    await expect(drawn.join('\n\n')).toMatchFileSnapshot(`golden/replies.${language}.txt`);
  });
});

/** A long log is drawn at its beginning and end. */
function pointsOf({ operations }: Fixture): number[] {
  const all = operations.map((_, index) => index + 1);
  return all.length > 20 ? [...all.slice(0, 5), ...all.slice(-2)] : all;
}

function life(fixture: Fixture): [string, Message][] {
  const told = pointsOf(fixture).flatMap((length): [string, Message][] => {
    const view = viewAt(fixture, length);
    const entries = view.journal.slice(-1);
    return [
      [`after ${length}: live card`, { kind: 'live', view, preset: 'milestones' }],
      [`after ${length}: in a thread`, { kind: 'news', view, entries, threads: true, dm: false, summary: 0, notify: NOTIFY }],
      [`after ${length}: in a DM`, { kind: 'news', view, entries, threads: false, dm: true, summary: 0, notify: null }],
    ];
  });
  const view = wholeView(fixture);
  const readAt = Math.max(...fixture.operations.map(({ time }) => instantMs(time) ?? 0)) + 600_000;
  const here = { view, preset: 'milestones' as const, mutedUntil: 0, waiting: 0, pending: false };
  return [
    ...told,
    ['all at once', { kind: 'news', view, entries: view.journal.slice(0, 20), threads: true, dm: false, summary: 0, notify: NOTIFY }],
    ['history', { kind: 'history', view, page: 99, filter: 'all', readAt, stale: null, dm: false }],
    ['status', { kind: 'status', paused: null, view, here, readAt, stale: null, now: readAt, stretchedTo: null }],
    ['files', { kind: 'files', view }],
    ['unfollowed', { kind: 'no-longer-followed', view }],
  ];
}

function nameOf(message: Message): string {
  if (message.kind === 'error') return `error ${message.error.kind}`;
  return message.kind === 'notice' ? `notice ${message.notice.kind}` : message.kind;
}

/** An element a line. `fallbackText` is the card's plain text, which has golden files of its own. */
function section(title: string, message: Message, wording: Wording): string {
  const { text, card } = renderTeams(cardOf(message, wording));
  const { body, actions = [], fallbackText, ...others } = card;
  expect(fallbackText.startsWith(text.split('\n')[0] ?? '')).toBe(true);
  return [`=== ${title}`, text, ...[others, ...body, ...actions].map((part) => JSON.stringify(part))].join('\n');
}
