/** Where one job stands now: the live card with what ages, as a private reply. */
import type { Block, CardAction, Line } from '../card.ts';
import { jobIdOf } from '../job.ts';
import type { FollowedJob, JobView, Paused, ReplyMessage } from '../message.ts';
import { type Progress, progressOf, stepOfState } from '../progress.ts';
import { duration } from '../text/format.ts';
import { instant, joined, line, sentence } from '../text/line.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { factsBlock, filesButton, headBlocks, look } from './live.ts';
import {
  button,
  commandText,
  historyButton,
  isUnknown,
  lineBlock,
  lineWords,
  nameSpan,
  noteBlock,
  openButton,
  staleLine,
  standing,
  stateWords,
  stepsBlocks,
} from './parts.ts';
import { pausedLine } from './pause.ts';

type Status = Extract<ReplyMessage, { kind: 'status' }>;
type Fact = Extract<Block, { kind: 'facts' }>['facts'][number];

export function statusCard(message: Status, words: Words): Draft {
  const { view, here, paused, readAt, stale, stretchedTo } = message;
  const { say } = words;
  const progress = progressOf(view.journal, view.facts);
  const refined = refinement(progress, view, words);
  const doing = refined.length > 0 ? refined : standing(progress, view, words);
  const contradiction: Fact[] =
    refined.length === 0 && disagrees(progress, view) ? [{ label: say.stateInMetaStudio, value: stateWords(view.facts?.state ?? '', words) }] : [];
  const stretch = stretchedTo === null ? '' : duration(stretchedTo, words.language);
  return draft({
    ...look(progress, view),
    title: say.titled(nameSpan(view), doing),
    blocks: [
      ...headBlocks(view, progress, words),
      lineBlock(soFar(progress, message.now, words)),
      ...stepsBlocks(progress, words),
      factsBlock(view, progress, words, [...contradiction, { label: say.followed, value: followedWords(here, paused, words) }]),
      ...(stretch === '' ? [] : [noteBlock(line`${say.stretched(stretch)}`)]),
      noteBlock(stale === null ? say.readAt(instant(readAt)) : staleLine(stale, readAt, words)),
    ],
    actions: statusButtons(view, { here, unknown: isUnknown(progress, view), files: filesButton(view, progress, words) }, words),
  });
}

/** The job's state where it says more than the step: what the training waits for. */
function refinement(progress: Progress, view: JobView, words: Words): Line {
  if (progress.gone || progress.failure || progress.current === null) return [];
  const known = stepOfState(view.facts);
  return known?.mark === 'current' && known.step === progress.current ? stateWords(view.facts?.state ?? '', words) : [];
}

/** The detail says another step than the log, or a state that voicejob does not know. */
function disagrees(progress: Progress, view: JobView): boolean {
  const known = stepOfState(view.facts);
  if (!view.facts || view.facts.state === '') return false;
  if (known === null) return true;
  if (known.mark === 'done') return !progress.completed;
  if (known.mark === 'failed') return progress.failure === null && progress.last !== null;
  return known.step !== progress.current || progress.failure !== null;
}

function soFar(progress: Progress, now: number, words: Words): Line {
  if (progress.since === null || progress.completed || progress.failure || progress.gone) return [];
  const length = duration(now - progress.since, words.language);
  return length === '' ? [] : line`${words.say.soFar(length)}`;
}

function followedWords(here: FollowedJob | null, paused: Paused | null, words: Words): Line {
  const { say } = words;
  if (!here) return line`${say.notFollowed}`;
  return joined(
    [
      line`${say.preset[here.preset]}`,
      here.mutedUntil > 0 ? say.mutedUntil(instant(here.mutedUntil)) : [],
      line`${here.waiting > 0 ? say.waiting(here.waiting) : ''}`,
      paused ? pausedLine(paused, words) : [],
    ],
    ' · ',
  );
}

type Followable = { readonly here: FollowedJob | null; readonly unknown: boolean; readonly files: CardAction | null };

function statusButtons(view: JobView, { here, unknown, files }: Followable, words: Words): CardAction[] {
  const { say } = words;
  const share = commandText({ name: 'status', job: jobIdOf(view.job) });
  return buttons(
    [
      here || unknown ? null : button(say.button.followHere, { name: 'follow', job: view.job, preset: 'milestones' }, { style: 'primary' }),
      button(say.button.refresh, { name: 'status', job: view.job }),
      historyButton(view, words),
      files,
      button(say.button.share, { name: 'share', text: share }),
      here && here.mutedUntil > 0 ? button(say.button.unmute, { name: 'unmute', job: view.job }) : openButton(view, words),
    ],
    4,
  );
}

/** The state of a job in a list: mark, where it stands, since when. */
export function standingLine(view: JobView, words: Words): { readonly line: Line; readonly needsAction: boolean } {
  const progress = progressOf(view.journal, view.facts);
  const refined = refinement(progress, view, words);
  const where = sentence(standing(progress, view, words));
  // The log says since when the step is under way, but nobody says since when the state is.
  const state = lineWords(refined) === lineWords(standing(progress, view, words)) ? [] : refined;
  const { emoji } = look(progress, view);
  const failed = emoji === '❌';
  const mark = failed ? '✗' : progress.completed ? '✓' : progress.gone ? '•' : '▸';
  const marked = line`${mark} ${where}`;
  const ends = failed || progress.completed || progress.gone !== null;
  const at = progress.gone ? progress.gone.at : progress.since;
  const told = at === null ? marked : ends ? words.say.at(marked, instant(at)) : words.say.since(marked, instant(at));
  return { line: joined([told, state], words.say.comma), needsAction: failed || view.facts?.state === 'USER_RESULT_REVIEW' };
}
