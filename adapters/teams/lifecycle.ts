/** What happens to places: installed, removed, renamed, deleted, archived. Pure: an activity in, changes out. */
import type { DestinationChange } from '../../src/ports/inbound.ts';
import type { Activity } from './activity.ts';
import { channelName } from './names.ts';

/** `of` 'place': of the conversation; 'channel': of the channel that is named; 'team': of every channel of the team. */
export type PlaceChange = { readonly of: 'place' | 'channel' | 'team'; readonly change: Exclude<DestinationChange, { kind: 'id-changed' }> };

const here = (kind: 'restored' | 'removed' | 'uninstalled'): PlaceChange => ({ of: 'place', change: { kind } });

/** null: nothing that a subscription needs to know. An upgrade removes and adds in one breath, and is none. */
export function placeChangeOf(activity: Activity): PlaceChange | null {
  const { type, action, membersAdded, membersRemoved, recipient } = activity;
  if (type === 'installationUpdate') return action === 'add' ? here('restored') : action === 'remove' ? here('uninstalled') : null;
  if (type !== 'conversationUpdate') return null;
  return channelEvent(activity) ?? (membersRemoved.includes(recipient.id) ? here('removed') : membersAdded.includes(recipient.id) ? here('restored') : null);
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
