/** Splits what somebody typed into words. People type on phones: quotes are curly, blanks are wide, invisible marks come along. */

/** A quoted token is always plain text: never an option, a preset or a mention. */
export type Token = { readonly text: string; readonly quoted: boolean };

/** Characters that close what one opens. A closing quote is one before a blank or the end, so that a name may hold others. */
const DOUBLE = '"“”„‟＂«»';
const SINGLE = "'‘’‚＇";
const QUOTES: readonly { readonly open: string; readonly close: string; readonly escapes: boolean; readonly anywhere: boolean }[] = [
  { open: DOUBLE, close: DOUBLE, escapes: true, anywhere: false },
  { open: SINGLE, close: SINGLE, escapes: false, anywhere: false },
  { open: '`', close: '`', escapes: false, anywhere: false },
  // Chinese is written without blanks: here the first closing mark closes.
  { open: '「『《', close: '」』》', escapes: false, anywhere: true },
];

/** Zero-width and direction marks, which copying brings along; never part of a word's meaning at its ends. */
const INVISIBLE = /^[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$/gu;

/** The words of a text in order; what is in quotes is one word. Never throws; a quote that nothing closes is a letter like others. */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (isBlank(text[at])) {
      at += 1;
      continue;
    }
    const quoted = quotedAt(text, at);
    if (quoted) {
      found.push({ text: quoted.text.trim(), quoted: true });
      at = quoted.end;
      continue;
    }
    let end = at;
    while (end < text.length && !isBlank(text[end])) end += 1;
    const word = text.slice(at, end).replace(INVISIBLE, '');
    if (word !== '') found.push({ text: word, quoted: false });
    at = end;
  }
  return found;
}

/** A text as one token: in quotes unless it is plainly one word. `tokens(quote(text))` is that text again, but for blanks at its ends. */
export function quote(text: string): string {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(text) ? text : `"${text.replace(/["“”„‟＂«»\\]/gu, '\\$&')}"`;
}

function quotedAt(text: string, start: number): { text: string; end: number } | null {
  const opening = text[start] ?? '';
  const kind = QUOTES.find(({ open }) => open.includes(opening));
  if (!kind) return null;
  let inner = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    const next = text[at + 1];
    if (kind.escapes && letter === '\\' && next !== undefined && (next === '\\' || kind.close.includes(next))) {
      inner += next;
      at += 1;
    } else if (kind.close.includes(letter) && (kind.anywhere || next === undefined || isBlank(next))) {
      return { text: opening === '`' ? inner.replace(/^`+|`+$/g, '') : inner, end: at + 1 };
    } else {
      inner += letter;
    }
  }
  return null;
}

function isBlank(letter: string | undefined): boolean {
  return letter !== undefined && /\s/u.test(letter);
}
