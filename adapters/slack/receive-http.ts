/** Slack's requests on our own web server, as a receiver of Bolt's: raw bodies, verified before anything reads them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { RouteHandler } from '../../src/ports/routes.ts';
import { isChange, NotStoredError } from './changes.ts';
import { BODY_BYTES } from './limits.ts';
import { parsed, textAt } from './payload.ts';
import { distrust } from './signature.ts';

export type HttpReceiver = Receiver & { readonly handler: RouteHandler };

type Http = { readonly request: IncomingMessage; readonly response: ServerResponse };

const FORM = 'application/x-www-form-urlencoded';
/** Ours: how often a refused request is worth a line in the log. */
const TELL_MS = 60_000;

/** What is wrong with a request is answered with a status alone: 401 not signed by Slack, 413 too large, 400 not what Slack sends, 503 a change that could not be stored. */
export function createHttpReceiver({ secret, clock, log }: { readonly secret: string; readonly clock: Clock; readonly log: Log }): HttpReceiver {
  let app: App | null = null;
  let told = Number.NEGATIVE_INFINITY;

  const refuse = (response: ServerResponse, status: number, why: string): void => {
    if (clock.monotonic() - told >= TELL_MS) {
      told = clock.monotonic();
      log.warn('a request to Slack’s path was refused', { status, why });
    }
    // its body may be unread
    response.writeHead(status, { connection: 'close' }).end();
  };

  const handler: RouteHandler = async (request, response) => {
    // Slack looks now and then whether the address is there, without a signature
    const query = new URLSearchParams((request.url ?? '').split('?')[1] ?? '');
    if (request.method === 'GET' && query.get('ssl_check') === '1') return void response.writeHead(200).end();
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST', connection: 'close' }).end();
    const raw = await readBody(request);
    if (raw === 'too-large') return refuse(response, 413, 'too large');
    // who broke off hears no answer
    if (raw === 'broken-off') return void response.destroy();
    const form = (request.headers['content-type'] ?? '').toLowerCase().startsWith(FORM) ? new URLSearchParams(raw.toString()) : null;
    if (form?.get('ssl_check') === '1') return void response.writeHead(200).end();
    const why = distrust(raw, request.headers, { secret, now: clock.now() });
    if (why !== null) return refuse(response, 401, why);
    const body = bodyOf(form, raw);
    if (body === undefined) return refuse(response, 400, 'unreadable');
    if (textAt(body, 'type') === 'url_verification') return answer(response, { challenge: textAt(body, 'challenge') });
    if (textAt(body, 'type') === 'app_rate_limited') {
      log.warn('slack holds back events, because more than 30,000 came within an hour, or too few were taken');
      return answer(response, undefined);
    }
    if (app === null) return refuse(response, 503, 'not started');
    await handOver(app, body, { request, response });
  };

  const handOver = async (to: App, body: object, { request, response }: Http): Promise<void> => {
    const ack: ReceiverEvent['ack'] = async (said) => {
      // Bolt acknowledges events before anybody listens
      if (!response.headersSent && !isChange(body)) answer(response, said);
    };
    const retryNum = Number(request.headers['x-slack-retry-num'] ?? 0);
    try {
      await to.processEvent({ body, ack, ...(retryNum > 0 ? { retryNum } : {}) });
      // what nobody listens to needs no answer, and no second try
      if (!response.headersSent) answer(response, undefined);
    } catch (error) {
      if (error instanceof NotStoredError) return void response.writeHead(503).end();
      log.warn('what Slack sent could not be read', { error: error instanceof Error ? error : new Error(String(error)) });
      if (!response.headersSent) response.writeHead(400).end();
    }
  };

  return {
    handler,
    init: (started) => {
      app = started;
    },
    start: async () => {},
    stop: async () => {
      app = null;
    },
  };
}

/** A command is a form, a click a form with JSON in it, an event JSON. */
function bodyOf(form: URLSearchParams | null, raw: Buffer): object | undefined {
  if (form === null) return parsed(raw.toString());
  const payload = form.get('payload');
  return payload === null ? Object.fromEntries(form) : parsed(payload);
}

function answer(response: ServerResponse, said: unknown): void {
  if (said === undefined || said === '') response.writeHead(200).end();
  else response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(said));
}

/** too-large: there is more than is taken; the rest is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | 'too-large' | 'broken-off'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > BODY_BYTES) return 'too-large';
      chunks.push(chunk);
    }
  } catch {
    return 'broken-off';
  }
  return Buffer.concat(chunks);
}
