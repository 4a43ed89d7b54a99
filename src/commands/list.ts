/** What is followed here, and whether messages arrive; the bot's own page says it of one's own conversation. */
import { HOME_JOBS } from '../domain/cards/lists.ts';
import type { Command } from '../domain/command.ts';
import type { CommandDependencies } from './dependencies.ts';
import { followedJob } from './job-view.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { isDm, knownTarget } from './target.ts';

export async function list(command: Extract<Command, { name: 'list' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const found = await followedHere(request, deps);
  return found
    ? say(request, { kind: 'list', ...found, dm: isDm(request), page: command.page })
    : refuse(request, { kind: 'nothing-followed', dm: isDm(request) });
}

/** The head, and an answer for each of the jobs first followed. */
export async function home(request: Request, deps: CommandDependencies): Promise<readonly Answer[]> {
  const found = await followedHere(request, deps);
  if (!found) return [refuse(request, { kind: 'nothing-followed', dm: true })];
  return [say(request, { kind: 'home', ...found }), ...found.jobs.slice(0, HOME_JOBS).map((job) => say(request, { kind: 'home-job', job }))];
}

/** null when nothing is. */
async function followedHere(request: Request, deps: CommandDependencies) {
  const destination = await knownTarget(request, deps);
  const followed = destination ? await deps.store.subscriptions(destination.id) : [];
  const jobs = (await Promise.all(followed.map((one) => followedJob(one, deps)))).filter((job) => job !== null);
  if (!destination || jobs.length === 0) return null;
  const health = { paused: destination.paused?.reason ?? null, since: destination.paused?.since ?? 0 };
  const stale = (await deps.budget.gate()) ? 'closed' : null;
  return { jobs, health, stale };
}
