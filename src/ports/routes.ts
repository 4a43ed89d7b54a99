/** What an adapter or the core mounts on the one web server. The body is unread, so that each handler verifies raw bytes itself. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export type RouteHandler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface Routes {
  /** Serves a path and, if it ends in '/', everything below it; the longest match wins. Throws when the path is taken. */
  mount(path: string, handler: RouteHandler): void;
}
