/** Whatever a card holds, Teams can take it, and what others wrote in it is text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AdaptiveCard } from '../../../adapters/teams/elements.ts';
import { ACTIONS, CARD_BYTES, SUMMARY_LENGTH } from '../../../adapters/teams/limits.ts';
import { renderTeams } from '../../../adapters/teams/render.ts';
import type { Block, Card, Line } from '../../../src/domain/card.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { JobView, Message } from '../../../src/domain/message.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { MESSAGES } from '../../domain/cards/all-messages.ts';
import { anyText, view } from '../../domain/cards/arbitrary-view.ts';
import { FIXTURES, viewAt } from '../../domain/cards/fixture-views.ts';
import { card as anyCard, STRANGER } from './arbitrary-card.ts';
import { asSeen, complaintsOf, unescaped, writtenIn } from './as-teams.ts';

const OWN_MOMENT = /\{\{(?:DATE\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ,(?:SHORT|COMPACT)\)|TIME\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\))\}\}/g;

function bytesOf(drawn: AdaptiveCard): number {
  return Buffer.byteLength(JSON.stringify(drawn));
}

function checkTaken(card: Card): AdaptiveCard {
  const { text, card: drawn } = renderTeams(card);
  expect(bytesOf(drawn)).toBeLessThanOrEqual(CARD_BYTES);
  expect(drawn.actions?.length ?? 0).toBeLessThanOrEqual(ACTIONS);
  expect([...text].length).toBeLessThanOrEqual(SUMMARY_LENGTH);
  expect(complaintsOf(drawn)).toEqual([]);
  expect(JSON.stringify({ text, drawn })).not.toMatch(/\\ud[89a-f]/i);
  return drawn;
}

function checkHarmless(drawn: AdaptiveCard): void {
  const tags = new Set(drawn.msteams.entities?.map(({ text }) => text));
  for (const { where, text } of writtenIn(drawn.body)) {
    expect(text).not.toBe('');
    expect(text.replace(OWN_MOMENT, '')).not.toContain('{{');
    const mentioned = text.match(/<\s*\/?\s*at\b[^<]*(?:<\/at>)?/gi) ?? [];
    if (where === 'runs') expect(mentioned).toEqual([]);
    else for (const tag of mentioned) expect(tags).toContain(tag);
    if (where === 'parsed') expect(text).not.toContain(STRANGER);
  }
  for (const action of drawn.actions ?? []) if (action.type === 'Action.OpenUrl') expect(new URL(action.url).protocol).toBe('https:');
}

function lineWords(line: Line): string[] {
  return line.flatMap((span) => (span.kind === 'text' || span.kind === 'foreign' || span.kind === 'code' ? [span.text] : []));
}

function blockWords(block: Block): string[] {
  switch (block.kind) {
    case 'line':
    case 'note':
      return lineWords(block.spans);
    case 'quote':
      return [...lineWords(block.label), block.text];
    case 'progress':
      return [...lineWords(block.caption), ...block.steps.map(({ label }) => label)];
    case 'facts':
      // A fact without a value is a hole, and left out.
      return block.facts
        .filter(({ value }) => value.some((span) => !('text' in span) || span.text !== ''))
        .flatMap(({ label, value }) => [label, ...lineWords(value)]);
    case 'list':
      return [...lineWords(block.title), ...block.items.flat().flatMap(lineWords)];
    case 'timeline':
      return block.items.flatMap(({ line, quote }) => [...lineWords(line), quote]);
    default:
      return block satisfies never;
  }
}

/** All words of the card are there, in their order. */
function checkComplete(card: Card, drawn: AdaptiveCard): void {
  const seen = asSeen(writtenIn(drawn.body).map(unescaped).join(''));
  let from = 0;
  for (const words of [...lineWords(card.title), ...card.blocks.flatMap(blockWords)].map(asSeen)) {
    const found = seen.indexOf(words, from);
    expect(found, `${words} in ${seen.slice(from)}`).toBeGreaterThanOrEqual(0);
    from = found + words.length;
  }
  const labels = card.actions.filter(({ url }) => url?.startsWith('https:') ?? true).map(({ label }) => asSeen(label));
  expect(drawn.actions?.map(({ title }) => asSeen(title)) ?? []).toEqual(labels);
}

/** Smaller than what is ever cut. */
function isNormal(card: Card): boolean {
  return Buffer.byteLength(JSON.stringify([card.title, card.blocks, card.actions])) < CARD_BYTES / 3;
}

function messagesAbout(job: JobView, from: number, words: string): Message[] {
  const entries = job.journal.slice(from, from + 20);
  const here = { view: job, preset: 'everything' as const, mutedUntil: from, waiting: from, pending: false };
  const notify = { platform: 'teams', id: '29:1', name: words };
  return [
    { kind: 'live', view: job, preset: 'problems' },
    { kind: 'news', view: job, entries, threads: true, dm: false, summary: 0, notify },
    { kind: 'news', view: job, entries: entries.slice(0, 1), threads: false, dm: true, summary: 40, notify: null },
    { kind: 'history', view: job, page: from, filter: 'all', readAt: 1, stale: null, dm: false },
    { kind: 'status', paused: null, view: job, here, readAt: 1, stale: null, now: 1_764_651_800_000, stretchedTo: from },
    { kind: 'files', view: job },
    { kind: 'reason', view: job, key: entries[0]?.key ?? '' },
    { kind: 'list', jobs: [here, here], health: { paused: words, since: 1 }, stale: null, dm: true, page: from },
    { kind: 'notice', notice: { kind: 'paused', subject: 'd', since: 1, place: words, reason: words }, jobs: [here] },
    { kind: 'error', error: { kind: 'upstream-refused', input: words, code: words, message: words } },
  ];
}

function fixtureMessages(): Message[] {
  return FIXTURES.flatMap((fixture) =>
    fixture.operations.slice(0, 20).flatMap((_, index): Message[] => {
      const job = viewAt(fixture, index + 1);
      return [
        { kind: 'live', view: job, preset: 'milestones' },
        { kind: 'news', view: job, entries: job.journal.slice(-1), threads: true, dm: false, summary: 0, notify: null },
        { kind: 'news', view: job, entries: job.journal, threads: false, dm: true, summary: 30, notify: null },
      ];
    }),
  );
}

describe('any card in Teams', () => {
  it('of any job is taken, harmless, and says all unless it is too large', () => {
    fc.assert(
      fc.property(view, fc.nat(500), anyText, fc.constantFrom(...LANGUAGES), (job, from, words, language) => {
        for (const message of messagesAbout(job, from, words)) {
          const card = cardOf(message, { language, zone: null, prefix: '' });
          const drawn = checkTaken(card);
          checkHarmless(drawn);
          if (isNormal(card)) checkComplete(card, drawn);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is taken and harmless, even one that no message makes', () => {
    fc.assert(
      fc.property(anyCard, (card) => checkHarmless(checkTaken(card))),
      { numRuns: 120 },
    );
  });

  it('of every kind of message and every point of a fixture says all, in both languages', () => {
    for (const language of LANGUAGES) {
      for (const message of [...MESSAGES, ...fixtureMessages()]) {
        const card = cardOf(message, { language, zone: 'Asia/Shanghai', prefix: '@voicejob ' });
        const drawn = checkTaken(card);
        checkComplete(card, drawn);
        expect(drawn.fallbackText).toBe(card.text);
      }
    }
  });
});
