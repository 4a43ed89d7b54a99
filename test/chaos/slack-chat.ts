/** Slack for the suite: the emulator behind its proxy, behind a tap; people follow by signed commands. */
import type { Socket } from 'node:net';
import { type SlackServer, startSlackServer } from '../support/slack-server.ts';
import { SIGNING_SECRET, sendCommand, sendEvent, startAnswers } from '../support/slack-signed.ts';
import type { Chat, ChatOp, Place, Seen } from './chat.ts';
import { startHttpTap, type TapRequest } from './http-tap.ts';

const OPS: Readonly<Record<string, ChatOp>> = {
  'chat.postMessage': 'post',
  'chat.update': 'edit',
  'chat.delete': 'remove',
  'conversations.history': 'find',
  'conversations.replies': 'find',
};

export async function startSlackChat(options: {
  readonly channels: number;
  readonly history: boolean;
  readonly callerOf: (socket: Socket) => number;
}): Promise<Chat> {
  const slack: SlackServer = await startSlackServer();
  if (!options.history) slack.scopes = slack.scopes?.filter((scope) => !scope.endsWith(':history')) ?? null;
  const answers = await startAnswers();
  const target = slack.apiUrl.replace(/\/api\/$/, '');
  const tap = await startHttpTap({ target, callerOf: options.callerOf, headers: { authorization: `Bearer ${slack.token}` } });
  const { user_id: user } = await slack.call('auth.test', {}, 'person');
  const person = String(user);
  const places: Place[] = [];
  for (let n = 1; n <= options.channels; n += 1) {
    const id = await slack.channel(`chaos-${n}`);
    await slack.call('conversations.invite', { channel: id, users: person });
    places.push({ platform: 'slack', id, lookup: options.history });
  }

  const archived = new Set<string>();
  let token = 1;
  let revoked = false;
  let asked = 0;
  const bearer = () => `xoxb-chaos-${token}`;
  const method = ({ path }: TapRequest) => path.replace('/api/', '');
  const refuse = (error: string) => ({ status: 200, body: JSON.stringify({ ok: false, error }) });
  tap.rule((request, headers) => {
    if (revoked || headers.authorization !== `Bearer ${bearer()}`) return refuse('token_revoked');
    const channel = new URLSearchParams(request.body).get('channel') ?? '';
    const changes = OPS[method(request)] === 'post' || OPS[method(request)] === 'edit';
    return changes && archived.has(channel) ? refuse('is_archived') : null;
  });

  return {
    platform: 'slack',
    places,
    looks: options.history,
    tap,
    env: () => ({ SLACK_BOT_TOKEN: bearer(), SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: `${tap.url}/api/` }),
    command: async (url, place, text) => {
      asked += 1;
      const who = { team_id: slack.team, user_id: person, user_name: 'ann' };
      const where = { channel_id: place.id, channel_name: 'chaos' };
      const { status } = await sendCommand(url, { ...who, ...where, text, trigger_id: `${asked}.chaos`, response_url: answers.url(place.id) });
      return status;
    },
    opOf: (request) => OPS[method(request)] ?? null,
    seen: async () => (await Promise.all(places.map(async ({ id }) => (await slack.seen(id)).map((message) => seenOf(id, message))))).flat(),
    throttled: (dice) => ({ status: 429, headers: { 'retry-after': String(dice.between(1, 5)) }, body: '{"ok":false,"error":"ratelimited"}' }),
    archive: async (url, { id }, on) => {
      if (on) archived.add(id);
      else archived.delete(id);
      asked += 1;
      const event = { type: on ? 'channel_archive' : 'channel_unarchive', channel: id, user: person };
      await sendEvent(url, { team_id: slack.team, event_id: `Ev${asked}`, event });
    },
    revokeToken: () => {
      revoked = true;
    },
    replaceToken: () => {
      revoked = false;
      token += 1;
    },
    close: async () => {
      await tap.close();
      await slack.close();
      await answers.close();
    },
  };
}

/** A card says so in its metadata; it stands in no thread. */
function seenOf(place: string, { ts, text, blocks, metadata }: Awaited<ReturnType<SlackServer['seen']>>[number]): Seen {
  const isRoot = /"keys":"root"/.test(JSON.stringify(metadata ?? {}));
  return { place, ref: ts, at: Math.floor(Number(ts) * 1000), isRoot, words: `${JSON.stringify(blocks ?? [])}\n${text}` };
}
