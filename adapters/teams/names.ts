/** What people call a place. Activities of a channel mostly bring ids alone, so the team is asked, and asked again every few minutes. */
import type { Activity } from './activity.ts';
import type { Connector } from './connector.ts';
import { KNOWN_FOR_MS, LOOKUP_TIMEOUT_MS, NAMING_MEMBERS } from './limits.ts';
import { createMemory } from './memory.ts';

export type Channel = { readonly id: string; readonly name: string };

export type Names = {
  /** `Voice Lab > training`, `Voice Lab` for its first channel, the topic or the people of a group chat, or the id when nobody says. */
  nameOf(activity: Activity): Promise<string>;
  /** The channels of a team, asked anew since something about it changed; those that were known when it can't be asked. */
  channelsNow(activity: Activity): Promise<readonly Channel[]>;
};

type Team = { readonly name: string; readonly channels: readonly Channel[] };

export function createNames(connector: Connector, now: () => number): Names {
  const teams = createMemory<Team>(now, KNOWN_FOR_MS);
  const chats = createMemory<string>(now, KNOWN_FOR_MS);

  const askTeam = async ({ serviceUrl, team: { id, name } }: Activity): Promise<Team> => {
    const known = teams.get(id) ?? { name, channels: [] };
    if (id === '') return known;
    const signal = AbortSignal.timeout(LOOKUP_TIMEOUT_MS);
    const place = { serviceUrl, team: id };
    const [called, listed] = await Promise.all([name === '' ? connector.team(place, signal) : null, connector.channels(place, signal)]);
    const team = { name: called?.kind === 'ok' ? called.value : name || known.name, channels: listed.kind === 'ok' ? listed.value : known.channels };
    if (listed.kind === 'ok') teams.set(id, team);
    return team;
  };
  const chatName = async ({ serviceUrl, conversation: { id, name } }: Activity): Promise<string> => {
    const known = name || chats.get(id);
    if (known) return known;
    const members = await connector.memberNames({ serviceUrl, conversation: id }, AbortSignal.timeout(LOOKUP_TIMEOUT_MS));
    const names = members.kind === 'ok' ? members.value.filter((member) => member !== '') : [];
    if (names.length === 0) return id;
    const called = [...names.slice(0, NAMING_MEMBERS), ...(names.length > NAMING_MEMBERS ? ['…'] : [])].join(', ');
    chats.set(id, called);
    return called;
  };

  return {
    nameOf: async (activity) => {
      const { conversation, team, channel } = activity;
      if (conversation.kind !== 'channel') return chatName(activity);
      const asked = team.name !== '' && channel.name !== '' ? { name: team.name, channels: [channel] } : (teams.get(team.id) ?? (await askTeam(activity)));
      const own = channel.name || asked.channels.find(({ id }) => id === conversation.id)?.name || '';
      return channelName(asked.name, own) || conversation.name || conversation.id;
    },
    channelsNow: async (activity) => (await askTeam(activity)).channels,
  };
}

/** A team's first channel has no name of its own. */
export function channelName(team: string, channel: string): string {
  return [team, channel].filter((name) => name !== '').join(' > ');
}
