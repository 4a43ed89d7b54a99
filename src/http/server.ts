/** The one web server. It knows paths and nothing of what is behind them; bodies are unread. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { RouteHandler, Routes } from '../ports/routes.ts';
import { answerError, answerNotFound } from './answers.ts';
import { createRateLimit, isAnnouncedTooLarge, watchBody } from './limits.ts';

/** Slack wants its answer within 3 s and Teams within 15 s, so who sends a request slowly is neither. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
/** Longer than the usual 60 s of a proxy in front: it must be the one that closes an idle connection. */
const KEEP_ALIVE_MS = 65_000;
/** What runs when the server closes may end by itself; streams to browsers never do. */
const CLOSE_MS = 1_000;
/** Node looks for requests that are too slow this often. */
const LOOK_FOR_SLOW_MS = 5_000;
/** A thousand people with the local page open at once is more than there will be. */
const MOST_CONNECTIONS = 2_000;

export type Http = {
  readonly routes: Routes;
  /** Starts listening. Rejects when the port is taken (EADDRINUSE). `url` has no slash at the end. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no more requests, gives those that run a second, then ends every connection. */
  close(): Promise<void>;
};

const TIMEOUTS = { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS, connectionsCheckingInterval: LOOK_FOR_SLOW_MS };

export type HttpOptions = {
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly log: Log;
  readonly clock: Clock;
};

/** Makes the server. Every answer names its request in `x-request-id`, as the log does. */
export function createHttp({ host, port, log, clock }: HttpOptions): Http {
  const handlers = new Map<string, RouteHandler>();
  const mayAsk = createRateLimit({ clock });
  const server = createServer(TIMEOUTS, (request, response) => void serve(request, response));
  server.maxConnections = MOST_CONNECTIONS;
  let closed: Promise<void> | null = null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = randomBytes(6).toString('hex');
    setDefaultHeaders(response, id);
    if (closed) response.setHeader('connection', 'close');
    const path = pathOf(request);
    noteEnd(request, response, { id, path, log, clock });
    if (!mayAsk(request.socket.remoteAddress ?? '')) return refuse(request, response, { status: 429, words: 'too many requests' });
    if (path === null) return answerError(request, response, { status: 400, words: 'bad request' });
    if (isAnnouncedTooLarge(request)) return refuse(request, response, { status: 413, words: 'the request is too large' });
    const handler = findHandler(handlers, path);
    if (handler === undefined) return answerNotFound(request, response);
    const wasTooLarge = watchBody(request, response);
    try {
      await handler(request, response);
    } catch (error) {
      if (!wasTooLarge()) answerFailure(request, response, { path, log, error, id });
    }
  }

  async function shut(): Promise<void> {
    if (!server.listening) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    server.close(() => resolve());
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    await promise;
    clearTimeout(timer);
  }

  return {
    routes: {
      mount(path, handler) {
        if (!path.startsWith('/')) throw new RangeError(`a path starts with a slash: ${path}`);
        if (handlers.has(path)) throw new Error(`the path ${path} is taken`);
        handlers.set(path, handler);
      },
    },
    async listen() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('error', reject).listen(port, host, resolve);
      await promise;
      server.off('error', reject).on('error', (error) => log.error('the web server failed', { error }));
      const bound = (server.address() as AddressInfo).port;
      return { url: `http://${reachable(host)}:${bound}`, port: bound };
    },
    close() {
      closed ??= shut();
      return closed;
    },
  };
}

/** The body stays unread, so the connection ends with the answer. */
function refuse(request: IncomingMessage, response: ServerResponse, error: { readonly status: 413 | 429; readonly words: string }): void {
  response.setHeader('connection', 'close');
  if (error.status === 429) response.setHeader('retry-after', '1');
  answerError(request, response, error);
}

/** One line for each request once it is over: for people who look for one, hence at level debug. */
function noteEnd(
  request: IncomingMessage,
  response: ServerResponse,
  { id, path, log, clock }: { readonly id: string; readonly path: string | null; readonly log: Log; readonly clock: Clock },
): void {
  const began = clock.monotonic();
  response.once('close', () => {
    const ms = Math.round(clock.monotonic() - began);
    log.debug('a request', { request: id, method: request.method, path, status: response.statusCode, ms, complete: response.writableFinished });
  });
}

/** For answers that say nothing of it themselves: not to be framed, cached or guessed at, loading nothing, and no address leaks to other sites. */
function setDefaultHeaders(response: ServerResponse, id: string): void {
  response.setHeader('x-request-id', id);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
  response.setHeader('cross-origin-resource-policy', 'same-origin');
  response.setHeader('cache-control', 'no-store');
}

/** The path as it was sent, without the query; null when it is no path, or climbs. */
function pathOf(request: IncomingMessage): string | null {
  const path = (request.url ?? '').replace(/[?#].*$/s, '');
  return path.startsWith('/') && !/\/\.{1,2}(\/|$)/.test(path) ? path : null;
}

function findHandler(handlers: ReadonlyMap<string, RouteHandler>, path: string): RouteHandler | undefined {
  const exact = handlers.get(path);
  if (exact) return exact;
  for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
    const handler = handlers.get(path.slice(0, end + 1));
    if (handler || end === 0) return handler;
  }
  return undefined;
}

/** A bug in a handler: the log has all of it, the caller a reference to the log line. */
function answerFailure(
  request: IncomingMessage,
  response: ServerResponse,
  { path, log, error, id }: { readonly path: string; readonly log: Log; readonly error: unknown; readonly id: string },
): void {
  const cause = error instanceof Error ? error : new Error('a handler threw something that is no error', { cause: error });
  log.error('a request failed', { request: id, method: request.method, path, error: cause });
  if (response.headersSent) response.destroy();
  else answerError(request, response, { status: 500, words: 'internal error', reference: id });
}

/** A host that a browser on this machine can open. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
