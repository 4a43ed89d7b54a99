/** Slack's Socket Mode: apps.connections.open and a server of web sockets that says hello, sends envelopes and waits to hear of each. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Taken, Way } from './slack-http.ts';
import type { SlackServer } from './slack-server.ts';

const APP_TOKEN = 'xapp-test-voicejob';

export type SocketWay = Way & {
  /** Connections that were opened since the start. */
  readonly opened: () => number;
  /** Slack asks the program to connect anew, as it does every few hours. */
  refresh(): void;
};

export async function overSocketMode(slack: SlackServer): Promise<SocketWay> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const waiting = new Map<string, (taken: Taken) => void>();
  const live = new Set<WebSocket>();
  const connected: (() => void)[] = [];
  let opened = 0;

  slack.methods.set('apps.connections.open', (_, token) =>
    token === APP_TOKEN ? { ok: true, url: `ws://127.0.0.1:${port}/link/?ticket=${randomUUID()}` } : { ok: false, error: 'invalid_auth' },
  );

  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const { envelope_id: id, payload } = JSON.parse(data.toString()) as { envelope_id: string; payload?: object };
      waiting.get(id)?.({ taken: true, said: payload && Object.keys(payload).length > 0 ? payload : '' });
      waiting.delete(id);
    });
    socket.on('close', () => void live.delete(socket));
    live.add(socket);
    opened += 1;
    const connection_info = { app_id: 'A0VOICEJOB' };
    socket.send(JSON.stringify({ type: 'hello', num_connections: live.size, debug_info: { host: 'test' }, connection_info }));
    for (const go of connected.splice(0)) go();
  });

  const socket = async (): Promise<WebSocket> => {
    for (;;) {
      const [one] = live;
      if (one) return one;
      await new Promise<void>((go) => connected.push(go));
    }
  };

  return {
    name: 'Socket Mode',
    env: { SLACK_APP_TOKEN: APP_TOKEN },
    reach: async () => void (await socket()),
    send: async ({ kind, payload, retry }) => {
      const id = randomUUID();
      const heard = new Promise<Taken>((resolve) => waiting.set(id, resolve));
      const again = retry === undefined ? {} : { retry_attempt: retry, retry_reason: 'timeout' };
      const envelope = { envelope_id: id, type: kind, payload, accepts_response_payload: kind !== 'events_api', ...again };
      (await socket()).send(JSON.stringify(envelope));
      return heard;
    },
    opened: () => opened,
    refresh: () => {
      const before = [...live];
      live.clear();
      for (const one of before) one.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'test' } }));
    },
    close: async () => {
      for (const hear of waiting.values()) hear({ taken: false, said: '' });
      for (const one of server.clients) one.terminate();
      await new Promise((done) => server.close(done));
    },
  };
}
