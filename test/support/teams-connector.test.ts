import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sendJson, startHttpServer } from './http-server.ts';
import { teamsClient, textOf } from './teams-client.ts';
import { startTeamsConnector, type TeamsConnector } from './teams-connector.ts';
import { startTeamsIdentity, type TeamsIdentity } from './teams-identity.ts';
import type { TeamsConversation } from './teams-places.ts';

let identity: TeamsIdentity;
let teams: TeamsConnector;
let channel: TeamsConversation;
let token: string;
beforeEach(async () => {
  identity = await startTeamsIdentity();
  teams = await startTeamsConnector(identity.isIssued);
  channel = teams.conversation('channel', 'voice-lab');
  token = await login(identity.appPassword);
});
afterEach(() => Promise.all([identity.close(), teams.close()]));

async function login(secret: string): Promise<string> {
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: identity.appId,
    client_secret: secret,
    scope: 'https://api.botframework.com/.default',
  });
  const response = await fetch(new URL(`/${identity.tenantId}/oauth2/v2.0/token`, identity.metadataUrl), { method: 'POST', body });
  const { access_token = '' } = (await response.json()) as { access_token?: string };
  return access_token;
}

async function call(
  method: string,
  path: string,
  body?: object,
): Promise<{ readonly status: number; readonly code: string; readonly id: string; readonly all: unknown }> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(`${teams.serviceUrl}v3/${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
  const text = await response.text();
  const all = text === '' ? {} : (JSON.parse(text) as { id?: string; error?: { code: string } });
  return { status: response.status, code: all.error?.code ?? '', id: all.id ?? '', all };
}

const at = (id: string, rest = '') => `conversations/${encodeURIComponent(id)}/activities${rest}`;
const words = { type: 'message', text: 'words' };

describe('the tests’ connector', () => {
  test('takes calls with a token of the tests’ login alone', async () => {
    expect(await login('wrong')).toBe('');
    expect((await call('POST', at(channel.id), words)).status).toBe(201);
    token = 'garbage';
    expect((await call('POST', at(channel.id), words)).status).toBe(401);
  });

  test('keeps posts, replies in a thread, edits and removals', async () => {
    const { id: root } = await call('POST', at(channel.id), words);
    const { id: reply } = await call('POST', at(`${channel.id};messageid=${root}`), words);
    await call('PUT', at(channel.id, `/${root}`), { type: 'message', text: 'other words' });
    expect(teams.seen(channel.id).map((message) => [message.id, message.root, message.activity.text, message.edits])).toEqual([
      [root, null, 'other words', 1],
      [reply, root, 'words', 0],
    ]);
    await call('DELETE', at(channel.id, `/${reply}`));
    expect(await call('PUT', at(channel.id, `/${reply}`), words)).toMatchObject({ status: 404, code: 'ActivityNotFoundInConversation' });
    expect(teams.seen(channel.id)).toHaveLength(1);
  });

  test('shows a targeted message to one member only, and demands a recipient on making it and none on changing it', async () => {
    const { ann, bob } = teams.people;
    const targeted = '?isTargetedActivity=true';
    expect((await call('POST', at(channel.id, targeted), words)).status).toBe(400);
    const { id } = await call('POST', at(channel.id, targeted), { ...words, recipient: { id: ann.id } });
    expect([teams.seen(channel.id), teams.seen(channel.id, bob), teams.seen(channel.id, ann)].map((seen) => seen.length)).toEqual([0, 0, 1]);
    expect((await call('PUT', at(channel.id, `/${id}${targeted}`), { ...words, recipient: { id: ann.id } })).status).toBe(400);
    expect((await call('PUT', at(channel.id, `/${id}`), words)).status).toBe(400);
    expect((await call('PUT', at(channel.id, `/${id}${targeted}`), words)).status).toBe(200);
    expect((await call('POST', at(teams.personal(ann).id, targeted), { ...words, recipient: { id: ann.id } })).status).toBe(400);
  });

  test('makes one conversation with a person, and a post of a channel', async () => {
    const create = () => call('POST', 'conversations', { isGroup: false, members: [{ id: teams.people.ann.id }], tenantId: identity.tenantId });
    expect((await create()).id).toBe((await create()).id);
    const made = await call('POST', 'conversations', { isGroup: true, channelData: { channel: { id: channel.id } }, activity: words });
    expect(made.id).toBe(`${channel.id};messageid=${teams.seen(channel.id)[0]?.id}`);
  });

  test('names the members, and who is a guest', async () => {
    const { ann, guest } = teams.people;
    expect((await call('GET', `conversations/${channel.id}/members/${guest.id}`)).all).toMatchObject({ name: 'Gus', userRole: 'guest' });
    expect((await call('GET', `conversations/${channel.id}/members/${ann.aadObjectId}`)).all).toMatchObject({ id: ann.id, tenantId: identity.tenantId });
    expect((await call('GET', `conversations/${channel.id}/members/29:nobody`)).code).toBe('MemberNotFoundInConversation');
  });

  test('refuses as the conversation’s state says, and what is too large', async () => {
    channel.state = 'blocked';
    expect(await call('POST', at(channel.id), words)).toMatchObject({ status: 403, code: 'ConversationBlockedByUser' });
    channel.state = 'open';
    expect(await call('POST', at(channel.id), { ...words, text: 'x'.repeat(60_000) })).toMatchObject({ status: 413, code: 'MessageSizeTooBig' });
    expect((await call('POST', at('19:nowhere@thread.tacv2'), words)).code).toBe('ConversationNotFound');
    expect(teams.seen(channel.id)).toEqual([]);
  });

  test('its identity signs what its keys verify', async () => {
    const keys = createRemoteJWKSet(new URL('/v1/.well-known/keys', identity.metadataUrl));
    const { payload } = await jwtVerify(await identity.token(teams.serviceUrl), keys, { audience: identity.appId });
    expect(payload).toMatchObject({ iss: 'https://api.botframework.com', serviceurl: teams.serviceUrl });
    await expect(jwtVerify(await identity.token(teams.serviceUrl, { key: 'other' }), keys)).rejects.toThrow('signature');
  });

  test('its client speaks as people do: signed, in their thread, and unseen by others with a slash command', async () => {
    const bot = await startHttpServer((_, response) => sendJson(response, 200, {}));
    const client = teamsClient(teams, { identity, endpoint: `${bot.url}/api/messages` });
    const { ann } = teams.people;
    const { message } = await client.message({ who: ann, at: channel, text: 'list' });
    await client.slash({ who: ann, at: channel, text: 'list' });
    await bot.close();
    const [said, typed] = bot.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(bot.requests[0]?.headers.authorization).toMatch(/^Bearer ey/);
    expect(said).toMatchObject({ text: '<at>voicejob</at> list', conversation: { id: `${channel.id};messageid=${message.id}` }, from: { id: ann.id } });
    expect(typed).toMatchObject({ text: 'list', recipient: { isTargeted: true } });
    expect(teams.seen(channel.id).map(textOf)).toEqual(['list\n']);
  });
});
