/** A line of spans as a block of text: ours in a TextBlock where that shows it as it is, all else in runs that nothing parses. */
import type { Line, Span } from '../../src/domain/card.ts';
import type { Element, MentionEntity, Spacing, TextBlock, TextLook, TextRun } from './elements.ts';
import { type DateStyle, escaped, isolated, isUnmarked, mentionName, moment, plain, wrappable } from './render-text.ts';

export type Mention = Extract<Span, { kind: 'mention' }>;

export type LineLook = {
  readonly text: TextLook;
  readonly spacing?: Spacing;
  readonly heading?: true;
  /** A run that goes in front, in a look of its own. */
  readonly before?: TextRun;
  /** 'SHORT' unless given. */
  readonly date?: DateStyle;
};

/** A line drawn: nothing for an empty one. Mentions need a TextBlock; those beside foreign words are repeated in one below. */
export function drawLine(line: Line, look: LineLook): Element[] {
  const spans = line.filter(isSeen);
  if (spans.length === 0) return [];
  const mentions = spans.filter((span) => span.kind === 'mention');
  const ours = spans.every(isOurs);
  if (ours && !look.before && (mentions.length > 0 || ((look.text.weight === 'Bolder' || isOneWeight(spans)) && isUnmarked(spans.map(ownText).join(''))))) {
    const weight: TextLook = spans.every(isBold) ? { weight: 'Bolder' } : {};
    return [textBlock(spans.map((span) => blockText(span, look.date)).join(''), { ...look, text: { ...look.text, ...weight } })];
  }
  const runs = [...(look.before ? [look.before] : []), ...spans.map((span) => runOf(span, look.text, look.date))];
  const drawn: Element = { type: 'RichTextBlock', inlines: merged(runs), ...spacingOf(look) };
  return mentions.length === 0 ? [drawn] : [drawn, textBlock(mentions.map(mentionTag).join(' '), { text: look.text, spacing: 'None' })];
}

function spacingOf({ spacing }: LineLook): { readonly spacing?: Spacing } {
  return spacing === undefined ? {} : { spacing };
}

function textBlock(text: string, look: LineLook): TextBlock {
  return { type: 'TextBlock', text, wrap: true, ...look.text, ...(look.heading ? { style: 'heading' } : {}), ...spacingOf(look) };
}

/** False for words of which nothing is left to draw. */
export function isSeen(span: Span): boolean {
  return !('text' in span) || plain(span.text) !== '';
}

function isOurs(span: Span): boolean {
  return span.kind === 'text' || span.kind === 'instant' || span.kind === 'mention';
}

function isBold(span: Span): boolean {
  return span.kind === 'instant' || (span.kind === 'text' && span.bold);
}

/** Bold words among others would need markdown, which no Chinese sentence can be sure of: its ** must stand beside a blank. */
function isOneWeight(spans: Line): boolean {
  const words = spans.filter((span) => span.kind === 'text');
  return words.every(isBold) || !words.some(isBold);
}

function ownText(span: Span): string {
  return span.kind === 'text' ? plain(span.text) : '';
}

function blockText(span: Span, date: DateStyle = 'SHORT'): string {
  if (span.kind === 'mention') return mentionTag(span);
  return span.kind === 'instant' ? moment(span, date) : escaped(ownText(span));
}

/** A span as a run. Also for lines that are put together elsewhere. */
export function runOf(span: Span, look: TextLook, date: DateStyle = 'SHORT'): TextRun {
  switch (span.kind) {
    case 'text':
      // Two blanks are meant as a gap, and would be folded into one.
      return { type: 'TextRun', text: plain(span.text).replaceAll('  ', ' \u00a0'), ...look, ...(span.bold ? { weight: 'Bolder' } : {}) };
    case 'foreign':
      return { type: 'TextRun', text: isolated(wrappable(span.text)), ...look, ...(span.bold ? { weight: 'Bolder' } : {}) };
    case 'code':
      return { type: 'TextRun', text: isolated(wrappable(span.text)), ...look, fontType: 'Monospace' };
    case 'instant':
      return { type: 'TextRun', text: moment(span, date), ...look };
    case 'mention':
      return { type: 'TextRun', text: `@${isolated(plain(span.name))}`, ...look };
    default:
      return span satisfies never;
  }
}

/** Neighbours of one look as one run. Safe, since no run ends in an open brace of its own. */
export function merged(runs: readonly TextRun[]): TextRun[] {
  const all: TextRun[] = [];
  for (const run of runs) {
    const last = all.at(-1);
    if (last && lookKey(last) === lookKey(run)) all[all.length - 1] = { ...last, text: last.text + run.text };
    else all.push(run);
  }
  return all;
}

function lookKey({ size, weight, isSubtle, color, fontType }: TextRun): string {
  return [size, weight, isSubtle, color, fontType].join();
}

function mentionTag({ name }: Mention): string {
  return `<at>${mentionName(name)}</at>`;
}

/** What makes mentions real: an entity for each name that is written in these elements. */
export function entitiesOf(mentions: readonly Mention[], drawn: readonly Element[]): MentionEntity[] {
  const written = JSON.stringify(drawn);
  const byText = new Map(mentions.map((span) => [mentionTag(span), span]));
  return [...byText]
    .filter(([text]) => written.includes(text))
    .map(([text, { id, name }]) => ({ type: 'mention', text, mentioned: { id, name: mentionName(name) } }));
}

/** An id that markdown leaves alone, and that fits a line of a phone. */
const CHECKED_ID = /^(?=.{1,36}$)[a-z\d]+(?:-[a-z\d]+|\.\d+)*$/i;

/** A line as the value of a fact, which is parsed as markdown; null where it is not surely ours. */
export function factText(line: Line): string | null {
  const parts = line.map((span) => {
    if (span.kind === 'instant') return moment(span, 'SHORT');
    if (span.kind === 'text') return plain(span.text);
    return span.kind === 'code' && CHECKED_ID.test(span.text) ? span.text : null;
  });
  const own = line.map(ownText).join('');
  return parts.includes(null) || !isUnmarked(own) || !isUnmarked(parts[0] ?? '') ? null : parts.join('');
}
