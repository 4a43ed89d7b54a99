/** What the Slack app listens to and may do, as plain data: the manifest is made of it, and the listeners and checks use it. */

/** Where Slack sends everything: commands, clicks, forms, searches and events. */
export const EVENTS_PATH = '/slack/events';

/** The events that the app is told of. A private channel's are named group_… */
export const BOT_EVENTS = [
  'app_home_opened',
  'app_uninstalled',
  'tokens_revoked',
  'channel_archive',
  'channel_unarchive',
  'channel_deleted',
  'channel_rename',
  'channel_id_changed',
  'channel_left',
  'group_archive',
  'group_unarchive',
  'group_deleted',
  'group_rename',
  'group_left',
  'member_joined_channel',
  'member_left_channel',
] as const;

export type BotEvent = (typeof BOT_EVENTS)[number];

/** The callback ids of the app's global shortcuts. */
export const SHORTCUTS = { follow: 'follow_job' } as const;

/** What the app can't do without: commands; posts; a person's own conversation; who is in a channel and what happens to it; who somebody is. */
export const NEEDED_SCOPES = ['commands', 'chat:write', 'im:write', 'channels:read', 'groups:read', 'users:read'] as const;

/** For looking whether a message arrived, before it is sent again. Without them a lost answer may bring a message twice. */
export const OPTIONAL_SCOPES = ['channels:history', 'groups:history', 'im:history'] as const;
