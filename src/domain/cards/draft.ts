/** A card before its plain text, and what the makers of cards are given. */
import type { Block, Card, CardAction, Line } from '../card.ts';
import type { Wording } from '../message.ts';
import { plainText } from '../plain-text.ts';
import type { Catalogue } from '../text/catalogue.ts';

/** How and for whom, with the sentences to say it in. */
export type Words = Wording & { readonly say: Catalogue };

export type Draft = Omit<Card, 'language' | 'text'> & {
  /** What the plain text says in place of title and blocks, where a drawn thread says it already: the voice name before a single entry. */
  readonly spoken: { readonly title: Line; readonly blocks: readonly Block[] } | null;
};

/** Fills in what most cards leave empty. */
export function draft(given: Partial<Draft> & Pick<Draft, 'severity'>): Draft {
  return { emoji: '', title: [], blocks: [], actions: [], spoken: null, ...given };
}

/** The card of a draft, with its plain text. */
export function finished({ spoken, ...card }: Draft, words: Words): Card {
  const blocks = card.blocks.filter(hasContent);
  const text = plainText({ ...(spoken ?? card), actions: card.actions }, words);
  return { language: words.language, ...card, blocks, text };
}

function hasContent(block: Block): boolean {
  switch (block.kind) {
    case 'line':
    case 'note':
      return block.spans.length > 0;
    case 'facts':
      return block.facts.length > 0;
    case 'list':
    case 'timeline':
      return block.items.length > 0;
    case 'quote':
      return block.text !== '';
    case 'progress':
      return true;
    default:
      return block satisfies never;
  }
}

/** At most `most` buttons; the first are the most wanted. */
export function buttons(actions: readonly (CardAction | null)[], most = 3): CardAction[] {
  return actions.filter((action) => action !== null).slice(0, most);
}
