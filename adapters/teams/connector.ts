/**
 * The Bot Connector's API, as far as we ask of it. One attempt a call, with what the SDK would strip: the SDK drops the flag that makes a message
 * private, and sends again after a lost answer (facts, teams, 2 and 4).
 */
import type { Clock } from '../../src/ports/clock.ts';
import { networkFailure, refusalOf, type TeamsFailure } from './failure.ts';
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

export type TeamsAnswer<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'failed'; readonly failure: TeamsFailure };

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

type Call = { readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'; readonly url: string; readonly body: object | null; readonly signal: AbortSignal };
type Members = Readonly<Record<string, unknown>>;
/** `list`: an answer that is a list comes as its one member. */
const LIST = 'list';

export function createConnector(tokens: Tokens, clock: Clock): Connector {
  const attempt = async ({ method, url, body, signal }: Call): Promise<TeamsAnswer<Members> & { readonly token: string | null }> => {
    const asked = await within(tokens.get(), signal);
    if (asked === null) return { ...failed({ kind: 'no-token', refused: false }), token: null };
    if (asked.kind !== 'token') return { ...failed({ kind: 'no-token', refused: asked.kind === 'refused' }), token: null };
    const { token } = asked;
    const headers = { 'content-type': 'application/json; charset=utf-8', ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
    try {
      const response = await fetch(url, { method, headers, redirect: 'manual', signal, ...(body === null ? {} : { body: JSON.stringify(body) }) });
      const text = await response.text();
      const read = membersIn(text);
      if (!response.ok) return { ...failed(refusalOf(response, read, clock.now())), token };
      if (read === null && text.trim() !== '') return { ...failed({ kind: 'unreadable' }), token };
      return { kind: 'ok', value: read ?? {}, token };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { ...failed(networkFailure(error)), token };
    }
  };
  /** A refused token may only be an old one: nothing was done, so the call is made once more with a new one. */
  const call = async (asked: Call): Promise<TeamsAnswer<Members>> => {
    const first = await attempt(asked);
    if (first.kind === 'ok' || first.token === null || first.failure.kind !== 'refused' || first.failure.status !== 401) return first;
    tokens.forget(first.token);
    return attempt(asked);
  };
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

function failed(failure: TeamsFailure): { readonly kind: 'failed'; readonly failure: TeamsFailure } {
  return { kind: 'failed', failure };
}

/** null when the signal came first. */
async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const end = () => resolve(null);
  if (signal.aborted) return null;
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, over]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** null when the text is no JSON object or list. */
function membersIn(text: string): Members | null {
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read)) return { [LIST]: read };
    return isMembers(read) ? read : null;
  } catch {
    return null;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
