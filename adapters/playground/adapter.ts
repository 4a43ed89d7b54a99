/** The playground as voicejob sees it: a chat platform like any other, with a local web page for its people. */
import type { Language } from '../../src/domain/subscription.ts';
import type { ChatAdapter, Outcome, Traits } from '../../src/ports/chat-adapter.ts';
import type { Clock, Random } from '../../src/ports/clock.ts';
import type { Inbound, InboundResult } from '../../src/ports/inbound.ts';
import type { Inspect, Renderers, SimulatorControl } from '../../src/ports/inspect.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Routes } from '../../src/ports/routes.ts';
import { PlaygroundChat } from './chat.ts';
import { ChatError, outcomeOf } from './errors.ts';
import { type PageHost, pageHandler } from './http.ts';
import type { Asked, PersonEvent } from './inbound.ts';
import { REQUEST_TIMEOUT_MS } from './limits.ts';
import { addressOf, type ChatPlace, PLATFORM, placeOf } from './places.ts';
import { openQuestions } from './questions.ts';
import { openStreams } from './stream.ts';

export type PlaygroundOptions = {
  /** Where the chat is kept, for all processes that share it; null: in memory. Unused when `chat` is given. */
  readonly dataDir: string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly defaultLanguage: Language;
  /** The platform itself, for tests and for whoever wants to cause faults. */
  readonly chat?: PlaygroundChat;
  readonly timeoutMs?: number;
  /** For the page's switch; without, it shows cards only. */
  readonly renderers?: Renderers;
  /** For the page's side panel, each null or absent where there is none. */
  readonly inspect?: Inspect | null;
  readonly simulator?: SimulatorControl | null;
};

const NO_PACE = { post: [], update: [] };

export function createPlayground(options: PlaygroundOptions): ChatAdapter {
  const { log, renderers = null, inspect = null, simulator = null } = options;
  const request = { log, timeoutMs: options.timeoutMs ?? REQUEST_TIMEOUT_MS };
  const chat = options.chat ?? new PlaygroundChat(options);
  const mounted = new WeakSet<Routes>();
  let host: PageHost | null = null;

  const stop = async (): Promise<void> => {
    host?.streams.close();
    host = null;
    chat.close();
  };

  return {
    platform: PLATFORM,
    commandPrefix: () => '/voicejob ',
    start: async ({ inbound, routes }) => {
      await stop();
      chat.refresh();
      host = {
        streams: openStreams(chat, log),
        act: (asked) => act(asked, { inbound, chat }),
        questions: openQuestions({ inbound, chat, random: options.random, renderers, inspect, simulator }),
      };
      if (mounted.has(routes)) return;
      mounted.add(routes);
      const handler = pageHandler(() => host);
      routes.mount('/', handler);
      routes.mount('/playground/', handler);
    },
    stop,
    check: async () => {
      try {
        return chat.reachable() ? { ok: true, problem: null } : { ok: false, problem: 'The playground plays an outage of the chat.' };
      } catch (error) {
        log.warn('the playground cannot read its chat', { error: causeOf(error) });
        return { ok: false, problem: 'The playground cannot read or write playground.jsonl in DATA_DIR.' };
      }
    },
    traits: ({ id }): Traits => {
      const dm = (placeOf(id)?.owner ?? null) !== null;
      return { threads: !dm, lookup: true, dm, pace: NO_PACE };
    },
    post: ({ address, card, delivery, root, raised }) =>
      outcome(request, async () => {
        const ref = await chat.post({ place: address.id, root, raised, card, ...delivery });
        return { kind: 'delivered', ref, address };
      }),
    update: ({ address, ref, card, delivery }) =>
      outcome(request, async () => {
        await chat.edit({ place: address.id, ref, card, ...delivery });
        return { kind: 'delivered', ref, address };
      }),
    remove: ({ address, ref }) =>
      outcome(request, async () => {
        await chat.remove(address.id, ref);
        return { kind: 'delivered', ref, address };
      }),
    find: async ({ address, delivery }) => {
      const found = await answered(request, () => chat.search(address.id, delivery.gen, delivery.keys));
      if (found.kind === 'answer') return { kind: 'found', messages: found.answer.map(({ ref, keys, at }) => ({ ref, keys, at })) };
      const meaning = outcomeOf(found.refusal);
      return { kind: 'cannot-tell', reason: meaning.kind === 'unknown' ? meaning.reason : 'server-error' };
    },
  };
}

/** Lets the core handle what a person did, and shows its result: what the page shall do itself is answered, the rest goes into the chat. */
async function act({ event, place, said }: Extract<Asked, { kind: 'event' }>, { inbound, chat }: { inbound: Inbound; chat: PlaygroundChat }): Promise<object> {
  if (event.kind === 'command') chat.whisper({ ref: `said-${event.id}`, place: place.id, to: event.actor.id, content: { kind: 'said', text: said } });
  const result = await inbound(event);
  switch (result.kind) {
    case 'form':
    case 'form-errors':
    case 'options':
    case 'home':
      return result;
    case 'reply':
    case 'share':
      await show(result, { event, place, chat });
      return { kind: 'shown' };
    case 'again':
    case 'none':
      return { kind: 'shown' };
    default:
      return result satisfies never;
  }
}

async function show(
  result: Extract<InboundResult, { kind: 'reply' | 'share' }>,
  { event, place, chat }: { event: PersonEvent; place: ChatPlace; chat: PlaygroundChat },
): Promise<void> {
  if (result.kind === 'share') {
    await chat.post({ place: addressOf(place).id, root: null, raised: false, card: result.card, gen: '', keys: [] });
    return;
  }
  const clicked = event.kind === 'action' ? event.message : null;
  const replaced = result.replaces && clicked !== null && chat.privates(place.id).some(({ ref }) => ref === clicked);
  chat.whisper({ ref: replaced ? clicked : `reply-${event.id}`, place: place.id, to: event.actor.id, content: { kind: 'answer', card: result.card } });
}

type RequestOptions = { readonly log: Log; readonly timeoutMs: number };
type Answered<T> = { readonly kind: 'answer'; readonly answer: T } | { readonly kind: 'refused'; readonly refusal: ChatError['refusal'] };

/** A request to the chat, given up after `timeoutMs`: then it is not known whether it took effect. */
async function answered<T>({ log, timeoutMs }: RequestOptions, request: () => Promise<T>): Promise<Answered<T>> {
  const { promise: expired, resolve } = Promise.withResolvers<Answered<T>>();
  const timer = setTimeout(() => resolve({ kind: 'refused', refusal: { kind: 'timeout' } }), timeoutMs);
  try {
    return await Promise.race([request().then((answer): Answered<T> => ({ kind: 'answer', answer })), expired]);
  } catch (error) {
    if (!(error instanceof ChatError)) throw error;
    if (error.cause) log.warn('the playground cannot keep its chat', { error: causeOf(error) });
    return { kind: 'refused', refusal: error.refusal };
  } finally {
    clearTimeout(timer);
  }
}

async function outcome(options: RequestOptions, request: () => Promise<Outcome>): Promise<Outcome> {
  const result = await answered(options, request);
  return result.kind === 'answer' ? result.answer : outcomeOf(result.refusal);
}

function causeOf(error: unknown): Error | null {
  if (!(error instanceof Error)) return null;
  return error.cause instanceof Error ? error.cause : error;
}
