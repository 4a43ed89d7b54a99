/** Teams towards the program: what people type and click, and what happens to teams, as the activities that Teams posts to the bot's address. */
import type { TeamsConnector } from './teams-connector.ts';
import { TEAMS_TENANT, type TeamsIdentity } from './teams-identity.ts';
import { TEAM, type TeamsCard, type TeamsConversation, type TeamsMessage, type TeamsPerson } from './teams-places.ts';

/** The program's answer to an activity: `body` is the JSON of an invoke's answer, or null. */
export type TeamsAnswer = { readonly status: number; readonly body: InvokeAnswer | null; readonly text: string; readonly activity: Activity };
export type InvokeAnswer = { readonly statusCode?: number; readonly type?: string; readonly value?: unknown; readonly [more: string]: unknown };
export type Activity = { readonly [member: string]: unknown };

/** Who does something, and where. `root`: below which message of a channel. `id`: the activity's; the same again is Teams' own repetition. */
type Where = { readonly who: TeamsPerson; readonly at: TeamsConversation; readonly root?: string | null; readonly id?: string };
type Said = Where & { readonly text: string; readonly mentions?: readonly TeamsPerson[]; readonly locale?: string };

export type TeamsClient = {
  /** Words to the bot: with a mention of it in a channel or group chat, as they are in a personal chat. */
  message(said: Said): Promise<TeamsAnswer & { readonly message: TeamsMessage }>;
  /** A slash command: nobody else sees it. */
  slash(said: Said): Promise<TeamsAnswer>;
  /** Presses a button of a message, found by its verb (and a part of its data), with what was put into the card's inputs. */
  press(click: Where & { readonly message: TeamsMessage; readonly verb: string; readonly value?: string; readonly inputs?: object }): Promise<TeamsAnswer>;
  /** What is typed into a search field of a card. */
  search(typed: Where & { readonly dataset: string; readonly text: string; readonly message?: TeamsMessage }): Promise<TeamsAnswer>;
  invoke(invoked: Where & { readonly name: string; readonly value: unknown; readonly replyToId?: string }): Promise<TeamsAnswer>;
  installation(change: Where & { readonly action: 'add' | 'remove' | 'add-upgrade' | 'remove-upgrade' }): Promise<TeamsAnswer>;
  /** `eventType`: channelRenamed, teamArchived, ...; a channel's own event names the channel `at`. */
  conversationUpdate(change: Where & { readonly eventType: string; readonly membersRemoved?: readonly { readonly id: string }[] }): Promise<TeamsAnswer>;
  /** An activity as a message would be, with anything changed: undefined takes a member out. */
  activity(where: Where, more?: Activity): Activity;
  /** Posts anything; `authorization` null sends no such header, undefined a valid one. */
  send(activity: unknown, authorization?: string | null): Promise<TeamsAnswer>;
};

/** `identity` null: an unauthenticated trial. `endpoint`: the program's `/api/messages`. */
export function teamsClient(connector: TeamsConnector, options: { readonly identity: TeamsIdentity | null; readonly endpoint: string }): TeamsClient {
  const { identity, endpoint } = options;
  const bot = { id: `28:${identity?.appId ?? '00000000-0000-0000-0000-000000000000'}`, name: 'voicejob' };
  const mentionOf = (id: string, name: string) => ({ type: 'mention', text: `<at>${name}</at>`, mentioned: { id, name } });

  const conversationOf = ({ at, root = null }: Where) => ({
    id: root === null ? at.id : `${at.id};messageid=${root}`,
    conversationType: at.kind,
    tenantId: TEAMS_TENANT,
    ...(at.kind === 'personal' ? {} : { isGroup: true }),
    ...(at.kind === 'groupChat' ? { name: at.name } : {}),
  });
  const channelDataOf = ({ at }: Where) => ({
    tenant: { id: TEAMS_TENANT },
    ...(at.kind === 'channel' ? { team: TEAM, channel: { id: at.id, name: at.name }, teamsChannelId: at.id, teamsTeamId: TEAM.id } : {}),
  });
  const activity: TeamsClient['activity'] = (where, more = {}) => ({
    type: 'message',
    id: where.id ?? String(Date.now() * 1000 + Math.floor(Math.random() * 1000)),
    timestamp: new Date().toISOString(),
    localTimezone: 'Europe/Berlin',
    serviceUrl: connector.serviceUrl,
    channelId: 'msteams',
    from: { id: where.who.id, name: where.who.name, aadObjectId: where.who.aadObjectId },
    conversation: conversationOf(where),
    recipient: bot,
    locale: 'en-US',
    entities: [{ type: 'clientInfo', locale: 'en-US', country: 'DE', platform: 'Web', timezone: 'Europe/Berlin' }],
    channelData: channelDataOf(where),
    ...more,
  });

  const send: TeamsClient['send'] = async (sent, authorization) => {
    const header = authorization === undefined && identity !== null ? `Bearer ${await identity.token(connector.serviceUrl)}` : authorization;
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', ...(header ? { authorization: header } : {}) },
      body: typeof sent === 'string' ? sent : JSON.stringify(sent),
    });
    const text = await response.text();
    return { status: response.status, text, body: jsonOf(text), activity: typeof sent === 'object' && sent !== null ? { ...sent } : {} };
  };
  const invoke: TeamsClient['invoke'] = (invoked) => {
    const { name, value, replyToId } = invoked;
    return send(activity(invoked, { type: 'invoke', name, value, ...(replyToId === undefined ? {} : { replyToId }) }));
  };
  /** Words as Teams sends them, with the entities that make `<at>` a mention. */
  const words = ({ text, mentions = [], locale = 'en-US' }: Said, toBot: boolean) => ({
    text: toBot ? `<at>${bot.name}</at> ${text}` : text,
    textFormat: 'plain',
    locale,
    entities: [
      ...(toBot ? [mentionOf(bot.id, bot.name)] : []),
      ...mentions.map(({ id, name }) => mentionOf(id, name)),
      { type: 'clientInfo', locale, platform: 'Web', timezone: 'Europe/Berlin' },
    ],
    attachments: [{ contentType: 'text/html', content: `<p>${text}</p>` }],
  });

  return {
    message: async (said) => {
      const { at, who, root = null } = said;
      const message = connector.say({ conversation: at.id, root, from: who.id, text: said.text });
      // the first message of a thread is in the thread that it begins
      const thread = at.kind === 'channel' ? (root ?? message.id) : null;
      const sent = await send(activity({ ...said, root: thread, id: said.id ?? message.id }, words(said, at.kind !== 'personal')));
      return { ...sent, message };
    },
    slash: (said) => send(activity(said, { ...words(said, false), recipient: { ...bot, isTargeted: true } })),
    press: (click) => {
      const { message, verb, value, inputs } = click;
      const button = buttonsOf(message).find((one) => one.verb === verb && (value === undefined || JSON.stringify(one.data).includes(value)));
      if (!button) throw new Error(`no button ${verb} in ${JSON.stringify(buttonsOf(message))}`);
      const root = click.root ?? message.root ?? (click.at.kind === 'channel' ? message.id : null);
      const action = { type: 'Action.Execute', title: button.title, verb, data: { ...button.data, ...inputs } };
      return invoke({ ...click, root, name: 'adaptiveCard/action', value: { action, trigger: 'manual' }, replyToId: message.id });
    },
    search: (typed) => {
      const value = { queryText: typed.text, queryOptions: { skip: 0, top: 15 }, dataset: typed.dataset, kind: 'search' };
      return invoke({ ...typed, name: 'application/search', value, ...(typed.message ? { replyToId: typed.message.id } : {}) });
    },
    invoke,
    installation: (change) => send(activity(change, { type: 'installationUpdate', action: change.action, text: undefined })),
    conversationUpdate: ({ eventType, membersRemoved, ...where }) => {
      const channelData = { ...channelDataOf(where), eventType };
      return send(activity(where, { type: 'conversationUpdate', channelData, ...(membersRemoved ? { membersRemoved } : {}) }));
    },
    activity,
    send,
  };
}

/** The card of a message, or null. */
export function cardOf(message: TeamsMessage | undefined): TeamsCard | null {
  return message?.activity.attachments?.find(({ contentType }) => contentType === 'application/vnd.microsoft.card.adaptive')?.content ?? null;
}

/** The buttons of a message's card. */
export function buttonsOf(message: TeamsMessage | undefined): NonNullable<TeamsCard['actions']> {
  return cardOf(message)?.actions ?? [];
}

/** Everything that can be read in a message: its words, and all texts of its card, without escapes and invisible characters. */
export function textOf(message: TeamsMessage | undefined): string {
  return [message?.activity.text ?? message?.activity.summary ?? '', cardText(cardOf(message))].join('\n');
}

/** Everything that can be read in a card, or in any part of one. */
export function cardText(card: unknown): string {
  return texts(card)
    .join('\n')
    .replaceAll(/[\u200B\u2060]/g, '')
    .replaceAll('\u00a0', ' ')
    .replaceAll(/\\([\\`*_[\]()#.!<>~|+-])/g, '$1');
}

function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => (typeof member === 'string' ? (READ.has(name) ? [member] : []) : texts(member)));
}

/** Members of a card that people read. */
const READ = new Set(['text', 'title', 'value', 'label', 'placeholder', 'question']);

function jsonOf(text: string): InvokeAnswer | null {
  try {
    return JSON.parse(text) as InvokeAnswer;
  } catch {
    return null;
  }
}
