/** A rejection or failure: what happened, whom it concerns, why, what to mend; with what else waited, if it came in a batch. */
import type { Block, Line } from '../card.ts';
import type { Progress, Told } from '../progress.ts';
import { isFailing } from '../story.ts';
import { duration } from '../text/format.ts';
import { bold, instant, joined, line } from '../text/line.ts';
import { areFilesCut, filesBlocks, type Review, reviewOf } from './audit.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { entryWords, otherMembers, timelineBlock } from './entry.ts';
import { type News, stopLine, summaryBlocks } from './news-parts.ts';
import { isOvertaken, problemAction } from './next-step.ts';
import { action, button, codeSpan, cut, foreignName, headingBlock, historyButton, lineBlock, mention, nameSpan, noteBlock, openButton } from './parts.ts';
import { reasonBlocks, reasonsOf } from './reasons.ts';

/** Review ids in the small print; the rest is for the console. */
const REVIEW_IDS = 3;

type Given = { readonly message: News; readonly progress: Progress; readonly told: readonly Told[]; readonly problem: Told };

export function problemCard(given: Given, words: Words): Draft {
  const { message, progress, told, problem } = given;
  const { view } = message;
  const { say } = words;
  const overtaken = isFailing(problem.meaning) && isOvertaken(problem, progress);
  const review: Review = problem.meaning.startsWith('rejected') ? reviewOf(view, progress, problem.attempt) : { files: [], message: '', attachmentName: '' };
  const reasons = reasonsOf(problem, progress, { view, words });
  const quoted = reasonBlocks(reasons);
  const title = say.titled(nameSpan(view), entryWords(problem, words));
  return draft({
    ...(overtaken ? { severity: 'progress', emoji: '' } : isFailing(problem.meaning) ? { severity: 'bad', emoji: '❌' } : { severity: 'warning', emoji: '⚠️' }),
    title,
    blocks: [
      isFailing(problem.meaning)
        ? problemAction({ told: problem, reasons, files: review.files.length, filesShown: true }, { view, progress, more: '' }, words)
        : action('unsaid', [say.unusualReason], words),
      ...(message.notify && !overtaken ? [lineBlock(say.forAttention(mention(message.notify)))] : []),
      ...summaryBlocks(message, words),
      ...quoted.blocks,
      ...otherBlocks(problem, words),
      ...filesBlocks(review.files, words),
      ...(review.attachmentName === '' ? [] : [lineBlock(line`${bold(say.attachment)}${say.gap}${foreignName(review.attachmentName)}`)]),
      ...(told.length > 1 ? batchBlocks(given, words) : []),
      ...[noteOf(given, words), stopLine(message, words)].map(noteBlock),
    ],
    actions: buttons(
      [
        review.attachmentName === '' ? null : button(say.button.attachment, { name: 'attachment', job: view.job }, { style: 'primary' }),
        quoted.isCut ? button(say.button.wholeReason, { name: 'reason', job: view.job, key: problem.entry.key }) : null,
        areFilesCut(review.files) ? button(say.button.allFiles(review.files.length), { name: 'files', job: view.job }) : null,
        historyButton(view, words),
        openButton(view, words),
      ],
      4,
    ),
  });
}

/** Members of external_info that nobody documents. */
function otherBlocks({ entry }: Told, { say }: Words): Block[] {
  const text = entry.kind === 'log' ? otherMembers(entry.other) : '';
  return text === '' ? [] : [{ kind: 'quote', label: line`${bold(say.alsoWritten)}`, text: cut(text, 300) }];
}

/** All entries of the message; the reason of the one above is not quoted twice. */
function batchBlocks({ told, problem }: Given, words: Words): Block[] {
  return [
    headingBlock(words.say.newEntries(told.length), words),
    timelineBlock(told, words, { operator: 'shown', quoted: (one) => (one === problem ? 'no' : 'short') }),
  ];
}

/** Small print: which attempt, which rejection, how long it took, the job. */
function noteOf({ message, progress, problem, told }: Given, words: Words): Line {
  const { say, language } = words;
  const rejected = problem.meaning.startsWith('rejected');
  const took = problem.ended ? duration(problem.ended.ms, language) : '';
  const inReview = problem.ended?.step === 'machine' || problem.ended?.step === 'human';
  const duringTraining = problem.ended?.step === 'training';
  const ids = problem.entry.kind === 'log' ? problem.entry.reviewIds.slice(0, REVIEW_IDS) : [];
  const revised = problem.entry.kind === 'log' && problem.entry.bringsReason;
  return joined(
    [
      line`${revised ? say.reasonAdded : ''}`,
      problem.at === null || told.length > 1 ? [] : [instant(problem.at)],
      line`${problem.attempt > 0 ? say.attemptNote(problem.attempt) : ''}`,
      line`${rejected && problem.attempt === progress.attempt && progress.rejections > 0 ? say.rejectionNote(progress.rejections) : ''}`,
      line`${took === '' ? '' : inReview ? say.reviewTook(took) : duringTraining ? say.failedAfter(took) : ''}`,
      say.jobNote(codeSpan(message.view.shortId)),
      ids.length === 0
        ? []
        : say.reviewIds(
            joined(
              ids.map((id) => [codeSpan(id)]),
              ', ',
            ),
          ),
    ],
    ' · ',
  );
}
