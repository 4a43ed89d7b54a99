/** A line as elements of rich text, which nothing parses. */
import type { RichTextElement, RichTextSection, RichTextText } from '@slack/types';
import type { Line, Span } from '../../src/domain/card.ts';
import type { Language } from '../../src/domain/subscription.ts';
import { LAST_TIMESTAMP_S } from './limits.ts';
import { inlineText, momentText } from './render-text.ts';

/** What the client makes of a moment, in its reader's zone and language (rich text, "Date element"). */
const DATE_FORMATS = { short: '{date_short_pretty} {time}', time: '{time}' } as const;
/** A user's id; anything else would have the whole message refused. */
const USER_ID = /^[UW][A-Z0-9]+$/;

export type Looks = { readonly language: Language; readonly bold: boolean };

export function lineElements(line: Line, looks: Looks): RichTextElement[] {
  return joined(line.flatMap((span) => spanElements(span, looks)));
}

/** Our own words, as they are. */
export function words(text: string, bold = false): RichTextText {
  return bold ? { type: 'text', text, style: { bold: true } } : { type: 'text', text };
}

/** A section of lines, or nothing when they say nothing: Slack refuses empty ones. */
export function section(elements: readonly RichTextElement[]): RichTextSection[] {
  const full = joined(elements);
  return full.some((element) => element.type !== 'text' || element.text.trim() !== '') ? [{ type: 'rich_text_section', elements: full }] : [];
}

function spanElements(span: Span, looks: Looks): RichTextElement[] {
  switch (span.kind) {
    case 'text':
    case 'foreign':
      return [words(inlineText(span.text), span.bold || looks.bold)];
    case 'code':
      return [{ type: 'text', text: inlineText(span.text), style: looks.bold ? { bold: true, code: true } : { code: true } }];
    case 'instant':
      return [moment(span, looks)];
    case 'mention':
      return [USER_ID.test(span.id) ? { type: 'user', user_id: span.id } : words(`@${inlineText(span.name)}`, looks.bold)];
    default:
      return span satisfies never;
  }
}

function moment(span: Extract<Span, { kind: 'instant' }>, { language, bold }: Looks): RichTextElement {
  const timestamp = Math.floor(span.at / 1000);
  const fallback = momentText(span.at, span.format, language);
  if (!(timestamp >= 0 && timestamp <= LAST_TIMESTAMP_S)) return words(fallback, bold);
  return { type: 'date', timestamp, format: DATE_FORMATS[span.format], fallback, ...(bold ? { style: { bold } } : {}) };
}

/** Neighbours that look the same are one element; empty ones, which Slack refuses, are none. */
export function joined(elements: readonly RichTextElement[]): RichTextElement[] {
  const full: RichTextElement[] = [];
  for (const element of elements) {
    const before = full.at(-1);
    if (element.type !== 'text') full.push(element);
    else if (before?.type === 'text' && looksLike(before, element)) full[full.length - 1] = { ...before, text: before.text + element.text };
    else if (element.text !== '') full.push(element);
  }
  return full;
}

function looksLike(one: RichTextText, other: RichTextText): boolean {
  // Codes that touch are still two codes.
  return !one.style?.code && !other.style?.code && one.style?.bold === other.style?.bold;
}
