/** Holds back a job's posts for a while, or tells again. What waits is the cursor that stands still. */
import type { Command } from '../domain/command.ts';
import type { CommandDependencies } from './dependencies.ts';
import { followedJob, viewOfWatched } from './job-view.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { resolveFollowed } from './resolve-followed.ts';
import { mayChange, nudge } from './target.ts';

export async function mute(command: Extract<Command, { name: 'mute' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const found = await resolveFollowed(command, request, deps);
  if (found.kind === 'refused') return refuse(request, found.error);
  const { job } = found.followed.subscription;
  const view = await viewOfWatched(job, deps);
  const muted = await deps.store.mute(found.destination.id, job, command.forMs);
  return muted ? say(request, { kind: 'muted', view, until: muted.until }) : refuse(request, { kind: 'not-followed', view });
}

export async function unmute(command: Extract<Command, { name: 'unmute' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const found = await resolveFollowed(command, request, deps);
  if (found.kind === 'refused') return refuse(request, found.error);
  const { job } = found.followed.subscription;
  const held = await followedJob(found.followed, deps);
  const unmuted = await deps.store.mute(found.destination.id, job, 0);
  if (!unmuted || !held) return refuse(request, { kind: 'not-followed', view: held?.view ?? (await viewOfWatched(job, deps)) });
  await nudge(found.destination.id, deps);
  return say(request, { kind: 'unmuted', view: held.view, waiting: held.waiting, wasMuted: held.mutedUntil > 0 });
}
