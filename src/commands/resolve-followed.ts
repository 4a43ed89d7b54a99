/** Which of the jobs followed here somebody means. Nothing else can be muted or unfollowed: upstream is asked only whether there is such a job at all. */
import type { JobCommand } from '../domain/command.ts';
import { ID_START, jobIdOf } from '../domain/job.ts';
import type { CommandError } from '../domain/message.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Destination, FollowedView } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import { shortIdOf } from './job-view.ts';
import type { Request } from './request.ts';
import { followedNames, resolveJob, viewResolved, watchedJobs } from './resolve-job.ts';
import { isDm, knownTarget } from './target.ts';

export type Followed =
  | { readonly kind: 'found'; readonly destination: Destination; readonly followed: FollowedView }
  | { readonly kind: 'refused'; readonly error: CommandError };

export async function resolveFollowed(command: JobCommand, request: Request, deps: CommandDependencies): Promise<Followed> {
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

  // That nothing here matches is known without upstream: only for a job that was never read it is worth a longer wait.
  const isUnread = here.some(({ base }) => base === null);
  const known = await resolveJob(command, isUnread ? request : { ...request, late: request.soon }, deps);
  if (known.kind !== 'refused') {
    // Followed a moment ago, it has no name in the store yet.
    const followed = await deps.store.subscription(destination.id, known.job);
    return followed ? { kind: 'found', destination, followed } : refused({ kind: 'not-followed', view: await viewResolved(known, deps) });
  }
  if (known.error.kind === 'ambiguous-job') {
    const { candidates } = known.error;
    const unread = here.filter(({ subscription }) => candidates.some(({ job }) => job === subscription.job));
    const [one] = unread;
    if (one && unread.length === 1) return { kind: 'found', destination, followed: one };
    // Where none of them is followed, the command can't be what a click runs.
    return refused(one ? known.error : { ...known.error, command: { name: 'status', job: command.job } });
  }
  // it may be the one that was never read
  if (isUnread && (known.error.kind === 'upstream-down' || known.error.kind === 'upstream-refuses')) return refused(known.error);
  return refused({ kind: 'no-such-job', input: command.job, nearest: nearestOf(meant, await followedNames(request, deps), 3), command });
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
