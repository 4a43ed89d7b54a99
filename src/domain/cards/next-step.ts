/** The sentence that says whether somebody must act, and how. */
import type { Block } from '../card.ts';
import type { JobView } from '../message.ts';
import type { Progress, Told } from '../progress.ts';
import { STEPS_OVER } from '../story.ts';
import { bold, line } from '../text/line.ts';
import type { Words } from './draft.ts';
import { action, isUnknown, lineBlock, unknownBlock } from './parts.ts';
import type { Reason } from './reasons.ts';

export type Problem = { readonly told: Told; readonly reasons: readonly Reason[]; readonly files: number; readonly filesShown: boolean };

/** What a problem asks for; `more` is one further sentence. */
export function problemAction(problem: Problem, given: { readonly view: JobView; readonly progress: Progress; readonly more: string }, words: Words): Block {
  const { say } = words;
  if (isOvertaken(problem.told, given.progress)) {
    const resubmitted = given.progress.attempt > problem.told.attempt;
    return action('no', [resubmitted ? say.overtaken : say.wentOn], words);
  }
  return action('yes', [...problemSentences(problem, given.view, words), given.more], words);
}

/** The job has gone on after this problem. */
export function isOvertaken(told: Told, progress: Progress): boolean {
  return progress.failure === null || progress.attempt > told.attempt;
}

function problemSentences({ told, reasons, files, filesShown }: Problem, view: JobView, { say }: Words): string[] {
  const words = reasons.filter(({ kind }) => kind !== 'failure');
  const byPerson = words.some(({ kind }) => kind === 'reviewer' || kind === 'message');
  if (told.meaning === 'rejected-training') return [reasons.length > 0 ? say.fixTrainingReason : say.noReasonGiven];
  if (told.meaning.startsWith('rejected')) {
    if (byPerson) return [files > 0 && filesShown ? say.fixReasonAndFiles(files) : say.fixReason];
    if (files > 0) return [filesShown ? say.fixFiles(files) : say.fixNamedFiles(files)];
    return [reasons.some(({ text }) => text.trim() !== '') ? say.fixMachineReason : say.noReasonGiven];
  }
  const ended = view.facts?.state === 'FAILED' || (told.entry.kind === 'state' && told.entry.state === 'FAILED');
  if (reasons.length === 0) return [ended ? say.jobEndedNoReason : say.jobStoppedNoReason];
  return [ended ? say.jobEnded : say.jobStopped, reasons.some(({ kind }) => kind === 'failure') ? say.askSupport : ''];
}

/** What a job that nothing has stopped asks for. */
export function standingAction(progress: Progress, view: JobView, words: Words): Block | null {
  const { say } = words;
  if (isUnknown(progress, view)) return unknownBlock(words);
  if (progress.gone) return lineBlock(line`${bold(say.goneIf)}${say.gap}${say.goneElse}`);
  if (progress.completed) return action('unsaid', [say.stepSentence.completed, say.whereToFindIt], words);
  if (progress.current === null) return null;
  if (awaitsApproval(progress, view)) return action('yes', [say.approveResult], words);
  const position = progress.steps.findIndex(({ step }) => step === progress.current);
  if (position < STEPS_OVER.submitted) return action('unsaid', [say.stepSentence[progress.current]], words);
  return action('no', [say.stepSentence[progress.current]], words);
}

/** The same after an entry whose title has said already what came about. */
export function nextAction(progress: Progress, view: JobView, words: Words): Block | null {
  return progress.completed && !progress.gone ? action('unsaid', [words.say.whereToFindIt], words) : standingAction(progress, view, words);
}

/** The one state that the log does not show and that waits for a person: the card must not say "no action needed" over it. */
export function awaitsApproval(progress: Progress, view: JobView): boolean {
  return view.facts?.state === 'USER_RESULT_REVIEW' && progress.current === 'training' && progress.failure === null;
}
