/** Cutting a card that is too large: pure, and by '…' alone, since an adapter has no words of its own. */
import type { Block, Card, Line, Span } from '../../src/domain/card.ts';
import { type Cut, MENTION_ID_LENGTH, MENTIONS, SPANS } from './limits.ts';
import type { Mention } from './render-line.ts';
import { cutTo } from './render-text.ts';

const ELLIPSIS: Line = [{ kind: 'text', text: '…', bold: false }];

/** What a moment counts as, of a line's length. */
const MOMENT_LENGTH = 20;

/** The card with everything cut as `cut` says. */
export function cutCard(card: Card, cut: Cut): Card {
  const { title, blocks } = withLines(card, (line) => cutLine(line, cut.piece));
  const kept = firstOf(blocks, cut.blocks, { kind: 'line', spans: ELLIPSIS });
  return { ...card, title, blocks: kept.map((block) => cutBlock(block, cut)), actions: card.actions.filter((action) => jsonBytes(action) <= cut.action) };
}

function firstOf<Item>(items: readonly Item[], most: number, ellipsis: NoInfer<Item>): readonly Item[] {
  return items.length <= most ? items : [...items.slice(0, most), ellipsis];
}

/** All of a block but its lines, which are cut already. */
function cutBlock(block: Block, { piece, items: most }: Cut): Block {
  switch (block.kind) {
    case 'line':
    case 'note':
      return block;
    case 'quote':
      return { ...block, text: cutTo(block.text, piece) };
    case 'progress':
      return { ...block, steps: firstOf(block.steps, most, { label: '…', mark: 'open' }).map((step) => ({ ...step, label: cutTo(step.label, piece) })) };
    case 'facts':
      return { ...block, facts: firstOf(block.facts, most, { label: '', value: ELLIPSIS }).map((fact) => ({ ...fact, label: cutTo(fact.label, piece) })) };
    case 'list':
      return { ...block, items: firstOf(block.items, most, [ELLIPSIS]).map((item) => firstOf(item, most, ELLIPSIS)) };
    case 'timeline': {
      const entries = firstOf(block.items, most, { mark: 'none', line: ELLIPSIS, quote: '' });
      return { ...block, items: entries.map((entry) => ({ ...entry, quote: cutTo(entry.quote, piece) })) };
    }
    default:
      return block satisfies never;
  }
}

function cutLine(line: Line, length: number): Line {
  let left = length;
  const spans: Span[] = [];
  for (const span of line) {
    if (left <= 0 || spans.length >= SPANS) return [...spans, ...ELLIPSIS];
    const short: Span = 'text' in span ? { ...span, text: cutTo(span.text, left) } : span;
    spans.push(short);
    // It ends in the ellipsis already.
    if ('text' in short && 'text' in span && short.text !== span.text) return spans;
    left -= 'text' in short ? [...short.text].length : MOMENT_LENGTH;
  }
  return spans;
}

/** The mentions of a card, as many as it may have, and the card with the others, and those of nobody, as names like any other. */
export function fewMentions(card: Card): { readonly card: Card; readonly mentions: readonly Mention[] } {
  const mentions: Mention[] = [];
  const changed = withLines(card, (line) =>
    line.map((span): Span => {
      if (span.kind !== 'mention') return span;
      const isReal = mentions.length < MENTIONS && span.id !== '' && span.id.isWellFormed() && span.id.length <= MENTION_ID_LENGTH;
      if (!isReal) return { kind: 'foreign', text: `@${span.name}`, bold: false };
      mentions.push(span);
      return span;
    }),
  );
  return { card: changed, mentions };
}

function withLines(card: Card, change: (line: Line) => Line): Card {
  const title = change(card.title);
  const blocks = card.blocks.map((block): Block => {
    switch (block.kind) {
      case 'line':
      case 'note':
        return { ...block, spans: change(block.spans) };
      case 'quote':
        return { ...block, label: change(block.label) };
      case 'progress':
        return { ...block, caption: change(block.caption) };
      case 'facts':
        return { ...block, facts: block.facts.map((fact) => ({ ...fact, value: change(fact.value) })) };
      case 'list':
        return { ...block, title: change(block.title), items: block.items.map((item) => item.map(change)) };
      case 'timeline':
        return { ...block, items: block.items.map((item) => ({ ...item, line: change(item.line) })) };
      default:
        return block satisfies never;
    }
  });
  return { ...card, title, blocks };
}

const encoder = new TextEncoder();

/** Bytes of a value as JSON in UTF-8. */
export function jsonBytes(value: unknown): number {
  return encoder.encode(JSON.stringify(value)).length;
}

/** The beginning of a text that takes at most `bytes` as JSON, quotation marks included; the whole text where that fits. */
export function cutToBytes(text: string, bytes: number): string {
  if (jsonBytes(text) <= bytes) return text;
  let left = bytes - jsonBytes('…');
  let end = 0;
  for (const letter of text) {
    left -= jsonBytes(letter) - jsonBytes('');
    if (left < 0) break;
    end += letter.length;
  }
  return `${text.slice(0, end)}…`;
}
