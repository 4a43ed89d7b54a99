/** Slack as voicejob sees it: one workspace with its own app, over HTTP or Socket Mode. */
import type { Language } from '../../src/domain/subscription.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import type { Clock, Random } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Routes } from '../../src/ports/routes.ts';
import { createDirectory } from './directory.ts';
import { REQUEST_TIMEOUT_MS } from './limits.ts';
import { createSlackOutbound } from './outbound.ts';
import { PLATFORM } from './places.ts';
import type { Receiving } from './receive.ts';
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

export function createSlackAdapter(options: SlackOptions): ChatAdapter {
  const { apiUrl, clock, log, timeoutMs = REQUEST_TIMEOUT_MS } = options;
  const { client, standing, ...outbound } = createSlackOutbound({ token: options.botToken, apiUrl, clock, log, timeoutMs });
  const directory = createDirectory({ client, standing, clock, log });
  const prefix = `${options.command} `;
  const mounted = new WeakSet<Routes>();
  let receiving: Receiving | null = null;

  /** Starts and stops one after the other, in whatever order they come. */
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => void | Promise<void>): Promise<void> => {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  };

  const end = async (): Promise<void> => {
    const before = receiving;
    receiving = null;
    await before?.stop();
  };

  const begin: ChatAdapter['start'] = async ({ inbound, routes }) => {
    await end();
    const { receive } = await import('./receive.ts');
    receiving = receive({ ...options, timeoutMs, client, standing, directory, inbound, prefix, post: outbound.post });
    if (receiving.handler === null || mounted.has(routes)) return;
    mounted.add(routes);
    routes.mount(EVENTS_PATH, (request, response) => {
      const handler = receiving?.handler;
      if (handler) return handler(request, response);
      response.writeHead(503, { connection: 'close' }).end();
    });
  };

  return {
    ...outbound,
    platform: PLATFORM,
    commandPrefix: () => prefix,
    start: (host) => inTurn(() => begin(host)),
    stop: () => inTurn(end),
    check: async () => {
      const { ok, problem } = await outbound.check();
      const problems = [problem, receiving?.problem() ?? null].filter((one) => one !== null);
      return { ok, problem: problems.length === 0 ? null : problems.join(' ') };
    },
  };
}
