/** Parts that several cards share. */

import type { Block, CardAction, Line, Span } from '../card.ts';
import { type Action, encodeAction } from '../card-actions.ts';
import type { Command } from '../command.ts';
import { formatCommand } from '../format-command.ts';
import { jobIdOf } from '../job.ts';
import type { JobView } from '../message.ts';
import type { Progress } from '../progress.ts';
import type { Person } from '../subscription.ts';
import { bold, code, foreign, instant, line } from '../text/line.ts';
import type { Words } from './draft.ts';

/** Title of a card, file line, code of an unknown action: lengths that a phone shows whole (cards reference, "Cut"). */
const NAME_LENGTH = 60;
const FILE_LENGTH = 40;
/** A button's label: Slack takes 75. */
const LABEL_LENGTH = 75;

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** One line of somebody else's words, cut at the end. */
export function cut(words: string, length: number): string {
  const letters = [...words.toWellFormed()];
  return letters.length <= length ? letters.join('') : `${letters.slice(0, length - 1).join('')}…`;
}

/** Without line breaks and other control characters. */
export function oneLine(words: string): string {
  return words.replace(BREAKS, ' ').trim();
}

/** What the job is called: its voice name, or its short id while that is not known. */
export function nameOf(view: JobView): string {
  return cut(oneLine(view.facts?.voiceName ?? '') || view.shortId, NAME_LENGTH);
}

export function nameSpan(view: JobView): Span {
  return foreign(nameOf(view));
}

/** Name and id; the id alone while that is all there is. */
export function nameAndId(view: JobView): Line {
  const id = codeSpan(view.shortId);
  return nameOf(view) === view.shortId ? [id] : line`${{ ...foreign(nameOf(view)), bold: true }} ${id}`;
}

export function foreignName(words: string): Span {
  return foreign(cut(oneLine(words), NAME_LENGTH));
}

/** Somebody to be notified. */
export function mention(person: Person): Span {
  return { kind: 'mention', id: person.id, name: cut(oneLine(person.name), NAME_LENGTH) };
}

/** A code or id from outside: on one line, and no longer than a name. */
export function codeSpan(words: string): Span {
  return code(cut(oneLine(words), NAME_LENGTH));
}

/** A file's name, the middle left out. */
export function fileName(words: string): string {
  const letters = [...oneLine(words).toWellFormed()];
  const end = Math.floor(FILE_LENGTH / 2);
  return letters.length <= FILE_LENGTH ? letters.join('') : `${letters.slice(0, FILE_LENGTH - end - 1).join('')}…${letters.slice(-end).join('')}`;
}

/** The second line of a card: must somebody act, and what about it. */
export function action(need: 'yes' | 'no' | 'unsaid', sentences: readonly string[], { say }: Words): Block {
  const [first = '', ...rest] = sentences;
  const phrase = need === 'unsaid' ? first : need === 'yes' ? say.actionNeeded : say.noActionNeeded;
  const then = need === 'unsaid' ? rest : sentences;
  const tail = then.filter((one) => one !== '').join(say.gap);
  return { kind: 'line', spans: tail === '' ? line`${bold(phrase)}` : line`${bold(phrase)}${say.gap}${tail}` };
}

export function lineBlock(spans: Line): Block {
  return { kind: 'line', spans };
}

/** A bold line above what it is the title of. */
export function headingBlock(words: string, { say }: Words): Block {
  return lineBlock([bold(say.labelled(words, '').trimEnd())]);
}

export function noteBlock(spans: Line): Block {
  return { kind: 'note', spans };
}

/** The progress line; none while nothing is known. */
export function stepsBlocks(progress: Progress, { say }: Words): Block[] {
  if (!isUnderWay(progress) && !progress.completed) return [];
  const steps = progress.steps.map(({ step, mark }) => ({ label: say.step[step], mark }));
  return [{ kind: 'progress', caption: stepCaption(progress, { say }), steps }];
}

function stepCaption(progress: Progress, { say }: Pick<Words, 'say'>): Line {
  const since = progress.since === null ? null : instant(progress.since);
  const count = progress.steps.length;
  const { current } = progress;
  if (progress.completed || current === null) return say.allStepsDone(count, since);
  const position = progress.steps.findIndex(({ step }) => step === current) + 1;
  const name = bold(current === 'submitted' ? say.submission : say.step[current]);
  const stopped = progress.steps[position - 1]?.mark === 'failed';
  return stopped ? say.stoppedAtStep(position, count, name, since) : say.stepUnderWay(position, count, name, since);
}

/** Id and type of the job. */
export function jobLine(view: JobView, { say }: Words): Line {
  const type = view.facts?.jobType ?? '';
  const known = Object.hasOwn(say.jobType, type) ? say.jobType[type] : undefined;
  const id = codeSpan(view.shortId);
  if (known) return line`${id} · ${known}`;
  return type === '' ? [id] : line`${id} · ${codeSpan(type)}`;
}

/** A job state in words; an unknown one as its code. */
export function stateWords(state: string, { say }: Words): Line {
  const known = Object.hasOwn(say.state, state) ? say.state[state] : undefined;
  return known ? line`${known}` : state === '' ? [] : [codeSpan(state)];
}

/** A step is known: by the log or the job's state, and not by its being there alone. */
function isUnderWay({ current, last }: Progress): boolean {
  return current !== null && (last !== null || current !== 'created');
}

/** An id that was accepted unread, and of which MetaStudio has never known anything. */
export function isUnknown(progress: Progress, view: JobView): boolean {
  return progress.gone !== null && progress.last === null && view.facts === null;
}

/** What that asks for. */
export function unknownBlock({ say }: Words): Block {
  return lineBlock(line`${bold(say.unknownSentence)}${say.gap}${say.unknownThen}`);
}

/** Where the job stands, as it follows a voice name. */
export function standing(progress: Progress, view: JobView, words: Words): Line {
  const { say } = words;
  if (progress.gone) return line`${isUnknown(progress, view) ? say.unknownToUpstream : say.meaning.gone}`;
  if (progress.failure) return line`${say.meaning[progress.failure.meaning]}`;
  if (progress.completed) return line`${say.doing.completed}`;
  const state = view.facts?.state ?? '';
  if (progress.last === null && state !== '') return stateWords(state, words);
  return line`${progress.current !== null && isUnderWay(progress) ? say.doing[progress.current] : say.nothingInLog}`;
}

/** The words of a line that has no instants or people in it. */
export function lineWords(words: Line): string {
  return words.map((span) => ('text' in span ? span.text : '')).join('');
}

/** Why what is told may be old. `stale` is 'closed' while MetaStudio refuses the credentials. */
export function staleLine(stale: string, readAt: number, { say }: Words): Line {
  const why = stale === 'closed' ? say.staleClosed : say.staleUnavailable;
  return readAt > 0 ? line`${why}${say.gap}${say.knownAt(instant(readAt))}` : line`${why}`;
}

// ---- buttons ------------------------------------------------------------------------------------------------------------------

export function button(label: string, given: Action, more: Partial<Pick<CardAction, 'style' | 'confirm'>> = {}): CardAction {
  return { ...encodeAction(given), label: cut(label, LABEL_LENGTH), url: null, style: 'default', confirm: null, ...more };
}

/** A button that opens a page; only web addresses become one. */
export function linkButton(label: string, url: string | null): CardAction | null {
  if (url === null || !/^https?:\/\//i.test(url)) return null;
  return { name: '', value: '', label, url, style: 'default', confirm: null };
}

export function historyButton(view: JobView, { say }: Words): CardAction {
  return button(say.button.history, { name: 'history', job: view.job, page: null, filter: 'all' });
}

/** Asks first: it stands where everybody can click it. */
export function unfollowButton(view: JobView, { say }: Words): CardAction {
  const confirm = { question: say.unfollowQuestion, yes: say.unfollowYes, no: say.unfollowNo };
  return button(say.button.unfollow, { name: 'unfollow', job: view.job }, { confirm });
}

export function openButton(view: JobView, { say }: Words): CardAction | null {
  return linkButton(say.button.openJob, view.link);
}

/** Nobody: a button's command never names its reader. */
export const NOBODY: Person = { platform: '', id: '', name: '' };

/** The text of a command for a button. Whom to notify is left out: a text can't name a person. */
export function commandText(command: Command): string {
  return formatCommand(command.name === 'subscribe' ? { ...command, notify: null } : command, NOBODY);
}

/** A command that works whatever the voice is called. */
export function commandFor(view: JobView, word: string, rest = ''): Span {
  return code([word, view.shortId || jobIdOf(view.job), rest].filter((part) => part !== '').join(' '));
}
