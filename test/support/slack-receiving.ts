/** The Slack adapter, receiving, beside a Slack that says what a test tells it to: people and places of every kind, and refusals. */
import type { SlackOptions } from '../../adapters/slack/adapter.ts';
import type { InboundEvent, InboundResult } from '../../src/ports/inbound.ts';
import { sendJson, startHttpServer } from './http-server.ts';
import { eventually } from './program.ts';
import { startRoutesServer } from './routes-server.ts';
import { type Answers, slackAdapter, startAnswers } from './slack-signed.ts';

export const HOME_TEAM = 'T0HOME';
export const SELF = 'U0BOT';

type Asked = Readonly<Record<string, string>>;
type Said = { readonly ok: boolean; readonly [more: string]: unknown };

export type Receiving = {
  readonly url: string;
  readonly apiUrl: string;
  readonly answers: Answers;
  /** What the core was told. */
  readonly events: readonly InboundEvent[];
  readonly adapter: ReturnType<typeof slackAdapter>;
  /** What the core answers from now on. */
  answerWith(result: InboundResult | ((event: InboundEvent) => InboundResult | Promise<InboundResult>)): void;
  /** How Slack answers a method from now on. */
  say(method: string, answer: Said | ((asked: Asked) => Said)): void;
  /** What Slack was asked with a method. */
  asked(method: string): readonly Asked[];
  /** Waits until the core has been told of so many events, and answers the last. */
  told(count: number): Promise<InboundEvent>;
  waitFor(method: string, count?: number): Promise<readonly Asked[]>;
  close(): Promise<void>;
};

export const ANN = {
  id: 'UANN',
  name: 'ann',
  real_name: 'Ann Example',
  tz: 'Europe/Berlin',
  locale: 'en-GB',
  team_id: HOME_TEAM,
  profile: { display_name: 'Ann' },
};

/** `fromTheStart`: how Slack answers some methods already then. */
export async function startReceiving(more: Partial<SlackOptions> = {}, fromTheStart: readonly (readonly [string, Said])[] = []): Promise<Receiving> {
  const answers = await startAnswers();
  const calls: { readonly method: string; readonly asked: Asked }[] = [];
  const said = new Map<string, Said | ((asked: Asked) => Said)>([
    ['auth.test', { ok: true, team_id: HOME_TEAM, user_id: SELF, bot_id: 'B0BOT' }],
    ['users.info', ({ user }) => ({ ok: true, user: { ...ANN, id: user } })],
    ['conversations.open', ({ users }) => ({ ok: true, channel: { id: `D${users}` } })],
    ['conversations.info', ({ channel }) => ({ ok: true, channel: { id: channel, name: 'voice-lab', is_private: false } })],
    ['conversations.members', { ok: true, members: [ANN.id] }],
    ...fromTheStart,
  ]);
  const api = await startHttpServer((request, response) => {
    const method = request.path.slice('/api/'.length);
    const asked = Object.fromEntries(new URLSearchParams(request.body));
    calls.push({ method, asked });
    const answer = said.get(method) ?? { ok: true, ts: '1700000000.000001', channel: 'C1' };
    sendJson(response, 200, typeof answer === 'function' ? answer(asked) : answer);
  });
  const server = await startRoutesServer();
  const events: InboundEvent[] = [];
  let result: InboundResult | ((event: InboundEvent) => InboundResult | Promise<InboundResult>) = { kind: 'none' };
  const apiUrl = `${api.url}/api/`;
  const adapter = slackAdapter({ apiUrl, token: 'xoxb-test' }, more);
  await adapter.start({
    inbound: async (event) => {
      events.push(event);
      return typeof result === 'function' ? result(event) : result;
    },
    routes: server.routes,
  });
  const asked = (method: string): readonly Asked[] => calls.filter((call) => call.method === method).map((call) => call.asked);
  return {
    url: server.url,
    apiUrl,
    answers,
    events,
    adapter,
    answerWith: (next) => {
      result = next;
    },
    say: (method, answer) => void said.set(method, answer),
    asked,
    told: (count) => eventually(async () => (events.length >= count ? events[count - 1] : null)),
    waitFor: (method, count = 1) => eventually(async () => (asked(method).length >= count ? asked(method) : null)),
    close: async () => {
      await adapter.stop();
      await server.close();
      await api.close();
      await answers.close();
    },
  };
}

/** What every click and form says of who did it. */
export const BY_ANN = { user: { id: ANN.id, username: 'ann', team_id: HOME_TEAM }, team: { id: HOME_TEAM } };

export function clickIn(channel: string, more: object = {}): object {
  return {
    type: 'block_actions',
    ...BY_ANN,
    container: { type: 'message', message_ts: '1700000000.000009', channel_id: channel, is_ephemeral: false },
    channel: { id: channel, name: 'voice-lab' },
    trigger_id: 'trigger-1',
    actions: [{ type: 'button', action_id: 'status:0', value: 'p/j', action_ts: '1' }],
    ...more,
  };
}
