/** What follows a command's word, command by command. */
import type { Command } from './command.ts';
import {
  ALL_WORDS,
  type CommandWord,
  EXAMPLE_JOB,
  folded,
  languageWord,
  PAGE_WORDS,
  PROBLEM_WORDS,
  presetWord,
  SURE_WORDS,
  TYPED_PRESETS,
} from './command-words.ts';
import type { CommandError, Expected } from './message.ts';
import { parseMute } from './mute-duration.ts';
import { nearestOf } from './nearest.ts';
import type { Person, Preset } from './subscription.ts';
import { quote, type Token } from './tokens.ts';
import { bare, cut, isUnclosed, jobFirst, mentioned, optionOf, pageNumber, personOf, type Spoken, shown } from './typed-words.ts';

export type ParsedCommand = { readonly kind: 'ok'; readonly command: Command } | { readonly kind: 'error'; readonly error: CommandError };

export type Arguments = Spoken & { readonly word: CommandWord; readonly tokens: readonly Token[] };

/** The longest voice name upstream takes (job detail, `voice_name`); nothing longer names a job. */
const LONGEST_NAME = 256;

const NOTHING: Token = { text: '', quoted: false };

export function parseArguments(given: Arguments): ParsedCommand {
  switch (given.word) {
    case 'subscribe':
      return subscribe(given);
    case 'unsubscribe':
      return unsubscribe(given);
    case 'status':
    case 'unmute':
      return aboutOneJob(given.word, given);
    case 'history':
      return history(given);
    case 'mute':
      return mute(given);
    case 'list':
      return list(given);
    case 'jobs':
      return ok({ name: 'jobs', search: [...given.tokens.map((token) => shown(token, given.mentions)).join(' ')].slice(0, LONGEST_NAME).join('').trim() });
    case 'language':
      return language(given);
    case 'test':
      return given.tokens[0] ? refused(given, given.tokens[0], 'test') : ok({ name: 'test' });
    case 'help':
      return ok({ name: 'help' });
    default:
      return given.word satisfies never;
  }
}

function subscribe(given: Arguments): ParsedCommand {
  if (given.tokens.length === 0) return ok({ name: 'subscribe-form' });
  let dm = false;
  let notify: Person | null = null;
  const words: Token[] = [];
  for (let at = 0; at < given.tokens.length; at += 1) {
    const token = given.tokens[at] ?? NOTHING;
    const option = optionOf(token);
    if (option === null) {
      words.push(token);
    } else if (option.name === 'dm' && option.value === null) {
      dm = true;
    } else if (option.name === 'notify') {
      const value = option.value === null ? given.tokens[at + 1] : { text: option.value, quoted: false };
      if (option.value === null) at += 1;
      if (!value) return refused(given, token, `subscribe ${exampleJob(words)} --notify me`);
      notify = personOf(value, given);
      if (!notify) return error({ kind: 'cannot-notify', input: cut(shown(value, given.mentions)), why: 'unknown' });
    } else {
      return refused(given, token, `subscribe ${exampleJob(words)} --dm`);
    }
  }
  const [first, ...others] = jobFirst(words);
  const job = jobArgument(given, first, dm ? ' --dm' : '');
  if (job.kind === 'error') return job;
  let preset: Preset | null = null;
  for (const token of others) {
    const meant = token.quoted ? null : presetWord(token.text);
    if (meant === null || (preset !== null && preset !== meant)) {
      const expected = mentioned(token, given.mentions) ? 'other' : 'preset';
      return refused(given, token, `subscribe ${exampleAfter(token, words, given)}`, expected);
    }
    preset = meant;
  }
  return ok({ name: 'subscribe', job: job.text, preset, dm, notify });
}

function unsubscribe(given: Arguments): ParsedCommand {
  const [first, sure, extra] = given.tokens;
  if (!first || first.quoted || !ALL_WORDS.has(folded(bare(first)))) return aboutOneJob('unsubscribe', given);
  const isSure = sure !== undefined && !sure.quoted && SURE_WORDS.has(folded(sure.text));
  const wrong = isSure ? extra : sure;
  return wrong ? refused(given, wrong, 'unsubscribe all', 'one-job') : ok({ name: 'unsubscribe-all', sure: isSure });
}

function aboutOneJob(word: 'unsubscribe' | 'status' | 'unmute', given: Arguments): ParsedCommand {
  const [first, extra] = given.tokens;
  const job = jobArgument(given, first, '');
  if (job.kind === 'error') return job;
  if (first && extra) return refused(given, extra, `${word} ${isUnclosed(first) ? wholeName(given.tokens) : quote(job.text)}`, 'one-job');
  return ok({ name: word, job: job.text });
}

function history(given: Arguments): ParsedCommand {
  const [first, ...others] = given.tokens;
  const job = jobArgument(given, first, '');
  if (job.kind === 'error') return job;
  let page: number | null = null;
  let filter: 'all' | 'problems' = 'all';
  for (const token of others) {
    const number = pageNumber(token);
    if (!token.quoted && PAGE_WORDS.has(folded(token.text)) && page === null) continue;
    if (!token.quoted && PROBLEM_WORDS.has(folded(token.text))) filter = 'problems';
    else if (number !== null && page === null) page = number;
    else return refused(given, token, `history ${quote(job.text)}`, token === others[0] && !/^\d+$/.test(token.text) ? 'one-job' : 'other');
  }
  return ok({ name: 'history', job: job.text, page, filter });
}

function mute(given: Arguments): ParsedCommand {
  const [first, ...others] = given.tokens;
  const job = jobArgument(given, first, ' 2h');
  if (job.kind === 'error') return job;
  const duration = others.map((token) => shown(token, given.mentions)).join(' ');
  const forMs = parseMute(duration);
  if (forMs !== null) return ok({ name: 'mute', job: job.text, forMs });
  return refused(given, { text: duration, quoted: true }, `mute ${quote(job.text)} 2h`, 'duration');
}

function list(given: Arguments): ParsedCommand {
  const [first, extra] = given.tokens.filter((token) => token.quoted || !PAGE_WORDS.has(folded(token.text)));
  const page = first ? pageNumber(first) : 1;
  if (page === null || extra) return refused(given, (page === null ? first : extra) ?? NOTHING, 'list');
  return ok({ name: 'list', page });
}

function language(given: Arguments): ParsedCommand {
  const [word, extra] = given.tokens;
  const meant = word ? languageWord(word.text) : null;
  if (meant === null || extra) return refused(given, (meant === null ? word : extra) ?? NOTHING, `language ${meant ?? 'zh-CN'}`, 'language');
  return ok({ name: 'language', language: meant });
}

/** The job that a command is about; without one, with a person, or with a page of text in its place, what to type instead. */
function jobArgument(
  given: Arguments,
  token: Token | undefined,
  after: string,
): { readonly kind: 'job'; readonly text: string } | Extract<ParsedCommand, { kind: 'error' }> {
  const example = `${given.word} ${EXAMPLE_JOB}${after}`;
  const text = token ? bare(token) : '';
  if (!token || text === '') return error({ kind: 'missing-job', command: given.word, example });
  if (mentioned(token, given.mentions) || text.length > LONGEST_NAME) return refused(given, token, example);
  return { kind: 'job', text };
}

/** Written by hand or copied, this is no first word of a voice name. */
const LIKE_AN_ID = /^(?=.*\d)[0-9a-f-]{6,64}$/i;

/** The likeliest cure of an argument too many: a person wants `--notify`, a slip its preset, a name with blanks wants quotes. */
function exampleAfter(extra: Token, words: readonly Token[], given: Arguments): string {
  if (mentioned(extra, given.mentions)) return `${exampleJob(words)} --notify ${shown(extra, given.mentions)}`;
  if (words.some((word) => !word.quoted && presetWord(word.text) !== null)) return `${exampleJob(words)} problems`;
  const [near] = extra.quoted ? [] : nearestOf(extra.text, TYPED_PRESETS, 1);
  const preset = near === undefined ? null : presetWord(near);
  if (preset) return `${exampleJob(words)} ${preset}`;
  return LIKE_AN_ID.test(words[0]?.text ?? '') ? `${exampleJob(words)} milestones` : wholeName(words);
}

function exampleJob(words: readonly Token[]): string {
  const [job] = jobFirst(words);
  return job && bare(job).length <= LONGEST_NAME ? quote(bare(job)) : EXAMPLE_JOB;
}

function wholeName(words: readonly Token[]): string {
  const name = words.map(bare).join(' ');
  const oneName = name.length <= LONGEST_NAME && words.every((word) => !word.quoted && optionOf(word) === null && !word.text.startsWith('<@'));
  return oneName ? quote(name) : exampleJob(words);
}

function refused(given: Arguments, token: Token, ...[example, expected = 'other']: [string, Expected?]): Extract<ParsedCommand, { kind: 'error' }> {
  return error({ kind: 'bad-argument', command: given.word, input: cut(shown(token, given.mentions)), example, expected });
}

function ok(command: Command): ParsedCommand {
  return { kind: 'ok', command };
}

function error(what: CommandError): Extract<ParsedCommand, { kind: 'error' }> {
  return { kind: 'error', error: what };
}
