/** Lists of jobs: what is followed here, and what a search finds. */
import type { CardAction, Line } from '../card.ts';
import { EXAMPLE_JOB } from '../command-words.ts';
import { jobIdOf } from '../job.ts';
import type { DestinationHealth, FollowedJob, ReplyMessage } from '../message.ts';
import { bold, code, foreign, instant, joined, line, sentence } from '../text/line.ts';
import { buttons, type Draft, draft, type Words } from './draft.ts';
import {
  button,
  codeSpan,
  commandFor,
  commandText,
  cut,
  foreignName,
  historyButton,
  lineBlock,
  nameAndId,
  noteBlock,
  oneLine,
  staleLine,
  stateWords,
} from './parts.ts';
import { pausedLine } from './pause.ts';
import { standingLine } from './status.ts';

const LIST_PAGE = 15;
/** Jobs that the bot's own page shows with their buttons: Slack takes 100 blocks there, and help stands below. The list's second page goes on. */
export const HOME_JOBS = LIST_PAGE;
const JOBS_SHOWN = 15;
/** Buttons that follow a job that was found. */
const FOLLOW_BUTTONS = 3;
const SHORT_ID = 8;
/** What its button says. */
const MUTE_MS = 8 * 3_600_000;

export function homeCard({ jobs, health, stale }: Extract<ReplyMessage, { kind: 'home' }>, words: Words): Draft {
  const { say } = words;
  return draft({
    severity: health.paused === null ? 'info' : 'warning',
    emoji: '📋',
    title: line`${say.listTitle(jobs.length, true)}`,
    blocks: [lineBlock(healthLine(jobs, health, { dm: true }, words)), lineBlock(stale === null ? [] : staleLine(stale, 0, words))],
    actions: buttons([
      button(say.button.searchJobs, { name: 'run', text: 'jobs' }),
      jobs.length > HOME_JOBS ? button(say.button.next, { name: 'run', text: commandText({ name: 'list', page: 2 }) }) : null,
    ]),
  });
}

/** In one's own conversation, whichever page it stands on: hence 'unfollow-dm', and nobody else can click it. */
export function homeJobCard(job: FollowedJob, words: Words): Draft {
  const { say } = words;
  const { view } = job;
  const [title = [], about = []] = listItem(job, words);
  const muteText = commandText({ name: 'mute', job: jobIdOf(view.job), forMs: MUTE_MS });
  const confirm = { question: say.unfollowQuestion, yes: say.unfollowYes, no: say.unfollowNo };
  return draft({
    severity: 'info',
    blocks: [lineBlock(title), lineBlock(about)],
    actions: buttons([
      job.pending ? null : historyButton(view, words),
      job.mutedUntil > 0 ? button(say.button.unmute, { name: 'unmute', job: view.job }) : button(say.button.mute, { name: 'run', text: muteText }),
      button(say.button.unfollow, { name: 'unfollow-dm', job: view.job }, { confirm }),
    ]),
  });
}

export function listCard(message: Extract<ReplyMessage, { kind: 'list' }>, words: Words): Draft {
  const { jobs, health, dm } = message;
  const { say } = words;
  const [first] = jobs;
  if (!first) return nothingFollowedCard(dm, words);
  const pages = Math.ceil(jobs.length / LIST_PAGE);
  const page = Math.min(Math.max(Math.trunc(message.page) || 1, 1), pages);
  const shown = jobs.slice((page - 1) * LIST_PAGE, page * LIST_PAGE);
  const stale = message.stale === null ? [] : staleLine(message.stale, 0, words);
  const toPage = (label: string, target: number): CardAction => button(label, { name: 'run', text: commandText({ name: 'list', page: target }) });
  return draft({
    severity: health.paused === null ? 'info' : 'warning',
    emoji: '📋',
    title: line`${say.listTitle(jobs.length, dm)}`,
    blocks: [
      lineBlock(healthLine(jobs, health, { dm }, words)),
      lineBlock(stale),
      { kind: 'list', title: [], items: shown.map((job) => listItem(job, words)) },
      noteBlock(joined([line`${pages > 1 ? say.pageOf(page, pages) : ''}`, say.moreOfOne(commandFor(first.view, 'status'), code('unsubscribe all'))], ' · ')),
    ],
    actions: buttons([page > 1 ? toPage(say.button.previous, page - 1) : null, page < pages ? toPage(say.button.next, page + 1) : null]),
  });
}

/** Whether somebody must act, and whether messages arrive. */
function healthLine(jobs: readonly FollowedJob[], health: DestinationHealth, { dm }: { readonly dm: boolean }, words: Words): Line {
  const acting = jobs.filter(({ view, pending }) => !pending && standingLine(view, words).needsAction).length;
  const unread = jobs.filter(({ pending }) => pending).length;
  const reaches = health.paused === null ? line`${words.say.reaches(dm)}` : pausedLine({ reason: health.paused, since: health.since }, words);
  return joined([needLine({ acting, unread, all: jobs.length }, words), reaches], words.say.gap);
}

/** How many need action, as far as that is known: of a job that was never read nothing is. */
function needLine({ acting, unread, all }: { readonly acting: number; readonly unread: number; readonly all: number }, { say }: Words): Line {
  if (acting > 0) return [bold(say.needAction(acting))];
  if (unread === all) return [];
  return [bold(unread > 0 ? say.noOtherNeedsAction(unread) : say.noneNeedsAction)];
}

function listItem(job: FollowedJob, words: Words): Line[] {
  const { say } = words;
  const { view } = job;
  const standing = job.pending ? line`${say.notReadYet}` : standingLine(view, words).line;
  const muted = job.mutedUntil > 0 ? say.mutedUntil(instant(job.mutedUntil)) : [];
  return [nameAndId(view), joined([standing, line`${say.preset[job.preset]}`, muted, line`${job.waiting > 0 ? say.waiting(job.waiting) : ''}`], ' · ')];
}

export function nothingFollowedCard(dm: boolean, { say }: Words): Draft {
  return draft({
    severity: 'info',
    emoji: '📋',
    title: line`${say.nothingFollowed(dm)}`,
    blocks: [lineBlock(say.startWith(code(`subscribe ${EXAMPLE_JOB}`)))],
    actions: buttons([button(say.button.searchJobs, { name: 'run', text: 'jobs' }), button(say.button.allCommands, { name: 'help' })]),
  });
}

export function jobsCard(message: Extract<ReplyMessage, { kind: 'jobs' }>, words: Words): Draft {
  const { jobs, total, followed } = message;
  const { say } = words;
  const search = oneLine(message.search);
  if (jobs.length === 0) {
    const title = search === '' ? line`${say.noJobs}` : say.noJobsMatching(foreignName(search));
    return draft({ severity: 'info', emoji: '📋', title, actions: search === '' ? [] : [button(say.button.allJobs, { name: 'run', text: 'jobs' })] });
  }
  const shown = jobs.slice(0, JOBS_SHOWN);
  const isFollowed = (jobId: string): boolean => followed.has(jobId);
  const ids = jobs.map(({ jobId }) => jobId);
  const items = shown.map((job): Line[] => {
    const name = cut(oneLine(job.voiceName), 60);
    const id = codeSpan(shortestOf(job.jobId, ids));
    const state = sentence(stateWords(job.state, words));
    return [
      name === '' ? [id] : line`${{ ...foreign(name), bold: true }} ${id}`,
      joined([state, line`${isFollowed(job.jobId) ? say.followedMark : ''}`], ' · '),
    ].filter((one) => one.length > 0);
  });
  const toFollow = shown.filter(({ jobId }) => !isFollowed(jobId)).slice(0, FOLLOW_BUTTONS);
  return draft({
    severity: 'info',
    emoji: '📋',
    title: search === '' ? line`${say.jobsTitle(total)}` : say.jobsMatching(total, foreignName(search)),
    blocks: [{ kind: 'list', title: [], items }, ...(total > shown.length ? [noteBlock(line`${say.jobsShown(shown.length, total)}`)] : [])],
    actions: toFollow.map(({ jobId, voiceName }) =>
      button(say.button.follow(cut(oneLine(voiceName), 40) || shortestOf(jobId, ids)), {
        name: 'run',
        text: commandText({ name: 'subscribe', job: jobId, preset: null, dm: false, notify: null }),
      }),
    ),
  });
}

/** The shortest start of an id, 8 characters or more, that no other of these ids has. */
function shortestOf(id: string, ids: readonly string[]): string {
  for (let length = SHORT_ID; length < id.length; length += 1) {
    const start = id.slice(0, length);
    if (ids.every((other) => other === id || !other.startsWith(start))) return start;
  }
  return id;
}
