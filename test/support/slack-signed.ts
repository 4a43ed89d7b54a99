/** Requests to the Slack adapter as Slack signs them, and the place where its private answers arrive. */
import { createHmac } from 'node:crypto';
import { createSlackAdapter, type SlackOptions } from '../../adapters/slack/adapter.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import { counterRandom, silentLog, systemClock } from './builders.ts';
import { sendJson, startHttpServer, type TestHttpServer } from './http-server.ts';
import type { SlackServer } from './slack-server.ts';

const SECRET = 'test-signing-secret';
export const FORM = 'application/x-www-form-urlencoded';

export type Signing = { readonly secret?: string; readonly aheadS?: number; readonly type?: string; readonly headers?: Readonly<Record<string, string>> };

/** The adapter beside a Slack of a test. */
export function slackAdapter(slack: Pick<SlackServer, 'apiUrl' | 'token'>, more: Partial<SlackOptions> = {}): ChatAdapter {
  return createSlackAdapter({
    botToken: slack.token,
    signingSecret: SECRET,
    appToken: null,
    apiUrl: slack.apiUrl,
    command: '/voicejob',
    defaultLanguage: 'en',
    clock: systemClock,
    random: counterRandom(),
    log: silentLog,
    ...more,
  });
}

/** Sends a body as Slack would, or nearly so. */
export function sendSigned(url: string, body: string | Uint8Array<ArrayBuffer>, signing: Signing = {}): Promise<Response> {
  const at = String(Math.floor(Date.now() / 1000) + (signing.aheadS ?? 0));
  const digest = createHmac('sha256', signing.secret ?? SECRET)
    .update(`v0:${at}:`)
    .update(body)
    .digest('hex');
  const headers = { 'content-type': signing.type ?? FORM, 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${digest}`, ...signing.headers };
  return fetch(`${url}/slack/events`, { method: 'POST', headers, body });
}

export function sendCommand(url: string, fields: Readonly<Record<string, string>>): Promise<Response> {
  return sendSigned(url, new URLSearchParams({ command: '/voicejob', ...fields }).toString());
}

/** A click, a form, a search or a shortcut. */
export function sendPayload(url: string, payload: object): Promise<Response> {
  return sendSigned(url, new URLSearchParams({ payload: JSON.stringify(payload) }).toString());
}

export function sendEvent(url: string, body: object): Promise<Response> {
  return sendSigned(url, JSON.stringify({ type: 'event_callback', ...body }), { type: 'application/json' });
}

export type Answer = {
  readonly at: string;
  readonly text: string;
  readonly blocks: readonly object[];
  readonly replace_original: boolean;
  readonly response_type: string;
};
export type Answers = {
  /** A response URL; `name` comes back with what is answered there. */
  url(name: string): string;
  readonly all: readonly Answer[];
  /** Used-up from now on. */
  expire(): void;
  received(count: number): Promise<void>;
  readonly close: TestHttpServer['close'];
};

export async function startAnswers(): Promise<Answers> {
  const all: Answer[] = [];
  let expired = false;
  const server = await startHttpServer((request, response) => {
    if (expired) return sendJson(response, 404, { ok: false, error: 'expired_url' });
    all.push({ at: request.path.slice(1), ...(JSON.parse(request.body) as Omit<Answer, 'at'>) });
    response.end('ok');
  });
  return {
    url: (name) => `${server.url}/${name}`,
    all,
    expire: () => {
      expired = true;
    },
    received: (count) => server.received(count),
    close: () => server.close(),
  };
}

/** Every word that a reader sees in blocks. */
export function wordsIn(blocks: unknown): string {
  if (Array.isArray(blocks)) return blocks.map(wordsIn).filter(Boolean).join('\n');
  if (typeof blocks !== 'object' || blocks === null) return '';
  const { text, fields, elements } = blocks as { readonly text?: unknown; readonly fields?: unknown; readonly elements?: unknown };
  return [typeof text === 'string' ? text : wordsIn(text), wordsIn(fields), wordsIn(elements)].filter(Boolean).join('\n');
}
