/** What happens to conversations and to the app itself, as the core knows it. */
import type { DestinationChange, InboundEvent } from '../../src/ports/inbound.ts';
import { teamIn } from './inbound.ts';
import { textAt } from './payload.ts';
import { addressOf, sortOf } from './places.ts';
import type { Identity } from './standing.ts';
import { BOT_EVENTS, type BotEvent } from './surface.ts';

/** A change that could not be stored. Bolt's listeners have no other way to say so; its `code` keeps Bolt from wrapping it. */
export class NotStoredError extends Error {
  override readonly name = 'NotStoredError';
  readonly code = 'not_stored';
}

/** Whether a payload tells of a change, which is stored before Slack hears that it arrived. The Home is answered by calls that take longer than Slack waits. */
export function isChange(body: unknown): boolean {
  const type = textAt(body, 'event.type');
  return type !== 'app_home_opened' && BOT_EVENTS.some((one) => one === type);
}

/** Events that concern a place of their own workspace; anything else is null. */
export function changeIn(type: BotEvent, body: unknown, self: Identity): InboundEvent | null {
  const id = textAt(body, 'event_id');
  if (id === '' || teamIn(body) !== self.team) return null;
  const channel = textAt(body, 'event.channel') || textAt(body, 'event.channel.id');
  const about = (change: DestinationChange, of = channel): InboundEvent | null =>
    of === '' ? null : { kind: 'destination', id, address: addressOf(self.team, of), change };
  const aboutUs = textAt(body, 'event.user') === self.userId;
  switch (type) {
    case 'channel_archive':
    case 'group_archive':
      return about({ kind: 'archived' });
    case 'channel_unarchive':
    case 'group_unarchive':
      return about({ kind: 'restored' });
    case 'channel_rename':
    case 'group_rename': {
      const name = textAt(body, 'event.channel.name');
      return name === '' ? null : about({ kind: 'renamed', name: `#${name}` });
    }
    case 'channel_id_changed': {
      const to = textAt(body, 'event.new_channel_id');
      return to === '' ? null : about({ kind: 'id-changed', to: addressOf(self.team, to) }, textAt(body, 'event.old_channel_id'));
    }
    case 'channel_deleted':
    case 'group_deleted':
    // told to the bot of itself
    case 'channel_left':
    case 'group_left':
      return about({ kind: 'removed' });
    case 'member_left_channel':
      return aboutUs ? about({ kind: 'removed' }) : null;
    case 'member_joined_channel':
      return aboutUs ? about({ kind: 'joined' }) : null;
    case 'app_home_opened':
      return sortOf(channel) === 'dm' && channel !== '' ? { kind: 'seen', id, address: addressOf(self.team, channel) } : null;
    case 'app_uninstalled':
    case 'tokens_revoked':
      // of no single place: the workspace's own address. The tokens of users are none of ours
      if (type === 'tokens_revoked' && textAt(body, 'event.tokens.bot.0') === '') return null;
      return { kind: 'destination', id, address: addressOf(self.team, ''), change: { kind: 'signed-out' } };
    default:
      return type satisfies never;
  }
}
