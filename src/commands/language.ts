/** A channel's language is that of its posts; in a DM it is how somebody is spoken to, here and in private everywhere. */
import type { Command } from '../domain/command.ts';
import type { CommandDependencies } from './dependencies.ts';
import { type Answer, personOf, type Request, refuse, say } from './request.ts';
import { isDm, mayChange, target } from './target.ts';

export async function language(command: Extract<Command, { name: 'language' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  if (!mayChange(request)) return refuse(request, { kind: 'not-a-member' });
  const destination = await target(request, deps);
  if (!destination) return refuse(request, { kind: 'not-a-member' });
  await deps.store.setLanguage(destination.id, command.language);
  const own = isDm(request);
  if (own) await deps.store.setPersonLanguage(personOf(request.actor), command.language);
  const heard = own ? { ...request, language: command.language } : request;
  return say(heard, { kind: 'language-set', language: command.language, dm: own });
}
