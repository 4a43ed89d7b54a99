/** The outbound half of the Slack adapter beside a Slack of its own, with one channel. */
import { createSlackOutbound, type SlackOutbound } from '../../adapters/slack/outbound.ts';
import { addressOf } from '../../adapters/slack/places.ts';
import type { Address } from '../../src/domain/subscription.ts';
import type { DeliveryId, Found, MessageRef, Outcome, Post } from '../../src/ports/chat-adapter.ts';
import { card } from '../contract/adapter-harness.ts';
import { silentLog, systemClock } from './builders.ts';
import { type SlackServer, startSlackServer } from './slack-server.ts';

export const ROOT: DeliveryId = { gen: 'g1', keys: ['root'] };
export const NEWS: DeliveryId = { gen: 'g1', keys: ['k1', 'k2'] };

/** Long enough for an answer on a busy machine, short enough to wait for where none comes. */
const TIMEOUT_MS = 1_000;

export type SlackBench = {
  readonly slack: SlackServer;
  readonly bot: SlackOutbound;
  readonly channel: string;
  readonly there: Address;
  /** In the channel, as a root with some words, unless told otherwise. */
  post(more?: Partial<Post>): Promise<Outcome>;
  posted(more?: Partial<Post>): Promise<MessageRef>;
  find(delivery: DeliveryId, root?: MessageRef | null, notBefore?: number): Promise<Found>;
};

export async function startSlackBench(): Promise<SlackBench> {
  const slack = await startSlackServer();
  const channel = await slack.channel('voice-lab');
  const there = addressOf(slack.team, channel);
  const bot = outboundTo(slack);
  const post: SlackBench['post'] = (more = {}) => bot.post({ address: there, card: card('words'), delivery: ROOT, root: null, raised: false, ...more });
  return {
    slack,
    bot,
    channel,
    there,
    post,
    posted: async (more) => {
      const outcome = await post(more);
      if (outcome.kind !== 'delivered') throw new Error(JSON.stringify(outcome));
      return outcome.ref;
    },
    find: (delivery, root = null, notBefore = 0) => bot.find({ address: there, delivery, root, notBefore }),
  };
}

export function outboundTo({ apiUrl, token }: { readonly apiUrl: string; readonly token: string }): SlackOutbound {
  return createSlackOutbound({ token, apiUrl, clock: systemClock, log: silentLog, timeoutMs: TIMEOUT_MS });
}

/** What was found, or what was said instead. */
export function refsOf(found: Found): readonly string[] {
  return found.kind === 'found' ? found.messages.map(({ ref }) => ref) : [JSON.stringify(found)];
}
