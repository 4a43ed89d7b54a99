/** The live card: where a job stands, edited in place. Nothing on it ages: times are instants, durations are of steps that are over. */
import type { Block, CardAction, Severity } from '../card.ts';
import type { JobView, PostMessage } from '../message.ts';
import { type Progress, progressOf } from '../progress.ts';
import { duration } from '../text/format.ts';
import { instant, line, sentence } from '../text/line.ts';
import { reviewOf } from './audit.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { entryWords, operatorWords } from './entry.ts';
import { awaitsApproval, problemAction, standingAction } from './next-step.ts';
import {
  button,
  codeSpan,
  historyButton,
  jobLine,
  lineBlock,
  nameSpan,
  noteBlock,
  openButton,
  standing,
  stateWords,
  stepsBlocks,
  unfollowButton,
} from './parts.ts';
import { reasonBlocks, reasonsOf } from './reasons.ts';

/** A reason on the live card; the whole is in the message about it. */
const REASON_LENGTH = 300;
/** Earlier attempts told on the card; all are in the history. */
const EARLIER_SHOWN = 2;

type Fact = Extract<Block, { kind: 'facts' }>['facts'][number];

export function liveCard(message: Extract<PostMessage, { kind: 'live' }>, words: Words): Draft {
  const { view } = message;
  const progress = progressOf(view.journal, view.facts);
  const blocks = [...headBlocks(view, progress, words), ...stepsBlocks(progress, words), ...earlierBlocks(progress, words), factsBlock(view, progress, words)];
  return draft({
    ...look(progress, view),
    title: words.say.titled(nameSpan(view), headline(view, progress, words)),
    blocks: progress.completed && !progress.gone ? [...blocks, noteBlock(line`${words.say.finished}`)] : blocks,
    actions: buttons([
      historyButton(view, words),
      filesButton(view, progress, words),
      progress.completed ? null : unfollowButton(view, words),
      openButton(view, words),
    ]),
  });
}

/** The root's last edit. */
export function noLongerFollowedCard(view: JobView, words: Words): Draft {
  const progress = progressOf(view.journal, view.facts);
  return draft({
    severity: 'info',
    title: words.say.titled(nameSpan(view), standing(progress, view, words)),
    blocks: [
      ...stepsBlocks(progress, words),
      { kind: 'facts', facts: [{ label: words.say.job, value: jobLine(view, words) }] },
      noteBlock(line`${words.say.noLongerFollowed}`),
    ],
    actions: buttons([historyButton(view, words), openButton(view, words)]),
  });
}

/** Where the job stands by its journal; by its state only where that waits for a person. */
function headline(view: JobView, progress: Progress, words: Words): ReturnType<typeof standing> {
  return awaitsApproval(progress, view) ? stateWords('USER_RESULT_REVIEW', words) : standing(progress, view, words);
}

/** Colour and emoji of where a job stands. */
export function look(progress: Progress, view: JobView): { readonly severity: Severity; readonly emoji: string } {
  if (progress.gone) return { severity: 'warning', emoji: '⚠️' };
  if (progress.failure) return { severity: 'bad', emoji: '❌' };
  if (progress.completed) return { severity: 'good', emoji: '✅' };
  if (awaitsApproval(progress, view)) return { severity: 'warning', emoji: '⚠️' };
  return { severity: 'progress', emoji: '⏳' };
}

/** The files of the review that failed last, where it named any. */
export function filesButton(view: JobView, progress: Progress, { say }: Words): CardAction | null {
  const { failure, gone } = progress;
  const count = failure && !gone ? reviewOf(view, progress, failure.attempt).files.length : 0;
  return count > 0 ? button(say.button.allFiles(count), { name: 'files', job: view.job }) : null;
}

/** Must somebody act, and the last reason. */
export function headBlocks(view: JobView, progress: Progress, words: Words): Block[] {
  const { failure } = progress;
  if (!failure || progress.gone) {
    const standingLine = standingAction(progress, view, words);
    return standingLine ? [standingLine] : [];
  }
  const reasons = reasonsOf(failure, progress, { view, words });
  const files = reviewOf(view, progress, failure.attempt).files.length;
  const { blocks, isCut } = reasonBlocks(reasons, REASON_LENGTH);
  const more = isCut || files > 0 ? words.say.detailsBehind : '';
  return [problemAction({ told: failure, reasons, files, filesShown: false }, { view, progress, more }, words), ...blocks];
}

function earlierBlocks(progress: Progress, words: Words): Block[] {
  return progress.earlier.slice(-EARLIER_SHOWN).map((ended) => {
    const how = words.say.meaning[ended.meaning];
    const told = line`${words.say.earlierAttempt(ended.attempt, how)}`;
    return lineBlock(ended.at === null ? told : words.say.at(told, instant(ended.at)));
  });
}

/** Facts below the steps; none that is not known. */
export function factsBlock(view: JobView, progress: Progress, words: Words, more: readonly Fact[] = []): Block {
  const { say } = words;
  const facts: Fact[] = [];
  const took = tookValue(progress, words);
  if (took !== '') facts.push({ label: say.took, value: line`${took}` });
  if (progress.attempt > 0) facts.push({ label: say.attempt, value: line`${say.attemptValue(progress.attempt, progress.rejections)}` });
  if (progress.last && !progress.completed) {
    const operator = operatorWords(progress.last, words);
    const what = sentence(entryWords(progress.last, words));
    facts.push({ label: say.lastEntry, value: operator.length > 0 ? line`${what}${say.inBrackets(operator)}` : what });
  }
  if (progress.completed && view.facts?.assetId) facts.push({ label: say.voiceAsset, value: [codeSpan(view.facts.assetId)] });
  return { kind: 'facts', facts: [...facts, ...more, { label: say.job, value: jobLine(view, words) }] };
}

function tookValue(progress: Progress, { say, language }: Words): string {
  const total = progress.completed && progress.tookMs !== null ? duration(progress.tookMs, language) : '';
  if (total === '') return '';
  const parts = (['human', 'training'] as const).flatMap((spender) => {
    const part = duration(progress.spent[spender], language);
    return part === '' ? [] : [say.tookPart[spender](part)];
  });
  return say.tookOf(total, parts);
}
