/** Forms and questions as cards, and what comes back from them. A form is a private message, since Teams opens a dialog only from a button. */
import type { Form, FormField, FormOption } from '../../src/ports/inbound.ts';
import type { Members } from './activity.ts';
import type { ExecuteAction, FormCard, Input, Lang, PrivateKind, Question } from './elements.ts';
import { PRIVATE_KINDS } from './elements.ts';
import { LABEL_LENGTH, OPTIONS, TEXT_LENGTH } from './limits.ts';
import { langOf, type TeamsMessage } from './render.ts';
import { cutTo, escaped, isolated, plain, wrappable } from './render-text.ts';

/** Verbs of our own buttons that are no actions of the core's: those have no slash in their names. */
export const SUBMIT_VERB = 'form/submit';
export const DISMISS_VERB = 'form/dismiss';

/** A message in which everything is drawn but the inputs' own parts. */
export type FormMessage = { readonly text: string; readonly card: FormCard };

/** `offered`: what each search field shows before anything is typed. */
export function formCard(form: Form, offered: Readonly<Record<string, readonly FormOption[]>>): FormMessage {
  const title = plain(form.title);
  const submit: ExecuteAction = { ...button(SUBMIT_VERB, form.submit, { value: form.id, on: 'form' }), style: 'positive' };
  return {
    text: title,
    card: {
      ...frame(langOf(form.language), title),
      body: [
        { type: 'TextBlock', text: escaped(title), wrap: true, size: 'Large', weight: 'Bolder', style: 'heading' },
        ...form.fields.map((field) => input(form.id, field, offered[field.name] ?? [])),
      ],
      actions: [submit, button(DISMISS_VERB, form.cancel, { value: form.cancel, on: 'form' })],
    },
  };
}

/** Nothing but words. */
export function wordsCard(said: string, lang: Lang): FormMessage {
  const words = plain(said);
  // they may name a voice, which is somebody's words
  return { text: words, card: { ...frame(lang, words), body: [{ type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: wrappable(words) }] }] } };
}

/** Asks before a click counts: "yes" is that click, without its question. */
export function questionCard({ question, yes, no, lang }: Question, clicked: { readonly verb: string; readonly value: string }): FormMessage {
  const { text, card } = wordsCard(question, lang);
  return {
    text,
    card: {
      ...card,
      actions: [
        { ...button(clicked.verb, yes, { value: clicked.value, on: 'question' }), style: 'destructive' },
        button(DISMISS_VERB, no, { value: no, on: 'question' }),
      ],
    },
  };
}

/** The same card, each of whose buttons says that it is on an answer, which a later answer may replace. */
export function asAnswer({ text, card }: TeamsMessage): TeamsMessage {
  if (!card.actions) return { text, card };
  const actions = card.actions.map((action) => (action.type === 'Action.Execute' ? { ...action, data: { ...action.data, on: 'answer' as const } } : action));
  return { text, card: { ...card, actions } };
}

function frame(lang: Lang, fallbackText: string): Omit<FormCard, 'body'> {
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    lang,
    fallbackText,
    msteams: { width: 'Full' },
  };
}

function button(verb: string, label: string, data: ExecuteAction['data']): ExecuteAction {
  return { type: 'Action.Execute', verb, title: cutTo(plain(label), LABEL_LENGTH), data };
}

function input(form: string, field: FormField, offered: readonly FormOption[]): Input {
  const label = plain(field.label);
  const common = { id: field.name, spacing: 'Medium' } as const;
  switch (field.kind) {
    case 'search':
      return {
        ...common,
        type: 'Input.ChoiceSet',
        label,
        style: 'filtered',
        placeholder: plain(field.hint),
        choices: offered.slice(0, OPTIONS).map(choice),
        'choices.data': { type: 'Data.Query', dataset: `${form}/${field.name}` },
        ...(field.value === '' ? {} : { value: field.value }),
      };
    case 'choice':
      return { ...common, type: 'Input.ChoiceSet', label, style: 'compact', choices: field.options.map(choice), value: field.value };
    case 'check':
      return { ...common, type: 'Input.Toggle', title: label, value: field.value ? 'true' : 'false', valueOn: 'true', valueOff: 'false' };
    default:
      return field satisfies never;
  }
}

/** A label is text of somebody's, such as a voice's name. */
export function choice({ value, label }: FormOption): { readonly title: string; readonly value: string } {
  return { title: isolated(plain(label)), value };
}

export type Click = {
  readonly verb: string;
  readonly value: string;
  readonly confirm: Question | null;
  readonly on: PrivateKind | null;
  /** What is in the card's inputs. */
  readonly inputs: Readonly<Record<string, string>>;
};

/** The click in an adaptiveCard/action invoke; null when it is none of ours. Whoever clicks can have written all of it. */
export function clickOf(value: Members): Click | null {
  const { type, verb, data } = members(value.action);
  if (type !== 'Action.Execute' || typeof verb !== 'string' || verb === '' || verb.length > TEXT_LENGTH) return null;
  const { value: given = '', confirm, on, ...inputs } = members(data);
  if (typeof given !== 'string' || given.length > TEXT_LENGTH) return null;
  return { verb, value: given, confirm: questionIn(confirm), on: PRIVATE_KINDS.find((kind) => kind === on) ?? null, inputs: texts(inputs) };
}

export type Typed = { readonly form: string; readonly field: string; readonly typed: string };

/** What somebody types into a search field, in an application/search invoke. */
export function typedOf({ dataset, queryText }: Members): Typed | null {
  if (typeof dataset !== 'string' || typeof queryText !== 'string') return null;
  const [form = '', field = '', ...rest] = dataset.split('/');
  return form === '' || field === '' || rest.length > 0 ? null : { form, field, typed: queryText.slice(0, TEXT_LENGTH).toWellFormed() };
}

function questionIn(value: unknown): Question | null {
  const { question, yes, no, lang } = members(value);
  if (typeof question !== 'string' || typeof yes !== 'string' || typeof no !== 'string') return null;
  return { question, yes, no, lang: lang === 'zh' ? 'zh' : 'en' };
}

function texts(inputs: Members): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text.slice(0, TEXT_LENGTH).toWellFormed()]] : [])),
  );
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}
