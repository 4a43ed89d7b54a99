/** Buttons. */
import type { ActionsBlock, Button, ConfirmationDialog, PlainTextElement } from '@slack/types';
import type { CardAction } from '../../src/domain/card.ts';
import {
  ACTION_ID,
  ACTIONS_ELEMENTS,
  ACTIONS_JSON,
  BUTTON_TEXT,
  BUTTON_URL,
  BUTTON_VALUE,
  CONFIRM_BUTTON,
  CONFIRM_TEXT,
  CONFIRM_TITLE,
  MESSAGE_BLOCKS,
} from './limits.ts';
import { cutText, inlineText } from './render-text.ts';

/** Between an action's name and its place among the buttons, which makes its id one of a kind in the message. */
const PLACE = ':';
/** A link's click is reported too; its name means nothing to do. */
const LINK = 'link';

const NAME = /^[\w-]+$/;
const WEB_ADDRESS = /^https?:\/\/[^\s\p{Cc}\p{Cs}]+$/iu;

/** The name that a button's `action_id` was made of; 'link' for a button that only opened a page. */
export function actionNameOf(actionId: string): string {
  return actionId.slice(0, Math.max(0, actionId.lastIndexOf(PLACE)));
}

/** The buttons in order, the first the most wanted: what can't work is left out, and so are the last ones where they are too many. */
export function actionsBlocks(actions: readonly CardAction[]): ActionsBlock[] {
  const buttons = actions.flatMap((action, index) => (works(action, index) ? [button(action, index)] : []));
  let room = ACTIONS_JSON;
  const shown = buttons.slice(0, ACTIONS_ELEMENTS * MESSAGE_BLOCKS).filter((one) => {
    room -= JSON.stringify(one).length;
    return room >= 0;
  });
  const blocks: ActionsBlock[] = [];
  for (let from = 0; from < shown.length; from += ACTIONS_ELEMENTS) {
    blocks.push({ type: 'actions', elements: shown.slice(from, from + ACTIONS_ELEMENTS) });
  }
  return blocks;
}

/** A value that is cut would do something else; an address that is no web address, or a question without words, has the whole message refused. */
function works(action: CardAction, index: number): boolean {
  const { name, value, label, url, confirm } = action;
  if ([label, ...(confirm ? [confirm.question, confirm.yes, confirm.no] : [])].some((words) => inlineText(words).trim() === '')) return false;
  if (url !== null) return WEB_ADDRESS.test(url) && URL.canParse(url) && url.length <= BUTTON_URL;
  return NAME.test(name) && actionId(action, index).length <= ACTION_ID && value.isWellFormed() && value.length <= BUTTON_VALUE;
}

function actionId({ name, url }: CardAction, index: number): string {
  return `${url === null ? name : LINK}${PLACE}${index}`;
}

function button(action: CardAction, index: number): Button {
  const { value, label, url, style, confirm } = action;
  return {
    type: 'button',
    action_id: actionId(action, index),
    text: plain(label, BUTTON_TEXT),
    ...(url === null ? {} : { url }),
    // An empty value is left out; the click's event has none either.
    ...(url !== null || value === '' ? {} : { value }),
    ...(style === 'default' ? {} : { style }),
    ...(confirm ? { confirm: dialog(action, confirm) } : {}),
  };
}

/** Slack wants a title above the question: the button's label, which is what was clicked. */
function dialog({ label, style }: CardAction, { question, yes, no }: NonNullable<CardAction['confirm']>): ConfirmationDialog {
  const confirm: ConfirmationDialog = {
    title: plain(label, CONFIRM_TITLE),
    text: plain(question, CONFIRM_TEXT),
    confirm: plain(yes, CONFIRM_BUTTON),
    deny: plain(no, CONFIRM_BUTTON),
  };
  return style === 'default' ? confirm : { ...confirm, style };
}

function plain(text: string, length: number): PlainTextElement {
  return { type: 'plain_text', text: cutText(inlineText(text), length), emoji: false };
}
