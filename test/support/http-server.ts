/** A real HTTP server on a free port of 127.0.0.1, whose answers a test writes. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';

export type ReceivedRequest = {
  readonly method: string;
  /** As it arrived, query included. */
  readonly target: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

export type Responder = (request: ReceivedRequest, response: ServerResponse) => void | Promise<void>;

export type TestHttpServer = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** All that arrived, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** From now on, this answers. */
  respond(responder: Responder): void;
  /** Resolves once `count` requests have arrived since the start. */
  received(count: number): Promise<void>;
  /** Cuts all connections and ends the server. */
  close(): Promise<void>;
};

export async function startHttpServer(initial: Responder): Promise<TestHttpServer> {
  let responder = initial;
  const requests: ReceivedRequest[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const target = incoming.url ?? '/';
    const { pathname, searchParams } = new URL(target, 'http://localhost');
    const body = Buffer.concat(chunks).toString();
    const request = { method: incoming.method ?? '', target, path: pathname, query: searchParams, headers: incoming.headers, body };
    requests.push(request);
    for (const { resolve } of waiting.filter(({ count }) => requests.length >= count)) resolve();
    await responder(request, response);
  };
  const server = createServer((incoming, response) => {
    // A responder that throws cuts the connection, which no test takes for an answer.
    handle(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    respond: (next) => {
      responder = next;
    },
    received: (count) => new Promise((resolve) => (requests.length >= count ? resolve() : waiting.push({ count, resolve }))),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Announces the whole of a JSON body, sends half of it, and cuts the connection. */
export function sendHalf(response: ServerResponse, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length });
  response.write(text.subarray(0, text.length / 2), () => response.destroy());
}
