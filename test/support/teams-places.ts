/** What there is in the Teams of the tests: people, conversations and messages, and what the bot may do with them. Answers are the connector's. */
import { TEAMS_TENANT } from './teams-identity.ts';

export type TeamsPerson = { readonly id: string; readonly aadObjectId: string; readonly name: string; readonly guest: boolean; readonly tenantId: string };

export type TeamsConversation = {
  /** Without `;messageid=`. */
  readonly id: string;
  readonly kind: 'personal' | 'groupChat' | 'channel';
  name: string;
  readonly team: string | null;
  readonly members: TeamsPerson[];
  state: TeamsState;
};

/** Why a conversation takes nothing from the bot; each has its own answer. */
export type TeamsState = 'open' | 'bot-removed' | 'disabled' | 'blocked' | 'not-personal' | 'archived' | 'gone';

export type TeamsActivity = {
  readonly type: string;
  readonly text?: string;
  readonly textFormat?: string;
  readonly summary?: string;
  readonly attachments?: readonly { readonly contentType: string; readonly content: TeamsCard }[];
  readonly entities?: readonly object[];
  readonly recipient?: { readonly id: string; readonly isTargeted?: boolean };
  readonly channelData?: object;
  readonly replyToId?: string;
};

export type TeamsCard = { readonly body: readonly object[]; readonly actions?: readonly TeamsCardAction[]; readonly [more: string]: unknown };
export type TeamsCardAction = { readonly type: string; readonly title: string; readonly verb?: string; readonly data?: object; readonly url?: string };

export type TeamsMessage = {
  readonly id: string;
  readonly conversation: string;
  /** The channel message that it answers. */
  readonly root: string | null;
  /** 'bot', or a person's id. */
  readonly from: string;
  /** The only one who sees it, or null. */
  readonly targetedTo: string | null;
  activity: TeamsActivity;
  edits: number;
  removed: boolean;
};

export type TeamsPlaces = {
  readonly people: { readonly ann: TeamsPerson; readonly bob: TeamsPerson; readonly guest: TeamsPerson };
  /** Makes one with the bot in it; a channel has the team's members. */
  conversation(kind: TeamsConversation['kind'], name: string, members?: readonly TeamsPerson[]): TeamsConversation;
  /** The person's own conversation with the bot, made when there is none. */
  personal(person: TeamsPerson): TeamsConversation;
  /** What everybody there sees, oldest first; or, with a person, what this one sees. */
  seen(conversation: string, as?: TeamsPerson): readonly TeamsMessage[];
  /** A person's own words. */
  say(message: Pick<TeamsMessage, 'conversation' | 'root' | 'from'> & { readonly text: string }): TeamsMessage;
  /** A person, or the end of 24 hours, takes a message away. */
  deleteByHand(id: string): void;
};

/** The bot's calls. `id` may end in `;messageid=`. */
export type TeamsCalls = {
  create(body: CreateBody): Answer;
  /** `answers`: the message that is replied to, or ''. */
  post(id: string, asked: { readonly answers: string; readonly activity: TeamsActivity; readonly targeted: boolean }): Answer;
  /** `activity` null removes. */
  change(id: string, asked: { readonly message: string; readonly activity: TeamsActivity | null; readonly targeted: boolean }): Answer;
  /** `who` '' = all. */
  members(id: string, who: string): Answer;
  channels(): Answer;
};

/** Status and code of each refusal (facts, teams, 4). */
const REFUSALS: Readonly<Record<Exclude<TeamsState, 'open'>, readonly [status: number, code: string]>> = {
  'bot-removed': [403, 'BotNotInConversationRoster'],
  disabled: [403, 'BotDisabledByAdmin'],
  blocked: [403, 'ConversationBlockedByUser'],
  'not-personal': [403, 'ForbiddenOperationException'],
  archived: [403, 'MessageWritesBlocked'],
  gone: [404, 'ConversationNotFound'],
};

export const TEAM = { id: '19:team0000voice@thread.tacv2', name: 'Voice Lab' };

const person = (n: number, name: string, guest = false): TeamsPerson => ({
  id: `29:1person${n}-${name.toLowerCase()}`,
  aadObjectId: `aad00000-0000-4000-8000-00000000000${n}`,
  name,
  guest,
  tenantId: TEAMS_TENANT,
});

export type Answer = readonly [status: number, body: object | null];
export const refused = (status: number, code: string): Answer => [status, { error: { code, message: `${code}, said by the test` } }];

export function teamsPlaces(): { readonly places: TeamsPlaces; readonly calls: TeamsCalls } {
  const people = { ann: person(1, 'Ann'), bob: person(2, 'Bob'), guest: person(3, 'Gus', true) };
  const conversations = new Map<string, TeamsConversation>();
  const messages: TeamsMessage[] = [];
  let serial = 1_764_000_000_000;
  const nextId = (): string => {
    serial += 1;
    return String(serial);
  };

  const add = (message: Omit<TeamsMessage, 'id' | 'edits' | 'removed'>): TeamsMessage => {
    const added = { ...message, id: nextId(), edits: 0, removed: false };
    messages.push(added);
    return added;
  };
  const conversation: TeamsPlaces['conversation'] = (kind, name, members = [people.ann, people.bob, people.guest]) => {
    const id = { personal: `a:1personal${nextId()}`, groupChat: `19:group${nextId()}@thread.v2`, channel: `19:channel${nextId()}@thread.tacv2` }[kind];
    const made: TeamsConversation = { id, kind, name, team: kind === 'channel' ? TEAM.id : null, members: [...members], state: 'open' };
    conversations.set(id, made);
    return made;
  };
  const personal: TeamsPlaces['personal'] = (who) => {
    const known = [...conversations.values()].find(({ kind, members }) => kind === 'personal' && members[0]?.id === who.id);
    return known ?? conversation('personal', who.name, [who]);
  };
  const base = (id: string): string => id.split(';messageid=')[0] ?? '';
  /** Does something in an open conversation, or answers why not. */
  const inside = (id: string, act: (there: TeamsConversation) => Answer): Answer => {
    const there = conversations.get(base(id));
    if (!there) return refused(...REFUSALS.gone);
    return there.state === 'open' ? act(there) : refused(...REFUSALS[there.state]);
  };

  const create: TeamsCalls['create'] = ({ members: [wanted] = [], channelData, activity }) => {
    const channel = channelData?.channel?.id;
    if (channel !== undefined) {
      if (!activity) return refused(400, 'BadSyntax');
      const [status, answer] = post(channel, { answers: '', activity, targeted: false });
      const made = answer !== null && 'id' in answer ? answer.id : '';
      return status === 201 ? [201, { id: `${channel};messageid=${made}`, activityId: made }] : [status, answer];
    }
    const who = Object.values(people).find(({ id, aadObjectId }) => id === wanted?.id || aadObjectId === wanted?.id);
    return who ? inside(personal(who).id, ({ id }) => [201, { id }]) : refused(...REFUSALS['not-personal']);
  };

  const post: TeamsCalls['post'] = (id, { answers, activity, targeted }) =>
    inside(id, ({ id: place, kind, members: all }) => {
      const recipient = activity.recipient?.id;
      // one person's chat takes no targeted messages, and nobody else's words can be targeted at a stranger
      if (targeted && (kind === 'personal' || !all.some((one) => one.id === recipient))) return refused(400, 'BadArgument');
      const answered = messages.find((message) => message.id === answers);
      // only channels have threads
      const root = kind === 'channel' ? (id.split(';messageid=')[1] ?? answered?.root ?? answered?.id ?? null) : null;
      if (root !== null && !messages.some((message) => message.id === root && message.conversation === place))
        return refused(404, 'ActivityNotFoundInConversation');
      const made = add({ conversation: place, root, from: 'bot', targetedTo: targeted ? (recipient ?? '') : null, activity });
      return [201, { id: made.id }];
    });

  const change: TeamsCalls['change'] = (id, { message: wanted, activity, targeted }) =>
    inside(id, ({ id: place }) => {
      if (targeted && activity?.recipient !== undefined) return refused(400, 'BadArgument');
      const message = messages.find((one) => one.id === wanted && one.conversation === place && one.from === 'bot' && !one.removed);
      if (!message) return refused(404, 'ActivityNotFoundInConversation');
      // who sees a message cannot be changed
      if ((message.targetedTo !== null) !== targeted) return refused(400, 'BadArgument');
      if (activity === null) message.removed = true;
      else Object.assign(message, { activity, edits: message.edits + 1 });
      return [200, activity === null ? null : { id: wanted }];
    });

  const members: TeamsCalls['members'] = (id, who) => {
    const there = conversations.get(base(id));
    if (!there) return refused(...REFUSALS.gone);
    // whoever may not write may still read who is there, unless it is not there itself
    if (there.state === 'gone' || there.state === 'bot-removed') return refused(...REFUSALS[there.state]);
    const all = there.members.map(rosterEntry);
    if (who === '') return [200, all];
    const one = all.find((entry) => entry.id === who || entry.aadObjectId === who);
    return one ? [200, one] : refused(404, 'MemberNotFoundInConversation');
  };

  const channels = (): Answer => {
    const all = [...conversations.values()].filter(({ kind }) => kind === 'channel');
    return [200, { conversations: all.map(({ id, name }) => ({ id, name })) }];
  };

  return {
    places: {
      people,
      conversation,
      personal,
      seen: (id, as) => messages.filter((one) => one.conversation === id && !one.removed && (one.targetedTo === null || one.targetedTo === as?.id)),
      say: ({ text, ...message }) => add({ ...message, targetedTo: null, activity: { type: 'message', text } }),
      deleteByHand: (id) => {
        for (const message of messages) if (message.id === id) message.removed = true;
      },
    },
    calls: { create, post, change, members, channels },
  };
}

function rosterEntry({ id, name, aadObjectId, tenantId, guest }: TeamsPerson) {
  const mail = `${name.toLowerCase()}@example.test`;
  const names = { name, givenName: name, surname: 'Test', email: mail, userPrincipalName: mail };
  return { id, ...names, aadObjectId, objectId: aadObjectId, tenantId, userRole: guest ? 'guest' : 'user' };
}

export type CreateBody = {
  readonly members?: readonly { readonly id: string }[];
  readonly channelData?: { readonly channel?: { readonly id: string } };
  readonly activity?: TeamsActivity;
};
