/** Whatever a job's log holds, its cards can be made and drawn. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Card } from '../../../src/domain/card.ts';
import { decodeAction, MAX_ACTION_VALUE } from '../../../src/domain/card-actions.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { JobView, Message, Wording } from '../../../src/domain/message.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { MESSAGES } from './all-messages.ts';
import { anyText, view } from './arbitrary-view.ts';

/** Slack refuses a message near 13,200 characters (facts, slack); drawing needs some of them. */
const LONGEST = 12_000;

const wordings: fc.Arbitrary<Wording> = fc.record({
  language: fc.constantFrom(...LANGUAGES),
  zone: fc.constantFrom(null, 'Asia/Shanghai', 'America/St_Johns', 'No/Such_Zone'),
  prefix: fc.constantFrom('', '/voicejob ', '@voicejob '),
});

function messagesAbout(job: JobView, from: number, words: string): Message[] {
  const entries = job.journal.slice(from, from + 20);
  const here = { view: job, preset: 'everything' as const, mutedUntil: from, waiting: from, pending: false };
  const notify = { platform: 'slack', id: 'U1', name: words };
  return [
    { kind: 'live', view: job, preset: 'problems' },
    { kind: 'no-longer-followed', view: job },
    { kind: 'news', view: job, entries, threads: true, dm: false, summary: 0, notify },
    { kind: 'news', view: job, entries: entries.slice(0, 1), threads: false, dm: true, summary: 40, notify: null },
    { kind: 'news', view: { ...job, journal: [] }, entries, threads: true, dm: false, summary: 1, notify: null },
    { kind: 'history', view: job, page: from, filter: 'all', readAt: 1, stale: null, dm: false },
    { kind: 'history', view: job, page: -from, filter: 'problems', readAt: 0, stale: words, dm: false },
    { kind: 'status', view: job, here, paused: null, readAt: 1, stale: null, now: 1_764_651_800_000, stretchedTo: from },
    { kind: 'files', view: job },
    { kind: 'reason', view: job, key: entries[0]?.key ?? '' },
    { kind: 'list', jobs: [here, here], health: { paused: words, since: 1 }, stale: null, dm: true, page: from },
    { kind: 'subscribed', view: job, preset: 'problems', dm: false, elsewhere: false, pending: false, already: null, notify, paused: null },
    { kind: 'unsubscribed', views: Array.from({ length: 12 }, () => job), onItsWay: true, dm: false },
    { kind: 'notice', notice: { kind: 'paused', subject: 'd', since: 1, place: words, reason: words }, jobs: [here] },
    { kind: 'error', error: { kind: 'bad-argument', command: 'mute', input: words, example: 'mute x 2h', expected: 'other' } },
    { kind: 'error', error: { kind: 'no-such-job', input: words, nearest: [words], command: { name: 'status', job: words } } },
    { kind: 'error', error: { kind: 'upstream-refused', input: words, code: words, message: words } },
  ];
}

function check(card: Card): void {
  expect(card.text).not.toMatch(/undefined|\[object|NaN|null/);
  expect(card.text.trim()).not.toBe('');
  expect(card.text.split('\n')[0]?.trim()).not.toBe('');
  expect(JSON.stringify(card.blocks).length).toBeLessThan(3 * LONGEST);
  expect(card.text.length).toBeLessThan(LONGEST);
  expect(card.actions.length).toBeLessThanOrEqual(5);
  for (const { name, value, label, url } of card.actions) {
    expect([...label].length).toBeLessThanOrEqual(75);
    expect(label.trim()).not.toBe('');
    expect(value.length).toBeLessThanOrEqual(MAX_ACTION_VALUE);
    if (url === null) expect(decodeAction(name, value), `${name} ${value}`).not.toBeNull();
    expect(card.text).toContain(label);
  }
}

describe('any card', () => {
  it('can be made of any view, says something, fits, and has buttons that work', () => {
    fc.assert(
      fc.property(view, fc.nat(500), anyText, wordings, (job, from, words, wording) => {
        // Text that happens to hold one of the searched words is no fault.
        fc.pre(
          !/undefined|\[object|NaN|null/.test(JSON.stringify(job.journal.map((entry) => Object.values(entry).filter((value) => typeof value === 'string')))),
        );
        for (const message of messagesAbout(job, from, words)) check(cardOf(message, wording));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of every kind of message is made in both languages', () => {
    for (const language of LANGUAGES) for (const message of MESSAGES) check(cardOf(message, { language, zone: null, prefix: '' }));
  });

  it('keeps what others wrote in spans of their own, letter by letter', () => {
    const hostile = '<!channel> *b* `c` & <at>x</at> {{DATE(2026-01-01)}} :tada:';
    const job = MESSAGES.find((message) => message.kind === 'status' && message.view.facts !== null);
    if (job?.kind !== 'status' || !job.view.facts) throw new Error('no view');
    const card = cardOf(
      { kind: 'live', view: { ...job.view, facts: { ...job.view.facts, voiceName: hostile } }, preset: 'problems' },
      { language: 'en', zone: null, prefix: '' },
    );
    expect(card.title[0]).toEqual({ kind: 'foreign', text: hostile, bold: false });
    expect(card.text.startsWith(hostile)).toBe(true);
  });
});
