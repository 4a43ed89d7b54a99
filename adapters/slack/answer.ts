/** How what the core says reaches whoever asked: by the way that fits, and by the next one where that is closed. */
import type { KnownBlock } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import type { Card } from '../../src/domain/card.ts';
import type { Actor } from '../../src/domain/subscription.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import type { InboundResult, Place } from '../../src/ports/inbound.ts';
import type { Log } from '../../src/ports/log.ts';
import { failureOf } from './failure.ts';
import { formView } from './form-view.ts';
import { PLAIN_TEXT } from './limits.ts';
import { channelOf } from './places.ts';
import { renderSlack } from './render.ts';
import { cutText, fallbackText, quotedText } from './render-text.ts';
import { respond } from './respond.ts';
import type { Source } from './said.ts';
import { cardView, homeView } from './views.ts';

export type Answering = { readonly client: WebClient; readonly post: ChatAdapter['post']; readonly log: Log; readonly timeoutMs: number };

/** Who asked, where, and the result's way back. `actor` and `place` are null where they could not be found out. */
export type Asker = { readonly source: Source; readonly actor: Actor | null; readonly place: Place | null };

type Words = { readonly text: string; readonly blocks: KnownBlock[] };
/** One way to say something; false: it is closed, and nothing was said. */
type Way = () => Promise<boolean>;

/** Gives a result back. Rejects when Slack can't be asked, or every way is closed. */
export async function giveAnswer(result: InboundResult, asker: Asker, answering: Answering): Promise<void> {
  const { source, place } = asker;
  switch (result.kind) {
    case 'reply':
      return tellAlone(result.card, result.replaces, { asker, answering });
    case 'share':
      return share(result.card, asker, answering);
    case 'form': {
      // a form that was asked for in a conversation of other people is about the person's own
      const spot = place === null || place.dm ? { channel: '', name: '' } : { channel: channelOf(place.address), name: place.name.replace(/^#/, '') };
      const opening = { trigger_id: source.triggerId, view: formView(result.form, spot) };
      // above a window that is open another one is pushed
      await (source.view?.kind === 'card' ? answering.client.views.push(opening) : answering.client.views.open(opening));
      return;
    }
    case 'form-errors':
      // too late to stand in the form
      return firstOpen(privateWays(plainWords(Object.values(result.errors).join('\n')), false, { asker, answering }));
    case 'home':
      await answering.client.views.publish({ user_id: source.speaker.id, view: homeView(result.cards) });
      return;
    case 'options':
    case 'again':
    case 'none':
      return;
    default:
      return result satisfies never;
  }
}

type To = { readonly asker: Asker; readonly answering: Answering };

async function tellAlone(card: Card, replaces: boolean, to: To): Promise<void> {
  const { asker, answering } = to;
  const { source } = asker;
  const words = wordsOf(card);
  if (source.responseUrl !== '') return firstOpen(privateWays(words, replaces && source.onPrivate, to));
  const view = cardView(card);
  const { client } = answering;
  const inWindow: Way[] =
    source.view?.kind === 'card'
      ? [() => unlessRefused(() => client.views.update({ view_id: source.view?.id ?? '', view }))]
      : [() => unlessRefused(() => client.views.open({ trigger_id: source.triggerId, view }))];
  const aboutMessages = privateWays(words, false, to);
  // where no message is in sight a window is; after a form, its place is
  return firstOpen(source.spot.now ? [...inWindow, ...aboutMessages] : [...aboutMessages, ...inWindow]);
}

/** The response URL, which lives for 30 minutes and 5 answers; a message that one person sees; the person's own conversation. */
function privateWays(words: Words, replace: boolean, { asker: { source, actor, place }, answering }: To): Way[] {
  const { client, timeoutMs } = answering;
  const ways: Way[] = [];
  if (source.responseUrl !== '') {
    ways.push(() => respond(source.responseUrl, { ...words, response_type: 'ephemeral', replace_original: replace }, { timeoutMs }));
  }
  if (place !== null && !place.dm) {
    ways.push(() => unlessRefused(() => client.chat.postEphemeral({ channel: channelOf(place.address), user: source.speaker.id, ...words })));
  }
  const own = actor?.dm;
  if (own) ways.push(() => unlessRefused(() => client.chat.postMessage({ channel: channelOf(own), ...words, unfurl_links: false, unfurl_media: false })));
  return ways;
}

/** For everyone there. Where the bot may not post, Slack itself does, through the response URL. */
async function share(card: Card, { source, place }: Asker, { post, timeoutMs, log }: Answering): Promise<void> {
  if (place === null) return;
  const outcome = await post({ address: place.address, card, delivery: { gen: '', keys: [] }, root: null, raised: false });
  if (outcome.kind === 'delivered') return;
  log.warn('a shared answer could not be posted', { channel: channelOf(place.address), outcome: outcome.kind });
  if (outcome.kind === 'unknown') return;
  const words = { ...wordsOf(card), response_type: 'in_channel', replace_original: false } as const;
  return firstOpen(source.responseUrl === '' ? [] : [() => respond(source.responseUrl, words, { timeoutMs })]);
}

async function firstOpen(ways: readonly Way[]): Promise<void> {
  for (const way of ways) if (await way()) return;
  throw new Error('slack has no way to answer this person');
}

async function unlessRefused(call: () => Promise<object>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    if (failureOf(error)?.kind === 'refused') return false;
    throw error;
  }
}

function wordsOf(card: Card): Words {
  const { text, blocks } = renderSlack(card);
  return { text, blocks: [...blocks] };
}

function plainWords(text: string): Words {
  return { text: fallbackText(text), blocks: [{ type: 'section', text: { type: 'plain_text', text: cutText(quotedText(text), PLAIN_TEXT) } }] };
}
