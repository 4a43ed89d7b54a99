/** Follows a job from now on, here or in the asker's DM, and tells those whom it concerns. */
import { isCompleted } from '../domain/cadence.ts';
import type { Command } from '../domain/command.ts';
import type { CommandError, JobView } from '../domain/message.ts';
import type { Actor, Person, Preset } from '../domain/subscription.ts';
import type { Destination } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import { isGone, nameOf } from './job-view.ts';
import { type Answer, isSame, personOf, type Request, refuse, say } from './request.ts';
import { type Resolved, resolveJob, viewResolved } from './resolve-job.ts';
import { isDm, languageOf, mayChange, nudge, ownDm, pausedAt, target } from './target.ts';

type Subscribe = Extract<Command, { name: 'subscribe' }>;

const DEFAULT_PRESET: Preset = 'milestones';

export async function subscribe(command: Subscribe, asked: Request, deps: CommandDependencies): Promise<Answer> {
  const request = { ...asked, ownDm: command.dm || asked.ownDm };
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const refusal = await cannotNotify(command.notify, request, deps);
  if (refusal) return refuse(request, refusal);
  const resolved = await resolveJob(command, request, deps);
  if (resolved.kind === 'refused') return refuse(request, resolved.error);
  const destination = await target(request, deps);
  if (!destination) return refuse(request, { kind: 'bad-argument', command: 'subscribe', input: '--dm', example: 'subscribe', expected: 'other' });

  const { job } = resolved;
  const before = (await deps.store.subscription(destination.id, job))?.subscription ?? null;
  const preset = command.preset ?? before?.preset ?? DEFAULT_PRESET;
  const notify = command.notify ?? before?.notify ?? null;
  const owner = isDm(request) ? null : await ownDm(request.actor, request.language, deps);
  // who names themself agrees to be named again; a name that stands from before says nothing of that
  if (command.notify && isSame(command.notify, request.actor)) await deps.store.optIn(command.notify);
  const result = await deps.store.subscribe({ destination: destination.id, job, preset, by: personOf(request.actor), owner: owner?.id ?? null, notify });

  const view = await viewResolved(resolved, deps);
  const change = { destination, view, preset, notify, namedBefore: before?.notify ?? null, changed: result.kind === 'new' || result.before !== preset };
  const seen = resolved.kind === 'found' && resolved.watched !== null && resolved.watched.base !== null;
  if (result.kind === 'new' && !seen) await wake(view, deps);
  await announce(change, request, deps);
  await tellNamed(change, request, deps);
  await nudge(destination.id, deps);
  const already = result.kind === 'kept' ? result.before : null;
  const dm = isDm(request);
  return say(request, {
    kind: 'subscribed',
    view,
    preset,
    dm,
    elsewhere: dm && !request.place.dm,
    pending: isPending(resolved),
    already,
    // Who was named once may have said no since.
    notify: notify && (await deps.store.hasOptedOut(notify)) ? null : notify,
    paused: pausedAt(destination, request),
  });
}

/** Nobody but oneself is named who did not agree to be, who can't say no with a click, or who would not see it. A DM mentions nobody: it is read by one person. */
async function cannotNotify(named: Person | null, request: Request, deps: CommandDependencies): Promise<CommandError | null> {
  if (!named || isSame(named, request.actor)) return null;
  if (isDm(request)) return { kind: 'cannot-notify', input: `@${named.name}`, why: 'channels-only' };
  const actor = mentioned(named, request);
  if (!actor?.member || actor.guest || !actor.dm) return { kind: 'cannot-notify', input: `@${named.name}`, why: 'unknown' };
  return (await deps.store.hasOptedOut(named)) ? { kind: 'opted-out-person', name: named.name } : null;
}

function mentioned(person: Person, request: Request): Actor | null {
  return request.mentions.find((actor) => isSame(actor, person)) ?? null;
}

/** Nothing is known of it yet, not even that it exists. */
function isPending(resolved: Exclude<Resolved, { kind: 'refused' }>): boolean {
  return resolved.kind === 'unverified' || (resolved.watched !== null && resolved.watched.base === null && resolved.watched.facts === null);
}

async function wake(view: JobView, deps: CommandDependencies): Promise<void> {
  await deps.scheduler.wakeWatch(view.job).catch((error: unknown) => {
    deps.log.warn('could not wake a watch', { job: view.job, error: error instanceof Error ? error : String(error) });
  });
}

type Change = {
  readonly destination: Destination;
  readonly view: JobView;
  readonly preset: Preset;
  readonly notify: Person | null;
  readonly namedBefore: Person | null;
  readonly changed: boolean;
};

/** What a channel hears changes by everyone's leave, so everyone there is told. */
async function announce({ destination, view, preset, changed }: Change, request: Request, deps: CommandDependencies): Promise<void> {
  if (isDm(request) || !changed) return;
  const since = deps.clock.now();
  const completed = isCompleted(view.journal, view.facts) && !isGone(view.journal);
  await deps.store.notice(destination.id, { kind: 'followed', subject: view.job, since, by: request.actor.name, name: nameOf(view), preset, completed });
}

/** Somebody named by another hears of it in their own DM, in their language, with the way out. */
async function tellNamed({ view, notify, namedBefore }: Change, request: Request, deps: CommandDependencies): Promise<void> {
  const actor = notify ? mentioned(notify, request) : null;
  if (!notify || !actor || isSame(notify, request.actor) || (namedBefore && isSame(namedBefore, notify))) return;
  const dm = await ownDm(actor, await languageOf(actor, deps), deps);
  if (!dm) return;
  const since = deps.clock.now();
  await deps.store.notice(dm.id, { kind: 'opt-in', subject: view.job, since, by: request.actor.name, name: nameOf(view), place: request.place.name });
  await nudge(dm.id, deps);
}
