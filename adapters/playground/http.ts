/** The playground's web side: the page's files, its event stream, and what a person does there. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RouteHandler } from '../../src/ports/routes.ts';
import { type Refusal, refusal } from './guard.ts';
import { ASKED, type Asked, askedOf } from './inbound.ts';
import { libraryFile } from './libraries.ts';
import { BODY_BYTES } from './limits.ts';
import type { Streams } from './stream.ts';

const FRAME = '/playground/drawing.html';
const MODULES = [
  'main',
  'composer',
  'dialogs',
  'draw-card',
  'drawing',
  'drawings',
  'home',
  'message',
  'offers',
  'panel',
  'places',
  'server',
  'settings',
  'sync',
  'thread',
  'view',
  'words',
  'words-en',
  'words-zh',
];

/** Every file there is to serve; nothing is looked up by what a request says. */
const FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  ...Object.fromEntries(
    ['page', 'cards', 'panes', 'drawings'].map((name) => [`/playground/${name}.css`, { file: `${name}.css`, type: 'text/css; charset=utf-8' }]),
  ),
  ...Object.fromEntries(MODULES.map((name) => [`/playground/${name}.js`, { file: `${name}.js`, type: 'text/javascript; charset=utf-8' }])),
  [FRAME]: { file: 'drawing.html', type: 'text/html; charset=utf-8' },
  '/playground/voicejob.svg': { file: 'voicejob.svg', type: 'image/svg+xml' },
};

/** Libraries that draw for other platforms parse markup, which the page itself forbids: they run in this frame, which loads nothing else. */
const FRAME_POLICY = "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** Answers the body of a request, as JSON. */
export type Question = (body: object) => Promise<object>;

/**
 * `act` answers an event that a person caused with what the page shall do next, as JSON. `questions`, by the last part of their address, are what
 * the page asks of the playground itself.
 */
export type PageHost = {
  readonly streams: Streams;
  readonly act: (asked: Extract<Asked, { kind: 'event' }>) => Promise<object>;
  readonly questions: ReadonlyMap<string, Question>;
};

/** Serves the page; `host` is null while the adapter is stopped. */
export function pageHandler(host: () => PageHost | null): RouteHandler {
  return async (request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    const { method = '', headers, socket } = request;
    const refused = refusal({ method, headers, remoteAddress: socket.remoteAddress ?? '', localPort: socket.localPort ?? 0 });
    if (refused) return refuse(response, refused);
    const current = host();
    if (!current) return answer(response, 503, { problem: 'The playground is not running.' });
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const kind = ASKED.find((name) => pathname === `/playground/${name}`);
    if (kind && method === 'POST') return posted(kind, current, { request, response });
    const question = current.questions.get(pathname.replace('/playground/', ''));
    if (question && method === 'POST') return questioned(question, { request, response });
    if (kind || method === 'POST') return kind ? refuse(response, NOT_POSTED) : answer(response, 404, { problem: 'Nothing is here.' });
    if (pathname === '/playground/events' && method === 'GET') return current.streams.open(request, response);
    const page = fileAt(pathname);
    if (!page) return answer(response, 404, { problem: 'Nothing is here.' });
    if (pathname === FRAME) response.setHeader('content-security-policy', FRAME_POLICY);
    const content = await readFile(page.path);
    response.writeHead(200, { 'content-type': page.type, 'content-length': content.length }).end(method === 'HEAD' ? undefined : content);
  };
}

function fileAt(pathname: string): { readonly path: string | URL; readonly type: string } | null {
  const page = FILES[pathname];
  return page ? { path: new URL(`./page/${page.file}`, import.meta.url), type: page.type } : libraryFile(pathname);
}

const NOT_POSTED: Refusal = { status: 405, problem: 'This takes POST only.' };

async function posted(
  kind: (typeof ASKED)[number],
  host: PageHost,
  http: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> {
  const body = await readBody(http.request);
  if (body === null) return answer(http.response, 413, { problem: `The body is larger than ${BODY_BYTES / 1024} KB.` });
  const asked = askedOf(kind, parsed(body));
  if (asked.kind === 'bad') return answer(http.response, 400, { problem: asked.problem });
  answer(http.response, 200, await host.act(asked));
}

async function questioned(question: Question, http: { readonly request: IncomingMessage; readonly response: ServerResponse }): Promise<void> {
  const body = await readBody(http.request);
  const asked = body === null ? null : parsed(body);
  if (typeof asked !== 'object' || asked === null) return answer(http.response, 400, { problem: 'The body must be a small JSON object.' });
  answer(http.response, 200, await question(asked));
}

/** null when there is more than is taken; the rest is not read. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += chunk.length;
    if (size > BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refuse(response: ServerResponse, { status, problem }: Refusal): void {
  if (status === 405) response.setHeader('allow', 'GET, HEAD, POST');
  answer(response, status, { problem });
}

/** A body that was refused may be unread: the connection ends with the answer. */
function answer(response: ServerResponse, status: number, body: object): void {
  if (status >= 400) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
