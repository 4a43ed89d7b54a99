/** What somebody typed, as a command. Pure, and total: any text gives a command or an error that says what to type instead. */
import type { Command } from './command.ts';
import { commandWord, languageWord, TYPED_COMMANDS } from './command-words.ts';
import { formatCommand } from './format-command.ts';
import { nearestOf } from './nearest.ts';
import { type ParsedCommand, parseArguments } from './parse-arguments.ts';
import type { Actor, Person } from './subscription.ts';
import { type Token, tokens } from './tokens.ts';
import { cut, type Spoken, shown } from './typed-words.ts';

export type { ParsedCommand };

/** Zero-width marks and blanks, as copying brings them along. */
const BLANK = '[\\s\\u200b-\\u200f\\u2060-\\u2069\\ufeff]';

/** Slack and Teams take the command's own name off, but people type it again, and mention the bot before a command. */
const BOT_NAME = new RegExp(`^${BLANK}*(?:(?:[/@]?voicejob[:,]?(?=\\s|$)|<@\\d{1,4}>[:,]?)${BLANK}*)*`, 'iu');

const SAYS_SOMETHING = /[\p{L}\p{N}]/u;

/** Digits, joints or other scripts: more a name or an id than an English word. */
const LIKE_A_JOB = /[\d_-]|[^\p{ASCII}]/u;

/**
 * @param text without the command's own name, though it is tolerated; a mention is `<@n>`, n its place in `mentions`
 * @param speaker whom `--notify me` means
 */
export function parseCommand(text: string, mentions: readonly Actor[], speaker: Person): ParsedCommand {
  const typed = text.replace(BOT_NAME, '');
  const [first, ...following] = tokens(typed);
  // Nothing but signs means nothing, or a question.
  if (!first || !SAYS_SOMETHING.test(typed)) return { kind: 'ok', command: { name: 'help' } };
  // A whole command, copied with its quotes or backticks.
  if (first.quoted && following.length === 0 && first.text.length < typed.length && commandWord(tokens(first.text)[0]?.text ?? '')) {
    return parseCommand(first.text, mentions, speaker);
  }
  const known = commandWord(first.text);
  // A language alone can mean one thing only.
  const language = known || following.length > 0 ? null : languageWord(first.text);
  if (language) return { kind: 'ok', command: { name: 'language', language } };
  if (!known) return unknownCommand(first, following, { mentions, speaker });
  const rest = known.rest === '' ? following : tokens(typed.slice(typed.indexOf(first.text) + first.text.length - known.rest.length));
  return parseArguments({ word: known.word, tokens: rest, mentions, speaker });
}

/** The nearest command with the arguments kept, as far as it would run; what no command is near to may be a job. */
function unknownCommand(first: Token, following: readonly Token[], spoken: Spoken): ParsedCommand {
  const unknown = (nearest: string | null): ParsedCommand => ({
    kind: 'error',
    error: { kind: 'unknown-command', input: cut(shown(first, spoken.mentions)), nearest },
  });
  const [near] = nearestOf(first.text, TYPED_COMMANDS, 1);
  const word = near === undefined ? undefined : commandWord(near)?.word;
  if (!word && !LIKE_A_JOB.test(first.text)) return unknown(null);
  const meant = parseArguments({ ...spoken, word: word ?? 'status', tokens: word ? following : [first, ...following] });
  if (meant.kind === 'ok') return unknown(formatCommand(withoutOthers(meant.command, spoken.speaker), spoken.speaker));
  if (!word) return unknown(null);
  return unknown(meant.error.kind === 'bad-argument' ? meant.error.example : word);
}

/** A suggestion is text, and text can't name another person: only the platform can. */
function withoutOthers(command: Command, speaker: Person): Command {
  return command.name === 'subscribe' && command.notify?.id !== speaker.id ? { ...command, notify: null } : command;
}
