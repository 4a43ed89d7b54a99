/** Finds jobs by a part of their name or the start of their id, newest first. */
import type { Command } from '../domain/command.ts';
import type { JobDetail } from '../domain/job.ts';
import { ask, upstreamDown } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { findByPart } from './job-search.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { knownTarget } from './target.ts';

/** Jobs in one answer: more is a page nobody reads on a phone, and a narrower search finds it. */
const SHOWN = 15;

export async function jobs(command: Extract<Command, { name: 'jobs' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const found = await search(command.search, request, deps);
  if (!found) return refuse(request, await upstreamDown(deps));
  const destination = await knownTarget(request, deps);
  const here = destination ? await deps.store.subscriptions(destination.id) : [];
  const followed = new Set(here.map(({ subscription }) => subscription.job));
  return say(request, { kind: 'jobs', search: command.search, jobs: found.jobs.slice(0, SHOWN), total: found.total, followed, projectId: deps.projectId });
}

/** By upstream's own filter; where that finds nothing (it may want whole names), by our own among the newest. null: upstream can't be asked. */
async function search(
  words: string,
  request: Request,
  deps: CommandDependencies,
): Promise<{ readonly jobs: readonly JobDetail[]; readonly total: number } | null> {
  const asked = await ask((options) => deps.jobs.listJobs({ name: words, offset: 0, limit: SHOWN }, options), request.late);
  if (asked.kind === 'failed') return null;
  if (words === '' || asked.value.jobs.length > 0) return { jobs: asked.value.jobs, total: asked.value.count };
  const found = await findByPart(words, request, deps);
  return found.kind === 'down' ? null : { jobs: found.jobs, total: found.jobs.length };
}
