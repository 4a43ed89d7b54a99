/** What happened: one entry, or all that waited, as one message. */
import type { Block } from '../card.ts';
import { jobIdOf } from '../job.ts';
import { isMilestone, isProblem, type JournalEntry } from '../journal.ts';
import type { JobView } from '../message.ts';
import { type Progress, progressOf, type Told } from '../progress.ts';
import { meaningOf } from '../story.ts';
import { duration } from '../text/format.ts';
import { bold, emphasized, instant, line, sentence } from '../text/line.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { entryLine, entryWords, markOf, quoteOf, timelineBlock } from './entry.ts';
import { look } from './live.ts';
import { type News, stopLine, summaryBlocks } from './news-parts.ts';
import { isOvertaken, nextAction } from './next-step.ts';
import {
  action,
  codeSpan,
  headingBlock,
  historyButton,
  isUnknown,
  jobLine,
  lineBlock,
  nameSpan,
  noteBlock,
  openButton,
  standing,
  stepsBlocks,
  unfollowButton,
  unknownBlock,
} from './parts.ts';
import { problemCard } from './problem.ts';

export function newsCard(message: News, words: Words): Draft {
  const progress = progressOf(message.view.journal, message.view.facts);
  const told = toldOf(message.entries, progress);
  const [only] = told;
  const problem = told.findLast(({ entry }) => isProblem(entry));
  // A problem that this very message goes on from is told in its place among the entries: the title is for how it ended.
  const history = problem !== undefined && problem !== told.at(-1) && isOvertaken(problem, progress);
  if (problem && !history) return problemCard({ message, progress, told, problem }, words);
  if (told.length > 1 || !only) return batchCard({ message, progress, told, problem: problem ?? null }, words);
  if (only.meaning === 'gone') return goneCard(message, { told: only, progress }, words);
  if (only.meaning === 'back') return backCard(message, { told: only, progress }, words);
  if (!message.threads && isMilestone(only.entry)) return milestoneCard(message, { told: only, progress }, words);
  return entryCard(message, only, words);
}

/** The entries with their meaning; one that a later one of the same message replaces is left out. */
function toldOf(entries: readonly JournalEntry[], progress: Progress): Told[] {
  const replaced = new Set(entries.map((entry) => (entry.kind === 'log' ? entry.supersedes : null)));
  return entries
    .filter((entry) => !replaced.has(entry.key))
    .map((entry) => progress.byKey.get(entry.key) ?? { entry, meaning: meaningOf(entry, 0), at: null, attempt: 0, afterMs: null, ended: null });
}

/** One line. In a thread the drawn card leaves the voice to the root above it; the plain text, which is a push message too, never does. */
function entryCard(message: News, told: Told, words: Words): Draft {
  const name = [nameSpan(message.view)];
  const spoken = entryLine(told, words, { timeFirst: false, name, operator: 'shown' });
  const drawn = message.threads ? entryLine(told, words, { timeFirst: false, name: [], operator: 'shown' }) : line`${emphasized(name)}${spoken.slice(1)}`;
  const quote = quoteOf(told);
  const summary = summaryBlocks(message, words);
  const stop = stopLine(message, words);
  const below: Block[] = [...summary, ...(stop.length > 0 ? [noteBlock(stop)] : [])];
  return draft({
    severity: told.meaning === 'completed' ? 'good' : 'progress',
    blocks: [{ kind: 'timeline', items: [{ mark: markOf(told), line: drawn, quote }] }, ...below],
    spoken: { title: spoken, blocks: [{ kind: 'quote', label: [], text: quote }, ...below] },
  });
}

type Batch = { readonly message: News; readonly progress: Progress; readonly told: readonly Told[]; readonly problem: Told | null };

function batchCard({ message, progress, told, problem }: Batch, words: Words): Draft {
  const { say } = words;
  const { view } = message;
  const last = told.at(-1);
  const title = say.titled(nameSpan(view), last ? entryWords(last, words) : line`${say.newEntries(0)}`);
  const next = last && progress.last?.entry.key === last.entry.key ? nextAction(progress, view, words) : null;
  const summary = summaryBlocks(message, words);
  const count = summary.length > 0 ? [] : [headingBlock(say.newEntries(told.length), words)];
  const stop = stopLine(message, words);
  const completed = told.some(({ meaning }) => meaning === 'completed');
  return draft({
    severity: completed ? 'good' : 'progress',
    emoji: completed ? '✅' : '',
    title,
    blocks: [
      ...(next ? [next] : []),
      ...summary,
      ...count,
      timelineBlock(told, words, { operator: 'shown', quoted: (one) => (one === problem ? 'long' : 'short') }),
      ...(stop.length > 0 ? [noteBlock(stop)] : []),
    ],
    actions: problem ? buttons([historyButton(view, words)]) : [],
  });
}

type One = { readonly told: Told; readonly progress: Progress };

/** A milestone where there is no thread: what it means, and the steps. */
function milestoneCard(message: News, { told, progress }: One, words: Words): Draft {
  const { say } = words;
  const { view } = message;
  const isLast = progress.last?.entry.key === told.entry.key;
  const next = isLast ? nextAction(progress, view, words) : null;
  const took = told.ended && told.ended.step !== 'submitted' ? duration(told.ended.ms, words.language) : '';
  const stop = stopLine(message, words);
  const note = told.ended && took !== '' ? line`${say.stepTook(say.step[told.ended.step], took)} · ${stop}` : stop;
  const time: Block[] = told.at === null || isLast ? [] : [lineBlock([instant(told.at)])];
  return draft({
    ...(told.meaning === 'completed' ? { severity: 'good', emoji: '✅' } : { severity: 'progress', emoji: '⏳' }),
    title: say.titled(nameSpan(view), entryWords(told, words)),
    blocks: [...(next ? [next] : []), ...summaryBlocks(message, words), ...time, ...(isLast ? stepsBlocks(progress, words) : []), noteBlock(note)],
    actions: buttons([historyButton(view, words), openButton(view, words)]),
  });
}

function goneCard(message: News, { told, progress }: One, words: Words): Draft {
  const { say } = words;
  const { view } = message;
  if (isUnknown(progress, view)) return unknownCard(view, progress, words);
  const lastKnown = standing({ ...progress, gone: null }, view, words);
  return draft({
    severity: 'warning',
    emoji: '⚠️',
    title: say.titled(nameSpan(view), entryWords(told, words)),
    blocks: [
      lineBlock(line`${bold(say.goneIf)}${say.gap}${say.goneElse}`),
      {
        kind: 'facts',
        facts: [
          { label: say.lastKnown, value: sentence(lastKnown) },
          ...(told.at === null ? [] : [{ label: say.notFoundSince, value: [instant(told.at)] }]),
          { label: say.job, value: jobLine(view, words) },
        ],
      },
      noteBlock(line`${say.historyStays}`),
    ],
    actions: buttons([historyButton(view, words), unfollowButton(view, words), openButton(view, words)]),
  });
}

function unknownCard(view: JobView, progress: Progress, words: Words): Draft {
  const { say } = words;
  return draft({
    severity: 'warning',
    emoji: '⚠️',
    title: say.titled(nameSpan(view), standing(progress, view, words)),
    blocks: [unknownBlock(words), { kind: 'facts', facts: [{ label: say.job, value: [codeSpan(jobIdOf(view.job))] }] }],
    actions: buttons([unfollowButton(view, words)]),
  });
}

function backCard(message: News, { told, progress }: One, words: Words): Draft {
  const { say } = words;
  const { view } = message;
  return draft({
    severity: look(progress, view).severity,
    emoji: '▶️',
    title: say.titled(nameSpan(view), entryWords(told, words)),
    blocks: [
      action('no', [say.backSentence], words),
      {
        kind: 'facts',
        facts: [
          { label: say.lastKnown, value: sentence(standing(progress, view, words)) },
          ...(told.at === null ? [] : [{ label: say.foundAgain, value: [instant(told.at)] }]),
          { label: say.job, value: jobLine(view, words) },
        ],
      },
    ],
    actions: buttons([historyButton(view, words), openButton(view, words)]),
  });
}
