/** Slack's conversations as addresses. */
import type { Address } from '../../src/domain/subscription.ts';

export const PLATFORM = 'slack';

/** The address of a conversation: its id names workspace and conversation, its route is the conversation's own id, as the Web API takes it. */
export function addressOf(team: string, channel: string): Address {
  return { platform: PLATFORM, id: `${team}:${channel}`, route: channel };
}

export function channelOf(address: Address): string {
  return address.route;
}

/** Which of Slack's three sorts of id it is: D a person's conversation with the bot, G an old private channel or a group of people, C any other, private ones too. */
export function sortOf(channel: string): 'channel' | 'group' | 'dm' {
  if (channel.startsWith('D')) return 'dm';
  return channel.startsWith('G') ? 'group' : 'channel';
}

export function teamOf(address: Address): string {
  return address.id.split(':')[0] ?? '';
}
