/**
 * The Bot Connector's API, as far as we ask of it. One attempt a call, with what the SDK would strip: the SDK drops the flag that makes a message
 * private, and sends again after a lost answer (facts, teams, 2 and 4).
 */
import type { Clock } from '../../src/ports/clock.ts';
import { type Call, createCall, failed, isMembers, LIST, type Members, type TeamsAnswer } from './call.ts';
import type { Tokens } from './token.ts';

/** Where a message stands: its conversation's service and id, with the thread. `onlyFor`: the one person who sees it. */
export type Spot = { readonly serviceUrl: string; readonly conversation: string; readonly onlyFor: string | null };

/** A message as it is sent. */
export type OutgoingActivity = {
  readonly type: 'message';
  /** What a notification says; the card says the rest. */
  readonly summary: string;
  readonly importance?: 'high';
  readonly attachments: readonly { readonly contentType: string; readonly content: object }[];
  readonly channelData?: { readonly notification: { readonly alert: true } };
};

/** Somebody as the roster has them; '' = it does not say. */
export type RosterEntry = {
  readonly id: string;
  readonly aadObjectId: string;
  readonly name: string;
  readonly tenantId: string;
  readonly userRole: string;
  readonly userPrincipalName: string;
};

/** Every call takes the signal that ends it. */
export type Connector = {
  /** Answers the message's id. */
  post(spot: Spot, activity: OutgoingActivity, signal: AbortSignal): Promise<TeamsAnswer<string>>;
  update(message: Spot & { readonly id: string }, activity: OutgoingActivity, signal: AbortSignal): Promise<TeamsAnswer<null>>;
  remove(message: Spot & { readonly id: string }, signal: AbortSignal): Promise<TeamsAnswer<null>>;
  /** A person's own conversation with the bot; the same id each time. */
  openDm(
    dm: { readonly serviceUrl: string; readonly bot: string; readonly tenant: string; readonly user: string },
    signal: AbortSignal,
  ): Promise<TeamsAnswer<string>>;
  member(place: { readonly serviceUrl: string; readonly conversation: string; readonly user: string }, signal: AbortSignal): Promise<TeamsAnswer<RosterEntry>>;
  /** The names of everybody in a chat. */
  memberNames(place: { readonly serviceUrl: string; readonly conversation: string }, signal: AbortSignal): Promise<TeamsAnswer<readonly string[]>>;
  team(place: { readonly serviceUrl: string; readonly team: string }, signal: AbortSignal): Promise<TeamsAnswer<string>>;
  /** A team's channels; the first one has the team's own name, and here ''. */
  channels(
    place: { readonly serviceUrl: string; readonly team: string },
    signal: AbortSignal,
  ): Promise<TeamsAnswer<readonly { readonly id: string; readonly name: string }[]>>;
};

export function createConnector(tokens: Tokens, clock: Clock): Connector {
  const call = createCall(tokens, clock);
  const done = async (asked: Call): Promise<TeamsAnswer<null>> => {
    const answer = await call(asked);
    // what an edit or removal answers is of no use, so it need not be readable
    if (answer.kind === 'failed') return answer.failure.kind === 'unreadable' ? { kind: 'ok', value: null } : answer;
    return { kind: 'ok', value: null };
  };
  const idOf = async (asked: Call): Promise<TeamsAnswer<string>> => {
    const answer = await call(asked);
    if (answer.kind === 'failed') return answer;
    const { id } = answer.value;
    return typeof id === 'string' && id !== '' ? { kind: 'ok', value: id } : failed({ kind: 'unreadable' });
  };

  return {
    post: (spot, activity, signal) => {
      const body = spot.onlyFor === null ? activity : { ...activity, recipient: { id: spot.onlyFor, isTargeted: true } };
      return idOf({ method: 'POST', url: activities(spot), body, signal });
    },
    // the one who sees a private message is not named again: that is refused (facts, teams, 2)
    update: (message, activity, signal) => done({ method: 'PUT', url: activities(message, message.id), body: { ...activity, id: message.id }, signal }),
    remove: (message, signal) => done({ method: 'DELETE', url: activities(message, message.id), body: null, signal }),
    openDm: ({ serviceUrl, bot, tenant, user }, signal) => {
      const body = { isGroup: false, bot: { id: bot }, members: [{ id: user }], tenantId: tenant, channelData: { tenant: { id: tenant } } };
      return idOf({ method: 'POST', url: under(serviceUrl, 'conversations'), body, signal });
    },
    member: async ({ serviceUrl, conversation, user }, signal) => {
      const answer = await call({ method: 'GET', url: under(serviceUrl, 'conversations', conversation, 'members', user), body: null, signal });
      return answer.kind === 'failed' ? answer : { kind: 'ok', value: rosterEntry(answer.value) };
    },
    memberNames: async ({ serviceUrl, conversation }, signal) => {
      const answer = await call({ method: 'GET', url: under(serviceUrl, 'conversations', conversation, 'members'), body: null, signal });
      return answer.kind === 'failed' ? answer : { kind: 'ok', value: listIn(answer.value, LIST).map((one) => textIn(one, 'name')) };
    },
    team: async ({ serviceUrl, team }, signal) => {
      const answer = await call({ method: 'GET', url: under(serviceUrl, 'teams', team), body: null, signal });
      return answer.kind === 'failed' ? answer : { kind: 'ok', value: textIn(answer.value, 'name') };
    },
    channels: async ({ serviceUrl, team }, signal) => {
      const answer = await call({ method: 'GET', url: under(serviceUrl, 'teams', team, 'conversations'), body: null, signal });
      if (answer.kind === 'failed') return answer;
      const listed = listIn(answer.value, 'conversations');
      return { kind: 'ok', value: listed.map((one) => ({ id: textIn(one, 'id'), name: textIn(one, 'name') })) };
    },
  };
}

function activities({ serviceUrl, conversation, onlyFor }: Spot, id?: string): string {
  const url = under(serviceUrl, 'conversations', conversation, 'activities', ...(id === undefined ? [] : [id]));
  return onlyFor === null ? url : `${url}?isTargetedActivity=true`;
}

function under(serviceUrl: string, ...parts: readonly string[]): string {
  return [serviceUrl.replace(/\/+$/, ''), 'v3', ...parts.map(encodeURIComponent)].join('/');
}

function listIn(members: Members, name: string): readonly Members[] {
  const value = members[name];
  return Array.isArray(value) ? value.filter(isMembers) : [];
}

function textIn(members: Members, name: string): string {
  const value = members[name];
  return typeof value === 'string' ? value : '';
}

function rosterEntry(entry: Members): RosterEntry {
  const text = (name: string) => textIn(entry, name);
  return {
    id: text('id'),
    aadObjectId: text('aadObjectId') || text('objectId'),
    name: text('name'),
    tenantId: text('tenantId'),
    userRole: text('userRole'),
    userPrincipalName: text('userPrincipalName'),
  };
}
