/** Words as Teams may have them: nothing that others wrote can format, date or mention anything. */
import type { Span } from '../../src/domain/card.ts';
import { MENTION_NAME_LENGTH } from './limits.ts';

/** Kept as they are: line break and tab. Others are no text, and some of them no JSON that everybody reads. */
const CONTROL = /(?![\n\t])\p{Cc}/gu;
const LINE_END = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;

/** Joins without a gap, and is not seen. */
const WORD_JOINER = '\u2060';
const BREAK = '\u200b';

/** Text that any reader of JSON takes, with one kind of line break. */
export function clean(words: string): string {
  return words.toWellFormed().replace(LINE_END, '\n').replace(CONTROL, '');
}

/** Words for a text in which dates are expanded, and a TextRun is one. Only a TextBlock has mentions, as far as is known; what looks like one is broken all the same. */
export function plain(words: string): string {
  return clean(words)
    .replace(/\{(?=\{|$)/g, `{${WORD_JOINER}`)
    .replace(/<(?=\s*\/?\s*at\b)/gi, `<${WORD_JOINER}`);
}

/** The same, with places to break in what no phone has room for: a RichTextBlock does not break words, and cuts off what stands out. */
export function wrappable(words: string): string {
  return plain(words).replace(/\w{33,}/g, (word) => word.replace(/.{24}(?=.)/g, `$&${BREAK}`));
}

/** What markdown or HTML may take for more than a letter, anywhere or at the start. */
const MARKED = /[\\`*_[\]<>#~|&\n\t]|https?:|www\.|^\s*(?:[-+=]|\d+[.)])/i;

/** True where a TextBlock shows our words just as they are. Others are better off in a RichTextBlock: not every client undoes an escape. */
export function isUnmarked(words: string): boolean {
  return !MARKED.test(words);
}

/** Our own words in a TextBlock. */
export function escaped(words: string): string {
  return plain(words).replace(/[\\`*_[\]<>#~|&]/g, '\\$&');
}

const BIDI = /[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const OPEN = '\u2068';
const CLOSE = '\u2069';

/** Foreign words inside a line, so that their direction, and what they left open, stays theirs. */
export function isolated(words: string): string {
  if (!BIDI.test(words)) return words;
  let open = 0;
  const balanced = words.replace(/[\u2066-\u2069]/g, (mark) => {
    if (mark !== CLOSE) open += 1;
    else if (open === 0) return '';
    else open -= 1;
    return mark;
  });
  return OPEN + balanced + CLOSE.repeat(open + 1);
}

/** Up to `length` characters, the last being … when something is left out. */
export function cutTo(words: string, length: number): string {
  const letters = words.length <= length ? [] : [...words];
  return letters.length <= length ? words : `${letters.slice(0, Math.max(0, length - 1)).join('')}…`;
}

/** Mon, Dec 1, 2025, or 12/1/2025 as the reader's country writes it. */
export type DateStyle = 'SHORT' | 'COMPACT';

type Instant = Extract<Span, { kind: 'instant' }>;

/** A moment that each reader's client writes in their zone and language. UTC and whole seconds: nothing else is understood. */
export function moment({ at, format }: Instant, style: DateStyle): string {
  const date = new Date(at);
  const utc = Number.isNaN(date.getTime()) ? '' : date.toISOString().replace(/\.\d+Z$/, 'Z');
  // Years of five digits are written as +012345, which no client understands.
  if (!/^\d{4}-/.test(utc)) return '…';
  return format === 'time' ? `{{TIME(${utc})}}` : `{{DATE(${utc},${style})}} {{TIME(${utc})}}`;
}

/** A person's name inside `<at>`, which stands in a TextBlock: letters, digits and what names are written with. */
export function mentionName(name: string): string {
  const kept = name
    .toWellFormed()
    .replace(/[^\p{L}\p{M}\p{N} .,'’()-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return cutTo(kept, MENTION_NAME_LENGTH) || '…';
}
