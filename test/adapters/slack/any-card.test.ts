/** Whatever a card holds, Slack takes its message, and nothing in it is more than text but what the card says is. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { renderSlack } from '../../../adapters/slack/render.ts';
import type { Block, Card, CardAction, Line, Span } from '../../../src/domain/card.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { JobView, Message } from '../../../src/domain/message.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { anyText, view } from '../../domain/cards/arbitrary-view.ts';
import { type CheckedMessage, slackMessage } from '../../support/slack-blocks.ts';

const text = fc.oneof(anyText, fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('"'.repeat(4000), '\n'.repeat(4000), '\u202e'.repeat(900)));
const at = fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.constantFrom(1_764_551_220_000, Number.NaN, Number.POSITIVE_INFINITY));
const span: fc.Arbitrary<Span> = fc.oneof(
  fc.record({ kind: fc.constantFrom('text', 'foreign'), text, bold: fc.boolean() }),
  fc.record({ kind: fc.constant('code'), text }),
  fc.record({ kind: fc.constant('instant'), at, format: fc.constantFrom('short', 'time') }),
  fc.record({ kind: fc.constant('mention'), id: fc.oneof(fc.constant('U0123'), text), name: text }),
);
const line: fc.Arbitrary<Line> = fc.array(span, { maxLength: 6 });
const mark = fc.constantFrom('done', 'current', 'failed', 'open');
const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constantFrom('line', 'note'), spans: line }),
  fc.record({ kind: fc.constant('quote'), label: line, text }),
  fc.record({ kind: fc.constant('progress'), caption: line, steps: fc.array(fc.record({ label: text, mark }), { maxLength: 8 }) }),
  fc.record({ kind: fc.constant('facts'), facts: fc.array(fc.record({ label: text, value: line }), { maxLength: 8 }) }),
  fc.record({ kind: fc.constant('list'), title: line, items: fc.array(fc.array(line, { maxLength: 3 }), { maxLength: 300 }) }),
  fc.record({
    kind: fc.constant('timeline'),
    items: fc.array(fc.record({ mark: fc.oneof(mark, fc.constant('none' as const)), line, quote: text }), { maxLength: 30 }),
  }),
);
const action: fc.Arbitrary<CardAction> = fc.record({
  name: fc.oneof(fc.constantFrom('history', 'unfollow'), text),
  value: fc.oneof(fc.constant('p/j'), text),
  label: text,
  url: fc.option(fc.oneof(fc.webUrl({ withQueryParameters: true }), text, fc.constantFrom('javascript:alert(1)', 'data:text/html,x', 'https://')), { freq: 3 }),
  style: fc.constantFrom('default', 'primary', 'danger'),
  confirm: fc.option(fc.record({ question: text, yes: text, no: text })),
});
const card: fc.Arbitrary<Card> = fc.record({
  language: fc.constantFrom(...LANGUAGES),
  severity: fc.constantFrom('progress', 'good', 'bad', 'warning', 'info'),
  emoji: fc.constantFrom('', '❌'),
  title: line,
  blocks: fc.oneof(fc.array(block, { maxLength: 6 }), fc.array(block, { maxLength: 70 })),
  actions: fc.oneof(fc.array(action, { maxLength: 4 }), fc.array(action, { maxLength: 60 })),
  text: fc.oneof(
    text,
    fc.array(text, { maxLength: 20 }).map((all) => all.join('')),
  ),
});

function check(given: Card): void {
  const message = renderSlack(given);
  const checked = slackMessage.safeParse(message);
  if (!checked.success) throw new Error(`${checked.error.message}\n${JSON.stringify(message).slice(0, 2000)}`);
  const spans = spansOf(given);
  const { people, moments, links } = moreThanText(checked.data);
  for (const id of people) expect(spans.some((one) => one.kind === 'mention' && one.id === id)).toBe(true);
  for (const second of moments) expect(spans.some((one) => one.kind === 'instant' && Math.floor(one.at / 1000) === second)).toBe(true);
  for (const url of links) expect(given.actions.some((one) => one.url === url)).toBe(true);
}

function spansOf(given: Card): Span[] {
  const lines = given.blocks.flatMap((one): readonly Line[] => {
    switch (one.kind) {
      case 'line':
      case 'note':
        return [one.spans];
      case 'quote':
        return [one.label];
      case 'progress':
        return [one.caption];
      case 'facts':
        return one.facts.map(({ value }) => value);
      case 'list':
        return [one.title, ...one.items.flat()];
      case 'timeline':
        return one.items.map((item) => item.line);
      default:
        return one satisfies never;
    }
  });
  return [given.title, ...lines].flat();
}

function moreThanText({ blocks }: CheckedMessage): { readonly people: string[]; readonly moments: number[]; readonly links: string[] } {
  const elements = blocks.flatMap((one) =>
    one.type === 'rich_text'
      ? one.elements.flatMap((part) => (part.type === 'rich_text_list' ? part.elements.flatMap((item) => item.elements) : part.elements))
      : [],
  );
  return {
    people: elements.flatMap((one) => (one.type === 'user' ? [one.user_id] : [])),
    moments: elements.flatMap((one) => (one.type === 'date' ? [one.timestamp] : [])),
    links: blocks.flatMap((one) => (one.type === 'actions' ? one.elements.flatMap(({ url }) => (url === undefined ? [] : [url])) : [])),
  };
}

function messagesAbout(job: JobView, from: number, words: string): Message[] {
  const entries = job.journal.slice(from, from + 20);
  const notify = { platform: 'slack', id: 'U1', name: words };
  const here = { view: job, preset: 'everything' as const, mutedUntil: from, waiting: from, pending: false };
  return [
    { kind: 'live', view: job, preset: 'problems' },
    { kind: 'no-longer-followed', view: job },
    { kind: 'news', view: job, entries, threads: true, dm: false, summary: 0, notify },
    { kind: 'news', view: job, entries: entries.slice(0, 1), threads: false, dm: true, summary: 40, notify: null },
    { kind: 'history', view: job, page: from, filter: 'all', readAt: 1, stale: null, dm: false },
    { kind: 'status', paused: null, view: job, here, readAt: 1, stale: words, now: 1_764_651_800_000, stretchedTo: from },
    { kind: 'files', view: job },
    { kind: 'reason', view: job, key: entries[0]?.key ?? '' },
    { kind: 'list', jobs: Array.from({ length: 30 }, () => here), health: { paused: words, since: 1 }, stale: null, dm: true, page: 1 },
    { kind: 'attachment', view: job, name: words, url: words },
    { kind: 'notice', notice: { kind: 'paused', subject: 'd', since: 1, place: words, reason: words }, jobs: [here] },
    { kind: 'error', error: { kind: 'upstream-refused', input: words, code: words, message: words } },
  ];
}

it('any card of any job, log and files is a message that Slack takes', () => {
  fc.assert(
    fc.property(view, fc.nat(500), anyText, fc.constantFrom(...LANGUAGES), (job, from, words, language) => {
      for (const message of messagesAbout(job, from, words)) check(cardOf(message, { language, zone: null, prefix: '/voicejob ' }));
    }),
    { numRuns: 60 },
  );
});

it('any card at all is a message that Slack takes', () => {
  fc.assert(fc.property(card, check), { numRuns: 200 });
});
