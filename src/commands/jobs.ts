/** Finds jobs by a part of their name or the start of their id, newest first. */
import type { Command } from '../domain/command.ts';
import { ask, upstreamDown } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { findByPart, type Search } from './job-search.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { knownTarget } from './target.ts';

/** Jobs in one answer: more is a page nobody reads on a phone, and a narrower search finds it. */
const SHOWN = 15;

export async function jobs(command: Extract<Command, { name: 'jobs' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const found = await search(command.search, request, deps);
  if (found.kind === 'down') return refuse(request, await upstreamDown(found.error, deps));
  const destination = await knownTarget(request, deps);
  const here = destination ? await deps.store.subscriptions(destination.id) : [];
  const followed = new Set(here.map(({ subscription }) => subscription.job));
  return say(request, { kind: 'jobs', search: command.search, jobs: found.jobs.slice(0, SHOWN), total: found.total, followed, projectId: deps.projectId });
}

type Counted = (Extract<Search, { kind: 'found' }> & { readonly total: number }) | Extract<Search, { kind: 'down' }>;

/** By upstream's own filter; where that finds nothing (it may want whole names), by our own among the newest. */
async function search(words: string, request: Request, deps: CommandDependencies): Promise<Counted> {
  const asked = await ask((options) => deps.jobs.listJobs({ name: words, offset: 0, limit: SHOWN }, options), request.late);
  if (asked.kind === 'failed') return { kind: 'down', error: asked.error };
  if (words === '' || asked.value.jobs.length > 0) return { kind: 'found', jobs: asked.value.jobs, seen: [], total: asked.value.count };
  const found = await findByPart(words, request, deps);
  return found.kind === 'down' ? found : { ...found, total: found.jobs.length };
}
