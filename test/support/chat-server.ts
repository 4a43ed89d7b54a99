/** A chat platform for tests: an HTTP server of its own with messages, threads and faults, and an adapter that speaks to it from any process. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Address } from '../../src/domain/subscription.ts';
import type { ChatAdapter, DeadReason, Found, FoundMessage, Outcome, Traits } from '../../src/ports/chat-adapter.ts';

export type ChatMessage = {
  readonly ref: string;
  readonly place: string;
  readonly gen: string;
  readonly keys: readonly string[];
  readonly root: string | null;
  readonly raised: boolean;
  readonly at: number;
  text: string;
  edits: number;
  removed: boolean;
};

/** What happens to the next requests that match, one after the other. */
export type ChatFault =
  | { readonly kind: 'throttled'; readonly afterMs: number }
  | { readonly kind: 'dead'; readonly scope: 'destination' | 'payload' | 'platform'; readonly reason: DeadReason }
  | { readonly kind: 'error'; readonly applied: boolean }
  | { readonly kind: 'hang'; readonly applied: boolean };

export type ChatServer = {
  readonly url: string;
  readonly messages: readonly ChatMessage[];
  /** What a person sees: messages that are there, oldest first. */
  seen(place?: string): readonly ChatMessage[];
  fail(op: 'post' | 'update' | 'find' | 'remove', fault: ChatFault, times?: number): void;
  /** Deletes as a person would. */
  deleteByHand(ref: string): void;
  /** Resolves once the condition holds; it is looked at after every request. */
  until(condition: (server: ChatServer) => boolean): Promise<void>;
  close(): Promise<void>;
};

type Body = { op: string; place: string; gen: string; keys: string[]; ref: string; root: string | null; raised: boolean; text: string };

export async function startChatServer(): Promise<ChatServer> {
  const messages: ChatMessage[] = [];
  const faults: { op: string; fault: ChatFault; left: number }[] = [];
  const watchers = new Set<() => void>();
  let clock = 0;

  function apply(body: Body): Outcome | { kind: 'found'; messages: FoundMessage[] } {
    const address: Address = { platform: 'test', id: body.place, route: body.place };
    const there = messages.find((message) => message.ref === body.ref && !message.removed);
    switch (body.op) {
      case 'post': {
        clock += 1;
        const { place, gen, keys, root, raised, text } = body;
        messages.push({ ref: `m${clock}`, place, gen, keys, root, raised, at: clock, text, edits: 0, removed: false });
        return { kind: 'delivered', ref: `m${clock}`, address };
      }
      case 'update':
        if (!there) return { kind: 'gone' };
        there.text = body.text;
        there.edits += 1;
        return { kind: 'delivered', ref: body.ref, address };
      case 'remove':
        if (!there) return { kind: 'gone' };
        there.removed = true;
        return { kind: 'delivered', ref: body.ref, address };
      default: {
        const found = messages.filter((message) => !message.removed && message.gen === body.gen && message.keys.some((key) => body.keys.includes(key)));
        return { kind: 'found', messages: found.map(({ ref, keys, at }) => ({ ref, keys, at })) };
      }
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    const planned = faults.find((item) => item.op === body.op && item.left > 0);
    if (planned) planned.left -= 1;
    const fault = planned?.fault;
    const applied = !fault || ((fault.kind === 'error' || fault.kind === 'hang') && fault.applied);
    const result = applied ? apply(body) : null;
    for (const watch of watchers) watch();
    if (!fault) response.end(JSON.stringify(result));
    else if (fault.kind === 'throttled') response.end(JSON.stringify({ kind: 'later', reason: 'throttled', afterMs: fault.afterMs }));
    else if (fault.kind === 'dead') response.end(JSON.stringify(fault));
    else if (fault.kind === 'error') response.writeHead(500).end();
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const self: ChatServer = {
    url: `http://127.0.0.1:${port}`,
    messages,
    seen: (place) => messages.filter((message) => !message.removed && (place === undefined || message.place === place)),
    fail: (op, fault, times = 1) => faults.push({ op, fault, left: times }),
    deleteByHand: (ref) => {
      for (const message of messages) if (message.ref === ref) message.removed = true;
    },
    until: (condition) =>
      new Promise((resolve) => {
        const watch = () => {
          if (!condition(self)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      }),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
  return self;
}

export const THREADS: Traits = { threads: true, lookup: true, dm: false, pace: { post: [], update: [] } };

/** An adapter without SDK: outcomes come from the server as they are. */
export function chatAdapter(url: string, options: { readonly traits?: Partial<Traits>; readonly timeoutMs?: number } = {}): ChatAdapter {
  const traits: Traits = { ...THREADS, ...options.traits };

  async function ask(body: Partial<Body>): Promise<unknown> {
    const response = await fetch(url, { method: 'POST', body: JSON.stringify(body), signal: AbortSignal.timeout(options.timeoutMs ?? 300) });
    if (!response.ok) throw new TypeError(`HTTP ${response.status}`);
    return response.json();
  }
  const outcome = async (body: Partial<Body>): Promise<Outcome> => {
    try {
      return (await ask(body)) as Outcome;
    } catch {
      return { kind: 'unknown', reason: 'server-error' };
    }
  };

  return {
    platform: 'test',
    commandPrefix: () => '/voicejob ',
    start: async () => {},
    stop: async () => {},
    check: async () => ({ ok: true, problem: null }),
    traits: () => traits,
    post: ({ address, card, delivery, root, raised }) =>
      outcome({ op: 'post', place: address.id, gen: delivery.gen, keys: [...delivery.keys], root, raised, text: card.text }),
    update: ({ address, ref, card }) => outcome({ op: 'update', place: address.id, ref, text: card.text }),
    remove: ({ address, ref }) => outcome({ op: 'remove', place: address.id, ref }),
    find: async ({ address, delivery }) => {
      try {
        const answer = (await ask({ op: 'find', place: address.id, gen: delivery.gen, keys: [...delivery.keys] })) as Found | Outcome;
        return answer.kind === 'found' || answer.kind === 'dead' ? (answer as Found) : { kind: 'cannot-tell', reason: 'throttled' };
      } catch {
        return { kind: 'cannot-tell', reason: 'server-error' };
      }
    },
  };
}
