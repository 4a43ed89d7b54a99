/** Everything that happened to a job, and how fresh the answer is. */
import type { Command } from '../domain/command.ts';
import type { Watched } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import { viewOf } from './job-view.ts';
import { readJob } from './read-job.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { resolveJob } from './resolve-job.ts';
import { isDm } from './target.ts';

/** A page beyond the last is the last, and the last has the newest entries. */
const NEWEST_PAGE = Number.MAX_SAFE_INTEGER;

/** Older than this, a journal that should be read every few minutes says that it is not. */
const FRESH_MS = 30 * 60_000;

/** What has been quiet for a month is polled once a day, and is fresh for two. */
const QUIET_MS = 30 * 86_400_000;
const FRESH_WHEN_QUIET_MS = 2 * 86_400_000;

export async function history(command: Extract<Command, { name: 'history' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const resolved = await resolveJob(command, request, deps);
  if (resolved.kind === 'refused') return refuse(request, resolved.error);
  const story = await readJob(resolved, request, deps);
  if (story.kind === 'refused') return refuse(request, story.error);
  const view = await viewOf(resolved.job, story, deps);
  const { filter } = command;
  const stale = story.watched && story.watched.base !== null ? await staleness(story.watched, deps) : null;
  const page = command.page ?? NEWEST_PAGE;
  return say(request, { kind: 'history', view, page, filter, readAt: story.readAt, stale, dm: isDm(request) });
}

/** Why a journal may lack the newest entries, or null. One that has ended lacks nothing. */
async function staleness(watched: Watched, deps: CommandDependencies): Promise<'closed' | 'unavailable' | null> {
  if (watched.ended) return null;
  if (await deps.budget.gate()) return 'closed';
  const now = deps.clock.now();
  const wait = 3 * (deps.effectiveIntervalMs(watched) ?? 0);
  const fresh = Math.max(now - watched.changedAt > QUIET_MS ? FRESH_WHEN_QUIET_MS : FRESH_MS, wait);
  return now - watched.readAt > fresh ? 'unavailable' : null;
}
