/** Sends a message the way a real update goes: through the store, a drain and the platform. */
import type { CommandDependencies } from './dependencies.ts';
import { type Answer, type Request, refuse, say } from './request.ts';
import { isDm, mayChange, nudge, pausedAt, target } from './target.ts';

export async function testMessage(request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const destination = await target(request, deps);
  if (!destination) return refuse(request, { kind: 'not-a-member' });
  await deps.store.notice(destination.id, { kind: 'test', subject: request.actor.id, since: deps.clock.now() });
  await nudge(destination.id, deps);
  return say(request, { kind: 'test-sent', dm: isDm(request), paused: pausedAt(destination, request) });
}
