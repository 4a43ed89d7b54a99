/** Stops following one job, or all that is followed here. */
import type { Command } from '../domain/command.ts';
import type { JobView } from '../domain/message.ts';
import type { Destination, FollowedView } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import { nameOf, viewOfWatched } from './job-view.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { resolveFollowed } from './resolve-followed.ts';
import { isDm, knownTarget, mayChange, nudge } from './target.ts';

export async function unsubscribe(command: Extract<Command, { name: 'unsubscribe' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const found = await resolveFollowed(command, request, deps);
  return found.kind === 'refused' ? refuse(request, found.error) : leave(found.destination, [found.followed], { request, deps });
}

/** One word too few, and a place hears of nothing any more: it is asked first, with the command that means it on a button. */
export async function unsubscribeAll({ sure }: Extract<Command, { name: 'unsubscribe-all' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const destination = await knownTarget(request, deps);
  const followed = destination ? await deps.store.subscriptions(destination.id) : [];
  if (!destination || followed.length === 0) return refuse(request, { kind: 'nothing-followed', dm: isDm(request) });
  if (sure) return leave(destination, followed, { request, deps });
  const views = await Promise.all(followed.map(({ subscription: { job } }) => viewOfWatched(job, deps)));
  return say(request, { kind: 'unsubscribe-all', views, dm: isDm(request) });
}

async function leave(
  destination: Destination,
  followed: readonly FollowedView[],
  { request, deps }: { readonly request: Request; readonly deps: CommandDependencies },
): Promise<Answer> {
  const left: { readonly view: JobView; readonly preset: FollowedView['subscription']['preset'] }[] = [];
  let onItsWay = false;
  for (const { subscription } of followed) {
    const { job, preset } = subscription;
    // The journal goes with its last follower, so the view is read before.
    const view = await viewOfWatched(job, deps);
    const outcome = await deps.store.unsubscribe(destination.id, job);
    if (outcome === 'none') continue;
    onItsWay ||= outcome === 'onItsWay';
    left.push({ view, preset });
  }
  if (left.length === 0) return refuse(request, { kind: 'nothing-followed', dm: isDm(request) });
  if (!isDm(request)) await announce(destination, left, { request, deps });
  await nudge(destination.id, deps);
  return say(request, { kind: 'unsubscribed', views: left.map(({ view }) => view), onItsWay, dm: isDm(request) });
}

async function announce(
  destination: Destination,
  left: readonly { readonly view: JobView; readonly preset: FollowedView['subscription']['preset'] }[],
  { request, deps }: { readonly request: Request; readonly deps: CommandDependencies },
): Promise<void> {
  const [first] = left;
  if (!first) return;
  // one message, however many jobs it names
  const name = left.map(({ view }) => nameOf(view)).join(', ');
  const notice = {
    kind: 'unfollowed',
    subject: first.view.job,
    since: deps.clock.now(),
    by: request.actor.name,
    name,
    preset: first.preset,
    completed: false,
  } as const;
  await deps.store.notice(destination.id, notice);
}
