/** Answers to invokes, as the cards' client takes them (universal actions, "Response format"; dynamic search, "Invoke response"). Pure. */
import type { FormOption } from '../../src/ports/inbound.ts';
import type { AdaptiveCard } from './elements.ts';
import { choice } from './form.ts';
import { OPTIONS, SUMMARY_LENGTH } from './limits.ts';
import { cutTo } from './render-text.ts';

export type InvokeAnswer = { readonly statusCode: 200 | 500; readonly type: string; readonly value: unknown };

/** The card takes the place of the one that was clicked, for who clicked. */
export function cardAnswer(card: AdaptiveCard): InvokeAnswer {
  return { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: card };
}

/** Words that are shown for a moment; '' shows nothing. */
export function wordsAnswer(words: string): InvokeAnswer {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: cutTo(words, SUMMARY_LENGTH) };
}

/** It went wrong: the client says so in words of its own, and `message` is for who looks into it. */
export function errorAnswer(message: string): InvokeAnswer {
  return { statusCode: 500, type: 'application/vnd.microsoft.error', value: { code: '500', message } };
}

export function optionsAnswer(options: readonly FormOption[]): InvokeAnswer {
  return { statusCode: 200, type: 'application/vnd.microsoft.search.searchResponse', value: { results: options.slice(0, OPTIONS).map(choice) } };
}
