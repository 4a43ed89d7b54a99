/** Serves bull-board's page, its files and its GET routes on node's own server. Whatever would change something does not exist here. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import type { createBullBoard } from '@bull-board/api';
import type { RouteHandler } from '../ports/routes.ts';
import { DeadlineError, withDeadline } from './deadline.ts';

type Setters = Parameters<typeof createBullBoard>[0]['serverAdapter'];
type Told<K extends keyof Setters> = Parameters<Setters[K]>[0];

/** What bull-board tells its web server. */
export type BoardParts = {
  queues: Told<'setQueues'>;
  uiConfig: Told<'setUIConfig'>;
  /** Directories of its page and of its files. */
  views: string;
  statics: string;
  entry: Told<'setEntryRoute'> | null;
  api: Told<'setApiRoutes'>;
};

const ANSWER_MS = 5_000;

/** Its styles are partly inline; its fonts are on another site, and are done without. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
};

export function boardHandler(parts: BoardParts, basePath: string): RouteHandler {
  return async (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return answer(response, 405, 'text/plain', 'this board is for looking only\n');
    }
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.slice(basePath.length) || '/';
    if (path.startsWith('/static/')) return sendFile(parts, path, response);
    if (parts.entry && matchOf(parts.entry.route, path)) return sendPage(parts, basePath, response);
    return callApi(parts, { path, query: url.searchParams, request, response });
  };
}

async function sendFile({ statics }: BoardParts, path: string, response: ServerResponse): Promise<void> {
  const file = join(statics, decoded(path.slice('/static'.length)) ?? '');
  const type = TYPES[extname(file)];
  try {
    if (!file.startsWith(statics + sep) || type === undefined) return notFound(response);
    const content = await readFile(file);
    response.setHeader('cache-control', 'private, max-age=3600');
    response.writeHead(200, { 'content-type': type, 'content-length': content.length }).end(content);
  } catch {
    notFound(response);
  }
}

/** Its page is a template with five places, filled by name; `<%-` is JSON that bull-board has made safe for a page. */
async function sendPage({ entry, views, uiConfig }: BoardParts, basePath: string, response: ServerResponse): Promise<void> {
  if (!entry) return notFound(response);
  const { name, params } = entry.handler({ basePath, uiConfig });
  const template = await readFile(join(views, name), 'utf8');
  const page = template
    .replace(/<link[^>]+href="https:[^>]*>/g, '')
    .replace(/<%([-=])\s*(\w+)\s*%>/g, (_, kind: string, place: string) => (kind === '-' ? (params[place] ?? '') : escaped(params[place] ?? '')));
  answer(response, 200, 'text/html', page);
}

async function callApi(
  { api, queues, uiConfig }: BoardParts,
  asked: { readonly path: string; readonly query: URLSearchParams; readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const { path, query, response } = asked;
  for (const route of api) {
    const params = [route.method].flat().includes('get') ? matchOf(route.route, path) : null;
    if (!params) continue;
    const call = { queues, uiConfig, params, query: Object.fromEntries(query), body: {}, headers: {} };
    try {
      const { status, body } = await withDeadline('the board', ANSWER_MS, Promise.resolve(route.handler(call)));
      return answer(response, status ?? 200, 'application/json', typeof body === 'string' ? body : JSON.stringify(body));
    } catch (error) {
      if (!(error instanceof DeadlineError)) throw error;
      return answer(response, 503, 'text/plain', 'Redis does not answer\n');
    }
  }
  notFound(response);
}

/** The named parts of a path, or null when no route is like it. Routes are as `/api/queues/:queueName`. */
function matchOf(routes: string | readonly string[], path: string): Record<string, string> | null {
  for (const route of [routes].flat()) {
    const pattern = new RegExp(`^${route.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`);
    const found = pattern.exec(path);
    if (!found) continue;
    const parts = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decoded(value)] as const);
    if (parts.every(([, value]) => value !== null)) return Object.fromEntries(parts.map(([name, value]) => [name, value ?? '']));
  }
  return null;
}

/** null: not as a path is encoded. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}

function notFound(response: ServerResponse): void {
  answer(response, 404, 'text/plain', 'not found\n');
}

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8` }).end(text);
}
