/** What voicejob says in Slack: posts, edits, removals, and looking what is there. */
import type { ChatPostMessageArguments, WebClient } from '@slack/web-api';
import type { Address } from '../../src/domain/subscription.ts';
import type { ChatAdapter, Outcome, Post, Traits } from '../../src/ports/chat-adapter.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { createSlackClient } from './client.ts';
import { metadataOf } from './delivery-metadata.ts';
import { isKnownCode, outcomeOf } from './errors.ts';
import { failureOf } from './failure.ts';
import { findDeliveries } from './find.ts';
import { POST_EVERY_MS, REQUEST_TIMEOUT_MS, UPDATE_BURST, UPDATE_EVERY_MS } from './limits.ts';
import { channelOf, PLATFORM, sortOf, teamOf } from './places.ts';
import { renderSlack } from './render.ts';
import { Standing } from './standing.ts';

export type SlackOutboundOptions = {
  /** The bot token, xoxb-… */
  readonly token: string;
  readonly apiUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeoutMs?: number;
};

/** With what it is made of, for who receives. */
export type SlackOutbound = Pick<ChatAdapter, 'check' | 'traits' | 'post' | 'update' | 'remove' | 'find'> & {
  readonly client: WebClient;
  readonly standing: Standing;
};

export function createSlackOutbound({ token, apiUrl, clock, log, timeoutMs = REQUEST_TIMEOUT_MS }: SlackOutboundOptions): SlackOutbound {
  const client = createSlackClient({ token, apiUrl, timeoutMs });
  const standing = new Standing(client);

  /** One call that changes something; answers the ts of its message. Never rejects but for bugs. */
  const outcome = async (address: Address, call: () => Promise<{ readonly ts?: string }>): Promise<Outcome> => {
    try {
      const { ts } = await call();
      return ts === undefined ? { kind: 'unknown', reason: 'unreadable-answer' } : { kind: 'delivered', ref: ts, address };
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      if (failure.kind === 'refused' && !isKnownCode(failure.code))
        log.error('slack refuses with an unknown code', { code: failure.code, channel: channelOf(address) });
      return outcomeOf(failure);
    }
  };

  return {
    client,
    standing,
    check: () => standing.check(),
    traits: (address) => traitsOf(address, standing),
    post: (post) => outcome(post.address, () => client.chat.postMessage(messageOf(post))),
    update: ({ address, ref, card }) => {
      // metadata that is left out stays as it is
      const { text, blocks } = renderSlack(card);
      return outcome(address, () => client.chat.update({ channel: channelOf(address), ts: ref, text, blocks: [...blocks], parse: 'none' }));
    },
    remove: ({ address, ref }) => outcome(address, () => client.chat.delete({ channel: channelOf(address), ts: ref })),
    find: (search) => findDeliveries(search, { client, standing, clock, log, timeoutMs }),
  };
}

function messageOf({ address, card, delivery, root, raised }: Post): ChatPostMessageArguments {
  const { text, blocks } = renderSlack(card);
  const message = {
    channel: channelOf(address),
    text,
    blocks: [...blocks],
    metadata: metadataOf(delivery),
    unfurl_links: false,
    unfurl_media: false,
    mrkdwn: false,
  };
  return root === null ? message : { ...message, thread_ts: root, reply_broadcast: raised };
}

/** In a person's own conversation nothing is threaded: a reply would raise no notification there. */
function traitsOf(address: Address, standing: Standing): Traits {
  const channel = channelOf(address);
  const dm = sortOf(channel) === 'dm';
  return {
    threads: !dm,
    lookup: standing.canRead(channel),
    dm,
    pace: {
      post: [{ bucket: `${PLATFORM}.post.${address.id}`, everyMs: POST_EVERY_MS, burst: 1 }],
      update: [{ bucket: `${PLATFORM}.update.${teamOf(address)}`, everyMs: UPDATE_EVERY_MS, burst: UPDATE_BURST }],
    },
  };
}
