/** Questions and forms, in the one modal dialog of the page. */
import { el } from './draw-card.js';
import { offersFor } from './offers.js';

const dialog = document.getElementById('dialog');
const TYPING_PAUSE_MS = 200;
/** Between the offers and the buttons below them. */
const OFFERS_GAP_PX = 8;
/** Two offers: lower than that nobody can choose. */
const OFFERS_MIN_PX = 76;

/** Asks before a button does its work; answers whether to. */
export function confirmed({ question, yes, no }) {
  const { promise, resolve } = Promise.withResolvers();
  const answer = (value) => () => {
    resolve(value);
    dialog.close();
  };
  open(
    question,
    el(
      'div',
      { class: 'actions' },
      el('button', { class: 'button danger', type: 'button', onclick: answer(true) }, yes),
      el('button', { class: 'button', type: 'button', autofocus: true, onclick: answer(false) }, no),
    ),
  );
  dialog.addEventListener('close', () => resolve(false), { once: true });
  return promise;
}

/**
 * Shows a form. `submit(values)` answers errors by field, or null when it is done; `options(field, typed)` answers what a search field
 * offers; `failed(error)` hears of requests that were not done.
 */
export function showForm(form, { submit, options, failed }) {
  const fields = form.fields.map((field) => drawField(field, options));
  const send = el('button', { class: 'button primary', type: 'submit' }, form.submit);
  const cancel = el('button', { class: 'button', type: 'button', onclick: () => dialog.close() }, form.cancel);
  const body = el(
    'form',
    { lang: form.language, novalidate: true },
    fields.map(({ element }) => element),
    el('div', { class: 'actions' }, send, cancel),
  );
  body.addEventListener('submit', async (event) => {
    event.preventDefault();
    send.disabled = true;
    try {
      const errors = await submit(Object.fromEntries(fields.map(({ name, value }) => [name, value()])));
      if (errors === null) return dialog.close();
      for (const field of fields) field.problem(errors[field.name] ?? '');
      fields.find((field) => errors[field.name])?.focus();
    } catch (error) {
      failed(error);
      dialog.close();
    } finally {
      send.disabled = false;
    }
  });
  open(form.title, body);
}

function open(title, body) {
  if (dialog.open) dialog.close();
  dialog.replaceChildren(el('h2', { id: 'dialog-title', class: 'dialog-title' }, title), body);
  dialog.setAttribute('aria-labelledby', 'dialog-title');
  dialog.showModal();
}

let made = 0;

function drawField(field, options) {
  made += 1;
  const id = `field-${made}`;
  const problem = el('p', { class: 'problem', id: `${id}-problem`, role: 'alert' });
  const drawn = DRAW[field.kind](field, { id, options });
  drawn.control.setAttribute('aria-describedby', `${id}-problem`);
  const label = el('label', { for: id }, field.label);
  const inner = field.kind === 'check' ? el('div', { class: 'check' }, drawn.control, label) : [label, drawn.control];
  return {
    name: field.name,
    element: el('div', { class: 'field' }, inner, problem, drawn.below ?? null),
    value: drawn.value,
    focus: () => drawn.control.focus(),
    problem: (text) => {
      problem.textContent = text;
      drawn.control.setAttribute('aria-invalid', String(text !== ''));
    },
  };
}

const DRAW = {
  check: (field, { id }) => {
    const control = el('input', { id, type: 'checkbox', checked: field.value });
    return { control, value: () => String(control.checked) };
  },
  choice: (field, { id }) => {
    const control = el(
      'select',
      { id },
      field.options.map(({ value, label }) => el('option', { value, selected: value === field.value }, label)),
    );
    return { control, value: () => control.value };
  },
  text: (field, { id }) => {
    const control = el('input', { id, type: 'text', autocomplete: 'off', value: field.value });
    return { control, value: () => control.value };
  },
  search: drawSearch,
};

/**
 * A text field with offers below it; what was typed counts where none was taken. The offers lie over the fields below and end above the
 * form's buttons: a button that is aimed at neither moves nor is covered when they come and go.
 */
function drawSearch(field, { id, options }) {
  let taken = { label: field.value, value: field.value };
  let pause;
  let asked = 0;
  const control = el('input', { id, type: 'text', autocomplete: 'off', spellcheck: 'false', placeholder: field.hint });
  control.value = field.value;
  const offers = offersFor(control, {
    id: `${id}-offers`,
    label: field.label,
    take: (offer) => {
      taken = offer;
      control.value = offer.label;
    },
  });
  const look = () => {
    clearTimeout(pause);
    pause = setTimeout(async () => {
      asked += 1;
      const mine = asked;
      const found = await options(field.name, control.value.trim()).catch(() => []);
      if (mine !== asked || document.activeElement !== control) return;
      offers.show(found);
      const room = control.form.querySelector('.actions').getBoundingClientRect().top - offers.list.getBoundingClientRect().top;
      offers.list.style.maxHeight = `${Math.max(room - OFFERS_GAP_PX, OFFERS_MIN_PX)}px`;
    }, TYPING_PAUSE_MS);
  };
  control.addEventListener('input', look);
  control.addEventListener('focus', look);
  return { control, below: offers.list, value: () => (control.value === taken.label ? taken.value : control.value.trim()) };
}
