/** A form as a window of Slack's, and what comes back from it. */
import type { KnownBlock, ModalView, PlainTextElement, PlainTextOption } from '@slack/types';
import type { Form, FormField, FormOption } from '../../src/ports/inbound.ts';
import { FIELD_HINT, FIELD_LABEL, OPTION_TEXT, OPTION_VALUE, OPTIONS, VIEW_METADATA, VIEW_TITLE } from './limits.ts';
import { at, parsed, textAt } from './payload.ts';
import { cutText, inlineText } from './render-text.ts';
import type { Spot } from './said.ts';
import { CARD_VIEW } from './views.ts';

/** A ticked box. */
const TICKED = 'true';

/** The window of a form; it remembers where it was opened. */
export function formView(form: Form, { channel, name }: Pick<Spot, 'channel' | 'name'>): ModalView {
  const noted = JSON.stringify({ channel, name });
  return {
    type: 'modal',
    callback_id: form.id,
    title: plain(form.title, VIEW_TITLE),
    submit: plain(form.submit, VIEW_TITLE),
    close: plain(form.cancel, VIEW_TITLE),
    private_metadata: noted.length <= VIEW_METADATA ? noted : JSON.stringify({ channel, name: '' }),
    blocks: form.fields.map(block),
  };
}

/** Which form a window is, and where it was opened; null: it is none of our forms. */
export function formOf(view: unknown): { readonly id: string; readonly spot: Pick<Spot, 'channel' | 'name'> } | null {
  const id = textAt(view, 'callback_id');
  const noted = parsed(textAt(view, 'private_metadata'));
  if (id === '' || id === CARD_VIEW || noted === undefined) return null;
  return { id, spot: { channel: textAt(noted, 'channel'), name: textAt(noted, 'name') } };
}

/** What was chosen in each field; '' = nothing. */
export function valuesIn(view: unknown): Readonly<Record<string, string>> {
  const values = at(view, 'state.values');
  if (typeof values !== 'object' || values === null) return {};
  return Object.fromEntries(Object.entries(values).map(([name, elements]) => [name, chosen(at(elements, name))]));
}

/** What a search field offers. */
export function optionsOf(options: readonly FormOption[]): PlainTextOption[] {
  return options.flatMap((one) => (one.value === '' || one.value.length > OPTION_VALUE || one.label.trim() === '' ? [] : [option(one)])).slice(0, OPTIONS);
}

/** Errors beside their fields. Slack takes them for inputs only: a box's error goes to the first input, if that has none of its own. */
export function errorsOf(errors: Readonly<Record<string, string>>, view: unknown): Record<string, string> {
  const blocks = at(view, 'blocks');
  const inputs = Array.isArray(blocks) ? blocks.filter((one) => textAt(one, 'type') === 'input').map((one) => textAt(one, 'block_id')) : [];
  const placed = Object.entries(errors).map(([name, words]): [string, string] => [inputs.includes(name) ? name : (inputs[0] ?? name), words]);
  return { ...Object.fromEntries(placed), ...Object.fromEntries(Object.entries(errors).filter(([name]) => inputs.includes(name))) };
}

function block(field: FormField): KnownBlock {
  const { name, label } = field;
  const input = { type: 'input' as const, block_id: name, label: plain(label, FIELD_LABEL) };
  switch (field.kind) {
    case 'search':
      return {
        ...input,
        ...(field.hint === '' ? {} : { hint: plain(field.hint, FIELD_HINT) }),
        element: {
          type: 'external_select',
          action_id: name,
          min_query_length: 0,
          ...(field.value === '' ? {} : { initial_option: option({ value: field.value, label: field.value }) }),
        },
      };
    case 'choice': {
      const initial = field.options.find(({ value }) => value === field.value);
      return {
        ...input,
        element: { type: 'static_select', action_id: name, options: optionsOf(field.options), ...(initial ? { initial_option: option(initial) } : {}) },
      };
    }
    case 'check': {
      // not an input, which would want a label above the box that says the same
      const box = option({ value: TICKED, label });
      return {
        type: 'actions',
        block_id: name,
        elements: [{ type: 'checkboxes', action_id: name, options: [box], ...(field.value ? { initial_options: [box] } : {}) }],
      };
    }
    default:
      return field satisfies never;
  }
}

function chosen(element: unknown): string {
  return textAt(element, 'selected_option.value') || textAt(element, 'selected_options.0.value') || textAt(element, 'value');
}

function option({ value, label }: FormOption): PlainTextOption {
  return { value, text: plain(label, OPTION_TEXT) };
}

function plain(text: string, length: number): PlainTextElement {
  return { type: 'plain_text', text: cutText(inlineText(text), length), emoji: false };
}
