/** A place that can't be reached: why, since when, and what ends it. */
import type { Block, CardAction, Line } from '../card.ts';
import type { Paused, PauseReason } from '../message.ts';
import { instant, joined, line } from '../text/line.ts';
import type { Words } from './draft.ts';
import { button, codeSpan, lineBlock } from './parts.ts';

export function pauseWhy(reason: PauseReason, { say }: Words): Line {
  return Object.hasOwn(say.pauseWhy, reason) ? line`${say.pauseWhy[reason] ?? ''}` : say.pauseOtherWhy(codeSpan(reason));
}

/** Since when and why, where there is one line for it. */
export function pausedLine({ reason, since }: Pick<Paused, 'reason' | 'since'>, words: Words): Line {
  return joined([words.say.pausedSince(instant(since)), pauseWhy(reason, words)], words.say.gap);
}

export function pauseCure(reason: PauseReason, { say }: Words): string {
  return Object.hasOwn(say.pauseCure, reason) ? (say.pauseCure[reason] ?? '') : say.pauseOtherCure;
}

export function resumeButton(reason: PauseReason, destination: string, { say }: Words): CardAction {
  return button(reason === 'person' ? say.button.resume : say.button.tryNow, { name: 'resume', destination });
}

/** Below an answer that would else promise messages; nothing where they arrive. */
export function pausedBlocks(paused: Paused | null, dm: boolean, words: Words): Block[] {
  if (!paused) return [];
  const { reason, since } = paused;
  const { say } = words;
  return [lineBlock(joined([say.placePaused(dm, instant(since)), pauseWhy(reason, words)], say.gap)), lineBlock(line`${pauseCure(reason, words)}`)];
}
