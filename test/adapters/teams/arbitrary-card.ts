/** Any card at all, also such as no message makes. What others wrote begins with STRANGER, wherever it stands. */
import fc from 'fast-check';
import type { Block, Card, CardAction, Line, Span } from '../../../src/domain/card.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';

export const STRANGER = '☠';

const MARKS = ['done', 'current', 'failed', 'open'] as const;
const HOSTILE = [
  '{{DATE(2026-11-22T07:00:00Z,SHORT)}} {{{{TIME(2026-11-22T07:00:00Z)}}',
  '<at>Everyone</at> < / AT > <b>x</b> <!channel>',
  '**b** _i_ `c` [l](https://e.example) ~~s~~ | # - 1. \\ &amp;',
  '\u202e\u2067\u2069\u2069\u202aשלום',
  '\u0000\u0007\ud800\r\n\u2028\u0085\ufeff',
  '{',
  '',
];

const anything = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 40, unit: 'grapheme' }) },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: 'binary' }) },
  { weight: 1, arbitrary: fc.string({ minLength: 1000, maxLength: 6000, unit: fc.constantFrom('a', '好', ' ', '\n', '😀', '"', '{', '\ud800') }) },
);
const words = anything.map((text) => text.replaceAll(STRANGER, ''));
const strange = words.map((text) => `${STRANGER}${text}`);
const at = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 0, max: 4_000_000_000_000 }) }, { weight: 1, arbitrary: fc.double() });

const span: fc.Arbitrary<Span> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('text'), text: words, bold: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('foreign'), text: strange, bold: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('code'), text: strange }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('instant'), at, format: fc.constantFrom('short', 'time') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('mention'), id: fc.oneof(fc.string({ maxLength: 60 }), words), name: strange }) },
);
const line: fc.Arbitrary<Line> = fc.array(span, { maxLength: 6 });
const many = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> =>
  fc.oneof({ weight: 5, arbitrary: fc.array(item, { maxLength: 4 }) }, { weight: 1, arbitrary: fc.array(item, { minLength: 20, maxLength: 60 }) });

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constantFrom('line', 'note'), spans: line }),
  fc.record({ kind: fc.constant('quote'), label: line, text: strange }),
  fc.record({ kind: fc.constant('progress'), caption: line, steps: many(fc.record({ label: words, mark: fc.constantFrom(...MARKS) })) }),
  fc.record({ kind: fc.constant('facts'), facts: many(fc.record({ label: words, value: line })) }),
  fc.record({ kind: fc.constant('list'), title: line, items: many(fc.array(line, { maxLength: 3 })) }),
  fc.record({ kind: fc.constant('timeline'), items: many(fc.record({ mark: fc.constantFrom(...MARKS, 'none'), line, quote: strange })) }),
);

const url = fc.option(fc.oneof(fc.webUrl(), fc.constantFrom('https://jobs.example.com/a', 'javascript:alert(1)', 'nothing')), { freq: 2 });
const confirm = fc.option(fc.record({ question: words, yes: words, no: words }));
const action: fc.Arbitrary<CardAction> = fc.record({
  name: fc.constantFrom('history', 'run', 'unfollow'),
  value: words,
  label: words,
  url,
  style: fc.constantFrom('default', 'primary', 'danger'),
  confirm,
});

export const card: fc.Arbitrary<Card> = fc.record({
  language: fc.constantFrom(...LANGUAGES),
  severity: fc.constantFrom('progress', 'good', 'bad', 'warning', 'info'),
  emoji: fc.constantFrom('', '❌', '⏸️'),
  title: line,
  blocks: many(block),
  actions: fc.array(action, { maxLength: 9 }),
  text: words,
});
