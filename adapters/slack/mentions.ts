/** A command's text as the core reads it: without Slack's escapes, its people as `<@n>`. */
import type { Actor } from '../../src/domain/subscription.ts';
import { MENTIONS } from './limits.ts';

/** `<@U123|ann>`, `<#C123|lab>`, `<https://x.test|x>`, `<!here>`: what Slack makes of names and addresses when the manifest says should_escape. */
const MARK = /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g;
const USER = /^[UW][A-Z0-9]+$/;

export type Worded = { readonly text: string; readonly mentions: readonly Actor[] };

/** Resolves the people in a text; who is not known stays a name. What somebody typed themselves never becomes a mark. */
export async function worded(text: string, find: (id: string) => Promise<Actor | null>): Promise<Worded> {
  const ids = [...text.matchAll(MARK)].flatMap(([, sort, id = '']) => (sort === '@' && USER.test(id) ? [id] : []));
  const wanted = [...new Set(ids)].slice(0, MENTIONS);
  const mentions = (await Promise.all(wanted.map(find))).filter((actor) => actor !== null);
  const parts: string[] = [];
  let end = 0;
  for (const mark of text.matchAll(MARK)) {
    parts.push(typed(text.slice(end, mark.index)), meant(mark, mentions));
    end = mark.index + mark[0].length;
  }
  parts.push(typed(text.slice(end)));
  return { text: parts.join('').trim(), mentions };
}

function meant([, sort = '', id = '', name = '']: RegExpExecArray, mentions: readonly Actor[]): string {
  const words = typed(name === '' ? id : name);
  switch (sort) {
    case '@': {
      const index = mentions.findIndex((actor) => actor.id === id);
      return index < 0 ? `@${words}` : `<@${index}>`;
    }
    case '#':
      return `#${words}`;
    case '!':
      return words.startsWith('@') ? words : `@${words}`;
    default:
      return words;
  }
}

/** A word joiner parts what only looks like one of our marks. */
function typed(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(/<(?=@\d+>)/g, '<\u2060');
}
