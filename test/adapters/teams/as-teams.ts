/** What the Adaptive Cards library says of a card, and what is written in one. */
import { createRequire } from 'node:module';
import type * as Library from 'adaptivecards';
import type { AdaptiveCard, Element } from '../../../adapters/teams/elements.ts';

const require = createRequire(import.meta.url);
/** Its module entry can't be loaded by node; this one can, and by a browser. */
export const LIBRARY_PATH = require.resolve('adaptivecards/dist/adaptivecards.js');
const library: typeof Library = require(LIBRARY_PATH);

/** Teams shows six buttons; the library's own default is five. */
const HOST = { actions: { maxActions: 6 } };

/** Everything the library has to complain of. Its check of `lang` keeps state and refuses every second card, so that it is set after. */
export function complaintsOf({ lang, ...others }: AdaptiveCard): string[] {
  const card = new library.AdaptiveCard();
  card.hostConfig = new library.HostConfig(HOST);
  const context = new library.SerializationContext();
  card.parse(others, context);
  card.lang = lang;
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  const { validationEvents } = card.validateProperties();
  const invalid = validationEvents.map(({ message }) => message);
  const language = /^(en|zh)$/.test(lang) ? [] : [`lang ${lang}`];
  return [...events, ...invalid, ...language];
}

export type Written = { readonly where: 'parsed' | 'runs'; readonly text: string };

/** All texts of elements, in the order they are read; 'parsed' = as markdown. */
export function writtenIn(elements: readonly Element[]): Written[] {
  return elements.flatMap((element): Written[] => {
    switch (element.type) {
      case 'TextBlock':
        return [{ where: 'parsed', text: element.text }];
      case 'RichTextBlock':
        return element.inlines.map(({ text }) => ({ where: 'runs', text }));
      case 'FactSet':
        return element.facts.flatMap(({ title, value }) => [title, value].filter((text) => text !== '').map((text): Written => ({ where: 'parsed', text })));
      case 'Container':
        return writtenIn(element.items);
      case 'ColumnSet':
        return element.columns.flatMap(({ items }) => writtenIn(items));
      default:
        return element satisfies never;
    }
  });
}

/** A text as it looks: without what is not seen, blanks as one, control characters gone. */
export function asSeen(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\u2060\u200b\u2066-\u2069]/g, '')
    .replace(/\s+/gu, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}

/** Without the escapes of markdown. */
export function unescaped({ where, text }: Written): string {
  return where === 'parsed' ? text.replace(/\\([\\`*_[\]<>#~|&])/g, '$1') : text;
}
