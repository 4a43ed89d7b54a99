/** Hands a command to its handler. */
import type { Command } from '../domain/command.ts';
import type { CommandDependencies } from './dependencies.ts';
import { help } from './help.ts';
import { history } from './history.ts';
import { jobs } from './jobs.ts';
import { language } from './language.ts';
import { list } from './list.ts';
import { mute, unmute } from './mute.ts';
import type { Answer, Request } from './request.ts';
import { status } from './status.ts';
import { subscribe } from './subscribe.ts';
import { subscribeForm } from './subscribe-form.ts';
import { testMessage } from './test-message.ts';
import { unsubscribe, unsubscribeAll } from './unsubscribe.ts';

export async function runCommand(command: Command, request: Request, deps: CommandDependencies): Promise<Answer> {
  const started = deps.clock.monotonic();
  try {
    return await dispatch(command, request, deps);
  } finally {
    deps.metrics.observe('command_seconds', (deps.clock.monotonic() - started) / 1000, { command: command.name, platform: request.actor.platform });
  }
}

async function dispatch(command: Command, request: Request, deps: CommandDependencies): Promise<Answer> {
  switch (command.name) {
    case 'subscribe':
      return subscribe(command, request, deps);
    case 'subscribe-form':
      return subscribeForm(request);
    case 'unsubscribe':
      return unsubscribe(command, request, deps);
    case 'unsubscribe-all':
      return unsubscribeAll(command, request, deps);
    case 'list':
      return list(command, request, deps);
    case 'history':
      return history(command, request, deps);
    case 'status':
      return status(command, request, deps);
    case 'mute':
      return mute(command, request, deps);
    case 'unmute':
      return unmute(command, request, deps);
    case 'jobs':
      return jobs(command, request, deps);
    case 'test':
      return testMessage(request, deps);
    case 'language':
      return language(command, request, deps);
    case 'help':
      return help(request, deps);
    default:
      return command satisfies never;
  }
}
