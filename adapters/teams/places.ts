/** Teams' conversations as addresses, and its messages as refs. */
import type { Address } from '../../src/domain/subscription.ts';
import type { MessageRef } from '../../src/ports/chat-adapter.ts';

export const PLATFORM = 'teams';

/** All that a message to a place needs; kept fresh from every activity. */
export type Route = {
  readonly kind: 'channel' | 'group' | 'dm';
  /** Where the place's requests go. It may move. */
  readonly serviceUrl: string;
  readonly tenant: string;
  /** The bot's own id there. */
  readonly bot: string;
  /** Without `;messageid=`; null: a dm that was never written to, which is made first. */
  readonly conversation: string | null;
  /** Whose dm it is; '' elsewhere. */
  readonly user: string;
};

/** The address of a channel or group chat. */
export function addressOf(route: Route & { readonly conversation: string }): Address {
  return { platform: PLATFORM, id: route.conversation, route: encode(route) };
}

/** A person's own conversation with the bot: named by the person, since it has no id before it is first written to. */
export function dmAddressOf(person: string, route: Route): Address {
  return { platform: PLATFORM, id: `dm:${person}`, route: encode(route) };
}

/** Always in one order, so that an unchanged route is an equal text. */
function encode({ kind, serviceUrl, tenant, bot, conversation, user }: Route): string {
  return JSON.stringify({ kind, serviceUrl, tenant, bot, conversation, user });
}

/** null: no route of ours. */
export function routeOf({ route }: Address): Route | null {
  try {
    const read: unknown = JSON.parse(route);
    return isRoute(read) ? read : null;
  } catch {
    return null;
  }
}

function isRoute(value: unknown): value is Route {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, conversation, ...rest } = value as Readonly<Record<string, unknown>>;
  const texts = ['serviceUrl', 'tenant', 'bot', 'user'].every((name) => typeof rest[name] === 'string');
  return texts && (kind === 'channel' || kind === 'group' || kind === 'dm') && (conversation === null || typeof conversation === 'string');
}

export function isDm({ id }: Address): boolean {
  return id.startsWith('dm:');
}

const THREAD = ';messageid=';

/** The thread below a message of a channel is a conversation of its own. */
export function threadOf(conversation: string, root: string | null): string {
  return root === null ? conversation : `${conversation}${THREAD}${root}`;
}

/** A conversation's id as activities give it, apart: the place, and the message below which something was said. */
export function splitThread(id: string): { readonly conversation: string; readonly root: string | null } {
  const at = id.indexOf(THREAD);
  return at < 0 ? { conversation: id, root: null } : { conversation: id.slice(0, at), root: id.slice(at + THREAD.length) || null };
}

/** A reply is edited in its thread, so its ref says which. */
export function refOf(id: string, root: string | null): MessageRef {
  return root === null || root === id ? id : threadOf(id, root);
}

export function messageOf(ref: MessageRef): { readonly id: string; readonly root: string | null } {
  const { conversation, root } = splitThread(ref);
  return { id: conversation, root };
}
