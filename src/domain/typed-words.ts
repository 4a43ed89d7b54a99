/** What a single typed word can be, beside itself: a mention, an option, a page. */
import { folded, presetWord, SELF_WORDS } from './command-words.ts';
import type { Actor, Person } from './subscription.ts';
import type { Token } from './tokens.ts';

export type Spoken = { readonly mentions: readonly Actor[]; readonly speaker: Person };

/** What an error quotes of the input, so that a pasted page stays off the card. */
const QUOTED_LENGTH = 80;

/** `--dm`, `--notify` and `--notify=`; phones make one long dash of two. Other words after two dashes are options nobody knows. */
export function optionOf(token: Token): { readonly name: string; readonly value: string | null } | null {
  if (token.quoted) return null;
  const [, dashes, name, value] = /^([-‐‑‒–—―−]+)(\p{L}[\p{L}-]*)(?:[=:](.*))?$/su.exec(token.text.replace(/^[－﹣]+/u, '--')) ?? [];
  if (!dashes || !name) return null;
  const word = folded(name);
  if (dashes === '-' && word !== 'dm' && word !== 'notify') return null;
  return { name: word, value: value === undefined || value === '' ? null : value };
}

/** The person that `--notify` names, or null: only the platform can say who somebody is. */
export function personOf(token: Token, { mentions, speaker }: Spoken): Person | null {
  const actor = mentioned(token, mentions);
  if (actor) return { platform: actor.platform, id: actor.id, name: actor.name };
  return !token.quoted && SELF_WORDS.has(folded(token.text)) ? speaker : null;
}

export function mentioned(token: Token, mentions: readonly Actor[]): Actor | null {
  const [, place] = token.quoted ? [] : (/^<@(\d{1,4})>[,:]?$/.exec(token.text) ?? []);
  return place === undefined ? null : (mentions[Number(place)] ?? null);
}

/** The job and what follows it. `subscribe problems narrator-01` can mean one thing only. */
export function jobFirst(words: readonly Token[]): readonly Token[] {
  const [first, second, ...others] = words;
  if (!first || !second || others.length > 0 || first.quoted || presetWord(first.text) === null) return words;
  return second.quoted || presetWord(second.text) === null ? [second, first] : words;
}

/** A number from 1, or null. */
export function pageNumber(token: Token): number | null {
  const page = token.quoted || !/^\d{1,6}$/.test(token.text) ? 0 : Number(token.text);
  return page > 0 ? page : null;
}

/** Help writes `<job>`, and some copy the brackets; a quote that nothing closes is hardly the first letter of a name. */
export function bare(token: Token): string {
  if (token.quoted) return token.text;
  return /^<([^<>@]+)>$/u.exec(token.text)?.[1] ?? (isUnclosed(token) ? token.text.slice(1) : token.text);
}

/** Begins with a quote that nothing closes: the end of a name with blanks is a guess. */
export function isUnclosed({ text, quoted }: Token): boolean {
  return !quoted && /^["“”„‟＂«»「『《]./u.test(text);
}

/** A word for people: a mention by its name. */
export function shown(token: Token, mentions: readonly Actor[]): string {
  const actor = mentioned(token, mentions);
  return actor ? `@${actor.name}` : token.text;
}

export function cut(text: string): string {
  const letters = [...text];
  return letters.length <= QUOTED_LENGTH ? text : `${letters.slice(0, QUOTED_LENGTH - 1).join('')}…`;
}
