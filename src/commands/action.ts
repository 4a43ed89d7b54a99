/** A click on one of our buttons. Its value may be old, forged or about what is gone: it is checked as typed words are. */
import { type Action, decodeAction } from '../domain/card-actions.ts';
import { type JobKey, jobIdOf, projectIdOf } from '../domain/job.ts';
import { parseCommand } from '../domain/parse-command.ts';
import type { Preset } from '../domain/subscription.ts';
import type { FollowedView } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import { help } from './help.ts';
import { attachment, files, reason } from './job-files.ts';
import { viewOfWatched } from './job-view.ts';
import { type Answer, personOf, type Request, refuse, say } from './request.ts';
import { runCommand } from './run-command.ts';
import { isDm, knownTarget, mayChange, nudge } from './target.ts';

export async function clicked(button: { readonly name: string; readonly value: string }, request: Request, deps: CommandDependencies): Promise<Answer> {
  const action = decodeAction(button.name, button.value);
  if (!action || ('job' in action && projectIdOf(action.job) !== deps.projectId)) return refuse(request, { kind: 'too-old' });
  return perform(action, request, deps);
}

async function perform(action: Action, request: Request, deps: CommandDependencies): Promise<Answer> {
  switch (action.name) {
    case 'history': {
      const { page, filter } = action;
      const answer = await runCommand({ name: 'history', job: jobIdOf(action.job), page, filter }, request, deps);
      // The first look is a message of its own; turning its pages is not.
      return page !== null || filter === 'problems' ? replacing(answer) : answer;
    }
    case 'status':
      return replacing(await runCommand({ name: 'status', job: jobIdOf(action.job) }, request, deps));
    case 'files':
      return files(action.job, request, deps);
    case 'attachment':
      return attachment(action.job, request, deps);
    case 'reason':
      return reason(action.job, action.key, { request, deps });
    case 'follow':
      return replacing(await runCommand({ name: 'subscribe', job: jobIdOf(action.job), preset: action.preset, dm: false, notify: null }, request, deps));
    case 'preset':
    case 'preset-dm':
      return aboutFollowed({ name: action.name, job: action.job, preset: action.preset }, request, deps);
    case 'unfollow':
    case 'unfollow-dm':
    case 'unmute':
      return aboutFollowed({ name: action.name, job: action.job }, request, deps);
    case 'run':
      return run(action.text, request, deps);
    case 'share':
      return share(action.text, request, deps);
    case 'resume':
      return resume(action.destination, request, deps);
    case 'opt-out':
      await deps.store.optOut(personOf(request.actor));
      return replacing(say(request, { kind: 'opted-out' }));
    case 'help':
      return help(request, deps);
    default:
      return action satisfies never;
  }
}

type AboutFollowed =
  | { readonly name: 'unfollow' | 'unfollow-dm' | 'unmute'; readonly job: JobKey }
  | { readonly name: 'preset' | 'preset-dm'; readonly job: JobKey; readonly preset: Preset };

/** About a subscription: the place's, or the asker's own where they followed with `--dm`. */
async function aboutFollowed(action: AboutFollowed, asked: Request, deps: CommandDependencies): Promise<Answer> {
  const found = await whereFollowed(action, asked, deps);
  const job = jobIdOf(action.job);
  if (!found) {
    return refuse(asked, { kind: 'not-followed', view: await viewOfWatched(action.job, deps) });
  }
  const { request } = found;
  switch (action.name) {
    case 'preset':
    case 'preset-dm':
      return replacing(await runCommand({ name: 'subscribe', job, preset: action.preset, dm: request.ownDm, notify: null }, request, deps));
    case 'unfollow':
    case 'unfollow-dm':
      return replacing(await runCommand({ name: 'unsubscribe', job }, request, deps));
    case 'unmute':
      return replacing(await runCommand({ name: 'unmute', job }, request, deps));
    default:
      return action satisfies never;
  }
}

async function whereFollowed(
  { name, job }: AboutFollowed,
  asked: Request,
  deps: CommandDependencies,
): Promise<{ readonly request: Request; readonly followed: FollowedView } | null> {
  const own = { ...asked, ownDm: true };
  const places = asked.place.dm ? [asked] : name.endsWith('-dm') ? [own] : [asked, own];
  for (const request of places) {
    const destination = await knownTarget(request, deps);
    const followed = destination ? await deps.store.subscription(destination.id, job) : null;
    if (followed) return { request, followed };
  }
  return null;
}

async function run(text: string, request: Request, deps: CommandDependencies): Promise<Answer> {
  const parsed = parseCommand(text, [], personOf(request.actor));
  return parsed.kind === 'ok' ? replacing(await runCommand(parsed.command, request, deps)) : refuse(request, parsed.error);
}

/** Everyone sees what is shared, so it takes a member; only what tells of a job can be shared. */
async function share(text: string, request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const parsed = parseCommand(text, [], personOf(request.actor));
  if (parsed.kind !== 'ok' || (parsed.command.name !== 'history' && parsed.command.name !== 'status')) return refuse(request, { kind: 'too-old' });
  const answer = await runCommand(parsed.command, request, deps);
  return answer.kind === 'reply' && answer.message.kind !== 'error' ? { kind: 'share', message: answer.message } : answer;
}

/**
 * Ends a pause and sends a test, which alone proves that it is over. Who clicks in a DM was sent the destination's id as its owner; ids can't be guessed.
 * What a click in a channel may resume is that channel.
 */
async function resume(destination: string, request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const here = await knownTarget(request, deps);
  if (!isDm(request) && here?.id !== destination) return refuse(request, { kind: 'too-old' });
  await deps.store.resume(destination, null);
  await deps.store.notice(destination, { kind: 'test', subject: request.actor.id, since: deps.clock.now() });
  await nudge(destination, deps);
  return say(request, { kind: 'test-sent', dm: here?.id === destination && isDm(request), paused: null });
}

/** An answer that takes the place of what was clicked; an error leaves it there. */
function replacing(answer: Answer): Answer {
  return answer.kind === 'reply' && answer.message.kind !== 'error' ? { ...answer, replaces: true } : answer;
}
