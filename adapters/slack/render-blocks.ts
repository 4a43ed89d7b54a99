/** The blocks of a card as blocks of Slack. Everything is rich text or plain_text: no mrkdwn anywhere, so that nothing is parsed. */
import type { ContextBlock, HeaderBlock, RichTextBlock, RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types';
import type { Block, Card, Line, StepMark } from '../../src/domain/card.ts';
import type { Language } from '../../src/domain/subscription.ts';
import { HEADER_TEXT, PLAIN_TEXT } from './limits.ts';
import { joined, type Looks, lineElements, section, words } from './render-line.ts';
import { cutText, inlineText, isForeign, isPlain, plainLine, quotedText } from './render-text.ts';

const MARKS: Readonly<Record<StepMark | 'none', string>> = { done: '✓', current: '▸', failed: '✗', open: '○', none: '•' };
/** Between parts of a line. */
const GAP = '  ';
const NO_BREAK_SPACE = '\u00a0';

/** In a foreign name these make a client or a preview think of markup; the words stand in bold rich text then (cards reference, "Safety"). */
const LIKE_MARKUP = /[<>&*~`:]|_.*_/;

/** The title: a header, or where that is not safe, too long or can't show it, a bold line. */
export function titleBlocks({ title, emoji, language }: Pick<Card, 'title' | 'emoji' | 'language'>): (HeaderBlock | RichTextBlock)[] {
  if (title.length === 0) return [];
  const before = emoji === '' ? '' : `${inlineText(emoji)} `;
  const isSafe = isPlain(title) && !title.some((span) => isForeign(span) && LIKE_MARKUP.test(span.text));
  const text = isSafe ? plainLine(title, language) : '';
  if (text.trim() !== '' && before.length + text.length <= HEADER_TEXT)
    return [{ type: 'header', text: { type: 'plain_text', text: before + text, emoji: false } }];
  return richText(section([words(before, true), ...lineElements(title, { language, bold: true })]));
}

/** Small print, where nothing in it has to be drawn by the client. A context knows no dates. */
export function isSmallPrint(block: Block): block is Extract<Block, { kind: 'note' }> {
  return block.kind === 'note' && isPlain(block.spans);
}

/** Blocks that belong together stand together: a heading with what it is the title of, the steps with the lines about them. */
export function bodyBlocks(blocks: readonly Block[], language: Language): (RichTextBlock | ContextBlock)[] {
  const drawn: (RichTextBlock | ContextBlock)[] = [];
  let afterSteps = false;
  for (const [index, block] of blocks.entries()) {
    const underHeading = heads(blocks[index - 1], block);
    const isAboutSteps: boolean = afterSteps && block.kind === 'line' && !heads(block, blocks[index + 1]);
    afterSteps = block.kind === 'progress' || isAboutSteps;
    const before = drawn.at(-1);
    const elements = isSmallPrint(block) ? [] : elementsOf(block, { language, underHeading });
    if (isSmallPrint(block)) drawn.push(...contextBlocks(block.spans, language));
    else if ((underHeading || isAboutSteps) && before?.type === 'rich_text') drawn.splice(-1, 1, ...richText([...before.elements, ...elements]));
    else drawn.push(...richText(elements));
  }
  return drawn;
}

function contextBlocks(line: Line, language: Language): ContextBlock[] {
  const text = cutText(plainLine(line, language), PLAIN_TEXT);
  return text.trim() === '' ? [] : [{ type: 'context', elements: [{ type: 'plain_text', text, emoji: false }] }];
}

export function richText(elements: readonly RichTextBlockElement[]): RichTextBlock[] {
  return elements.length === 0 ? [] : [{ type: 'rich_text', elements: merged(elements) }];
}

/** Sections in a row become one with line breaks between: by themselves they may be drawn beside each other. */
function merged(elements: readonly RichTextBlockElement[]): RichTextBlockElement[] {
  const drawn: RichTextBlockElement[] = [];
  for (const element of elements) {
    const before = drawn.at(-1);
    if (element.type !== 'rich_text_section' || before?.type !== 'rich_text_section') drawn.push(element);
    else drawn.splice(-1, 1, { ...before, elements: joined([...before.elements, words('\n'), ...element.elements]) });
  }
  return drawn;
}

/** A bold line above a list, a timeline or facts is their title. */
function heads(block: Block | undefined, next: Block | undefined): boolean {
  if (block?.kind !== 'line' || !block.spans.every((span) => span.kind === 'text' && span.bold)) return false;
  return next?.kind === 'timeline' || next?.kind === 'facts' || (next?.kind === 'list' && next.title.length === 0);
}

type Shape = { readonly language: Language; readonly underHeading: boolean };

function elementsOf(block: Block, { language, underHeading }: Shape): RichTextBlockElement[] {
  const looks: Looks = { language, bold: false };
  switch (block.kind) {
    case 'line':
    case 'note':
      return section(lineElements(block.spans, looks));
    case 'quote':
      return [...section(lineElements(block.label, looks)), ...quote(block.text)];
    case 'progress':
      return section([...lineElements(block.caption, looks), words('\n'), ...stepElements(block.steps)]);
    case 'facts':
      return section(
        between(
          block.facts.map(({ label, value }) => [words(inlineText(label), !underHeading), words(GAP), ...lineElements(value, looks)]),
          '\n',
        ),
      );
    case 'list':
      return [...section(lineElements(block.title, looks)), ...list(block.items.flatMap((item) => itemSection(item, looks)))];
    case 'timeline':
      return timeline(block.items, looks);
    default:
      return block satisfies never;
  }
}

function itemSection(lines: readonly Line[], looks: Looks): RichTextSection[] {
  return section(
    between(
      lines.map((line) => lineElements(line, looks)),
      '\n',
    ),
  );
}

/** All steps on one line that breaks only between them; the one that matters is bold, and its mark says so without. */
function stepElements(steps: Extract<Block, { kind: 'progress' }>['steps']): RichTextElement[] {
  return between(
    steps.map(({ label, mark }) => {
      const step = `${MARKS[mark]} ${inlineText(label)}`.replaceAll(' ', NO_BREAK_SPACE);
      return [words(step, mark === 'current' || mark === 'failed')];
    }),
    GAP,
  );
}

/** Bullets, so that lines that wrap on a phone don't run together; a single entry needs none. */
function timeline(items: Extract<Block, { kind: 'timeline' }>['items'], looks: Looks): RichTextBlockElement[] {
  const drawn: RichTextBlockElement[] = [];
  for (const item of items) {
    const entry = section(entryElements(item, { looks, alone: items.length === 1 }));
    const before = drawn.at(-1);
    if (items.length === 1) drawn.push(...entry);
    else if (before?.type === 'rich_text_list') before.elements.push(...entry);
    else drawn.push(...list(entry));
    drawn.push(...quote(item.quote));
  }
  return drawn;
}

type Entry = Extract<Block, { kind: 'timeline' }>['items'][number];

/** The mark stands before what happened: after the time, where that comes first. A bullet is mark enough for an entry without one. */
function entryElements({ mark, line }: Entry, { looks, alone }: { readonly looks: Looks; readonly alone: boolean }): RichTextElement[] {
  const [first, second] = line;
  const isTimed = first?.kind === 'instant' && second?.kind === 'text' && second.text === GAP;
  const shown = mark === 'none' && (isTimed || !alone) ? '' : `${MARKS[mark]} `;
  if (!isTimed) return [words(shown), ...lineElements(line, looks)];
  return [...lineElements([first, second], looks), words(shown), ...lineElements(line.slice(2), looks)];
}

function list(sections: readonly RichTextSection[]): RichTextBlockElement[] {
  return sections.length === 0 ? [] : [{ type: 'rich_text_list', style: 'bullet', indent: 0, elements: [...sections] }];
}

function quote(text: string): RichTextBlockElement[] {
  const quoted = quotedText(text);
  return quoted === '' ? [] : [{ type: 'rich_text_quote', elements: [words(quoted)] }];
}

function between(groups: readonly (readonly RichTextElement[])[], separator: string): RichTextElement[] {
  return groups.filter((group) => group.length > 0).flatMap((group, index) => (index === 0 ? [...group] : [words(separator), ...group]));
}
