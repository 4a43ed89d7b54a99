/** People at Slack's side: they type, click, fill in forms and open the Home, and Slack tells the program over HTTP or Socket Mode. */
import { randomUUID } from 'node:crypto';
import { buttonIn, fieldsIn, type SeenField, stateOf } from './slack-blocks-seen.ts';
import type { Envelope, Taken, Way } from './slack-http.ts';
import { FOREIGN_TEAM, type PersonName } from './slack-people.ts';
import { type PrivateMessages, startPrivateMessages } from './slack-private.ts';
import type { SlackServer } from './slack-server.ts';

/** Something a person or Slack did, which Slack may tell a second time. */
export type Done = Taken & { readonly envelope: Envelope; again(): Promise<Taken> };

export type Clicked = { readonly ts: string; readonly blocks?: readonly object[] } | { readonly id: string; readonly blocks: readonly object[] };
export type View = { readonly id: string; readonly callback_id: string; readonly private_metadata: string; readonly blocks: readonly object[] };
/** By the block's id: words to search with (the first offer is taken), an option's value, or whether a box is ticked. */
export type Filled = Readonly<Record<string, string | boolean>>;

export type Driver = Pick<PrivateMessages, 'shownTo' | 'answers'> & {
  command(text: string, at: { readonly by: PersonName; readonly channel: string; readonly team?: string }): Promise<Done>;
  /** Clicks the button with this label, on a message in a channel or one that `by` alone sees. */
  click(message: Clicked, label: string, at: { readonly by: PersonName; readonly channel: string }): Promise<Done>;
  /** Clicks a button of the Home. */
  clickHome(view: View, label: string, by: PersonName): Promise<Done>;
  shortcut(callback: string, by: PersonName): Promise<Done>;
  options(view: View, field: string, typed: { readonly text: string; readonly by: PersonName }): Promise<Taken>;
  submit(view: View, filled: Filled, by: PersonName): Promise<Done>;
  event(event: { readonly type: string; readonly [more: string]: unknown }, team?: string): Promise<Done>;
  /** The form that was opened last for somebody, or null. */
  form(by: PersonName): View | null;
  /** The Home as somebody sees it, or null. */
  home(by: PersonName): View | null;
  /** The window without fields that was opened last for somebody, or null. */
  window(by: PersonName): View | null;
  close(): Promise<void>;
};

const APP = 'A0VOICEJOB';

export async function startDriver(slack: SlackServer, way: Way): Promise<Driver> {
  const messages = await startPrivateMessages(slack);
  const views: { readonly method: string; readonly user: string; readonly view: View }[] = [];
  const triggers = new Map<string, PersonName>();

  /** The emulator's own ids live for three seconds by the clock: ours become one of them when they are used, once. */
  const trigger = (by: PersonName): string => {
    const id = `${triggers.size + 1}.${randomUUID()}`;
    triggers.set(id, by);
    return id;
  };
  for (const method of ['views.open', 'views.push', 'views.publish', 'views.update']) {
    slack.methods.set(method, async (asked, token) => {
      if (token !== slack.token) return { ok: false, error: 'invalid_auth' };
      const args = Object.fromEntries(asked);
      const by = triggers.get(args.trigger_id ?? '');
      if ('trigger_id' in args) {
        if (!by) return { ok: false, error: 'invalid_trigger_id' };
        triggers.delete(args.trigger_id ?? '');
        args.trigger_id = String((await slack.call('views.generateTriggerId', { user_id: slack.person(by) })).trigger_id);
      }
      const answer = await slack.try(method, args);
      const view = answer.view as View | undefined;
      if (answer.ok && view) views.push({ method, user: by ? slack.person(by) : (args.user_id ?? ''), view });
      return answer;
    });
  }

  const viewsOf = (by: PersonName) => views.filter(({ user }) => user === slack.person(by));

  const tell = async (envelope: Envelope): Promise<Done> => {
    const taken = await way.send(envelope);
    return { ...taken, envelope, again: () => way.send({ ...envelope, retry: 1 }) };
  };
  const teamOf = (by: PersonName) => (by === 'eve' ? FOREIGN_TEAM : slack.team);
  /** What every interaction says of who and where. */
  const common = (by: PersonName) => ({
    team: { id: slack.team, domain: 'emulate' },
    enterprise: null,
    is_enterprise_install: false,
    user: { id: slack.person(by), username: by, name: by, team_id: teamOf(by) },
    api_app_id: APP,
    token: 'not-used',
    trigger_id: trigger(by),
  });
  const action = ({ label, ...button }: ReturnType<typeof buttonIn>) => ({
    type: 'button',
    block_id: 'b',
    ...button,
    text: { type: 'plain_text', text: label, emoji: false },
    action_ts: `${Date.now() / 1000}`,
  });
  const channelName = async (channel: string): Promise<string> => {
    if (channel.startsWith('D')) return 'directmessage';
    const found = (await slack.call('conversations.info', { channel })).channel as { readonly name: string; readonly is_private: boolean };
    return found.is_private ? 'privategroup' : found.name;
  };

  const offers = async (view: View, field: string, { text, by }: { readonly text: string; readonly by: PersonName }): Promise<Taken> => {
    const found = fieldIn(view, field);
    const container = { type: 'view', view_id: view.id };
    const asked = { action_id: found.element.action_id, block_id: found.block_id, value: text };
    return way.send({ kind: 'interactive', payload: { type: 'block_suggestion', ...common(by), container, ...asked, view: { ...view, type: 'modal' } } });
  };

  return {
    shownTo: messages.shownTo,
    answers: messages.answers,
    command: async (text, { by, channel, team = slack.team }) => {
      const payload = {
        token: 'not-used',
        team_id: team,
        team_domain: 'emulate',
        channel_id: channel,
        channel_name: await channelName(channel),
        user_id: slack.person(by),
        user_name: by,
        command: '/voicejob',
        text,
        api_app_id: APP,
        is_enterprise_install: 'false',
        response_url: messages.urlFor({ by, channel, message: null }),
        trigger_id: trigger(by),
      };
      return tell({ kind: 'slash_commands', payload });
    },
    click: async (message, label, { by, channel }) => {
      const { blocks = [] } = message;
      const isPrivate = 'id' in message;
      const ts = isPrivate ? message.id : message.ts;
      const payload = {
        type: 'block_actions',
        ...common(by),
        container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: isPrivate },
        channel: { id: channel, name: await channelName(channel) },
        // of a message that one person alone sees, Slack tells no content
        ...(isPrivate ? {} : { message: { type: 'message', ts, user: slack.botUser, text: '', blocks } }),
        state: { values: {} },
        response_url: messages.urlFor({ by, channel, message: ts }),
        actions: [action(buttonIn(blocks, label))],
      };
      return tell({ kind: 'interactive', payload });
    },
    clickHome: (view, label, by) => {
      const container = { type: 'view', view_id: view.id };
      const actions = [action(buttonIn(view.blocks, label))];
      return tell({ kind: 'interactive', payload: { type: 'block_actions', ...common(by), container, view: { ...view, type: 'home' }, actions } });
    },
    shortcut: (callback, by) =>
      tell({ kind: 'interactive', payload: { type: 'shortcut', ...common(by), callback_id: callback, action_ts: `${Date.now() / 1000}` } }),
    options: offers,
    submit: async (view, filled, by) => {
      const values: Record<string, object> = {};
      for (const field of fieldsIn(view.blocks)) {
        const chosen = await choose(field, filled[field.block_id], async (text) => (await offers(view, field.block_id, { text, by })).said);
        values[field.block_id] = { [field.element.action_id]: stateOf(field, chosen) };
      }
      const submitted = { ...view, type: 'modal', state: { values } };
      return tell({ kind: 'interactive', payload: { type: 'view_submission', ...common(by), view: submitted, response_urls: [] } });
    },
    event: (event, team = slack.team) => {
      const authorizations = [{ enterprise_id: null, team_id: team, user_id: slack.botUser, is_bot: true, is_enterprise_install: false }];
      const ids = { token: 'not-used', team_id: team, context_team_id: team, api_app_id: APP, event_id: `Ev${randomUUID()}` };
      const payload = { ...ids, type: 'event_callback', event, event_time: Math.floor(Date.now() / 1000), authorizations, is_ext_shared_channel: false };
      return tell({ kind: 'events_api', payload });
    },
    form: (by) => viewsOf(by).findLast(({ view }) => fieldsIn(view.blocks).length > 0)?.view ?? null,
    home: (by) => viewsOf(by).findLast(({ method }) => method === 'views.publish')?.view ?? null,
    window: (by) => viewsOf(by).findLast(({ method, view }) => method !== 'views.publish' && fieldsIn(view.blocks).length === 0)?.view ?? null,
    close: () => messages.close(),
  };
}

function fieldIn(view: View, name: string): SeenField {
  const found = fieldsIn(view.blocks).find(({ block_id }) => block_id === name);
  if (!found) throw new Error(`no field ${name} among: ${fieldsIn(view.blocks).map(({ block_id }) => block_id)}`);
  return found;
}

type Offered = { readonly options?: readonly { readonly text: { readonly text: string }; readonly value: string }[] };

/** The options that somebody picks in a field; null = they leave it as it is. */
async function choose({ element }: SeenField, wish: string | boolean | undefined, search: (text: string) => Promise<unknown>) {
  if (wish === undefined) return null;
  if (typeof wish === 'boolean') return wish ? (element.options ?? []) : [];
  if (element.type !== 'external_select') return (element.options ?? []).filter(({ value }) => value === wish);
  return ((await search(wish)) as Offered).options?.slice(0, 1) ?? [];
}
