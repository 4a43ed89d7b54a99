/** Which of the jobs followed here somebody means. Nothing else can be muted or unfollowed, so upstream is asked only for what was never read. */
import type { Command } from '../domain/command.ts';
import { jobIdOf } from '../domain/job.ts';
import type { CommandError } from '../domain/message.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Destination, FollowedView } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import { ID_START } from './job-search.ts';
import { shortIdOf, viewOf } from './job-view.ts';
import type { Request } from './request.ts';
import { followedNames, resolveJob, watchedJobs } from './resolve-job.ts';
import { isDm, knownTarget } from './target.ts';

export type Followed =
  | { readonly kind: 'found'; readonly destination: Destination; readonly followed: FollowedView }
  | { readonly kind: 'refused'; readonly error: CommandError };

export async function resolveFollowed(command: Command & { readonly job: string }, request: Request, deps: CommandDependencies): Promise<Followed> {
  const destination = await knownTarget(request, deps);
  const here = destination ? await deps.store.subscriptions(destination.id) : [];
  if (!destination || here.length === 0) return refused({ kind: 'nothing-followed', dm: isDm(request) });

  const meant = command.job.trim();
  const named = await watchedJobs(meant, request, deps);
  const start = meant.length >= ID_START ? meant.toLowerCase() : null;
  const matches = here.filter(({ subscription: { job } }) => named.includes(job) || (start !== null && jobIdOf(job).toLowerCase().startsWith(start)));
  const [first] = matches;
  if (first && matches.length === 1) return { kind: 'found', destination, followed: first };
  if (first) return refused({ kind: 'ambiguous-job', input: command.job, candidates: await candidatesOf(matches, deps), command });

  // Followed a moment ago, it has no name in the store yet.
  const unread = here.some(({ base }) => base === null) ? await resolveJob(command, request, deps) : null;
  const followed = unread && unread.kind !== 'refused' ? await deps.store.subscription(destination.id, unread.job) : null;
  if (followed) return { kind: 'found', destination, followed };

  const [elsewhere] = named;
  const watched = elsewhere ? await deps.store.readWatch(elsewhere) : null;
  if (elsewhere && watched) return refused({ kind: 'not-followed', view: await viewOf(elsewhere, watched, deps) });
  return refused({ kind: 'no-such-job', input: command.job, nearest: nearestOf(meant, await followedNames(request, deps), 3) });
}

async function candidatesOf(matches: readonly FollowedView[], deps: CommandDependencies) {
  return Promise.all(
    matches.map(async ({ subscription: { job } }) => {
      const facts = (await deps.store.readWatch(job))?.facts;
      return { job, shortId: await shortIdOf(job, deps), name: facts?.voiceName ?? '', state: facts?.state ?? '' };
    }),
  );
}

function refused(error: CommandError): Followed {
  return { kind: 'refused', error };
}
