/** The one web server. It knows paths and nothing of what is behind them; bodies are unread. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Log } from '../ports/log.ts';
import type { RouteHandler, Routes } from '../ports/routes.ts';
import { answerError, answerNotFound } from './answers.ts';

/** Slack wants its answer within 3 s and Teams within 15 s, so who sends a request slowly is neither. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 30_000;
/** Longer than the usual 60 s of a proxy in front: it must be the one that closes an idle connection. */
const KEEP_ALIVE_MS = 65_000;
/** What runs when the server closes may end by itself; streams to browsers never do. */
const CLOSE_MS = 1_000;

export type Http = {
  readonly routes: Routes;
  /** Starts listening. Rejects when the port is taken (EADDRINUSE). `url` has no slash at the end. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no more requests, gives those that run a second, then ends every connection. */
  close(): Promise<void>;
};

/** Makes the server; port 0 = any free one. */
export function createHttp({ host, port, log }: { readonly host: string; readonly port: number; readonly log: Log }): Http {
  const handlers = new Map<string, RouteHandler>();
  const server = createServer({ headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    void serve(request, response);
  });
  let closed: Promise<void> | null = null;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    setDefaultHeaders(response);
    if (closed) response.setHeader('connection', 'close');
    const path = pathOf(request);
    if (path === null) return answerError(request, response, { status: 400, words: 'bad request' });
    const handler = findHandler(handlers, path);
    if (handler === undefined) return answerNotFound(request, response);
    try {
      await handler(request, response);
    } catch (error) {
      answerFailure(request, response, { path, log, error });
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

/** For answers that say nothing of it themselves: not to be framed, cached or guessed at, and no address leaks to other sites. */
function setDefaultHeaders(response: ServerResponse): void {
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('content-security-policy', "frame-ancestors 'none'");
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
  { path, log, error }: { readonly path: string; readonly log: Log; readonly error: unknown },
): void {
  const reference = randomBytes(6).toString('hex');
  const cause = error instanceof Error ? error : new Error('a handler threw something that is no error', { cause: error });
  log.error('a request failed', { reference, method: request.method, path, error: cause });
  if (response.headersSent) response.destroy();
  else answerError(request, response, { status: 500, words: 'internal error', reference });
}

/** A host that a browser on this machine can open. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
