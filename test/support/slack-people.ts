/** The people of the test's workspace, and the methods that the emulator lacks or knows too little for, as Slack's method reference has them. */

export type SlackMessageSeen = {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
  readonly blocks?: readonly object[];
  readonly metadata?: object;
  readonly unfurl_links?: boolean;
  readonly unfurl_media?: boolean;
};

export type Answer = { ok: boolean; error?: string; messages?: SlackMessageSeen[]; response_metadata?: { next_cursor?: string }; [more: string]: unknown };
/** Answers a method that the emulator lacks, or knows too little for. */
export type Method = (asked: URLSearchParams, token: string) => Answer | Promise<Answer>;

export const FOREIGN_TEAM = 'T0ELSEWHERE';

/** What Slack says of somebody beside what the emulator keeps. */
export const PEOPLE = {
  ann: { tz: 'Europe/Berlin', locale: 'en-US' },
  bob: { tz: 'America/New_York', locale: 'en-GB' },
  lin: { tz: 'Asia/Shanghai', locale: 'zh-CN' },
  kim: { tz: 'Asia/Seoul', locale: 'ko-KR' },
  /** A guest of this workspace. */
  gus: { tz: 'Europe/Paris', locale: 'fr-FR', is_restricted: true },
  /** Of another workspace, here by a shared channel. */
  eve: { tz: 'Europe/Rome', locale: 'it-IT', is_stranger: true, team_id: FOREIGN_TEAM },
} as const;
export type PersonName = keyof typeof PEOPLE;
export type Ids = Readonly<Record<PersonName, string>>;

type User = { readonly id: string; readonly name: string; readonly team_id: string; readonly [more: string]: unknown };

/** Everybody's user id, from users.list. */
export function completed({ members }: Answer): Ids {
  const users = members as readonly User[];
  const idOf = (name: string) => users.find((user) => user.name === name)?.id ?? '';
  return { ann: idOf('ann'), bob: idOf('bob'), lin: idOf('lin'), kim: idOf('kim'), gus: idOf('gus'), eve: idOf('eve') };
}

type Around = {
  /** Asks the emulator as the bot. */
  readonly call: (method: string, asked: string) => Promise<Answer>;
  readonly token: string;
  readonly bot: string;
  readonly ids: Ids;
};

export function missingMethods({ call, token, bot, ids }: Around): Map<string, Method> {
  const ask = (method: string, args: Readonly<Record<string, string>>) => call(method, new URLSearchParams(args).toString());
  const asBot =
    (method: (asked: URLSearchParams) => Promise<Answer>): Method =>
    async (asked, given) =>
      given === token ? method(asked) : { ok: false, error: 'invalid_auth' };
  /** Of a channel that is there; null = it is not. */
  const membersOf = async (channel: string): Promise<readonly string[] | null> =>
    ((await ask('conversations.members', { channel })).members as readonly string[] | undefined) ?? null;

  return new Map<string, Method>([
    [
      'users.info',
      asBot(async (asked) => {
        const answer = await call('users.info', asked.toString());
        const user = answer.user as User | undefined;
        const known = Object.entries(ids).find(([, id]) => id === user?.id)?.[0] as PersonName | undefined;
        if (!user || !known) return answer;
        const { locale, ...more } = PEOPLE[known];
        const kind = { is_restricted: false, is_ultra_restricted: false, is_app_user: false };
        return { ...answer, user: { ...user, ...kind, ...more, ...(asked.get('include_locale') === 'true' ? { locale } : {}) } };
      }),
    ],
    [
      'users.conversations',
      asBot(async (asked) => {
        const who = asked.get('user') ?? bot;
        const all = (await ask('conversations.list', { limit: '999' })).channels as readonly { readonly id: string }[];
        const belongs = await Promise.all(all.map(async ({ id }) => (await membersOf(id))?.includes(who) ?? false));
        return { ok: true, channels: all.filter((_, at) => belongs[at]), response_metadata: { next_cursor: '' } };
      }),
    ],
    [
      // the emulator lets a bot post where nobody invited it
      'chat.postMessage',
      asBot(async (asked) => {
        const channel = asked.get('channel') ?? '';
        if (/^[CG]/.test(channel) && (await membersOf(channel))?.includes(bot) === false) return { ok: false, error: 'not_in_channel' };
        return call('chat.postMessage', asked.toString());
      }),
    ],
  ]);
}
