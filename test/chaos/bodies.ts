/** What Slack and Teams send when all is well: the beginnings of what they never send. */

export type Names = { readonly team: string; readonly user: string; readonly channel: string; readonly answerUrl: string };

/** Bodies of Slack's interactions and events, by how they are sent. */
export function slackBodies({ team, user, channel, answerUrl }: Names): readonly { readonly kind: 'payload' | 'event' | 'command'; readonly body: object }[] {
  const who = { user: { id: user, username: 'ann', team_id: team }, team: { id: team, domain: 'x' }, api_app_id: 'A1', trigger_id: '1.2.3' };
  const where = {
    channel: { id: channel, name: 'lab' },
    container: { type: 'message', message_ts: '1700000000.000001', channel_id: channel, is_ephemeral: false },
  };
  const action = { type: 'button', action_id: 'history:0', block_id: 'b', value: '{"v":1}', action_ts: '1700000000.000001' };
  const view = {
    id: 'V1',
    type: 'modal',
    callback_id: 'subscribe',
    private_metadata: '{}',
    state: { values: { job: { job: { type: 'external_select', selected_option: null } } } },
    blocks: [],
  };
  const event = (inner: object) => ({ type: 'event_callback', team_id: team, event_id: 'Ev1', event_time: 1_700_000_000, event: inner });
  return [
    {
      kind: 'command',
      body: {
        team_id: team,
        user_id: user,
        user_name: 'ann',
        channel_id: channel,
        channel_name: 'lab',
        text: 'list',
        trigger_id: '1.2',
        response_url: answerUrl,
      },
    },
    { kind: 'payload', body: { type: 'block_actions', ...who, ...where, message: { ts: '1700000000.000001' }, response_url: answerUrl, actions: [action] } },
    { kind: 'payload', body: { type: 'view_submission', ...who, view } },
    {
      kind: 'payload',
      body: { type: 'block_suggestion', ...who, view, container: { type: 'view', view_id: 'V1' }, action_id: 'job', block_id: 'job', value: 'nar' },
    },
    { kind: 'payload', body: { type: 'shortcut', ...who, callback_id: 'follow_job', action_ts: '1700000000.1' } },
    { kind: 'event', body: event({ type: 'app_home_opened', user, tab: 'home', channel }) },
    { kind: 'event', body: event({ type: 'channel_archive', channel, user }) },
    { kind: 'event', body: event({ type: 'channel_unarchive', channel, user }) },
    { kind: 'event', body: event({ type: 'channel_rename', channel: { id: channel, name: 'new', created: 1 } }) },
    { kind: 'event', body: event({ type: 'channel_id_changed', old_channel_id: 'C0OLD', new_channel_id: 'C0NEW' }) },
    { kind: 'event', body: event({ type: 'member_joined_channel', user, channel, team }) },
  ];
}

/** Changes to an activity that make it another kind; the rest is a message. */
export const ACTIVITY_CHANGES: readonly object[] = [
  {},
  {
    type: 'invoke',
    name: 'adaptiveCard/action',
    value: { action: { type: 'Action.Execute', verb: 'history', data: { v: 1 } }, trigger: 'manual' },
    replyToId: '1',
  },
  { type: 'invoke', name: 'application/search', value: { queryText: 'nar', queryOptions: { skip: 0, top: 15 }, dataset: 'jobs', kind: 'search' } },
  { type: 'invoke', name: 'task/fetch', value: { data: {} } },
  { type: 'conversationUpdate', membersAdded: [{ id: '29:1' }], membersRemoved: [{ id: '29:2' }] },
  { type: 'installationUpdate', action: 'add' },
  { type: 'messageReaction', reactionsAdded: [{ type: 'like' }] },
];
