/** Looks for deliveries in a thread or in a conversation's history. */
import type { WebClient } from '@slack/web-api';
import type { Found, FoundMessage, Search } from '../../src/ports/chat-adapter.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { deliveryIn } from './delivery-metadata.ts';
import { isKnownCode, outcomeOf } from './errors.ts';
import { failureOf } from './failure.ts';
import { PAGE_MESSAGES, SEARCH_PAGES } from './limits.ts';
import { channelOf, sortOf } from './places.ts';
import type { Identity, Standing } from './standing.ts';

export type Finding = { readonly client: WebClient; readonly standing: Standing; readonly clock: Clock; readonly log: Log; readonly timeoutMs: number };

type Answer = Awaited<ReturnType<WebClient['conversations']['history' | 'replies']>>;
type Message = NonNullable<Answer['messages']>[number];

/** Our messages that hold one of the keys, oldest first. Can't tell when Slack doesn't answer, or there is more than a search may read. */
export async function findDeliveries(search: Search, finding: Finding): Promise<Found> {
  const channel = channelOf(search.address);
  try {
    const self = await finding.standing.identity();
    const messages = await readAll(search, finding);
    if (messages === null) return { kind: 'cannot-tell', reason: 'unavailable' };
    return { kind: 'found', messages: messages.flatMap((message) => wanted(message, search, self)).toSorted(byRef) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure === null) throw error;
    if (failure.kind === 'refused' && failure.code === 'missing_scope') {
      // not the workspace's fault: it is only that nothing can be looked up there, which traits say from now on
      finding.standing.cannotRead(channel);
      return { kind: 'cannot-tell', reason: 'unavailable' };
    }
    if (failure.kind === 'refused' && !isKnownCode(failure.code))
      finding.log.error('slack refuses a search with an unknown code', { code: failure.code, channel });
    return foundNothing(outcomeOf(failure));
  }
}

function foundNothing(outcome: ReturnType<typeof outcomeOf>): Found {
  switch (outcome.kind) {
    case 'later':
    case 'unknown':
      return { kind: 'cannot-tell', reason: outcome.reason };
    case 'dead':
      return outcome.scope === 'payload' ? { kind: 'cannot-tell', reason: 'unreadable-answer' } : { ...outcome, scope: outcome.scope };
    case 'gone':
      // the thread is not there, so neither is any reply in it
      return { kind: 'found', messages: [] };
    default:
      return outcome satisfies never;
  }
}

/** All messages of the place that are new enough; null when there are too many, or it takes too long. */
async function readAll({ address, root, notBefore }: Search, { client, clock, log, timeoutMs }: Finding): Promise<readonly Message[] | null> {
  const channel = channelOf(address);
  const deadline = clock.monotonic() + timeoutMs;
  const range = { channel, oldest: (Math.max(notBefore, 0) / 1000).toFixed(6), inclusive: true, include_all_metadata: true, limit: PAGE_MESSAGES };
  const thread = sortOf(channel) === 'dm' ? null : root;
  const messages: Message[] = [];
  let page: { readonly cursor?: string } = {};
  for (let pages = 0; pages < SEARCH_PAGES && clock.monotonic() < deadline; pages += 1) {
    const answer = await (thread === null
      ? client.conversations.history({ ...range, ...page })
      : client.conversations.replies({ ...range, ...page, ts: thread }));
    messages.push(...(answer.messages ?? []));
    const cursor = answer.response_metadata?.next_cursor ?? '';
    if (cursor === '') return messages;
    page = { cursor };
  }
  log.warn('a conversation has more messages than a search may read', { channel, read: messages.length });
  return null;
}

/** Metadata can be copied by any app, so the author counts too. */
function wanted(message: Message, { delivery }: Search, self: Identity): FoundMessage[] {
  const there = deliveryIn(message.metadata);
  const ours = (message.user !== undefined && message.user === self.userId) || (message.bot_id !== undefined && message.bot_id === self.botId);
  if (!ours || message.ts === undefined || there?.gen !== delivery.gen || !there.keys.some((key) => delivery.keys.includes(key))) return [];
  return [{ ref: message.ts, keys: there.keys, at: Math.floor(Number(message.ts) * 1000) }];
}

/** A ts is seconds with six decimals, of equal length for these centuries. */
function byRef(a: FoundMessage, b: FoundMessage): number {
  return a.ref < b.ref ? -1 : Number(a.ref > b.ref);
}
