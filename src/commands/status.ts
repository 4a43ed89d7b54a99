/** Where a job stands now: its journal, refined by what upstream says at this moment. */
import type { Command } from '../domain/command.ts';
import type { JobKey } from '../domain/job.ts';
import type { FollowedJob, Paused } from '../domain/message.ts';
import { isRefusal, staleReason } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { factsOf, followedJob, isGone, viewOf } from './job-view.ts';
import { readDetail, readJob } from './read-job.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { resolveJob } from './resolve-job.ts';
import { knownTarget, pausedAt } from './target.ts';

export async function status(command: Extract<Command, { name: 'status' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const resolved = await resolveJob(command, request, deps);
  if (resolved.kind === 'refused') return refuse(request, resolved.error);
  const { job } = resolved;
  const [story, { here, paused }] = await Promise.all([readJob(resolved, request, deps), followedHere(job, request, deps)]);
  if (story.kind === 'refused') return refuse(request, story.error);

  const { watched } = story;
  const asked = watched && watched.base !== null ? await readDetail(job, request.soon, deps) : null;
  // Upstream says what the journal says already: it is not there.
  const stillGone = asked?.kind === 'failed' && isRefusal(asked.error) && isGone(story.journal);
  const fresh = asked?.kind === 'ok' ? factsOf(asked.value, story.facts?.audit ?? null) : null;
  const view = await viewOf(job, { journal: story.journal, facts: fresh ?? story.facts }, deps);
  return say(request, {
    kind: 'status',
    view,
    here,
    paused,
    readAt: fresh || stillGone ? deps.clock.now() : story.readAt,
    stale: asked?.kind === 'failed' && !stillGone ? staleReason(asked.error) : null,
    now: deps.clock.now(),
    stretchedTo: watched && !watched.ended ? deps.effectiveIntervalMs(watched) : null,
  });
}

async function followedHere(
  job: JobKey,
  request: Request,
  deps: CommandDependencies,
): Promise<{ readonly here: FollowedJob | null; readonly paused: Paused | null }> {
  const destination = await knownTarget(request, deps);
  const followed = destination ? await deps.store.subscription(destination.id, job) : null;
  if (!destination || !followed) return { here: null, paused: null };
  return { here: await followedJob(followed, deps), paused: pausedAt(destination, request) };
}
