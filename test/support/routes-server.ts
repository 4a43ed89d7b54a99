/** A real HTTP server for what an adapter mounts: as src/http serves it, and no more. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RouteHandler, Routes } from '../../src/ports/routes.ts';

export type RoutesServer = { readonly routes: Routes; readonly port: number; readonly url: string; close(): Promise<void> };

/** `port` 0 takes a free one. A handler that fails is answered with 500. */
export async function startRoutesServer(port = 0): Promise<RoutesServer> {
  const mounted = new Map<string, RouteHandler>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split('?')[0] ?? '/';
    const matches = [...mounted.keys()].filter((base) => path === base || (base.endsWith('/') && path.startsWith(base)));
    const handler = mounted.get(matches.sort((a, b) => b.length - a.length)[0] ?? '');
    try {
      if (handler) await handler(request, response);
      else response.writeHead(404).end();
    } catch {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end('{"problem":"a handler failed"}');
    }
  };
  const server = createServer((request, response) => void serve(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const bound = (server.address() as AddressInfo).port;
  return {
    routes: {
      mount: (path, handler) => {
        if (mounted.has(path)) throw new Error(`${path} is taken`);
        mounted.set(path, handler);
      },
    },
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
