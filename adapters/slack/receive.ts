/** The receiving half: Bolt's app with our listeners, over HTTP or Socket Mode. Loaded only where something is received, since Bolt is large. */
import { App } from '@slack/bolt';
import type { Inbound } from '../../src/ports/inbound.ts';
import type { RouteHandler } from '../../src/ports/routes.ts';
import { boltLog } from './bolt-log.ts';
import { NotStoredError } from './changes.ts';
import { clientOptions } from './client.ts';
import { type ConversationOptions, createConversation } from './conversation.ts';
import { listen } from './listeners.ts';
import { createHttpReceiver } from './receive-http.ts';
import { createSocket, type SocketOptions } from './receive-socket.ts';
import type { Standing } from './standing.ts';

export type ReceiveOptions = ConversationOptions &
  Omit<SocketOptions, 'appToken'> & {
    readonly signingSecret: string | null;
    readonly appToken: string | null;
    readonly standing: Standing;
    readonly inbound: Inbound;
  };

export type Receiving = {
  /** Takes Slack's requests; null: they come through a socket. */
  readonly handler: RouteHandler | null;
  /** What keeps it from receiving, as a sentence, or null. */
  problem(): string | null;
  stop(): Promise<void>;
};

/** Begins to receive: through a socket with an app token, else over HTTP. Throws without either. */
export function receive(options: ReceiveOptions): Receiving {
  const { signingSecret, appToken, apiUrl, timeoutMs, clock, log, standing, inbound } = options;
  const http = appToken === null && signingSecret !== null ? createHttpReceiver({ secret: signingSecret, clock, log }) : null;
  const socket = appToken === null ? null : createSocket({ appToken, apiUrl, timeoutMs, clock, log });
  const receiver = http ?? socket?.receiver;
  if (!receiver) throw new Error('slack can’t receive without a signing secret or an app token');
  const app = new App({
    receiver,
    // whose event it is, is ours to check; no call is made with Bolt's own clients
    authorize: async () => ({}),
    ignoreSelf: false,
    convoStore: false,
    attachFunctionToken: false,
    logger: boltLog(log),
    clientOptions: clientOptions({ apiUrl, timeoutMs }),
  });
  listen(app, { conversation: createConversation(options), standing, tell: inbound });
  app.error(async (error) => {
    log.error('slack: an event could not be handled', { error });
    // the receiver's to know: Slack then sends it again
    if (error instanceof NotStoredError) throw error;
  });
  // asked now so that nobody waits for it later; that it fails is the check's to say
  void standing.identity().catch(() => {});
  socket?.open();
  return {
    handler: http?.handler ?? null,
    problem: () => socket?.problem() ?? null,
    stop: async () => {
      await http?.stop();
      socket?.close();
    },
  };
}
