/** A card as plain text: all that it says, for notifications, screen readers and clients that draw nothing. */
import type { Block, CardAction, Line, Span, StepMark } from './card.ts';
import type { Wording } from './message.ts';
import type { Catalogue } from './text/catalogue.ts';
import { instantText, offsetName } from './text/format.ts';

type Words = Wording & { readonly say: Catalogue };
type Content = { readonly title: Line; readonly blocks: readonly Block[]; readonly actions: readonly CardAction[] };

const MARKS: Readonly<Record<StepMark | 'none', string>> = { done: '✓', current: '▸', failed: '✗', open: '○', none: '•' };

/** What a reader takes for the end of a line; a quoted text is marked after each. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

/** Title first, blocks in order, then the buttons; instants in the wording's zone, which the last line names. */
export function plainText(content: Content, words: Words): string {
  const inTitle = instants([content.title]);
  const inBlocks = instants(content.blocks.flatMap(linesOf));
  // One time, and that in the title: its zone stands beside it, so that a push message has it.
  const beside =
    inTitle.length === 1 && inBlocks.length === 0 ? words.say.inBrackets([{ kind: 'text', text: offsetName(inTitle[0] ?? 0, words.zone), bold: false }]) : [];
  const lines = [lineText([...content.title, ...beside], words), ...content.blocks.flatMap((block) => blockText(block, words))];
  const labels = content.actions.map((action) => (action.url === null ? action.label : `${action.label} ${action.url}`));
  if (labels.length > 0) lines.push(words.say.buttonsAre(labels));
  const last = Math.max(...inTitle, ...inBlocks);
  if (beside.length === 0 && Number.isFinite(last)) lines.push(words.say.timesAre(offsetName(last, words.zone)));
  return lines.filter((one) => one !== '').join('\n');
}

function blockText(block: Block, words: Words): string[] {
  switch (block.kind) {
    case 'line':
    case 'note':
      return [lineText(block.spans, words)];
    case 'quote':
      return block.text === '' ? [] : [block.label.length === 0 ? '' : words.say.labelled(lineText(block.label, words), '').trimEnd(), quoteText(block.text)];
    case 'progress':
      return [lineText(block.caption, words), stepsText(block.steps, words)];
    case 'facts':
      return block.facts.map(({ label, value }) => words.say.labelled(label, lineText(value, words)));
    case 'list':
      return [
        block.title.length === 0 ? '' : words.say.labelled(lineText(block.title, words), '').trimEnd(),
        ...block.items.map((item) => `- ${item.map((one) => lineText(one, words)).join('\n  ')}`),
      ];
    case 'timeline':
      return block.items.flatMap(({ mark, line, quote }) => [`${MARKS[mark]} ${lineText(line, words)}`, quote === '' ? '' : quoteText(quote)]);
    default:
      return block satisfies never;
  }
}

function stepsText(steps: readonly { readonly label: string; readonly mark: StepMark }[], { say }: Words): string {
  const named = (mark: StepMark): string[] => steps.filter((step) => step.mark === mark).map((step) => step.label);
  const done = named('done');
  const open = named('open');
  return [done.length > 0 ? say.doneSteps(done) : '', open.length > 0 ? say.openSteps(open) : ''].filter((part) => part !== '').join(say.gap);
}

function quoteText(text: string): string {
  return text
    .split(LINE_END)
    .map((one) => `> ${one}`)
    .join('\n');
}

/** A line alone. A code with a blank in it is a command: among other words it gets quotation marks, which the drawing of code makes needless elsewhere. */
export function lineText(line: Line, words: Words): string {
  return line.map((span) => (span.kind === 'code' && line.length > 1 && /\s/.test(span.text) ? words.say.quoted(span.text) : spanText(span, words))).join('');
}

function spanText(span: Span, words: Words): string {
  switch (span.kind) {
    case 'text':
    case 'foreign':
    case 'code':
      return span.text;
    case 'instant':
      return instantText(span.at, span.format, words);
    case 'mention':
      return `@${span.name}`;
    default:
      return span satisfies never;
  }
}

function instants(lines: readonly Line[]): number[] {
  return lines.flat().flatMap((span) => (span.kind === 'instant' ? [span.at] : []));
}

function linesOf(block: Block): readonly Line[] {
  switch (block.kind) {
    case 'line':
    case 'note':
      return [block.spans];
    case 'quote':
      return [block.label];
    case 'progress':
      return [block.caption];
    case 'facts':
      return block.facts.map((fact) => fact.value);
    case 'list':
      return [block.title, ...block.items.flat()];
    case 'timeline':
      return block.items.map((item) => item.line);
    default:
      return block satisfies never;
  }
}
