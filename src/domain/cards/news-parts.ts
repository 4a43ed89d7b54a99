/** What every card of news may need. */
import type { Block, Line } from '../card.ts';
import type { PostMessage } from '../message.ts';
import { line } from '../text/line.ts';
import type { Words } from './draft.ts';
import { commandFor, lineBlock } from './parts.ts';

export type News = Extract<PostMessage, { kind: 'news' }>;

/** How many came while nothing was told, when that is more than one. */
export function summaryBlocks({ summary, entries }: News, { say }: Words): Block[] {
  if (summary <= 1) return [];
  return [lineBlock(line`${summary > entries.length ? say.catchUp(summary, entries.length) : say.caughtUp(summary)}`)];
}

/** Where no thread says which job this is: how to stop. */
export function stopLine({ view, threads, dm }: News, { say }: Words): Line {
  if (threads) return [];
  const command = commandFor(view, 'unsubscribe');
  return dm ? say.stopInDm(command) : say.stopHere(command);
}
