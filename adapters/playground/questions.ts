/** What the page asks of the playground itself; what it asks of voicejob are events (inbound.ts). */
import type { Card } from '../../src/domain/card.ts';
import { type Inbound, JOB_SEARCH } from '../../src/ports/inbound.ts';
import type { Renderers } from '../../src/ports/inspect.ts';
import type { PlaygroundChat } from './chat.ts';
import { completing, jobLines } from './completion.ts';
import type { Question } from './http.ts';
import { languageOf, textsOf, zoneOf } from './inbound.ts';
import { libraryFile } from './libraries.ts';
import { DRAWN_AT_ONCE } from './limits.ts';
import { actor, LOCAL_PERSON, placeOf, speakerIn } from './places.ts';
import { safeCard } from './render.ts';
import { loadSlackDrawing, type SlackDrawing } from './slack-drawing.ts';

export type QuestionDeps = { readonly inbound: Inbound; readonly chat: PlaygroundChat; readonly renderers: Renderers | null };

/** Every question by its name. */
export function openQuestions(deps: QuestionDeps): ReadonlyMap<string, Question> {
  let drawing: Promise<SlackDrawing | null> | null = null;
  const slack = () => {
    drawing ??= loadSlackDrawing();
    return drawing;
  };
  return new Map<string, Question>([
    ['complete', (body) => complete(body, deps)],
    ['draw', (body) => draw(body, { ...deps, slack })],
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
      const reader = { language: text('language') || 'en', zone: zoneOf(text('zone')) ?? 'UTC', people: [] };
      return drawn((card) => ({ parts: blocks(renderers.slack(card).blocks, reader) }));
    }
    case 'teams':
      return libraryFile('/playground/adaptivecards.js') ? drawn((card) => ({ card: renderers.teams(card).card })) : { missing: 'adaptivecards', drawn: {} };
    default:
      return drawn((card) => ({ slack: renderers.slack(card), teams: renderers.teams(card) }));
  }
}
