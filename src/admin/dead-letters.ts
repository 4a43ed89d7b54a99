/** Messages that a platform refused for good: to be seen, sent again or dropped. */
import { jobIdOf } from '../domain/job.ts';
import { nearestOf } from '../domain/nearest.ts';
import { type AdminDeps, type Answer, done, instant, json, refused, type Typed, table } from './answer.ts';
import { readPlaces } from './find.ts';

export async function deadLetters({ words, flags }: Typed, deps: AdminDeps): Promise<Answer> {
  const [verb, id] = words;
  if (verb === undefined) return listLetters(flags.has('--json'), deps);
  if (verb !== 'replay' && verb !== 'drop') {
    return { exit: 2, text: `dead-letters takes replay or drop, not "${verb}".\nFor example: npm run admin -- dead-letters replay 12` };
  }
  if (id === undefined) return { exit: 2, text: `Which one? For example: npm run admin -- dead-letters ${verb} 12` };
  if (verb === 'drop') return (await deps.operator.dropDeadLetter(id)) ? done(`Dead letter ${id} is gone.`) : unknown(id, deps);
  const outcome = await deps.operator.replay(id);
  switch (outcome) {
    case 'done':
      return done(`Dead letter ${id} is sent again; what is there already is not. If it is refused again, it comes back here.`);
    case 'gone':
      return refused(`Its subscription is no more, so nobody is there to be told. To be rid of it: npm run admin -- dead-letters drop ${id}`);
    case 'busy':
      return refused('Another message of its subscription is being sent. Try again in a minute.');
    case 'none':
      return unknown(id, deps);
    default:
      return outcome satisfies never;
  }
}

async function listLetters(asJson: boolean, { operator }: AdminDeps): Promise<Answer> {
  const letters = await operator.deadLetters();
  if (asJson) return json(letters);
  if (letters.length === 0) return done('There are no dead letters.');
  const names = new Map((await readPlaces(operator)).map(({ destination }) => [destination.id, destination.name]));
  const rows = letters.map(({ id, at, destination, job, kind, keys, reason }) => [
    id,
    instant(at),
    `${destination} ${names.get(destination) ?? ''}`.trim(),
    jobIdOf(job),
    kind === 'post' ? `${keys.length} ${keys.length === 1 ? 'entry' : 'entries'}` : 'card',
    reason,
  ]);
  return done(table(['ID', 'WHEN', 'DESTINATION', 'JOB', 'WHAT', 'REASON'], rows));
}

async function unknown(id: string, { operator }: AdminDeps): Promise<Answer> {
  const ids = (await operator.deadLetters()).map((letter) => letter.id);
  const meant = nearestOf(id, ids, 1)[0] ?? ids[0];
  const hint = meant === undefined ? 'There are none.' : `For example: npm run admin -- dead-letters replay ${meant}`;
  return refused(`There is no dead letter "${id}". ${hint}`);
}
