/** The whole timeline of a job, paged, with the time spent in each step. A private reply: it may hold what ages. */
import type { Block, CardAction, Line } from '../card.ts';
import { HISTORY_PAGE } from '../history-pages.ts';
import { jobIdOf } from '../job.ts';
import { isProblem } from '../journal.ts';
import type { JobView, ReplyMessage } from '../message.ts';
import { type Progress, progressOf, type Spender, type Told } from '../progress.ts';
import { duration } from '../text/format.ts';
import { bold, instant, joined, line, sentence } from '../text/line.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import { timelineBlock } from './entry.ts';
import { button, codeSpan, commandText, headingBlock, isUnknown, lineBlock, nameSpan, noteBlock, staleLine, standing, unknownBlock } from './parts.ts';

const SPENDERS: readonly Spender[] = ['submitter', 'human', 'training', 'machine'];

type History = Extract<ReplyMessage, { kind: 'history' }>;
type Page = { readonly told: readonly Told[]; readonly from: number; readonly count: number; readonly page: number; readonly pages: number };

/** A page outside the history is its nearest; the newest is the last. */
export function historyCard(message: History, words: Words): Draft {
  const { view, filter } = message;
  const { say } = words;
  const progress = progressOf(view.journal, view.facts);
  const page = pageOf(progress, message);
  const title = filter === 'problems' ? say.historyProblems(nameSpan(view)) : say.historyTitle(nameSpan(view));
  const newest = page.page === page.pages;
  const unknown = isUnknown(progress, view);
  return draft({
    severity: 'info',
    emoji: '🕘',
    title,
    blocks: [
      ...(progress.told.length === 0 || unknown ? [] : [lineBlock(summary(progress, view, words))]),
      ...(message.stale === null ? [] : [lineBlock(staleLine(message.stale, message.readAt, words))]),
      unknown ? unknownBlock(words) : entriesBlock(page, filter, words),
      ...(newest && filter === 'all' ? spentBlocks(progress, words) : []),
      noteBlock(note(message, unknown ? { ...page, count: 0 } : page, words)),
    ],
    actions: historyButtons(message, page, words),
  });
}

function entriesBlock(page: Page, filter: History['filter'], words: Words): Block {
  if (page.told.length > 0) return timelineBlock(page.told, words, { operator: 'unusual', quoted: () => 'short' });
  return lineBlock(line`${filter === 'problems' ? words.say.noProblems : words.say.noEntries}`);
}

function pageOf(progress: Progress, { filter, page }: History): Page {
  const all = filter === 'problems' ? progress.told.filter(({ entry }) => isProblem(entry)) : progress.told;
  const pages = Math.max(1, Math.ceil(all.length / HISTORY_PAGE));
  const shown = Number.isNaN(page) ? pages : Math.min(Math.max(Math.trunc(page), 1), pages);
  const from = (shown - 1) * HISTORY_PAGE;
  return { told: all.slice(from, from + HISTORY_PAGE), from, count: all.length, page: shown, pages };
}

function summary(progress: Progress, view: JobView, words: Words): Line {
  const { say, language } = words;
  const took = progress.tookMs === null ? '' : duration(progress.tookMs, language);
  const attempts = progress.attempt > 0 ? say.attemptsAndRejections(progress.attempt, progress.rejections) : '';
  if (progress.completed && !progress.gone) return joined([[bold(say.completedAfter(took))], line`${attempts}`], say.gap);
  const where = sentence(standing(progress, view, words));
  const stopped = progress.failure !== null;
  const when = progress.since === null || progress.gone ? where : (stopped ? say.at : say.since)(where, instant(progress.since));
  return joined([line`${when}${say.stop}`, line`${attempts}`], say.gap);
}

function spentBlocks(progress: Progress, words: Words): Block[] {
  const { say, language } = words;
  const facts = SPENDERS.flatMap((spender) => {
    const time = duration(progress.spent[spender], language);
    return time === '' ? [] : [{ label: say.spender[spender], value: line`${time}` }];
  });
  return facts.length === 0 ? [] : [headingBlock(say.whereTimeWent, words), { kind: 'facts', facts }];
}

function note(message: History, page: Page, { say }: Words): Line {
  const { view, readAt, stale } = message;
  const whole = page.pages === 1;
  const entries = whole ? say.allEntriesShown(page.count) : say.entriesShown(page.from + 1, page.from + page.told.length, page.count);
  return joined(
    [
      line`${page.count === 0 ? '' : entries}`,
      line`${whole ? '' : say.pageOf(page.page, page.pages)}`,
      stale === null ? say.asOf(instant(readAt)) : [],
      [codeSpan(view.shortId)],
    ],
    ' · ',
  );
}

function historyButtons({ view, filter }: History, page: Page, { say }: Words): CardAction[] {
  const to = (label: string, target: { page: number | null; filter: 'all' | 'problems' }): CardAction =>
    button(label, { name: 'history', job: view.job, ...target });
  const command = commandText({ name: 'history', job: jobIdOf(view.job), page: page.pages > 1 ? page.page : null, filter });
  const other = filter === 'all' ? 'problems' : 'all';
  return buttons(
    [
      page.page > 1 ? to(say.button.older, { page: page.page - 1, filter }) : null,
      page.page < page.pages ? to(say.button.newer, { page: page.page + 1, filter }) : null,
      filter === 'problems' || view.journal.some(isProblem)
        ? to(filter === 'all' ? say.button.problemsOnly : say.button.allEntries, { page: null, filter: other })
        : null,
      button(say.button.share, { name: 'share', text: command }),
    ],
    4,
  );
}
