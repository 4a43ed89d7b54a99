/** An HTTP proxy before a chat: what is asked is noted with who asked and what became of it, and a fault befalls the request that it was made for. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type TapRequest = {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly pid: number;
  /** ms since 1970, like all times here; null = not, or not yet. */
  readonly arrivedAt: number;
  appliedAt: number | null;
  answeredAt: number | null;
  /** What the chat answered, also where nobody heard it. */
  answer: string;
  fate: string;
};

export type Fate =
  /** The sender is struck when its request is there, which then takes effect or is lost; or when it has taken effect, before the answer. */
  | { readonly kind: 'strike'; readonly when: 'lost' | 'before' | 'after'; readonly strike: (request: TapRequest) => void }
  | { readonly kind: 'status'; readonly status: number; readonly applied: boolean; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | { readonly kind: 'hang' | 'reset' | 'half'; readonly applied: boolean }
  /** It takes effect so much later, and nobody hears of it. */
  | { readonly kind: 'late'; readonly afterMs: number };

export type HttpTap = {
  readonly url: string;
  readonly requests: readonly TapRequest[];
  /** The next request for which `matches` holds meets the fate. Answers how to take that back. */
  arm(matches: (request: TapRequest) => boolean, fate: Fate): () => void;
  /** Answers every request that it gives an answer for, before all else. */
  rule(answer: (request: TapRequest, headers: IncomingMessage['headers']) => { status: number; body: string } | null): void;
  close(): Promise<void>;
};

type Options = {
  /** Without a slash at the end. */
  readonly target: string;
  readonly callerOf: (socket: Socket) => number;
  /** Headers that the chat behind is given in place of the sender's. */
  readonly headers?: Readonly<Record<string, string>>;
};

const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'keep-alive', 'content-encoding']);

export async function startHttpTap({ target, callerOf, headers: replaced = {} }: Options): Promise<HttpTap> {
  const requests: TapRequest[] = [];
  const armed: { readonly matches: (request: TapRequest) => boolean; readonly fate: Fate }[] = [];
  const hanging = new Set<ServerResponse>();
  let ruling: Parameters<HttpTap['rule']>[0] = () => null;

  type Answer = { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
  const forward = async (request: TapRequest, incoming: IncomingMessage): Promise<Answer> => {
    const kept = Object.entries(incoming.headers).flatMap(([name, value]) => (HOP.has(name) || typeof value !== 'string' ? [] : [[name, value] as const]));
    const body = request.method === 'GET' || request.method === 'HEAD' ? null : request.body;
    const response = await fetch(target + request.path, { method: request.method, headers: { ...Object.fromEntries(kept), ...replaced }, body });
    const text = await response.text();
    request.appliedAt = Date.now();
    request.answer = text;
    const headers = Object.fromEntries([...response.headers].filter(([name]) => !HOP.has(name)));
    return { status: response.status, headers, body: text };
  };

  const handle = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const pid = callerOf(incoming.socket);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
    const { method = 'GET', url: path = '/' } = incoming;
    const request: TapRequest = {
      ...{ method, path, pid, body: Buffer.concat(chunks).toString() },
      ...{ arrivedAt: Date.now(), appliedAt: null, answeredAt: null, answer: '', fate: '' },
    };
    requests.push(request);
    const send = (answer: { status: number; headers?: Record<string, string>; body: string }): void => {
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body, () => {
        request.answeredAt = Date.now();
      });
    };
    const ruled = ruling(request, incoming.headers);
    if (ruled) {
      request.fate = 'ruled';
      return send(ruled);
    }
    const at = armed.findIndex(({ matches }) => matches(request));
    const fate = at < 0 ? null : (armed.splice(at, 1)[0]?.fate ?? null);
    if (fate === null) return send(await forward(request, incoming));
    request.fate = fate.kind;
    switch (fate.kind) {
      case 'strike': {
        if (fate.when !== 'after') fate.strike(request);
        if (fate.when === 'lost') return void response.destroy();
        const answer = await forward(request, incoming);
        if (fate.when === 'after') fate.strike(request);
        return send(answer);
      }
      case 'status':
        if (fate.applied) await forward(request, incoming);
        return send({ status: fate.status, headers: { ...fate.headers }, body: fate.body ?? '<h1>no</h1>' });
      case 'late':
        hanging.add(response);
        await pause(fate.afterMs);
        await forward(request, incoming);
        return;
      case 'hang':
      case 'reset':
      case 'half': {
        const answer = fate.applied ? await forward(request, incoming) : null;
        if (fate.kind === 'hang') return void hanging.add(response);
        if (fate.kind === 'reset' || answer === null) return void response.destroy();
        response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) });
        return void response.write(answer.body.slice(0, Math.floor(answer.body.length / 2)), () => response.destroy());
      }
      default:
        return fate satisfies never;
    }
  };

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    arm: (matches, fate) => {
      const entry = { matches, fate };
      armed.push(entry);
      return () => {
        const at = armed.indexOf(entry);
        if (at >= 0) armed.splice(at, 1);
      };
    },
    rule: (answer) => {
      ruling = answer;
    },
    close: async () => {
      for (const response of hanging) response.destroy();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
