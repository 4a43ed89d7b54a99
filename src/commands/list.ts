/** What is followed here, and whether messages arrive. */
import type { Command } from '../domain/command.ts';
import type { CommandDependencies } from './dependencies.ts';
import { followedJob } from './job-view.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { isDm, knownTarget } from './target.ts';

export async function list(command: Extract<Command, { name: 'list' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const destination = await knownTarget(request, deps);
  const followed = destination ? await deps.store.subscriptions(destination.id) : [];
  const jobs = (await Promise.all(followed.map((one) => followedJob(one, deps)))).filter((job) => job !== null);
  if (!destination || jobs.length === 0) return refuse(request, { kind: 'nothing-followed', dm: isDm(request) });
  const health = { paused: destination.paused?.reason ?? null, since: destination.paused?.since ?? 0 };
  const stale = (await deps.budget.gate()) ? 'closed' : null;
  return say(request, { kind: 'list', jobs, health, stale, dm: isDm(request), page: command.page });
}
