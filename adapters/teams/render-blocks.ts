/** The blocks of a card as elements. Words for marks and colours are in the card; here is only how they look. */
import type { Block, Line, Span, StepMark } from '../../src/domain/card.ts';
import type { ColumnSet, Element, RichTextBlock, Spacing, TextRun } from './elements.ts';
import { drawLine, factText, isSeen, merged, runOf } from './render-line.ts';
import { isUnmarked, moment, plain, wrappable } from './render-text.ts';

type Of<Kind extends Block['kind']> = Extract<Block, { kind: Kind }>;

const MARKS: Readonly<Record<StepMark | 'none', string>> = { done: '✓', current: '▸', failed: '✗', open: '○', none: '•' };

/** Holds a date and a time of day in small letters: 12/31/2025 11:59 PM. */
const TIME_WIDTH = '124px';
const LABEL_WIDTH = '112px';

export function drawBlocks(blocks: readonly Block[]): Element[] {
  return blocks.flatMap((block, index) => {
    const before = blocks[index - 1];
    const belongs = before?.kind === 'line' ? isHeading(before.spans) : before?.kind === 'note' && block.kind === 'note';
    return drawBlock(block, belongs ? 'Small' : undefined);
  });
}

/** `spacing` is given where the block belongs to the line above it. */
function drawBlock(block: Block, spacing: Spacing | undefined): Element[] {
  const apart = spacing ?? 'Medium';
  switch (block.kind) {
    case 'line':
      return drawLine(block.spans, { text: {}, ...(isHeading(block.spans) ? { spacing: 'Medium' } : {}) });
    case 'note':
      return drawLine(block.spans, { text: { isSubtle: true, size: 'Small' }, spacing: apart });
    case 'quote':
      return block.text === '' ? [] : [...drawLine(block.label, { text: { weight: 'Bolder' }, spacing: apart }), ...drawQuote(block.text)];
    case 'progress':
      return [...drawLine(block.caption, { text: { weight: 'Bolder' }, spacing: apart }), ...drawSteps(block.steps)];
    case 'facts':
      return drawFacts(block, apart);
    case 'list':
      return drawList(block, apart);
    case 'timeline':
      return block.items.flatMap((item, index) => drawEntry(item, index === 0 ? apart : 'Small'));
    default:
      return block satisfies never;
  }
}

/** A line that is bold from end to end is the title of what follows. */
function isHeading(spans: Line): boolean {
  return spans.length > 0 && spans.every((span) => span.kind === 'text' && span.bold);
}

function drawQuote(words: string): Element[] {
  const text = wrappable(words);
  if (text === '') return [];
  return [{ type: 'Container', style: 'emphasis', spacing: 'Small', items: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text }] }] }];
}

/** Steps break between each other on a narrow screen, never inside. */
function drawSteps(steps: Of<'progress'>['steps']): RichTextBlock[] {
  const runs = steps.flatMap(({ label, mark }, index): TextRun[] => {
    const run = runOf({ kind: 'text', text: `${MARKS[mark]} ${label}`, bold: mark === 'current' || mark === 'failed' }, mark === 'failed' ? FAILED : {});
    const step: TextRun = { ...run, text: run.text.replaceAll(' ', '\u00a0').replaceAll(BETWEEN_HAN, '\u2060') };
    return index === 0 ? [step] : [{ type: 'TextRun', text: GAP }, step];
  });
  return runs.length === 0 ? [] : [{ type: 'RichTextBlock', spacing: 'Small', inlines: merged(runs) }];
}

/** Chinese may break between any two characters. */
const BETWEEN_HAN = /(?<=\p{Script=Han})(?=\p{Script=Han})/gu;

/** Between steps: room that is not folded into one blank, and a place to break. */
const GAP = '\u00a0\u00a0 ';
const FAILED = { color: 'Attention' } as const;

function drawFacts({ facts: given }: Of<'facts'>, spacing: Spacing): Element[] {
  const facts = given.filter(({ value }) => value.some(isSeen));
  const texts = facts.map(({ label, value }) => ({ title: plain(label), value: factText(value) }));
  if (texts.every(({ title, value }) => isUnmarked(title) && value !== null)) {
    return facts.length === 0 ? [] : [{ type: 'FactSet', spacing, facts: texts.map(({ title, value }) => ({ title, value: value ?? '' })) }];
  }
  return facts.map(({ label, value }, index): ColumnSet => {
    const name: Line = [{ kind: 'text', text: label, bold: true }];
    return twoColumns(LABEL_WIDTH, [drawLine(name, { text: {} }), drawLine(value, { text: {} })], index === 0 ? spacing : 'None');
  });
}

function twoColumns(width: string, [left, right]: readonly [readonly Element[], readonly Element[]], spacing: Spacing): ColumnSet {
  return {
    type: 'ColumnSet',
    spacing,
    columns: [
      { type: 'Column', width, items: left },
      { type: 'Column', width: 'stretch', items: right },
    ],
  };
}

/** Items of several lines stand apart; those of one line get a bullet, since on a phone their lines wrap. */
function drawList({ title, items }: Of<'list'>, spacing: Spacing): Element[] {
  const heading = drawLine(title, { text: { weight: 'Bolder' }, spacing });
  const drawn = items.flatMap(([first = [], ...below], index): Element[] => {
    const alone = below.length === 0;
    const bulleted: Line = alone ? [{ kind: 'text', text: `${MARKS.none} `, bold: false }, ...first] : first;
    const apart = index === 0 ? { spacing: heading.length === 0 ? spacing : ('Small' as const) } : alone ? { spacing: 'Small' as const } : {};
    return [...drawLine(bulleted, { text: {}, ...apart }), ...below.flatMap((line) => drawLine(line, { text: {}, spacing: 'None' }))];
  });
  return [...heading, ...drawn];
}

/** Time in a column of its own where the entry begins with it. */
function drawEntry({ mark, line, quote }: Of<'timeline'>['items'][number], spacing: Spacing): Element[] {
  const [first, ...others] = line;
  const timed = first?.kind === 'instant';
  const words = timed ? withoutGap(others) : line;
  const before: TextRun = { type: 'TextRun', text: `${MARKS[mark]} `, ...(mark === 'failed' ? { ...FAILED, weight: 'Bolder' } : {}) };
  const entry = [...drawLine(words, { text: {}, date: 'COMPACT', before, ...(timed ? {} : { spacing }) }), ...drawQuote(quote)];
  if (!timed) return entry;
  const time: Element = { type: 'TextBlock', text: moment(first, 'COMPACT'), wrap: true, isSubtle: true, size: 'Small' };
  return [twoColumns(TIME_WIDTH, [[time], entry], spacing)];
}

/** What follows a time begins with blanks that a column does not need. */
function withoutGap([first, ...others]: Line): Line {
  if (first?.kind !== 'text') return first ? [first, ...others] : [];
  const text = first.text.trimStart();
  const kept: Span[] = text === '' ? [] : [{ ...first, text }];
  return [...kept, ...others];
}
