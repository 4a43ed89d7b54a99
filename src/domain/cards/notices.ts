/** Notices: what happened to voicejob's way to MetaStudio or to a place. Each is sent once, and once more when it is over. */
import type { Block, Line } from '../card.ts';
import type { AccessProblem, FollowedJob, Notice, ReplyMessage } from '../message.ts';
import { number } from '../text/format.ts';
import { bold, code, instant, joined, line } from '../text/line.ts';
import { twoSentences } from './confirmations.ts';
import { type Draft, draft, type Words } from './draft.ts';
import { action, button, codeSpan, cut, foreignName, lineBlock, nameAndId, noteBlock, oneLine } from './parts.ts';
import { pauseCure, pausedBlocks, pauseWhy, resumeButton } from './pause.ts';
import { standingLine } from './status.ts';

/** Jobs named in a notice. */
const JOBS_SHOWN = 10;
const UPSTREAM_WORDS = 500;

export function noticeCard(notice: Notice, jobs: readonly FollowedJob[], words: Words): Draft {
  const { say } = words;
  switch (notice.kind) {
    case 'paused':
      return pausedCard(notice, jobs, words);
    case 'resumed':
      return draft({
        severity: 'good',
        emoji: '▶️',
        title: say.resumedTitle(foreignName(notice.place)),
        blocks: [action('no', [say.resumedSentence(waiting(jobs))], words)],
      });
    case 'access-lost':
      return notice.operator ? refusedCard(notice.since, notice.operator, words) : accessLostCard(notice.since, jobs, words);
    case 'access-back':
      return draft({
        severity: 'good',
        emoji: '✅',
        title: line`${say.accessBackTitle}`,
        blocks: [action('no', [say.accessBackSentence(waiting(jobs))], words)],
      });
    case 'platform-paused':
      return platformCard(notice, words);
    case 'test':
      return testCard(words);
    case 'farewell':
      return draft({ severity: 'info', title: [foreignName(notice.facts?.voiceName ?? '')], blocks: [noteBlock(line`${say.noLongerFollowed}`)] });
    case 'followed':
    case 'unfollowed':
      return announcementCard(notice, words);
    case 'opt-in':
      return draft({
        severity: 'info',
        emoji: '🔔',
        title: say.namedTitle(foreignName(notice.name)),
        blocks: [
          lineBlock(joined([[bold(say.noActionNeeded)], say.namedSentence(person(notice.by, words), foreignName(notice.place))], say.gap)),
          noteBlock(line`${say.namedStop}`),
        ],
        actions: [button(say.button.optOut, { name: 'opt-out' })],
      });
    default:
      return notice satisfies never;
  }
}

export function testCard(words: Words): Draft {
  const { say } = words;
  return draft({ severity: 'info', emoji: '🔔', title: line`${say.testTitle}`, blocks: [action('no', [say.testSentence], words)] });
}

function waiting(jobs: readonly FollowedJob[]): number {
  return jobs.reduce((sum, job) => sum + job.waiting, 0);
}

function person(name: string, { say }: Words): Line {
  return oneLine(name) === '' ? line`${say.somebody}` : [foreignName(name)];
}

function pausedCard(notice: Extract<Notice, { kind: 'paused' }>, jobs: readonly FollowedJob[], words: Words): Draft {
  const { say } = words;
  const items = jobs.slice(0, JOBS_SHOWN).map((job): Line[] => {
    const standing = standingLine(job.view, words).line;
    return [nameAndId(job.view), job.waiting > 0 ? say.waitingEntries(job.waiting, standing) : line`${say.nothingNew}`];
  });
  const more = jobs.length > JOBS_SHOWN ? [noteBlock(line`${say.andMore(jobs.length - JOBS_SHOWN)}`)] : [];
  return draft({
    severity: 'warning',
    emoji: '⏸️',
    title: say.pausedTitle(foreignName(notice.place)),
    blocks: [
      lineBlock(joined([[bold(say.actionNeeded)], pauseWhy(notice.reason, words), line`${say.nothingLost(waiting(jobs))}`], say.gap)),
      lineBlock(line`${pauseCure(notice.reason, words)}`),
      { kind: 'list', title: [bold(say.jobsConcerned)], items },
      ...more,
      noteBlock(say.pausedNote(instant(notice.since))),
    ],
    actions: [resumeButton(notice.reason, notice.subject, words)],
  });
}

function accessLostCard(since: number, jobs: readonly FollowedJob[], words: Words): Draft {
  const { say, language } = words;
  const facts = [{ label: say.sinceLabel, value: [instant(since)] }];
  return draft({
    severity: 'warning',
    emoji: '⚠️',
    title: line`${say.accessLostTitle}`,
    blocks: [
      lineBlock(line`${bold(say.accessLostHere)}${say.gap}${say.accessLostWhy}`),
      lineBlock(line`${say.accessLostThen}`),
      { kind: 'facts', facts: jobs.length === 0 ? facts : [...facts, { label: say.jobsFollowedHere, value: line`${number(jobs.length, language)}` }] },
    ],
  });
}

function refusedCard(since: number, problem: AccessProblem, words: Words): Draft {
  const { say } = words;
  const answer = oneLine(problem.code) === '' ? line`HTTP ${problem.status}` : line`HTTP ${problem.status}, ${codeSpan(problem.code)}`;
  const quoted: Block = { kind: 'quote', label: [bold(say.upstreamMessage)], text: cut(problem.message, UPSTREAM_WORDS) };
  const check = say.refusedCheck(code('METASTUDIO_ACCESS_KEY'), code('METASTUDIO_SECRET_KEY'));
  return draft({
    severity: 'bad',
    emoji: '❌',
    title: line`${say.refusedTitle}`,
    blocks: [
      lineBlock(line`${bold(say.actionNeeded)}${say.gap}${check}`),
      {
        kind: 'facts',
        facts: [
          ...(problem.status > 0 ? [{ label: say.answer, value: answer }] : []),
          { label: say.sinceLabel, value: [instant(since)] },
          { label: say.affected, value: line`${say.affectedValue(problem.jobs, problem.destinations)}` },
          ...(problem.nextTry > 0 ? [{ label: say.nextTry, value: [instant(problem.nextTry)] }] : []),
        ],
      },
      quoted,
      noteBlock(oneLine(problem.requestId) === '' ? [] : say.requestId(codeSpan(problem.requestId))),
    ],
  });
}

function platformCard(notice: Extract<Notice, { kind: 'platform-paused' }>, words: Words): Draft {
  const { say } = words;
  const cure = Object.hasOwn(say.pauseCure, notice.reason) ? (say.pauseCure[notice.reason] ?? '') : '';
  return draft({
    severity: 'bad',
    emoji: '❌',
    title: say.platformPausedTitle(foreignName(notice.subject)),
    blocks: [
      lineBlock(joined([[bold(say.actionNeeded)], pauseWhy(notice.reason, words), line`${cure}`], say.gap)),
      lineBlock(line`${say.platformPausedThen}`),
      { kind: 'facts', facts: [{ label: say.sinceLabel, value: [instant(notice.since)] }] },
    ],
  });
}

function announcementCard(notice: Extract<Notice, { kind: 'followed' | 'unfollowed' }>, words: Words): Draft {
  const { say } = words;
  const name = foreignName(notice.name);
  const by = person(notice.by, words);
  const followed = notice.completed ? say.completedHere(by, name) : say.followedHere(by, name, say.preset[notice.preset]);
  const told = notice.kind === 'followed' ? followed : say.unfollowedHere(by, name);
  return draft({ severity: 'info', blocks: [lineBlock(told)] });
}

export function testSentCard({ dm, paused }: Extract<ReplyMessage, { kind: 'test-sent' }>, words: Words): Draft {
  const { say } = words;
  if (!paused) return twoSentences(say.testSent(dm), say.testSentThen, words);
  const { reason, destination } = paused;
  return draft({
    severity: 'warning',
    emoji: '⏸️',
    blocks: [...pausedBlocks(paused, dm, words), noteBlock(line`${say.testWaits}`)],
    actions: destination === null ? [] : [resumeButton(reason, destination, words)],
  });
}
