/** Text made safe to send, whoever wrote it. Nothing here parses: what looks like markup stays the characters it is. */
import type { Line, Span } from '../../src/domain/card.ts';
import { lineText } from '../../src/domain/plain-text.ts';
import type { Language } from '../../src/domain/subscription.ts';
import { catalogueOf } from '../../src/domain/text/catalogue.ts';
import { instantText } from '../../src/domain/text/format.ts';
import { MESSAGE_TEXT } from './limits.ts';

const CUT = '…';
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
/** A reader sees that something stood there. */
const UNPRINTABLE = '\ufffd';

/** Embeddings, overrides and isolates: they would go on into the words that follow on the line. */
const DIRECTION_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
/** Right-to-left scripts, and the marks that act like a letter of one. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const ISOLATE = '\u2068';
const END_ISOLATE = '\u2069';

/** Words on a line among others: no line break of theirs starts a line of ours, and their direction stays their own. */
export function inlineText(text: string): string {
  const words = text
    .toWellFormed()
    .replace(DIRECTION_CONTROLS, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return RIGHT_TO_LEFT.test(words) ? `${ISOLATE}${words}${END_ISOLATE}` : words;
}

/** Words that stand alone in a quote: line breaks are kept, blank lines at both ends are not, and direction may be what it will. */
export function quotedText(text: string): string {
  return text
    .toWellFormed()
    .replace(LINE_END, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, UNPRINTABLE)
    .trimEnd()
    .replace(/^(?:[^\S\n]*\n)+/, '');
}

/** At most `length` UTF-16 units, with a sign that something is left out. */
export function cutText(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length - CUT.length).replace(/[\ud800-\udbff]$/, '') + CUT;
}

/** A plain line for a place that takes a string only. Commands in it get quotation marks, since nothing there can be drawn as code. */
export function plainLine(line: Line, language: Language): string {
  const safe = line.map((span) => ('text' in span ? { ...span, text: inlineText(span.text) } : span));
  return lineText(safe, { language, zone: null, prefix: '', say: catalogueOf(language) });
}

/** The line has no moments and no people in it, which only rich text can draw. */
export function isPlain(line: Line): boolean {
  return line.every((span) => 'text' in span);
}

/** Names and codes of others. */
export function isForeign(span: Span): span is Extract<Span, { kind: 'foreign' | 'code' }> {
  return span.kind === 'foreign' || span.kind === 'code';
}

/** A moment for a client that can't format it: in UTC, since the reader's zone is the client's to know. '' when it is no moment. */
export function momentText(at: number, format: 'short' | 'time', language: Language): string {
  return Number.isNaN(new Date(at).getTime()) ? '' : `${instantText(at, format, { language, zone: null })} UTC`;
}

/** The message's `text`: what notifications show and screen readers say. Slack parses it for mentions and links, so `& < >` are escaped. */
export function fallbackText(text: string): string {
  const words = quotedText(text).replace(DIRECTION_CONTROLS, '');
  const escaped = words.replace(/[&<>]/g, (character) => ESCAPES[character] ?? '');
  if (escaped.length <= MESSAGE_TEXT) return escaped === '' ? CUT : escaped;
  // Not within an escape: half of one would be read as text.
  return `${escaped
    .slice(0, MESSAGE_TEXT - CUT.length)
    .replace(/&[a-z]*$/, '')
    .replace(/[\ud800-\udbff]$/, '')}${CUT}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
