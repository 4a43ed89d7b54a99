/** All commands, as they are typed here. */
import type { CommandDependencies } from './dependencies.ts';
import { type Answer, type Request, say } from './request.ts';

export function help(request: Request, deps: CommandDependencies): Answer {
  return say(request, { kind: 'help', prefix: deps.commandPrefix(request.place.address) });
}
