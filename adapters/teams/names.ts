/** What people call a place. Activities of a channel mostly bring ids alone, so the team is asked, and asked again every few minutes. */
import type { Activity } from './activity.ts';
import type { Connector } from './connector.ts';
import { KNOWN_FOR_MS, LOOKUP_TIMEOUT_MS } from './limits.ts';
import { createMemory } from './memory.ts';

export type Channel = { readonly id: string; readonly name: string };

export type Names = {
  /** `Voice Lab > training`, `Voice Lab` for its first channel, the topic of a group chat, or the id when nobody says. */
  nameOf(activity: Activity): Promise<string>;
  /** The channels of a team; empty when it can't be asked. */
  channelsOf(activity: Activity): Promise<readonly Channel[]>;
};

type Team = { readonly name: string; readonly channels: readonly Channel[] };

export function createNames(connector: Connector, now: () => number): Names {
  const known = createMemory<Team>(now, KNOWN_FOR_MS);

  const teamOf = async ({ serviceUrl, team: { id, name } }: Activity): Promise<Team> => {
    const remembered = known.get(id);
    if (remembered) return remembered;
    if (id === '') return { name, channels: [] };
    const signal = AbortSignal.timeout(LOOKUP_TIMEOUT_MS);
    const place = { serviceUrl, team: id };
    const [called, listed] = await Promise.all([name === '' ? connector.team(place, signal) : null, connector.channels(place, signal)]);
    const team = { name: called?.kind === 'ok' ? called.value : name, channels: listed.kind === 'ok' ? listed.value : [] };
    if (listed.kind === 'ok') known.set(id, team);
    return team;
  };

  return {
    nameOf: async (activity) => {
      const { conversation, team, channel } = activity;
      if (conversation.kind !== 'channel') return conversation.name || conversation.id;
      const asked = team.name !== '' && channel.name !== '' ? { name: team.name, channels: [channel] } : await teamOf(activity);
      const own = channel.name || asked.channels.find(({ id }) => id === conversation.id)?.name || '';
      return [asked.name, own].filter((name) => name !== '').join(' > ') || conversation.name || conversation.id;
    },
    channelsOf: async (activity) => (await teamOf(activity)).channels,
  };
}
