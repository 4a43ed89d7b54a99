/** What the page asks of the playground itself; what it asks of voicejob are events (inbound.ts). */
import type { Card } from '../../src/domain/card.ts';
import { knownZone } from '../../src/domain/zone.ts';
import type { Random } from '../../src/ports/clock.ts';
import { type Inbound, JOB_SEARCH } from '../../src/ports/inbound.ts';
import type { Inspect, Renderers, SimulatorControl } from '../../src/ports/inspect.ts';
import type { PlaygroundChat } from './chat.ts';
import { completing, jobLines } from './completion.ts';
import type { Question } from './http.ts';
import { languageOf, textsOf } from './inbound.ts';
import { inspection } from './inspection.ts';
import { libraryFile } from './libraries.ts';
import { DRAWN_AT_ONCE } from './limits.ts';
import { actor, addressOf, LOCAL_PERSON, placeOf, speakerIn } from './places.ts';
import { safeCard } from './render.ts';
import { loadSlackDrawing, type SlackDrawing } from './slack-drawing.ts';

export type QuestionDeps = {
  readonly inbound: Inbound;
  readonly chat: PlaygroundChat;
  readonly random: Random;
  readonly renderers: Renderers | null;
  readonly inspect: Inspect | null;
  readonly simulator: SimulatorControl | null;
};

/** Every question by its name. */
export function openQuestions(deps: QuestionDeps): ReadonlyMap<string, Question> {
  const started = new Set<string>();
  let drawing: Promise<SlackDrawing | null> | null = null;
  const slack = () => {
    drawing ??= loadSlackDrawing();
    return drawing;
  };
  return new Map<string, Question>([
    ['complete', (body) => complete(body, deps)],
    ['draw', (body) => draw(body, { ...deps, slack })],
    ['inspect', (body) => inspection({ ...deps, started }, languageOf(textsOf(body)('language')) ?? 'en')],
    ['simulate', (body) => simulate(body, { ...deps, started })],
  ]);
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

/**
 * Messages (`refs`) as another platform would be sent them (`as`): Slack's blocks drawn as far as that goes on this side, an Adaptive Card, or
 * both as JSON. `missing` names a library that is not installed.
 */
async function draw(body: object, { chat, renderers, slack }: QuestionDeps & { readonly slack: () => Promise<SlackDrawing | null> }): Promise<object> {
  const text = textsOf(body);
  const refs = 'refs' in body && Array.isArray(body.refs) ? body.refs.slice(0, DRAWN_AT_ONCE) : [];
  const cards = refs.flatMap((ref): [string, Card][] => {
    const card = typeof ref === 'string' ? chat.cardOf(ref) : null;
    return card ? [[String(ref), safeCard(card)]] : [];
  });
  if (!renderers) return { missing: 'renderers', drawn: {} };
  const drawn = (how: (card: Card) => object) => ({ missing: null, drawn: Object.fromEntries(cards.map(([ref, card]) => [ref, how(card)])) });
  switch (text('as')) {
    case 'slack': {
      const blocks = await slack();
      if (!blocks) return { missing: 'slack-blocks-to-jsx', drawn: {} };
      const reader = { language: text('language') || 'en', zone: knownZone(text('zone')) ?? 'UTC', people: [] };
      return drawn((card) => ({ parts: blocks(renderers.slack(card).blocks, reader) }));
    }
    case 'teams':
      return libraryFile('/playground/adaptivecards.js') ? drawn((card) => ({ card: renderers.teams(card).card })) : { missing: 'adaptivecards', drawn: {} };
    default:
      return drawn((card) => ({ slack: renderers.slack(card), teams: renderers.teams(card) }));
  }
}

type Playing = QuestionDeps & { readonly started: Set<string> };

/** What somebody does to the simulator or the chat (`deed`), to a job (`job`) or a place (`place`); `on`: 'true' or ''. Only where there is a simulator. */
async function simulate(body: object, { simulator, chat, inbound, random, started }: Playing): Promise<object> {
  const text = textsOf(body);
  const on = text('on') === 'true';
  if (!simulator) return { done: false };
  switch (text('deed')) {
    case 'start': {
      const job = simulator.start();
      started.add(job);
      return { done: true, job };
    }
    case 'next':
      return { done: simulator.perform(text('job'), 'next', '') };
    case 'reject':
      return { done: simulator.perform(text('job'), 'reject', text('reason')) };
    case 'fail':
      return { done: simulator.perform(text('job'), 'fail', text('reason')) };
    case 'outage':
      simulator.setTrouble({ ...simulator.trouble(), outage: on });
      return { done: true };
    case 'wrongKey':
      simulator.setTrouble({ ...simulator.trouble(), wrongKey: on });
      return { done: true };
    case 'chatOutage':
      await chat.outage(on);
      return { done: true };
    case 'archive': {
      const place = placeOf(text('place'));
      if (!place || place.owner !== null) return { done: false };
      await chat.archive(place.id, on);
      const told = await inbound({ kind: 'destination', id: random.id(), address: addressOf(place), change: { kind: on ? 'archived' : 'restored' } });
      return { done: told.kind !== 'again' };
    }
    default:
      return { done: false };
  }
}
