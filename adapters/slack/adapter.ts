/** Slack as voicejob sees it: one workspace with its own app, over HTTP or Socket Mode. */
import { App } from '@slack/bolt';
import type { Language } from '../../src/domain/subscription.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import type { Clock, Random } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Routes } from '../../src/ports/routes.ts';
import { boltLog } from './bolt-log.ts';
import { clientOptions } from './client.ts';
import { createConversation } from './conversation.ts';
import { createDirectory } from './directory.ts';
import { REQUEST_TIMEOUT_MS } from './limits.ts';
import { listen } from './listeners.ts';
import { createSlackOutbound } from './outbound.ts';
import { PLATFORM } from './places.ts';
import { createHttpReceiver, type HttpReceiver } from './receive-http.ts';
import { createSocket, type Socket } from './receive-socket.ts';
import { EVENTS_PATH } from './surface.ts';

export type SlackOptions = {
  readonly botToken: string;
  /** For HTTP; unused with an app token, which means Socket Mode. */
  readonly signingSecret: string | null;
  readonly appToken: string | null;
  readonly apiUrl: string;
  /** The slash command's name, with its slash. */
  readonly command: string;
  readonly defaultLanguage: Language;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly timeoutMs?: number;
};

type Transport = { readonly kind: 'http'; readonly receiver: HttpReceiver } | { readonly kind: 'socket'; readonly socket: Socket };

export function createSlackAdapter(options: SlackOptions): ChatAdapter {
  const { apiUrl, clock, log, timeoutMs = REQUEST_TIMEOUT_MS } = options;
  const { client, standing, ...outbound } = createSlackOutbound({ token: options.botToken, apiUrl, clock, log, timeoutMs });
  const directory = createDirectory({ client, standing, clock, log });
  const prefix = `${options.command} `;
  const mounted = new WeakSet<Routes>();
  let transport: Transport | null = null;

  /** Starts and stops one after the other, in whatever order they come. */
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => void | Promise<void>): Promise<void> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };

  const end = async (): Promise<void> => {
    const before = transport;
    transport = null;
    if (before?.kind === 'http') await before.receiver.stop();
    else before?.socket.close();
  };

  const newTransport = (): Transport => {
    if (options.appToken !== null) return { kind: 'socket', socket: createSocket({ appToken: options.appToken, apiUrl, timeoutMs, clock, log }) };
    if (options.signingSecret !== null) return { kind: 'http', receiver: createHttpReceiver({ secret: options.signingSecret, clock, log }) };
    throw new Error('slack can’t receive without a signing secret or an app token');
  };

  const start: ChatAdapter['start'] = async ({ inbound, routes }) => {
    await end();
    const started = newTransport();
    transport = started;
    const app = new App({
      receiver: started.kind === 'http' ? started.receiver : started.socket.receiver,
      // whose event it is, is ours to check; no call is made with Bolt's own clients
      authorize: async () => ({}),
      ignoreSelf: false,
      convoStore: false,
      attachFunctionToken: false,
      logger: boltLog(log),
      clientOptions: clientOptions({ apiUrl, timeoutMs }),
    });
    const conversation = createConversation({ ...options, client, post: outbound.post, directory, inbound, prefix, timeoutMs });
    listen(app, { conversation, standing, tell: inbound });
    app.error(async (error) => log.error('slack: an event could not be handled', { error }));
    // asked now so that nobody waits for it later; that it fails is the check's to say
    void standing.identity().catch(() => {});
    if (started.kind === 'socket') return started.socket.open();
    if (mounted.has(routes)) return;
    mounted.add(routes);
    routes.mount(EVENTS_PATH, (request, response) =>
      transport?.kind === 'http' ? transport.receiver.handler(request, response) : void response.writeHead(503, { connection: 'close' }).end(),
    );
  };

  return {
    ...outbound,
    platform: PLATFORM,
    commandPrefix: () => prefix,
    start: (host) => inTurn(() => start(host)),
    stop: () => inTurn(end),
    check: async () => {
      const check = await outbound.check();
      const socketProblem = transport?.kind === 'socket' ? transport.socket.problem() : null;
      if (socketProblem === null) return check;
      return { ok: check.ok, problem: check.problem === null ? socketProblem : `${check.problem} ${socketProblem}` };
    },
  };
}
