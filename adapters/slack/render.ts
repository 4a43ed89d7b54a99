/** Draws a card as a Slack message. Pure, no SDK: the same card gives the same message. */
import type { ActionsBlock, ContextBlock, HeaderBlock, RichTextBlock } from '@slack/types';
import type { Block, Card, Line } from '../../src/domain/card.ts';
import { LAST_RESORT_TEXT, MESSAGE_BLOCKS, MESSAGE_JSON } from './limits.ts';
import { actionsBlocks } from './render-actions.ts';
import { bodyBlocks, isSmallPrint, richText, titleBlocks } from './render-blocks.ts';
import { section, words } from './render-line.ts';
import { cutText, fallbackText, quotedText } from './render-text.ts';

export type SlackBlock = HeaderBlock | RichTextBlock | ContextBlock | ActionsBlock;

/** `text` is escaped; both fit what Slack takes. */
export type SlackMessage = { readonly text: string; readonly blocks: readonly SlackBlock[] };

type Entry = Extract<Block, { kind: 'timeline' }>['items'][number];

/** How long the parts of a card may be, in UTF-16 units and items. */
type Size = { readonly quote: number; readonly words: number; readonly items: number };

/** Tried in this order until the message fits: quotes first, since a whole reason can be had by a button, then the ends of lists. */
const SIZES: readonly Size[] = [
  { quote: Number.POSITIVE_INFINITY, words: Number.POSITIVE_INFINITY, items: Number.POSITIVE_INFINITY },
  { quote: 2500, words: Number.POSITIVE_INFINITY, items: Number.POSITIVE_INFINITY },
  { quote: 1500, words: Number.POSITIVE_INFINITY, items: Number.POSITIVE_INFINITY },
  { quote: 800, words: 2000, items: Number.POSITIVE_INFINITY },
  { quote: 300, words: 800, items: 40 },
  { quote: 300, words: 300, items: 20 },
  { quote: 150, words: 150, items: 10 },
  { quote: 100, words: 100, items: 5 },
];

/** The message of a card: never more than Slack takes, never empty, never throws. A card that fits in no size is drawn as its plain text. */
export function renderSlack(card: Card): SlackMessage {
  const text = fallbackText(card.text);
  for (const size of SIZES) {
    const blocks = blocksOf(shortened(card, size));
    if (fits(blocks)) return { text, blocks };
  }
  const plain = cutText(quotedText(card.text), LAST_RESORT_TEXT);
  return { text, blocks: [...richText(section([words(plain.trim() === '' ? text : plain)])), ...actionsBlocks(card.actions)] };
}

/** Title, body, buttons; small print at the end goes below the buttons. */
function blocksOf(card: Card): SlackBlock[] {
  const below = card.blocks.slice(card.blocks.findLastIndex((block) => !isSmallPrint(block)) + 1);
  const body = card.blocks.slice(0, card.blocks.length - below.length);
  return [...titleBlocks(card), ...bodyBlocks(body, card.language), ...actionsBlocks(card.actions), ...bodyBlocks(below, card.language)];
}

function fits(blocks: readonly SlackBlock[]): boolean {
  const says = blocks.some((block) => block.type !== 'actions');
  return says && blocks.length <= MESSAGE_BLOCKS && JSON.stringify(blocks).length <= MESSAGE_JSON;
}

function shortened(card: Card, size: Size): Card {
  const line = (spans: Line): Line => spans.map((span) => ('text' in span ? { ...span, text: cutText(span.text, size.words) } : span));
  const items = <Item>(all: readonly Item[], rest: Item): readonly Item[] => (all.length <= size.items ? all : [...all.slice(0, size.items), rest]);
  const left: Line = [{ kind: 'text', text: '…', bold: false }];
  const block = (whole: Block): Block => {
    switch (whole.kind) {
      case 'line':
      case 'note':
        return { ...whole, spans: line(whole.spans) };
      case 'quote':
        return { ...whole, label: line(whole.label), text: cutText(whole.text, size.quote) };
      case 'progress':
        return { ...whole, caption: line(whole.caption), steps: whole.steps.map((step) => ({ ...step, label: cutText(step.label, size.words) })) };
      case 'facts':
        return { ...whole, facts: whole.facts.map((fact) => ({ label: cutText(fact.label, size.words), value: line(fact.value) })) };
      case 'list':
        return { ...whole, title: line(whole.title), items: items(whole.items, [left]).map((item) => item.map(line)) };
      case 'timeline':
        return {
          ...whole,
          items: items<Entry>(whole.items, { mark: 'none', line: left, quote: '' }).map((item) => ({
            ...item,
            line: line(item.line),
            quote: cutText(item.quote, size.quote),
          })),
        };
      default:
        return whole satisfies never;
    }
  };
  return { ...card, title: line(card.title), blocks: card.blocks.map(block) };
}
