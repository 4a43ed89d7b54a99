/** As much of Slack as takes posts: it answers, at once if nothing else is said, and remembers when what came. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export type Arrival = { readonly at: number; readonly method: string; readonly body: string };

export type StandIn = {
  readonly apiUrl: string;
  readonly arrivals: Arrival[];
  /** What to answer instead; null: what Slack would. */
  refuse: (method: string, body: string) => { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: object } | null;
  /** How long it takes to answer, ms. */
  answerMs: number;
  close(): Promise<void>;
};

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'x-oauth-scopes': 'chat:write,commands,channels:history,groups:history,im:history,im:write,channels:read,groups:read,users:read',
};

/** Who and where everybody is: one person, member of every channel. */
const ANSWERS: Readonly<Record<string, string>> = {
  'auth.test': '{"ok":true,"team_id":"T0BENCH","user_id":"U0BOT","bot_id":"B0BOT"}',
  'users.info': '{"ok":true,"user":{"id":"U0BENCH","team_id":"T0BENCH","name":"ann","tz":"Asia/Shanghai","locale":"en-US"}}',
  'conversations.open': '{"ok":true,"channel":{"id":"D0BENCH"}}',
  'conversations.info': '{"ok":true,"channel":{"id":"C0","name":"voice-lab","is_private":false}}',
  'conversations.members': '{"ok":true,"members":["U0BENCH"]}',
  'conversations.history': '{"ok":true,"messages":[]}',
};

export async function startStandIn(): Promise<StandIn> {
  const arrivals: Arrival[] = [];
  let count = 0;
  const server = createServer((request, response) => {
    read(request).then(
      async (body) => {
        const method = (request.url ?? '').slice('/api/'.length);
        const refused = self.refuse(method, body);
        if (refused) {
          response.writeHead(refused.status, { ...HEADERS, ...refused.headers }).end(JSON.stringify(refused.body));
          return;
        }
        arrivals.push({ at: performance.now(), method, body });
        count += 1;
        if (self.answerMs > 0) await pause(self.answerMs);
        response.writeHead(200, HEADERS).end(ANSWERS[method] ?? `{"ok":true,"channel":"C1","ts":"1700000001.${String(count).padStart(6, '0')}"}`);
      },
      () => response.destroy(),
    );
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const self: StandIn = {
    apiUrl: `http://127.0.0.1:${port}/api/`,
    arrivals,
    refuse: () => null,
    answerMs: 0,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
  return self;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
