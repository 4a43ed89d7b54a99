/** One entry of a log in words. */
import type { Block, Line, StepMark } from '../card.ts';
import type { Told } from '../progress.ts';
import { isFailing, isPassing } from '../story.ts';
import { duration } from '../text/format.ts';
import { emphasized, instant, joined, line, sentence } from '../text/line.ts';
import type { Words } from './draft.ts';
import { codeSpan, cut, oneLine } from './parts.ts';

/** What is quoted below one entry among several. */
const SHORT_QUOTE = 300;
/** The same of the problem that matters most. */
const LONG_QUOTE = 2000;
/** What is quoted below all entries of one card; the later ones go first. Keeps a message under the 13,200 characters where Slack refuses it. */
const QUOTES_OF_CARD = 3000;

type TimelineItem = Extract<Block, { kind: 'timeline' }>['items'][number];

/** What an entry says, as it follows a voice name: our words, or its action as a code. */
export function entryWords({ entry, meaning, attempt }: Told, { say }: Words): Line {
  if (meaning === 'submitted' && attempt > 1) return line`${say.resubmitted(attempt)}`;
  if (meaning !== 'other') return line`${say.meaning[meaning]}`;
  const name = entry.kind === 'log' ? entry.action : entry.kind === 'state' ? entry.state : entry.kind;
  return oneLine(name) === '' ? line`${say.unnamedEntry}` : [codeSpan(name)];
}

/** Who acted; nothing where the log does not say, or the entry is our own. */
export function operatorWords({ entry }: Told, { say }: Words): Line {
  if (entry.kind !== 'log' || oneLine(entry.operator) === '') return [];
  const known = Object.hasOwn(say.operator, entry.operator) ? say.operator[entry.operator] : undefined;
  return known ? line`${known}` : [codeSpan(entry.operator)];
}

/** "after 4h 52m"; nothing for less than a second. */
function afterWords({ afterMs, meaning, attempt }: Told, { say, language }: Words): string {
  const length = afterMs === null ? '' : duration(afterMs, language);
  if (length === '') return '';
  if (meaning !== 'submitted') return say.after(length);
  return attempt > 1 ? say.afterRejection(length) : say.afterSubmission(length);
}

export function markOf({ meaning }: Told): StepMark | 'none' {
  return isPassing(meaning) ? 'done' : isFailing(meaning) ? 'failed' : 'none';
}

/** What · who · after · time; `name` goes before it, `operators` false leaves out who. Time first where there are several. */
export function entryLine(told: Told, words: Words, shape: { readonly timeFirst: boolean; readonly name: Line; readonly operator: 'shown' | 'unusual' }): Line {
  const time = told.at === null ? [] : [instant(told.at)];
  const what = entryWords(told, words);
  const named = shape.name.length > 0 ? words.say.titled(bare(shape.name), what) : emphasized(sentence(what));
  const operator = shape.operator === 'unusual' && isImplied(told) ? [] : operatorWords(told, words);
  const late = told.entry.kind === 'log' && told.entry.late ? words.say.toldLate : '';
  const rest = joined([named, operator, line`${afterWords(told, words)}`, line`${late}`, shape.timeFirst ? [] : time], ' · ');
  return shape.timeFirst && time.length > 0 ? line`${time}  ${rest}` : rest;
}

function bare(name: Line): Line[number] {
  return name[0] ?? { kind: 'text', text: '', bold: false };
}

const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  USER: ['created', 'submitted'],
  ADMIN: ['human-passed', 'rejected-human'],
  SYSTEM: ['machine-passed', 'rejected-machine', 'rejected-training', 'training-finished', 'training-failed', 'upload-started', 'completed'],
};

/** The entry can hardly come from anybody else. */
function isImplied({ entry, meaning }: Told): boolean {
  return entry.kind === 'log' && Object.hasOwn(IMPLIED, entry.operator) && (IMPLIED[entry.operator]?.includes(meaning) ?? false);
}

/** What was written with an entry: its reasons, then the members of external_info that nobody documents. */
export function quoteOf({ entry }: Told): string {
  if (entry.kind === 'state') return entry.reason;
  if (entry.kind !== 'log') return '';
  return [entry.adminReason, entry.algorithmReason, otherMembers(entry.other)].filter((part) => part.trim() !== '').join('\n');
}

export function otherMembers(other: Readonly<Record<string, string>>): string {
  return Object.entries(other)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');
}

/** Several entries, each a line; `quoted` says whose words stand below theirs. */
export function timelineBlock(
  entries: readonly Told[],
  words: Words,
  shape: { readonly operator: 'shown' | 'unusual'; readonly quoted: (told: Told) => 'no' | 'short' | 'long' },
): Block {
  const length = { no: 0, short: SHORT_QUOTE, long: LONG_QUOTE };
  let left = QUOTES_OF_CARD;
  const items: TimelineItem[] = entries.map((told) => {
    const room = Math.min(length[shape.quoted(told)], left);
    const quote = room > 0 ? cut(quoteOf(told), room) : '';
    left -= quote.length;
    return { mark: markOf(told), line: entryLine(told, words, { timeFirst: true, name: [], operator: shape.operator }), quote };
  });
  return { kind: 'timeline', items };
}
