/** An activity as far as it is read, from what anybody may have sent: checked and cut member by member, before anything else looks at it. */
import { createHash } from 'node:crypto';
import { ID_LENGTH, NAME_LENGTH, TEXT_LENGTH } from './limits.ts';
import { splitThread } from './places.ts';

/** '' = not said, wherever a text is. */
export type Account = { readonly id: string; readonly aadObjectId: string; readonly name: string; readonly isBot: boolean };

export type Mention = { readonly text: string; readonly mentioned: Account };

export type Activity = {
  /** Unique in its conversation, and the same when Teams sends it again. */
  readonly id: string;
  readonly type: string;
  /** Which invoke it is. */
  readonly name: string;
  /** What an installationUpdate tells. */
  readonly action: string;
  readonly channelId: string;
  readonly serviceUrl: string;
  readonly tenant: string;
  /** `id` without its thread. */
  readonly conversation: { readonly id: string; readonly kind: 'channel' | 'group' | 'dm'; readonly name: string };
  /** The channel message below which it stands. */
  readonly root: string | null;
  readonly from: Account;
  readonly recipient: Account;
  /** A slash command: nobody else sees it. */
  readonly isTargeted: boolean;
  readonly text: string;
  readonly mentions: readonly Mention[];
  readonly locale: string;
  readonly zone: string;
  readonly team: { readonly id: string; readonly name: string };
  readonly channel: { readonly id: string; readonly name: string };
  readonly eventType: string;
  readonly membersAdded: readonly string[];
  readonly membersRemoved: readonly string[];
  /** The message whose button was clicked. */
  readonly replyToId: string;
  /** What an invoke brings; read by whoever knows it. */
  readonly value: Members;
};

export type Members = Readonly<Record<string, unknown>>;

/** Reads a body. null: it is no activity that anything could be done with. */
export function activityOf(body: string): Activity | null {
  const top = parsed(body);
  if (top === null) return null;
  const conversation = membersOf(top.conversation);
  const channelData = membersOf(top.channelData);
  const { conversation: place, root } = splitThread(textOf(conversation.id, ID_LENGTH));
  const read = {
    type: textOf(top.type, NAME_LENGTH),
    channelId: textOf(top.channelId, NAME_LENGTH),
    serviceUrl: textOf(top.serviceUrl, ID_LENGTH),
    from: accountOf(top.from),
    recipient: accountOf(top.recipient),
  };
  if ([read.type, read.channelId, read.serviceUrl, place, read.from.id].includes('')) return null;
  const entities = listOf(top.entities).map(membersOf);
  const clientInfo = entities.find(({ type }) => type === 'clientInfo') ?? {};
  const team = membersOf(channelData.team);
  const channel = membersOf(channelData.channel);
  const kind = kindOf(conversation, place);
  return {
    ...read,
    id: textOf(top.id, ID_LENGTH) || createHash('sha256').update(body).digest('base64url'),
    name: textOf(top.name, NAME_LENGTH),
    action: textOf(top.action, NAME_LENGTH),
    tenant: textOf(membersOf(channelData.tenant).id, NAME_LENGTH) || textOf(conversation.tenantId, NAME_LENGTH),
    conversation: { id: place, kind, name: nameOf(conversation.name) },
    root: kind === 'channel' ? root : null,
    isTargeted: membersOf(top.recipient).isTargeted === true,
    // a command that is too long is answered as one that is wrong
    text: typeof top.text === 'string' ? top.text.slice(0, TEXT_LENGTH).toWellFormed() : '',
    mentions: entities
      .filter(({ type }) => type === 'mention')
      .map((entity) => ({ text: textOf(entity.text, NAME_LENGTH), mentioned: accountOf(entity.mentioned) })),
    locale: textOf(top.locale, NAME_LENGTH) || textOf(clientInfo.locale, NAME_LENGTH),
    zone: textOf(top.localTimezone, NAME_LENGTH) || textOf(clientInfo.timezone, NAME_LENGTH),
    team: { id: textOf(team.id, ID_LENGTH) || textOf(channelData.teamsTeamId, ID_LENGTH), name: nameOf(team.name) },
    channel: { id: textOf(channel.id, ID_LENGTH) || textOf(channelData.teamsChannelId, ID_LENGTH), name: nameOf(channel.name) },
    eventType: textOf(channelData.eventType, NAME_LENGTH),
    membersAdded: listOf(top.membersAdded).map((member) => accountOf(member).id),
    membersRemoved: listOf(top.membersRemoved).map((member) => accountOf(member).id),
    replyToId: textOf(top.replyToId, ID_LENGTH),
    value: membersOf(top.value),
  };
}

function parsed(body: string): Members | null {
  try {
    const read: unknown = JSON.parse(body);
    return isMembers(read) ? read : null;
  } catch {
    return null;
  }
}

function kindOf({ conversationType, isGroup }: Members, id: string): Activity['conversation']['kind'] {
  if (conversationType === 'channel' || conversationType === 'personal') return conversationType === 'channel' ? 'channel' : 'dm';
  if (conversationType === 'groupChat' || isGroup === true) return 'group';
  // events of a team and its channels do not always say what they happen in
  return /@thread\.(tacv2|skype)$/.test(id) ? 'channel' : id.startsWith('19:') ? 'group' : 'dm';
}

function accountOf(value: unknown): Account {
  const { id, aadObjectId, name, role } = membersOf(value);
  return { id: textOf(id, ID_LENGTH), aadObjectId: textOf(aadObjectId, NAME_LENGTH), name: nameOf(name), isBot: role === 'bot' };
}

export function membersOf(value: unknown): Members {
  return isMembers(value) ? value : {};
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An id that is too long is none: a piece of it would be another's. */
export function textOf(value: unknown, longest: number): string {
  return typeof value === 'string' && value.length <= longest ? value.toWellFormed() : '';
}

/** A name may be cut. */
function nameOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, NAME_LENGTH).toWellFormed().trim() : '';
}
