/** Socket Mode: one connection to Slack, kept. The SDK's own way of coming back waits five seconds first, and ends the process when Slack is away. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SocketModeReceiver } from '@slack/bolt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { boltLog } from './bolt-log.ts';
import { isChange, NotStoredError } from './changes.ts';
import { clientOptions } from './client.ts';
import { failureOf } from './failure.ts';
import { RECONNECT_FIRST_MS, RECONNECT_MOST_MS, STEADY_MS } from './limits.ts';

export type SocketOptions = { readonly appToken: string; readonly apiUrl: string; readonly timeoutMs: number; readonly clock: Clock; readonly log: Log };

export type Socket = {
  readonly receiver: SocketModeReceiver;
  /** What keeps it from connecting, as a sentence, or null. */
  problem(): string | null;
  /** Connects, and again whenever the connection ends. */
  open(): void;
  /** Ends the connection for good. */
  close(): void;
};

export function createSocket({ appToken, apiUrl, timeoutMs, clock, log }: SocketOptions): Socket {
  const notStored = new WeakSet<object>();
  const receiver = new SocketModeReceiver({
    appToken,
    autoReconnectEnabled: false,
    logger: boltLog(log),
    installerOptions: { clientOptions: clientOptions({ apiUrl, timeoutMs }) },
    processEventErrorHandler: async ({ error, event }) => {
      if (error instanceof NotStoredError) {
        notStored.add(event.body);
        return false;
      }
      log.warn('what Slack sent could not be read', { error });
      // so that it isn't sent again; the connection may be gone
      await event.ack().catch(() => {});
      return false;
    },
  });
  const { client } = receiver;
  const closed = new AbortController();
  let problem: string | null = null;

  guardMessages(client, log);
  acknowledgeLast(client, (body) => notStored.has(body));

  /** One connection, from its beginning to its end; answers how long it stood, ms. */
  const connect = async (): Promise<number> => {
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    client.once('disconnected', resolve);
    try {
      await client.start();
    } catch (error) {
      client.off('disconnected', resolve);
      problem = sentence(error);
      log.warn('slack: the socket could not be opened', { problem });
      return 0;
    }
    if (closed.signal.aborted) void client.disconnect();
    if (problem !== null) log.info('slack: the socket is open');
    problem = null;
    const since = clock.monotonic();
    await ended;
    return clock.monotonic() - since;
  };

  const keepOpen = async (): Promise<void> => {
    let waitMs = RECONNECT_FIRST_MS;
    while (!closed.signal.aborted) {
      const stood = await connect();
      if (stood >= STEADY_MS) {
        waitMs = RECONNECT_FIRST_MS;
        continue;
      }
      await sleep(waitMs, undefined, { signal: closed.signal, ref: false }).catch(() => {});
      waitMs = Math.min(waitMs * 2, RECONNECT_MOST_MS);
    }
  };

  return {
    receiver,
    problem: () => problem,
    open: () => {
      keepOpen().catch((error: unknown) => log.error('slack: the socket is given up', { error: error instanceof Error ? error : String(error) }));
    },
    close: () => {
      closed.abort();
      void client.disconnect();
    },
  };
}

/** The client reads messages in a function whose failure nobody hears, which would end the process. */
function guardMessages(client: SocketModeReceiver['client'], log: Log): void {
  const readers = client.listeners('ws_message');
  client.removeAllListeners('ws_message');
  client.on('ws_message', (...message: unknown[]) => {
    for (const read of readers) {
      Promise.resolve()
        .then(() => read(...message))
        .catch((error: unknown) => log.warn('slack: a message of the socket could not be read', { error: error instanceof Error ? error : String(error) }));
    }
  });
}

type Envelope = { readonly body: object; readonly ack: (said?: object) => Promise<void> };

/** A change of a place is acknowledged once it is stored, and else not, so that Slack sends it again: Bolt itself acknowledges before anybody listens. */
function acknowledgeLast(client: SocketModeReceiver['client'], isNotStored: (body: object) => boolean): void {
  const readers: ((envelope: Envelope) => unknown)[] = client.listeners('slack_event');
  client.removeAllListeners('slack_event');
  const store = async (envelope: Envelope): Promise<void> => {
    for (const read of readers) await read({ ...envelope, ack: async () => {} });
    if (!isNotStored(envelope.body)) await envelope.ack();
  };
  client.on('slack_event', (envelope: Envelope) => {
    // the connection may be gone
    if (isChange(envelope.body)) store(envelope).catch(() => {});
    else for (const read of readers) read(envelope);
  });
}

function sentence(error: unknown): string {
  const failure = error instanceof Error ? failureOf(error) : null;
  if (failure?.kind === 'refused') {
    return `Slack refuses SLACK_APP_TOKEN (${failure.code}): copy an app-level token with the scope connections:write from the app's page Basic Information, and switch Socket Mode on.`;
  }
  return `Socket Mode finds no connection to Slack (${failure?.kind ?? 'connection-lost'}): it is tried again; look at SLACK_API_URL and the way to it if it stays.`;
}
