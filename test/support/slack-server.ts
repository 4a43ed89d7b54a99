/**
 * Slack for tests: the emulator behind a proxy that does what the emulator does not: refuses foreign tokens, names the token's scopes, hides
 * metadata that was not asked for, honours `oldest`, answers pages of replies, and breaks on demand.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEmulator } from 'emulate';
import { sendHalf, sendJson } from './http-server.ts';

export type SlackFault =
  | { readonly kind: 'throttled'; readonly retryAfter: string | null }
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'status'; readonly status: number; readonly applied: boolean }
  /** No answer; a cut connection; half an answer; a page instead of an answer. */
  | { readonly kind: 'hang' | 'reset' | 'half' | 'page'; readonly applied: boolean };

export type SlackMessageSeen = {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
  readonly blocks?: readonly object[];
  readonly metadata?: object;
  readonly unfurl_links?: boolean;
  readonly unfurl_media?: boolean;
};

type Answer = { ok: boolean; error?: string; messages?: SlackMessageSeen[]; response_metadata?: { next_cursor?: string }; [more: string]: unknown };
type Call = { readonly method: string; readonly asked: URLSearchParams };

export type SlackServer = {
  readonly apiUrl: string;
  readonly token: string;
  readonly team: string;
  /** What the proxy was asked, in order. */
  readonly calls: readonly Call[];
  /** The scopes that the proxy names; null = it names none. History is refused without its scope. */
  scopes: readonly string[] | null;
  /** Most messages of a page. */
  pageSize: number;
  /** What befalls the next call of a method, one after the other. */
  fail(method: string, fault: SlackFault): void;
  /** Makes a channel with the bot in it. */
  channel(name: string): Promise<string>;
  dm(): Promise<string>;
  /** Calls the emulator itself, past the proxy. */
  call(method: string, args: Readonly<Record<string, string>>, as?: 'bot' | 'person'): Promise<Answer>;
  /** Everything in a conversation, replies too, oldest first. */
  seen(channel: string): Promise<readonly SlackMessageSeen[]>;
  close(): Promise<void>;
};

const BOT = { user: 'U0VOICEJOB', token: 'xoxb-test-voicejob' };
const PERSON = { name: 'ann', token: 'xoxp-test-ann' };
const ALL_SCOPES = [
  ...['chat:write', 'commands', 'im:write', 'channels:read', 'groups:read', 'users:read'],
  ...['channels:history', 'groups:history', 'im:history'],
];

export async function startSlackServer(): Promise<SlackServer> {
  const emulator = await createEmulator({
    service: 'slack',
    port: 0,
    seed: {
      slack: {
        users: [{ name: PERSON.name }],
        oauth_apps: [{ client_id: 'c', client_secret: 's', name: 'voicejob', redirect_uris: [], bot_user_id: BOT.user, bot_name: 'voicejob' }],
        tokens: [
          { token: BOT.token, type: 'bot', user_id: BOT.user },
          { token: PERSON.token, type: 'user', user: PERSON.name },
        ],
      },
    },
  });
  const calls: Call[] = [];
  const faults: { readonly method: string; readonly fault: SlackFault }[] = [];
  const hanging = new Set<ServerResponse>();

  const ask = async (method: string, body: string, token: string): Promise<Answer> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' };
    const response = await fetch(`${emulator.url}/api/${method}`, { method: 'POST', headers, body });
    return (await response.json()) as Answer;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const method = (request.url ?? '').replace('/api/', '');
    const asked = new URLSearchParams(Buffer.concat(chunks).toString());
    calls.push({ method, asked });
    const at = faults.findIndex((one) => one.method === method);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    const apply = async (): Promise<Answer> => {
      if (request.headers.authorization !== `Bearer ${BOT.token}`) return { ok: false, error: 'invalid_auth' };
      return method === 'conversations.history' || method === 'conversations.replies' ? history(method, asked) : ask(method, asked.toString(), BOT.token);
    };
    if (fault !== undefined) return broken(fault, { apply, response, hanging });
    sendJson(response, 200, await apply(), server.scopes === null ? {} : { 'x-oauth-scopes': server.scopes.join(', ') });
  };

  const history = async (method: string, asked: URLSearchParams): Promise<Answer> => {
    const scope = asked.get('channel')?.startsWith('D') ? 'im:history' : 'channels:history';
    if (server.scopes !== null && !server.scopes.includes(scope)) return { ok: false, error: 'missing_scope' };
    const whole = await ask(
      method,
      new URLSearchParams({ channel: asked.get('channel') ?? '', ts: asked.get('ts') ?? '', limit: '999' }).toString(),
      BOT.token,
    );
    const oldest = asked.get('oldest') ?? '0';
    // a thread's own root comes with every page of its replies
    const inRange = (whole.messages ?? []).filter(({ ts }) => Number(ts) >= Number(oldest) || ts === asked.get('ts'));
    const messages = inRange.map(({ metadata, ...message }) => (asked.get('include_all_metadata') === 'true' && metadata ? { ...message, metadata } : message));
    const from = Number(asked.get('cursor') ?? 0);
    const to = from + Math.min(server.pageSize, Number(asked.get('limit') ?? 100));
    return whole.ok ? { ok: true, messages: messages.slice(from, to), response_metadata: { next_cursor: to < messages.length ? String(to) : '' } } : whole;
  };

  const http = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const { port } = http.address() as AddressInfo;

  const call: SlackServer['call'] = async (method, args, as = 'bot') => {
    const result = await ask(method, new URLSearchParams(args).toString(), as === 'bot' ? BOT.token : PERSON.token);
    if (!result.ok) throw new Error(`${method}: ${result.error}`);
    return result;
  };
  const idOf = ({ channel }: Answer): string => {
    if (typeof channel !== 'object' || channel === null || !('id' in channel)) throw new Error('no channel');
    return String(channel.id);
  };
  const { team_id: team } = await call('auth.test', {});

  const server: SlackServer = {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    token: BOT.token,
    team: String(team),
    calls,
    scopes: ALL_SCOPES,
    pageSize: 999,
    fail: (method, fault) => void faults.push({ method, fault }),
    channel: async (name) => idOf(await call('conversations.create', { name })),
    dm: async () => {
      const { user_id: person } = await call('auth.test', {}, 'person');
      return idOf(await call('conversations.open', { users: String(person) }));
    },
    call,
    seen: async (channel) => {
      const { messages: roots = [] } = await call('conversations.history', { channel, limit: '999' });
      const threads = await Promise.all(roots.map(({ ts }) => call('conversations.replies', { channel, ts })));
      return threads.flatMap(({ messages = [] }) => messages).toSorted((a, b) => Number(a.ts) - Number(b.ts));
    },
    close: async () => {
      for (const response of hanging) response.destroy();
      const closed = new Promise((done) => http.close(done));
      http.closeAllConnections();
      await Promise.all([closed, emulator.close()]);
    },
  };
  return server;
}

async function broken(
  fault: SlackFault,
  { apply, response, hanging }: { readonly apply: () => Promise<Answer>; readonly response: ServerResponse; readonly hanging: Set<ServerResponse> },
): Promise<void> {
  if ('applied' in fault && fault.applied) await apply();
  switch (fault.kind) {
    case 'throttled':
      sendJson(response, 429, { ok: false, error: 'ratelimited' }, fault.retryAfter === null ? {} : { 'retry-after': fault.retryAfter });
      return;
    case 'refused':
      sendJson(response, 200, { ok: false, error: fault.code });
      return;
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<h1>no</h1>');
      return;
    case 'hang':
      hanging.add(response);
      return;
    case 'reset':
      response.destroy();
      return;
    case 'half':
      sendHalf(response, { ok: true, ts: '1700000000.000001' });
      return;
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>welcome</h1>');
      return;
    default:
      fault satisfies never;
  }
}
