/** What the page asks of the playground itself; what it asks of voicejob are events (inbound.ts). */
import { type Inbound, JOB_SEARCH } from '../../src/ports/inbound.ts';
import { completing, jobLines } from './completion.ts';
import type { Question } from './http.ts';
import { languageOf, textsOf } from './inbound.ts';
import { actor, LOCAL_PERSON, placeOf, speakerIn } from './places.ts';

export type QuestionDeps = { readonly inbound: Inbound };

/** Every question by its name. */
export function openQuestions(deps: QuestionDeps): ReadonlyMap<string, Question> {
  return new Map<string, Question>([['complete', (body) => complete(body, deps)]]);
}

/** The lines that a typed line may go on with, best first. */
async function complete(body: object, { inbound }: QuestionDeps): Promise<object> {
  const text = textsOf(body);
  const language = languageOf(text('language'));
  const { offers, job } = completing(text('text'), language ?? 'en');
  if (!job) return { offers };
  const place = placeOf(text('place'));
  const who = actor(place ? speakerIn(place) : LOCAL_PERSON, { language, zone: null });
  const found = await inbound({ kind: 'form-options', id: text('id'), actor: who, ...JOB_SEARCH, typed: job.typed });
  return { offers: [...(found.kind === 'options' ? jobLines(found.options, job) : []), ...offers] };
}
