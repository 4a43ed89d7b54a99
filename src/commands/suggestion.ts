/** What is suggested in place of a command that was not understood must work: whether there is such a job only upstream knows. */
import { EXAMPLE_JOB } from '../domain/command-words.ts';
import { formatCommand } from '../domain/format-command.ts';
import type { CommandError } from '../domain/message.ts';
import { parseCommand } from '../domain/parse-command.ts';
import type { CommandDependencies } from './dependencies.ts';
import { personOf, type Request } from './request.ts';
import { resolveJob } from './resolve-job.ts';

/** The error with an example that runs. A name that nobody knows may be a job and a word too many; else it gives way to the name in all examples, which no button runs. */
export async function withWorkingExample(error: CommandError, request: Request, deps: CommandDependencies): Promise<CommandError> {
  if (error.kind !== 'bad-argument') return error;
  const speaker = personOf(request.actor);
  const parsed = parseCommand(error.example, [], speaker);
  if (parsed.kind === 'error' || !('job' in parsed.command) || parsed.command.job === EXAMPLE_JOB) return error;
  const { command } = parsed;
  // A slip is answered at once or not at all.
  const isKnown = async (job: string): Promise<boolean> => {
    const resolved = await resolveJob({ ...command, job }, { ...request, late: request.soon }, deps);
    return resolved.kind !== 'refused' || resolved.error.kind === 'ambiguous-job';
  };
  if (await isKnown(command.job)) return error;
  const [first = ''] = command.job.split(' ');
  const job = first !== command.job && (await isKnown(first)) ? first : EXAMPLE_JOB;
  const named = error.expected === 'preset' && command.name === 'subscribe' ? { ...command, job, preset: command.preset ?? 'milestones' } : { ...command, job };
  return { ...error, example: formatCommand(named, speaker) };
}
