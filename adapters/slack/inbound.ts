/** What Slack sends, read: who did what, where, and how to answer. Nothing is asked of Slack here. */
import { formOf, valuesIn } from './form-view.ts';
import { at, textAt } from './payload.ts';
import { actionNameOf } from './render-actions.ts';
import type { Said, Source, Spot } from './said.ts';
import { SHORTCUTS } from './surface.ts';
import { CARD_VIEW } from './views.ts';

/** What a global shortcut does, as words. */
const SHORTCUT_COMMANDS: Readonly<Record<string, string>> = { [SHORTCUTS.follow]: 'subscribe' };

const NOWHERE: Spot = { channel: '', name: '', now: true };

/** A slash command, whatever its name: the app has one. */
export function commandIn(body: unknown): Said | null {
  const spot = { channel: textAt(body, 'channel_id'), name: textAt(body, 'channel_name'), now: true };
  const speaker = { id: textAt(body, 'user_id'), name: textAt(body, 'user_name'), team: textAt(body, 'team_id') };
  return whole({ kind: 'command', source: { ...sourceIn(body, spot), speaker }, text: textAt(body, 'text') });
}

/** A clicked button of ours. null: a link that only opened a page, or a field of an open form. */
export function actionIn(body: unknown): Said | null {
  const actionId = textAt(body, 'actions.0.action_id');
  const name = actionNameOf(actionId);
  if (textAt(body, 'actions.0.type') !== 'button' || name === '' || name === 'link') return null;
  const spot = { channel: textAt(body, 'channel.id') || textAt(body, 'container.channel_id'), name: textAt(body, 'channel.name'), now: true };
  const view = viewIn(body);
  if (view === null && spot.channel === '') return null;
  const onPrivate = at(body, 'container.is_ephemeral') === true;
  const source = { ...sourceIn(body, view ? NOWHERE : spot), onPrivate, view };
  const id = source.id === '' ? `${source.speaker.id}.${actionId}.${textAt(body, 'actions.0.action_ts')}` : source.id;
  const message = view ? null : textAt(body, 'container.message_ts') || textAt(body, 'message.ts') || null;
  return whole({ kind: 'action', source: { ...source, id }, name, value: textAt(body, 'actions.0.value'), message });
}

/** A global shortcut; from there the place is the person's own conversation. */
export function shortcutIn(body: unknown): Said | null {
  const text = SHORTCUT_COMMANDS[textAt(body, 'callback_id')];
  if (textAt(body, 'type') !== 'shortcut' || text === undefined) return null;
  return whole({ kind: 'command', source: sourceIn(body, NOWHERE), text });
}

/** A submitted form. Where it was opened is in it, and may no longer be true. */
export function submissionIn(body: unknown): Said | null {
  const form = formOf(at(body, 'view'));
  if (textAt(body, 'type') !== 'view_submission' || form === null) return null;
  return whole({ kind: 'form', source: sourceIn(body, { ...form.spot, now: false }), form: form.id, values: valuesIn(at(body, 'view')) });
}

/** What is typed in a search field. */
export function searchIn(body: unknown): Said | null {
  const form = formOf(at(body, 'view'));
  if (form === null) return null;
  const source = { ...sourceIn(body, NOWHERE), id: `${textAt(body, 'view.id')}.${textAt(body, 'value')}` };
  return whole({ kind: 'form-options', source, form: form.id, field: textAt(body, 'action_id'), typed: textAt(body, 'value') });
}

/** The Home is shown to somebody; null when it is the tab with the messages. */
export function homeIn(body: unknown): Said | null {
  if (textAt(body, 'event.tab') !== 'home') return null;
  const speaker = { id: textAt(body, 'event.user'), name: '', team: teamIn(body) };
  const spot = { channel: textAt(body, 'event.channel'), name: '', now: true };
  return whole({ kind: 'home', source: { ...sourceIn(body, spot), id: textAt(body, 'event_id'), speaker, view: { kind: 'home', id: '' } } });
}

/** The workspace that an event is for. In a shared channel it may have happened in another one. */
export function teamIn(body: unknown): string {
  return textAt(body, 'authorizations.0.team_id') || textAt(body, 'team_id');
}

function sourceIn(body: unknown, spot: Spot): Source {
  const triggerId = textAt(body, 'trigger_id');
  const name = textAt(body, 'user.username') || textAt(body, 'user.name');
  return {
    id: triggerId,
    speaker: { id: textAt(body, 'user.id'), name, team: textAt(body, 'team.id') || textAt(body, 'user.team_id') },
    spot,
    responseUrl: textAt(body, 'response_url'),
    triggerId,
    onPrivate: false,
    view: null,
  };
}

function viewIn(body: unknown): Source['view'] {
  const id = textAt(body, 'view.id');
  if (textAt(body, 'view.type') === 'home') return { kind: 'home', id };
  return textAt(body, 'view.callback_id') === CARD_VIEW ? { kind: 'card', id } : null;
}

/** Without its id nothing can be handled once, and without a user by nobody. */
function whole(said: Said): Said | null {
  const { id, speaker } = said.source;
  return id === '' || speaker.id === '' ? null : said;
}
