/** Teams for the suite: the connector and the identity of the tests behind a tap; people follow by signed activities. */
import type { Socket } from 'node:net';
import { teamsClient, textOf } from '../support/teams-client.ts';
import { startTeamsConnector } from '../support/teams-connector.ts';
import { startTeamsIdentity } from '../support/teams-identity.ts';
import type { TeamsMessage } from '../support/teams-places.ts';
import type { Chat, ChatOp, Place, Seen } from './chat.ts';
import { startHttpTap, type TapRequest } from './http-tap.ts';

const ACTIVITIES = /^\/v3\/conversations\/[^/]+\/activities/;
const OPS: Readonly<Record<string, ChatOp>> = { POST: 'post', PUT: 'edit', DELETE: 'remove' };

export async function startTeamsChat(options: {
  readonly channels: number;
  readonly groups: number;
  readonly callerOf: (socket: Socket) => number;
}): Promise<Chat> {
  const identity = await startTeamsIdentity();
  const connector = await startTeamsConnector(identity.isIssued);
  const tap = await startHttpTap({ target: connector.serviceUrl.replace(/\/$/, ''), callerOf: options.callerOf });
  // what people's activities name as the place to answer at is the tap
  const service = new URL(connector.serviceUrl);
  const fronted = { ...connector, serviceUrl: `${tap.url}${service.pathname}` };
  const conversations = [
    ...Array.from({ length: options.channels }, (_, n) => connector.conversation('channel', `chaos-${n + 1}`)),
    ...Array.from({ length: options.groups }, (_, n) => connector.conversation('groupChat', `chaos group ${n + 1}`)),
  ];
  const { ann } = connector.people;
  const places: Place[] = conversations.map(({ id }) => ({ platform: 'teams', id, lookup: false }));
  const conversation = (place: Place) => {
    const found = conversations.find(({ id }) => id === place.id);
    if (!found) throw new RangeError(place.id);
    return found;
  };
  const client = (url: string) => teamsClient(fronted, { identity, endpoint: `${url}/api/messages` });
  let revoked = false;
  tap.rule(() => (revoked ? { status: 401, body: JSON.stringify({ error: { code: 'Unauthorized', message: 'withdrawn' } }) } : null));

  const post = ({ path }: TapRequest) => ACTIVITIES.test(path) && !path.includes('isTargetedActivity');
  const arrivedAt = (ref: string): number => tap.requests.find(({ answer, method }) => method === 'POST' && answer.includes(`"${ref}"`))?.appliedAt ?? 0;

  return {
    platform: 'teams',
    places,
    looks: false,
    tap,
    env: () => ({
      TEAMS_APP_ID: identity.appId,
      TEAMS_APP_PASSWORD: identity.appPassword,
      TEAMS_TENANT_ID: identity.tenantId,
      TEAMS_OPENID_METADATA_URL: identity.metadataUrl,
    }),
    command: async (url, place, text) => (await client(url).slash({ who: ann, at: conversation(place), text: `voicejob ${text}` })).status,
    opOf: (request) => (post(request) ? (OPS[request.method] ?? null) : null),
    seen: async () => conversations.flatMap(({ id }) => connector.seen(id).flatMap((message) => seenOf(id, message, arrivedAt(message.id)))),
    throttled: (dice) => ({
      status: 429,
      headers: { 'retry-after': String(dice.between(1, 5)) },
      body: JSON.stringify({ error: { code: 'Throttled', message: 'too many requests' } }),
    }),
    archive: async (url, place, on) => {
      const at = conversation(place);
      at.state = on ? 'archived' : 'open';
      if (at.kind === 'channel') await client(url).conversationUpdate({ who: ann, at, eventType: on ? 'teamArchived' : 'teamUnarchived' });
    },
    revokeToken: () => {
      revoked = true;
      identity.withdraw();
    },
    replaceToken: () => {
      revoked = false;
    },
    close: async () => {
      await tap.close();
      await connector.close();
      await identity.close();
    },
  };
}

/** Only a job's card says what its last entry was. The connector knows no times: when it came is the tap's to say. */
function seenOf(place: string, message: TeamsMessage, at: number): Seen[] {
  if (message.from !== 'bot' || message.targetedTo !== null) return [];
  const words = textOf(message);
  return [{ place, ref: message.id, at, isRoot: words.includes('Last entry'), words }];
}
