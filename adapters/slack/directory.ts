/**
 * Who somebody is and where they are, as Slack says now. How it is asked frugally: what users.info says counts for 30 seconds, a channel's
 * name and kind for a minute, the id of a person's own conversation for good. Whether somebody is in a channel is never remembered: Slack
 * itself lets only members act in a private one; for a public one, and for a form that comes back, its members are read at every event.
 */
import type { UsersInfoResponse, WebClient } from '@slack/web-api';
import { type Actor, LANGUAGES, type Language } from '../../src/domain/subscription.ts';
import { knownZone } from '../../src/domain/zone.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Place } from '../../src/ports/inbound.ts';
import type { Log } from '../../src/ports/log.ts';
import { failureOf } from './failure.ts';
import { CHANNEL_MS, MEMBERS_PAGE, MEMBERS_PAGES, PERSON_MS } from './limits.ts';
import { createMemory } from './memory.ts';
import { addressOf, PLATFORM, sortOf } from './places.ts';
import type { Speaker, Spot } from './said.ts';
import type { Standing } from './standing.ts';

type User = NonNullable<UsersInfoResponse['user']>;
type Channel = { readonly name: string; readonly isPrivate: boolean };

/** How Slack says that the bot can see no such person or conversation (api reference: users.info, conversations.info, .members, .open). */
const ABSENT: ReadonlySet<string> = new Set([
  ...['user_not_found', 'user_not_visible', 'users_not_found', 'user_disabled', 'cannot_dm_bot'],
  ...['channel_not_found', 'method_not_supported_for_channel_type'],
]);

/** What stands in payloads for the names of others. */
const HIDDEN_NAMES: ReadonlySet<string> = new Set(['privategroup', 'directmessage']);

export type Directory = {
  /** Somebody, as they are now. Rejects when Slack can't be asked: then nobody knows what they may do. */
  actor(speaker: Speaker): Promise<Actor>;
  /** Somebody mentioned; null: Slack knows no such person. */
  mentioned(id: string): Promise<Actor | null>;
  /** Where they are. Any conversation of two is the person's own with the bot. Rejects as `actor`. */
  place(spot: Spot, actor: Actor): Promise<Place>;
};

export type DirectoryOptions = { readonly client: WebClient; readonly standing: Standing; readonly clock: Clock; readonly log: Log };

export function createDirectory({ client, standing, clock, log }: DirectoryOptions): Directory {
  const people = createMemory<User | null>(PERSON_MS, clock);
  const channels = createMemory<Channel | null>(CHANNEL_MS, clock);
  const conversations = createMemory<string>(Number.POSITIVE_INFINITY, clock);

  /** null: for all that the bot may see, there is no such thing. */
  const unlessAbsent = async <T>(method: string, ask: () => Promise<T>, also = ''): Promise<T | null> => {
    try {
      return await ask();
    } catch (error) {
      const failure = failureOf(error);
      if (failure?.kind !== 'refused' || !(ABSENT.has(failure.code) || failure.code === also)) throw error;
      log.warn('slack does not tell', { method, code: failure.code });
      return null;
    }
  };

  const user = (id: string): Promise<User | null> =>
    people(id, async () => (await unlessAbsent('users.info', () => client.users.info({ user: id, include_locale: true })))?.user ?? null);

  /** The person's own conversation with the bot; null where it can't be had, as for a deactivated person, or without the scope. */
  const ownConversation = async (id: string): Promise<string | null> => {
    const open = () => conversations(id, async () => (await client.conversations.open({ users: id })).channel?.id ?? '');
    return (await unlessAbsent('conversations.open', open, 'missing_scope')) || null;
  };

  const actorOf = async (id: string, name: string, found: User | null): Promise<Actor> => {
    const { team } = await standing.identity();
    const member = found !== null && belongs(found, team);
    const guest = found?.is_restricted === true || found?.is_ultra_restricted === true;
    const own = member && !guest ? await ownConversation(id) : null;
    return {
      platform: PLATFORM,
      id,
      name: found?.profile?.display_name || found?.real_name || found?.name || name || id,
      language: languageOf(found?.locale ?? ''),
      zone: knownZone(found?.tz ?? ''),
      dm: own === null ? null : addressOf(team, own),
      member,
      guest,
    };
  };

  const channel = (id: string): Promise<Channel | null> =>
    channels(id, async () => {
      const found = (await unlessAbsent('conversations.info', () => client.conversations.info({ channel: id }), 'missing_scope'))?.channel;
      return found ? { name: found.name ?? '', isPrivate: found.is_private === true || found.is_mpim === true || found.is_im === true } : null;
    });

  const isIn = async (id: string, person: string): Promise<boolean> => {
    let cursor = '';
    for (let page = 0; page < MEMBERS_PAGES; page += 1) {
      const asked = { channel: id, limit: MEMBERS_PAGE, ...(cursor === '' ? {} : { cursor }) };
      const answer = await unlessAbsent('conversations.members', () => client.conversations.members(asked));
      if (answer?.members?.includes(person)) return true;
      cursor = answer?.response_metadata?.next_cursor ?? '';
      if (cursor === '') return false;
    }
    log.warn('a channel has more members than are looked through', { channel: id, read: MEMBERS_PAGE * MEMBERS_PAGES });
    return false;
  };

  return {
    actor: async ({ id, name, team }) => {
      const home = (await standing.identity()).team;
      return actorOf(id, name, team === home || team === '' ? await user(id) : null);
    },
    mentioned: async (id) => {
      const found = await user(id);
      return found ? actorOf(id, '', found) : null;
    },
    place: async (spot, actor) => {
      const { team } = await standing.identity();
      const mayAsk = actor.member && !actor.guest;
      if (spot.channel === '' || sortOf(spot.channel) === 'dm') {
        if (mayAsk && actor.dm === null) throw new Error('slack gives no conversation with this person: the app may lack the scope im:write');
        const address = actor.dm ?? addressOf(team, spot.channel);
        return { address, name: actor.name, dm: true, actorIsMember: mayAsk };
      }
      const known = await channel(spot.channel);
      // a channel that the bot can't see is a private one
      const shut = known?.isPrivate ?? true;
      const actorIsMember = mayAsk && (shut && spot.now ? true : await isIn(spot.channel, actor.id));
      // what Slack says in the event is newer than what is remembered, but hides the names of private channels
      const hidden = !spot.now || spot.name === '' || HIDDEN_NAMES.has(spot.name);
      const name = (hidden ? known?.name : spot.name) || spot.name || spot.channel;
      return { address: addressOf(team, spot.channel), name: `#${name}`, dm: false, actorIsMember };
    },
  };
}

/** In an organisation of several workspaces somebody may belong to ours beside their own. */
function belongs({ deleted, is_stranger, is_bot, team_id, enterprise_user, teams = [] }: User, team: string): boolean {
  const all = [team_id, ...teams, ...(enterprise_user?.teams ?? [])];
  return !deleted && !is_stranger && !is_bot && team !== '' && all.includes(team);
}

/** A client's language as far as voicejob speaks it. */
function languageOf(locale: string): Language | null {
  return locale === '' ? null : (LANGUAGES.find((language) => locale.toLowerCase().startsWith(language.slice(0, 2))) ?? null);
}
