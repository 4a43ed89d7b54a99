/** Clicks and what is typed into a form: invokes, each of which wants an answer. */
import { type Click, clickOf, DISMISS_VERB, questionCard, SUBMIT_VERB, typedOf } from './form.ts';
import { type InvokeAnswer, optionsAnswer, wordsAnswer } from './invoke-answer.ts';
import { INVOKE_ANSWER_MS } from './limits.ts';
import { eventId, meet, type Receiving, type Situation } from './meet.ts';
import { refOf } from './places.ts';
import { show } from './show.ts';

/** Answers an invoke; null: it is none of ours. */
export async function invoked(situation: Situation, host: Receiving): Promise<InvokeAnswer | null> {
  const { activity } = situation;
  if (activity.name === 'application/search') return search(situation, host);
  const click = activity.name === 'adaptiveCard/action' ? clickOf(activity.value) : null;
  if (click === null) return null;
  let isLate = false;
  const answering = clicked(click, { ...situation, isAnswered: () => isLate }, host);
  host.behind(answering);
  const { promise: late, resolve } = Promise.withResolvers<InvokeAnswer>();
  const timer = setTimeout(() => {
    isLate = true;
    resolve(wordsAnswer('…'));
  }, INVOKE_ANSWER_MS);
  return Promise.race([answering, late]).finally(() => clearTimeout(timer));
}

async function search(situation: Situation, host: Receiving): Promise<InvokeAnswer> {
  const typed = typedOf(situation.activity.value);
  if (typed === null) return optionsAnswer([]);
  const { actor } = await host.people.searcher(situation.activity, situation.route);
  const result = await host.inbound({ kind: 'form-options', id: eventId(situation.activity), actor, ...typed });
  return optionsAnswer(result.kind === 'options' ? result.options : []);
}

async function clicked(click: Click, situation: Situation, host: Receiving): Promise<InvokeAnswer> {
  const met = await meet(situation, click, host);
  const { activity, actor, place, scene } = met;
  const { replyToId, root } = activity;
  const { verb, value, inputs } = click;
  const id = eventId(activity);
  if (verb === DISMISS_VERB) {
    if (met.clicked) await host.answers.dismiss(scene, met.clicked.message);
    return wordsAnswer(value);
  }
  if (click.confirm !== null) {
    const question = questionCard(click.confirm, click);
    await host.answers.privately(scene, question, null);
    return wordsAnswer(question.text);
  }
  const message = replyToId === '' ? null : refOf(replyToId, root);
  if (verb === SUBMIT_VERB) return show(await host.inbound({ kind: 'form', id, actor, place, form: value, values: inputs }), met, host);
  return show(await host.inbound({ kind: 'action', id, actor, place, name: verb, value, message }), met, host);
}
