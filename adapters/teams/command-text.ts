/** The command in what somebody wrote. Pure. */
import type { Account, Activity } from './activity.ts';

export type Said = { readonly text: string; readonly named: readonly Account[]; readonly toBot: boolean };

/** Marks the place of a mention while the words around it are read; nobody can type them, since they are taken out first. */
const MARK = { open: '\uE000', close: '\uE001' };
const MARKS = /[\uE000\uE001]/g;

/** Text as Teams escapes it in messages. */
const ESCAPES: Readonly<Record<string, string>> = { '&nbsp;': ' ', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' };

/**
 * `@voicejob list`, `/voicejob list`, `/list` and `list` are the same. Each mention becomes `<@n>`, n its place in `named`; the bot's own goes.
 * Nobody can type such a mark themselves.
 */
export function commandOf({ text, mentions, recipient }: Pick<Activity, 'text' | 'mentions' | 'recipient'>): Said {
  const named: Account[] = [];
  let toBot = false;
  let words = text.replaceAll(MARKS, '');
  for (const { text: written, mentioned } of mentions) {
    const at = written === '' ? -1 : words.indexOf(written);
    if (at < 0 || mentioned.id === '') continue;
    const isBot = mentioned.id === recipient.id;
    toBot ||= isBot;
    words = `${words.slice(0, at)}${isBot ? ' ' : ` ${MARK.open}${placeIn(named, mentioned)}${MARK.close} `}${words.slice(at + written.length)}`;
  }
  const plain = words
    .replaceAll(/&(nbsp|lt|gt|quot|#39|amp);/g, (escaped) => ESCAPES[escaped] ?? escaped)
    .replaceAll(/<\/?at[^>]*>/gi, '')
    .replaceAll(/[\s\u00a0\u200b]+/g, ' ')
    .replaceAll(/<(?=@\d+>)/g, '<\u2060')
    .replaceAll(new RegExp(`${MARK.open}(\\d+)${MARK.close}`, 'g'), '<@$1>')
    .trim();
  return { text: withoutName(plain, recipient.name), named, toBot };
}

function placeIn(named: Account[], mentioned: Account): number {
  const known = named.findIndex(({ id }) => id === mentioned.id);
  return known >= 0 ? known : named.push(mentioned) - 1;
}

function withoutName(text: string, botName: string): string {
  const [first = '', ...rest] = text.split(' ');
  const word = first.replace(/^[/@]/, '').toLowerCase();
  if (word === 'voicejob' || (botName !== '' && word === botName.toLowerCase())) return rest.join(' ');
  return text.replace(/^\//, '').trim();
}
