/** Live updates for the page: server-sent events. A reconnecting tab says what it saw last and is told what changed since, not how. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../src/ports/log.ts';
import type { ChatChanges, PlaygroundChat } from './chat.ts';
import type { ChatMessage } from './chat-state.ts';
import { HEARTBEAT_MS, LOOK_MS, SHOWN_MESSAGES, STREAM_BACKLOG_BYTES } from './limits.ts';
import { PLACES } from './places.ts';
import { messageView, privateView } from './render.ts';

export type Streams = {
  /** Answers a request with a stream that stays open. */
  open(request: IncomingMessage, response: ServerResponse): void;
  /** Ends every stream; the pages reconnect when there is somebody to connect to. */
  close(): void;
};

/** While open, `chat` is also looked at for what other processes wrote. */
export function openStreams(chat: PlaygroundChat, log: Log): Streams {
  const tabs = new Map<ServerResponse, string>();
  const send = (response: ServerResponse, seen: string): void => {
    const changes = chat.changes(seen);
    if (changes.cursor === seen) return;
    tabs.set(response, changes.cursor);
    response.write(`event: chat\nid: ${changes.cursor}\ndata: ${JSON.stringify(payload(changes))}\n\n`);
    if (response.writableLength > STREAM_BACKLOG_BYTES) response.destroy();
  };
  const sendAll = (): void => {
    for (const [response, seen] of tabs) send(response, seen);
  };
  const stopListening = chat.onChange(sendAll);
  const look = setInterval(() => {
    try {
      chat.refresh();
    } catch (error) {
      log.warn('the playground cannot read its chat', { error: error instanceof Error ? error : null });
    }
  }, LOOK_MS).unref();
  const beat = setInterval(() => {
    for (const response of tabs.keys()) response.write(': still here\n\n');
  }, HEARTBEAT_MS).unref();

  return {
    open: (request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
      response.write('retry: 500\n\n');
      response.on('close', () => tabs.delete(response));
      const seen = lastSeen(request);
      tabs.set(response, seen);
      send(response, seen);
    },
    close: () => {
      stopListening();
      clearInterval(look);
      clearInterval(beat);
      for (const response of tabs.keys()) response.end();
      tabs.clear();
    },
  };
}

/** The browser's own reconnect sends the header; a stream that the page opens anew has the same in its address. '' = nothing yet. */
function lastSeen(request: IncomingMessage): string {
  const header = request.headers['last-event-id'];
  if (typeof header === 'string') return header;
  return new URL(request.url ?? '/', 'http://localhost').searchParams.get('after') ?? '';
}

function payload({ reset, messages, privates, archived }: ChatChanges): object {
  const shown = reset ? recent(messages) : messages;
  const places = PLACES.map((place) => ({ ...place, archived: archived.includes(place.id) }));
  return { reset, places, messages: [...shown.map(messageView), ...privates.map(privateView)] };
}

/** The newest of each place, and the roots they answer; a removed message only as such a root. */
function recent(messages: readonly ChatMessage[]): ChatMessage[] {
  const kept = PLACES.flatMap(({ id }) => messages.filter((message) => message.place === id && !message.removed).slice(-SHOWN_MESSAGES));
  const refs = new Set(kept.flatMap(({ ref, root }) => (root === null ? [ref] : [ref, root])));
  return messages.filter(({ ref }) => refs.has(ref));
}
