/** Everything that happened to a job, and how fresh the answer is. */
import type { Command } from '../domain/command.ts';
import type { JobKey } from '../domain/job.ts';
import type { Watched } from '../ports/store.ts';
import { isRefusal, staleReason } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { viewOf } from './job-view.ts';
import { knownAt, readDetail, readJob } from './read-job.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { resolveJob } from './resolve-job.ts';
import { isDm } from './target.ts';

/** A page beyond the last is the last, and the last has the newest entries. */
const NEWEST_PAGE = Number.MAX_SAFE_INTEGER;

/** A journal read within this time is taken as it is; of an older one upstream is asked whether it can be read at all. */
const FRESH_MS = 60_000;

export async function history(command: Extract<Command, { name: 'history' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const resolved = await resolveJob(command, request, deps);
  if (resolved.kind === 'refused') return refuse(request, resolved.error);
  const story = await readJob(resolved, request, deps);
  if (story.kind === 'refused') return refuse(request, story.error);
  const view = await viewOf(resolved.job, story, deps);
  const { filter } = command;
  const watched = story.watched && story.watched.base !== null ? story.watched : null;
  const stale = watched ? await staleness(resolved.job, watched, { request, deps }) : null;
  const page = command.page ?? NEWEST_PAGE;
  // Of a job that was never there nothing was ever read; that it is not there was noted when it was looked for.
  const readAt = story.readAt || (watched?.changedAt ?? 0);
  return say(request, { kind: 'history', view, page, filter, readAt, stale, dm: isDm(request) });
}

type Asking = { readonly request: Request; readonly deps: CommandDependencies };

/** Why a journal may lack the newest entries, or null. One that has ended lacks nothing. */
async function staleness(job: JobKey, watched: Watched, { request, deps }: Asking): Promise<'closed' | 'unavailable' | null> {
  if (watched.ended) return null;
  if (await deps.budget.gate()) return 'closed';
  if (deps.clock.now() - knownAt(watched) <= FRESH_MS) return null;
  const asked = await readDetail(job, request.soon, deps);
  return asked.kind === 'failed' && !isRefusal(asked.error) ? staleReason(asked.error) : null;
}
