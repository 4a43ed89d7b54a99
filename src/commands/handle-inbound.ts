/** Everything that arrives from a chat platform: each event once, rights before all, and an answer to whoever asked, whatever happens. */

import type { Card } from '../domain/card.ts';
import { cardOf } from '../domain/card-of.ts';
import type { Message, ReplyMessage } from '../domain/message.ts';
import { parseCommand } from '../domain/parse-command.ts';
import type { Actor, Language } from '../domain/subscription.ts';
import { type Inbound, type InboundEvent, type InboundResult, JOB_SEARCH, type Place } from '../ports/inbound.ts';
import { clicked } from './action.ts';
import type { CommandDependencies } from './dependencies.ts';
import { destinationChanged, placeSeen } from './destination-change.ts';
import { home } from './list.ts';
import { type Answer, isSame, personOf, type Request, refuse } from './request.ts';
import { runCommand } from './run-command.ts';
import { offerJobs, SUBSCRIBE_FORM, submitSubscribeForm } from './subscribe-form.ts';
import { withWorkingExample } from './suggestion.ts';
import { languageOf, ownDm } from './target.ts';

type FromPerson = Exclude<InboundEvent, { kind: 'destination' | 'seen' }>;
type AtPlace = Exclude<FromPerson, { kind: 'form-options' }>;
type Handled = { readonly result: InboundResult; readonly outcome: 'answered' | 'refused' | 'repeated' };

const NONE: InboundResult = { kind: 'none' };

/** The one handler that adapters call. It never rejects: what goes wrong is told with a reference, and logged with it. */
export function createInbound(deps: CommandDependencies): Inbound {
  return async (event) => {
    const platform = 'actor' in event ? event.actor.platform : event.address.platform;
    const began = deps.clock.monotonic();
    const count = (outcome: string) => {
      deps.metrics.count('inbound_total', { platform, kind: event.kind, outcome });
      // What was said stays out of the log; who said it is in the trail if it changed anything.
      const ms = Math.round(deps.clock.monotonic() - began);
      deps.log.debug('an event was handled', { event: event.id, platform, kind: event.kind, outcome, ms });
    };
    try {
      const { result, outcome } = await handle(event, deps);
      count(outcome);
      return result;
    } catch (error) {
      count('failed');
      return apologize(event, error, deps);
    }
  };
}

async function handle(event: InboundEvent, deps: CommandDependencies): Promise<Handled> {
  switch (event.kind) {
    case 'seen':
      await placeSeen(event.address, deps);
      return { result: NONE, outcome: 'answered' };
    case 'destination':
      return changePlace(event, deps);
    case 'form-options':
      // Looking changes nothing, so looking twice is answered twice.
      if (!mayAsk(event.actor)) return { result: { kind: 'options', options: [] }, outcome: 'refused' };
      return { result: { kind: 'options', options: await offerFor(event, deps) }, outcome: 'answered' };
    case 'home':
      return openHome(event, deps);
    case 'command':
    case 'action':
    case 'form':
      if (!(await deps.store.firstTime(event.actor.platform, event.id))) return { result: NONE, outcome: 'repeated' };
      return answerPerson(event, deps);
    default:
      return event satisfies never;
  }
}

/** Taken for handled once it is stored, and not before: what failed comes again, and storing it twice is storing it once. */
async function changePlace({ address, id, change }: Extract<InboundEvent, { kind: 'destination' }>, deps: CommandDependencies): Promise<Handled> {
  if (await deps.store.wasHandled(address.platform, id)) return { result: NONE, outcome: 'repeated' };
  await destinationChanged(address, change, deps);
  await deps.store.firstTime(address.platform, id);
  return { result: NONE, outcome: 'answered' };
}

/** Members of the home workspace or tenant only, at every event: what somebody was yesterday does not count. */
function mayAsk(actor: Actor): boolean {
  return actor.member && !actor.guest;
}

async function answerPerson(event: Extract<AtPlace, { kind: 'command' | 'action' | 'form' }>, given: CommandDependencies): Promise<Handled> {
  const deps = { ...given, store: given.store.by(personOf(event.actor)) };
  const request = await requestOf(event, deps);
  if (!mayAsk(event.actor)) return { result: await present(refuse(request, { kind: 'guests-refused' }), request, deps), outcome: 'refused' };
  await rememberAdmin(request, deps);
  const answer = await answerTo(event, request, deps);
  const refused = answer.kind === 'form-errors' || (answer.kind === 'reply' && answer.message.kind === 'error');
  return { result: await present(answer, request, deps), outcome: refused ? 'refused' : 'answered' };
}

async function answerTo(event: Extract<AtPlace, { kind: 'command' | 'action' | 'form' }>, request: Request, deps: CommandDependencies): Promise<Answer> {
  switch (event.kind) {
    case 'command': {
      const parsed = parseCommand(event.text, event.mentions, personOf(event.actor));
      return parsed.kind === 'ok' ? runCommand(parsed.command, request, deps) : refuse(request, await withWorkingExample(parsed.error, request, deps));
    }
    case 'action':
      return clicked(event, request, deps);
    case 'form':
      return event.form === SUBSCRIBE_FORM ? submitSubscribeForm(event.values, request, deps) : refuse(request, { kind: 'too-old' });
    default:
      return event satisfies never;
  }
}

async function offerFor(event: Extract<InboundEvent, { kind: 'form-options' }>, deps: CommandDependencies) {
  if (event.form !== JOB_SEARCH.form || event.field !== JOB_SEARCH.field) return [];
  return offerJobs(event.typed, AbortSignal.timeout(deps.patience.withFallbackMs), deps);
}

/** The bot's own page: what somebody follows for themselves, then all commands. */
async function openHome(event: Extract<InboundEvent, { kind: 'home' }>, deps: CommandDependencies): Promise<Handled> {
  const request = { ...(await requestOf(event, deps)), ownDm: true };
  const card = (answer: Answer) => (answer.kind === 'reply' ? [cardFor(answer.message, answer.language, request, deps)] : []);
  if (!mayAsk(event.actor)) return { result: { kind: 'home', cards: card(refuse(request, { kind: 'guests-refused' })) }, outcome: 'refused' };
  await rememberAdmin(request, deps);
  const cards = (await home(request, deps)).flatMap(card);
  return { result: { kind: 'home', cards: [...cards, ...card(await runCommand({ name: 'help' }, request, deps))] }, outcome: 'answered' };
}

async function requestOf(event: AtPlace, deps: CommandDependencies): Promise<Request> {
  return {
    actor: event.actor,
    place: event.place,
    language: await languageOf(event.actor, deps),
    mentions: event.kind === 'command' ? event.mentions : [],
    ownDm: false,
    soon: AbortSignal.timeout(deps.patience.withFallbackMs),
    late: AbortSignal.timeout(deps.patience.withoutFallbackMs),
  };
}

/** Admins are named by id in the configuration; where to write to them is known once they were seen. */
async function rememberAdmin({ actor, language }: Request, deps: CommandDependencies): Promise<void> {
  if (!deps.admins.some((admin) => isSame(admin, actor))) return;
  const destination = await ownDm(actor, language, deps);
  if (destination) await deps.store.adminSeen(actor, destination.id);
}

async function present(answer: Answer, request: Request, deps: CommandDependencies): Promise<InboundResult> {
  switch (answer.kind) {
    case 'reply':
      return { kind: 'reply', card: cardFor(answer.message, answer.language, request, deps), replaces: answer.replaces };
    case 'share': {
      // For everyone there: in the place's language and zone, not the asker's.
      const place = await deps.store.destinationAt(request.place.address);
      const prefix = deps.commandPrefix(request.place.address);
      return { kind: 'share', card: cardOf(answer.message, { language: place?.language ?? deps.defaultLanguage, zone: place?.zone ?? null, prefix }) };
    }
    case 'form':
    case 'form-errors':
    case 'none':
      return answer;
    default:
      return answer satisfies never;
  }
}

function cardFor(message: ReplyMessage, language: Language, from: { readonly actor: Actor; readonly place: Place }, deps: CommandDependencies): Card {
  return cardOf(message satisfies Message, { language, zone: from.actor.zone, prefix: deps.commandPrefix(from.place.address) });
}

/** A bug or a lost store: whoever asked is told so, and can name it to whoever reads the log. */
function apologize(event: InboundEvent, error: unknown, deps: CommandDependencies): InboundResult {
  const reference = deps.random.id().slice(0, 8);
  const cause = error instanceof Error ? error : new Error(String(error));
  deps.log.error('an event could not be handled', { reference, kind: event.kind, event: event.id, error: cause });
  switch (event.kind) {
    case 'seen':
      return NONE;
    case 'destination':
      return { kind: 'again' };
    case 'form-options':
      return { kind: 'options', options: [] };
    case 'home':
      return { kind: 'home', cards: [internalCard(event, reference, deps)] };
    case 'command':
    case 'action':
    case 'form':
      return { kind: 'reply', card: internalCard(event, reference, deps), replaces: false };
    default:
      return event satisfies never;
  }
}

function internalCard(event: AtPlace, reference: string, deps: CommandDependencies): Card {
  return cardFor({ kind: 'error', error: { kind: 'internal', reference } }, event.actor.language ?? deps.defaultLanguage, event, deps);
}
