/** What the core answers, shown in Teams. */
import type { InboundResult } from '../../src/ports/inbound.ts';
import { asAnswer, formCard, wordsCard } from './form.ts';
import { cardAnswer, errorAnswer, type InvokeAnswer, wordsAnswer } from './invoke-answer.ts';
import { eventId, type Met, type Receiving } from './meet.ts';
import { langOf, renderTeams } from './render.ts';

/** Shows what the core answers. What was a question or a form is over with its answer, which takes its place. */
export async function show(result: InboundResult, met: Met, host: Receiving): Promise<InvokeAnswer> {
  const { scene, activity, clicked } = met;
  const over = clicked === null || clicked.on === 'answer' ? null : clicked.message;
  switch (result.kind) {
    case 'reply': {
      const drawn = asAnswer(renderTeams(result.card));
      const replaced = over ?? (result.replaces && clicked ? clicked.message : null);
      const took = await host.answers.privately(scene, drawn, replaced);
      return took ? cardAnswer(drawn.card) : wordsAnswer(drawn.text);
    }
    case 'share': {
      const drawn = renderTeams(result.card);
      if (!(await host.answers.publicly(scene, drawn))) return errorAnswer('the answer could not be posted');
      if (over !== null) await host.answers.dismiss(scene, over);
      return wordsAnswer(drawn.text);
    }
    case 'form': {
      const { form } = result;
      const offers = form.fields
        .filter(({ kind }) => kind === 'search')
        .map(async ({ name: field }) => {
          const asked = await host.inbound({ kind: 'form-options', id: eventId(activity), actor: met.actor, form: form.id, field, typed: '' });
          return [field, asked.kind === 'options' ? asked.options : []] as const;
        });
      const drawn = formCard(form, Object.fromEntries(await Promise.all(offers)));
      await host.answers.privately(scene, drawn, over);
      return wordsAnswer(drawn.text);
    }
    // the form stays as it was filled in; what is wrong is said beside it
    case 'form-errors': {
      const words = Object.values(result.errors).join('\n');
      // too late to stand beside it
      if (met.isAnswered()) await host.answers.privately(scene, wordsCard(words, langOf(met.actor.language ?? 'en')), null);
      return wordsAnswer(words);
    }
    case 'home':
    case 'options':
    case 'again':
    case 'none':
      return wordsAnswer('');
    default:
      return result satisfies never;
  }
}
