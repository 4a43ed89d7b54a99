/** What an activity that was let in becomes: events for the core, and answers. */
import type { Address } from '../../src/domain/subscription.ts';
import type { Inbound, InboundResult, Place } from '../../src/ports/inbound.ts';
import type { Activity } from './activity.ts';
import type { Answers, Scene } from './answer.ts';
import { commandOf } from './command-text.ts';
import type { DmConversations } from './dms.ts';
import type { PrivateKind } from './elements.ts';
import { asAnswer, type Click, clickOf, DISMISS_VERB, formCard, questionCard, SUBMIT_VERB, typedOf } from './form.ts';
import { cardAnswer, type InvokeAnswer, optionsAnswer, wordsAnswer } from './invoke-answer.ts';
import { placeChangeOf } from './lifecycle.ts';
import { INVOKE_ANSWER_MS } from './limits.ts';
import { channelName, type Names } from './names.ts';
import type { Known, People } from './people.ts';
import { addressOf, dmAddressOf, type Route, refOf } from './places.ts';
import { renderTeams } from './render.ts';

export type Receiving = {
  readonly inbound: Inbound;
  readonly people: People;
  readonly names: Names;
  readonly answers: Answers;
  readonly dms: DmConversations;
  /** Keeps work that goes on after the answer to Teams; a stop waits for it. */
  readonly behind: (work: Promise<unknown>) => void;
};

/** done: 200 with nothing. unheard: an invoke that is none of ours. */
export type Received = { readonly kind: 'done' | 'unheard' } | { readonly kind: 'invoke'; readonly answer: InvokeAnswer };

type Situation = { readonly activity: Activity; readonly route: Route & { readonly conversation: string } };
/** `clicked`: the private message whose button it was. */
type Met = Situation &
  Known & { readonly place: Place; readonly scene: Scene; readonly clicked: { readonly on: PrivateKind; readonly message: string } | null };

const DONE: Received = { kind: 'done' };

/**
 * Takes one activity in. What happens to places is stored before Teams hears that it arrived; words are answered behind its back, since who gets no
 * answer asks again; a click is answered with its result, or without when that takes long.
 */
export async function receive(activity: Activity, host: Receiving): Promise<Received> {
  const route = routeOf(activity);
  const situation = { activity, route };
  if (route.kind === 'dm') host.dms.learn(route);
  if (placeChangeOf(activity)) {
    await placeChanged(situation, host);
    return DONE;
  }
  if (activity.from.isBot) return DONE;
  host.behind(host.inbound({ kind: 'seen', id: eventId(activity), address: placeAddress(situation, activity.from.aadObjectId || activity.from.id) }));
  switch (activity.type) {
    case 'message':
      if (isCommand(activity)) host.behind(converse(situation, host));
      return DONE;
    case 'invoke':
      return invoked(situation, host);
    default:
      return DONE;
  }
}

function routeOf({ conversation, serviceUrl, tenant, recipient, from }: Activity): Route & { readonly conversation: string } {
  const user = conversation.kind === 'dm' ? from.id : '';
  return { kind: conversation.kind, serviceUrl, tenant, bot: recipient.id, conversation: conversation.id, user };
}

function placeAddress({ route }: Situation, person: string): Address {
  return route.kind === 'dm' ? dmAddressOf(person, route) : addressOf(route);
}

/** An activity's id is unique in its conversation alone. */
function eventId({ type, id, conversation }: Activity): string {
  return `${type} ${id} ${conversation.id}`;
}

async function placeChanged(situation: Situation, { inbound, names }: Receiving): Promise<void> {
  const { activity, route } = situation;
  const found = placeChangeOf(activity);
  if (!found) return;
  const { of, change } = found;
  const own = placeAddress(situation, activity.from.aadObjectId || activity.from.id);
  const channel = (id: string): Address => addressOf({ ...route, kind: 'channel', conversation: id, user: '' });
  // what is known of the team has changed too, and the next look at it must see that
  const channels = of === 'place' ? [] : await names.channelsNow(activity);
  const named = of === 'channel' && activity.channel.id !== '' ? channel(activity.channel.id) : own;
  const changes = new Map([[named.id, { address: named, change }]]);
  for (const { id, name } of of === 'team' ? channels : []) {
    const renamed = change.kind === 'renamed' ? { ...change, name: channelName(change.name, name) } : change;
    changes.set(id, { address: channel(id), change: renamed });
  }
  for (const each of changes.values()) await inbound({ kind: 'destination', id: `${eventId(activity)} ${each.address.id}`, ...each });
}

/** Where others talk too, only what is said to the bot is. A message with a value and no words comes from a button of no card of ours. */
function isCommand(activity: Activity): boolean {
  const { conversation, isTargeted, text, value } = activity;
  if (text === '' && Object.keys(value).length > 0) return false;
  return conversation.kind === 'dm' || isTargeted || commandOf(activity).toBot;
}

/** Who it is, and where: asked of Teams at the same time. */
async function meet(situation: Situation, click: Click | null, { people, names }: Receiving): Promise<Met> {
  const { activity, route } = situation;
  const clicked = click !== null && click.on !== null && activity.replyToId !== '' ? { on: click.on, message: activity.replyToId } : null;
  const [known, name] = await Promise.all([people.actor(activity, route), route.kind === 'dm' ? '' : names.nameOf(activity)]);
  const { actor, isHere } = known;
  const dm = route.kind === 'dm';
  const place: Place = { address: placeAddress(situation, actor.id), name: dm ? actor.name : name, dm, actorIsMember: isHere };
  return { ...situation, ...known, clicked, place, scene: { route, root: activity.root, user: activity.from.id, dm: actor.dm } };
}

async function converse(situation: Situation, host: Receiving): Promise<void> {
  const met = await meet(situation, null, host);
  const { activity, route, actor, place } = met;
  const { text, named } = commandOf(activity);
  const mentions = await host.people.named(named, activity, route);
  await show(await host.inbound({ kind: 'command', id: eventId(activity), actor, place, text, mentions }), met, host);
}

async function invoked(situation: Situation, host: Receiving): Promise<Received> {
  const { activity } = situation;
  if (activity.name === 'application/search') return { kind: 'invoke', answer: await search(situation, host) };
  const click = activity.name === 'adaptiveCard/action' ? clickOf(activity.value) : null;
  if (click === null) return { kind: 'unheard' };
  const answering = clicked(click, situation, host);
  host.behind(answering);
  const { promise: late, resolve } = Promise.withResolvers<InvokeAnswer>();
  const timer = setTimeout(() => resolve(wordsAnswer('…')), INVOKE_ANSWER_MS);
  const answer = await Promise.race([answering, late]).finally(() => clearTimeout(timer));
  return { kind: 'invoke', answer };
}

async function search(situation: Situation, host: Receiving): Promise<InvokeAnswer> {
  const typed = typedOf(situation.activity.value);
  if (typed === null) return optionsAnswer([]);
  const { actor } = await host.people.actor(situation.activity, situation.route);
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

/** Shows what the core answers. What was a question or a form is over with its answer, which takes its place. */
async function show(result: InboundResult, met: Met, host: Receiving): Promise<InvokeAnswer> {
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
      await host.answers.publicly(scene, drawn);
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
    case 'form-errors':
      return wordsAnswer(Object.values(result.errors).join('\n'));
    case 'home':
    case 'options':
    case 'none':
      return wordsAnswer('');
    default:
      return result satisfies never;
  }
}
