/** What a command that worked answers: one or two lines, and a way back. */
import type { Block, Line } from '../card.ts';
import { jobIdOf } from '../job.ts';
import type { JobView, Paused, ReplyMessage } from '../message.ts';
import { type Progress, progressOf } from '../progress.ts';
import { PRESETS } from '../subscription.ts';
import { bold, emphasized, instant, joined, line } from '../text/line.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { button, commandFor, commandText, isUnknown, lineBlock, mention, nameSpan, noteBlock, standing, unknownBlock } from './parts.ts';
import { pausedBlocks, resumeButton } from './pause.ts';

type Reply<Kind extends ReplyMessage['kind']> = Extract<ReplyMessage, { kind: Kind }>;

/** Views named one by one when several are left. */
const NAMED = 10;

export function subscribedCard(message: Reply<'subscribed'>, words: Words): Draft {
  const { view, preset, dm, elsewhere, pending, already, notify, paused } = message;
  const { say } = words;
  const where = !dm ? 'channel' : elsewhere ? 'dm' : 'here';
  const progress = progressOf(view.journal, view.facts);
  const completed = progress.completed && !progress.gone;
  const tells = completed
    ? line`${say.nothingToCome}`
    : hasEnded(progress, view)
      ? say.endedBefore(standing(progress, view, words))
      : line`${say.presetTells[preset]}`;
  // Nothing is left to choose, to hold back or to end; a preset is worth a word only where it was there before.
  const isOver = completed && already === null;
  const past = isUnknown(progress, view) ? unknownBlock(words) : lineBlock(line`${pastWords(view, { pending, completed, paused }, words)}`);
  const changed = already === null ? '' : already === preset ? say.presetKept : say.presetChanged(say.preset[already]);
  const mentioned: Block[] = notify ? [lineBlock(say.willMention(mention(notify)))] : [];
  return draft({
    severity: paused ? 'warning' : 'info',
    emoji: paused ? '⏸️' : '🔔',
    title: already === null ? say.subscribedTitle(nameSpan(view), where) : say.alreadyTitle(nameSpan(view), where),
    blocks: [
      ...pausedBlocks(paused, dm, words),
      lineBlock(joined([line`${isOver ? '' : bold(`${say.preset[preset]}${say.stop}`)}`, tells, line`${changed}`], say.gap)),
      ...mentioned,
      ...(already === null ? [past] : []),
      ...(completed ? [] : [noteBlock(say.anyTime(commandFor(view, 'mute', '2h'), commandFor(view, 'unsubscribe'), elsewhere))]),
    ],
    actions: buttons(
      [
        paused?.destination ? resumeButton(paused.reason, paused.destination, words) : null,
        ...PRESETS.filter((other) => other !== preset && !completed).map((other) =>
          button(say.presetButton[other], { name: dm ? 'preset-dm' : 'preset', job: view.job, preset: other }),
        ),
        already === null ? button(say.button.undo, { name: dm ? 'unfollow-dm' : 'unfollow', job: view.job }) : null,
      ],
      4,
    ),
  });
}

/** It failed for good or is gone, and is watched all the same: upstream may bring it back. */
function hasEnded(progress: Progress, view: JobView): boolean {
  return (progress.gone !== null && !isUnknown(progress, view)) || (progress.failure !== null && view.facts?.state === 'FAILED');
}

type Past = { readonly pending: boolean; readonly completed: boolean; readonly paused: Paused | null };

function pastWords(view: JobView, { pending, completed, paused }: Past, { say }: Words): string {
  if (paused) return say.cardWaits;
  if (pending) return say.pending;
  if (completed) return say.wholeOnCard;
  return view.journal.length > 0 ? say.earlierEntries(view.journal.length) : say.cardComes;
}

export function unsubscribedCard({ views, onItsWay, dm }: Reply<'unsubscribed'>, { say }: Words): Draft {
  const [first] = views;
  const one = views.length === 1 && first;
  const again = one
    ? [
        button(say.button.followAgain, {
          name: 'run',
          text: commandText({ name: 'subscribe', job: jobIdOf(first.job), preset: null, dm, notify: null }),
        }),
      ]
    : [];
  const more = joined([line`${say.nothingMore(dm)}`, line`${onItsWay ? say.onItsWay : ''}`], say.gap);
  if (one) return draft({ severity: 'info', blocks: [lineBlock(joined([say.unsubscribed(nameSpan(first)), more], say.gap))], actions: again });
  return draft({ severity: 'info', blocks: [lineBlock(say.unsubscribedMany(views.length)), lineBlock(namesOf(views, say)), lineBlock(more)] });
}

/** The question before that of all: nothing is changed by it. */
export function unsubscribeAllCard({ views, dm }: Reply<'unsubscribe-all'>, { say }: Words): Draft {
  const text = commandText({ name: 'unsubscribe-all', sure: true });
  return draft({
    severity: 'warning',
    blocks: [lineBlock(say.unsubscribeAllAsked(views.length, dm)), lineBlock(namesOf(views, say)), noteBlock(line`${say.nothingChangedYet}`)],
    actions: [button(say.button.unfollowAll(views.length), { name: 'run', text }, { style: 'danger' })],
  });
}

function namesOf(views: readonly JobView[], say: Words['say']): Line {
  const names = joined(
    views.slice(0, NAMED).map((view) => [nameSpan(view)]),
    say.nameComma,
  );
  return views.length > NAMED ? line`${names} ${say.andMore(views.length - NAMED)}` : names;
}

export function mutedCard({ view, until }: Reply<'muted'>, { say }: Words): Draft {
  return draft({
    severity: 'info',
    blocks: [lineBlock(say.muted(nameSpan(view), instant(until)))],
    actions: [button(say.button.unmute, { name: 'unmute', job: view.job })],
  });
}

export function unmutedCard({ view, waiting, wasMuted }: Reply<'unmuted'>, { say }: Words): Draft {
  if (!wasMuted) return draft({ severity: 'info', blocks: [lineBlock(joined([say.notMuted(nameSpan(view)), line`${say.nothingChanged}`], say.gap))] });
  return draft({ severity: 'info', blocks: [lineBlock(joined([emphasized(say.unmuted(nameSpan(view))), line`${say.keptFollow(waiting)}`], say.gap))] });
}

/** A bold sentence, and one more. */
export function twoSentences(first: string, second: string, { say }: Words): Draft {
  return draft({ severity: 'info', blocks: [lineBlock(joined([[bold(first)], line`${second}`], say.gap))] });
}
