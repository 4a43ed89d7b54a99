/** What happens to places: installed, removed, renamed, deleted, archived. Pure: an activity in, changes out. */
import type { DestinationChange } from '../../src/ports/inbound.ts';
import type { Activity } from './activity.ts';
import { channelName } from './names.ts';

/** `of` 'place': of the conversation; 'channel': of the channel that is named; 'team': of every channel of the team. */
export type PlaceChange = { readonly of: 'place' | 'channel' | 'team'; readonly change: Exclude<DestinationChange, { kind: 'id-changed' }> };

/** null: nothing that a subscription needs to know. An upgrade removes and adds in one breath, and is none. */
export function placeChangeOf(activity: Activity): PlaceChange | null {
  const { type, action, team } = activity;
  // a bot that comes to a team, or leaves it, does so in all its channels
  const of = team.id === '' ? 'place' : 'team';
  if (type === 'installationUpdate')
    return action === 'add' ? { of, change: { kind: 'joined' } } : action === 'remove' ? { of, change: { kind: 'uninstalled' } } : null;
  if (type !== 'conversationUpdate') return null;
  const ofChannel = channelEvent(activity);
  if (ofChannel) return ofChannel;
  const { membersAdded, membersRemoved, recipient } = activity;
  if (membersRemoved.includes(recipient.id)) return { of, change: { kind: 'removed' } };
  return membersAdded.includes(recipient.id) ? { of, change: { kind: 'joined' } } : null;
}

/** A channel that is deleted can be restored for some weeks, and a team likewise: the subscription waits as for an archived one. */
function channelEvent({ eventType, channel, team }: Activity): PlaceChange | null {
  switch (eventType) {
    case 'channelRenamed':
      return channel.name === '' ? null : { of: 'channel', change: { kind: 'renamed', name: channelName(team.name, channel.name) } };
    case 'teamRenamed':
      return team.name === '' ? null : { of: 'team', change: { kind: 'renamed', name: team.name } };
    case 'channelDeleted':
      return { of: 'channel', change: { kind: 'archived' } };
    case 'channelRestored':
      return { of: 'channel', change: { kind: 'restored' } };
    case 'teamArchived':
    case 'teamDeleted':
      return { of: 'team', change: { kind: 'archived' } };
    case 'teamHardDeleted':
      return { of: 'team', change: { kind: 'removed' } };
    case 'teamUnarchived':
    case 'teamRestored':
      return { of: 'team', change: { kind: 'restored' } };
    default:
      return null;
  }
}
