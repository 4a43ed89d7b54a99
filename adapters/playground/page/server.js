/** Talks to the playground's server: one stream in, small JSON requests out. */
import { browser } from './words.js';

/** A request that got no answer is sent again with the same id, so that it is handled once. */
const TRIES = 4;

/** Why something was not done, in the server's words; `unreachable` when there was no answer at all. */
export class NotDone extends Error {
  constructor(problem, unreachable) {
    super(problem);
    this.unreachable = unreachable;
  }
}

export function newEventId() {
  return crypto.randomUUID();
}

/** Sends what a person did; answers what the page shall do. Rejects with NotDone. */
export async function ask(kind, fields) {
  const body = JSON.stringify({ id: newEventId(), ...browser, ...fields });
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`/playground/${kind}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).catch(() => null);
    if (response?.ok) return response.json();
    const retried = response === null || response.status === 503;
    if (!retried || attempt === TRIES) {
      const answer = await response?.json().catch(() => ({}));
      throw new NotDone(answer?.problem ?? `HTTP ${response?.status}`, response === null);
    }
    await new Promise((resolve) => setTimeout(resolve, 400 * attempt));
  }
}

/**
 * Follows the chat. The browser reconnects by itself after a cut connection, but gives up on a refusal (a server that is starting or
 * stopping answers 503); then a new stream is opened, which goes on where the last one ended.
 */
export function follow({ changed, connected }) {
  let reconnect;
  let seen = '';
  let source = null;
  const open = () => {
    source?.close();
    source = new EventSource(`/playground/events?after=${encodeURIComponent(seen)}`);
    source.onopen = () => connected(true);
    source.onerror = () => {
      connected(false);
      if (source.readyState !== EventSource.CLOSED) return;
      clearTimeout(reconnect);
      reconnect = setTimeout(open, 1_000);
    };
    source.addEventListener('chat', (event) => {
      seen = event.lastEventId;
      changed(JSON.parse(event.data));
    });
  };
  // A browser keeps only six connections to one server, over all tabs, so a tab that nobody looks at gives its own back.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(reconnect);
    if (document.hidden) source?.close();
    else open();
  });
  open();
}
