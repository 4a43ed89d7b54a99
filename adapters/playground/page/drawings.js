/** Messages as Slack and as Teams would show them, and as the JSON that is sent: asked of the server, drawn in a frame of its own, moved here. */
import { drawCard, el } from './draw-card.js';
import { ask } from './server.js';
import { theme } from './settings.js';
import { browser, words } from './words.js';

export const LOOKS = ['card', 'slack', 'teams', 'json'];

/**
 * `press(message, action, button)`: a button of a message; `settled()`: what was asked for is drawn; `missing(library | null)`: a look that
 * can't be had here.
 */
export function openDrawings({ press, settled, missing }) {
  /** Answers by look, reader's language and message, of the message's present version. */
  const known = new Map();
  const keyOf = (as, { ref }) => `${as} ${browser.language} ${ref}`;
  let wanted = [];
  let look = 'card';
  let frame = null;
  let sheets = null;

  const asked = async () => {
    const [now, batch] = [look, wanted];
    wanted = [];
    const refs = batch.map(({ message }) => message.ref);
    const [answer, tools] = await Promise.all([ask('draw', { as: now, refs }), now === 'json' ? null : ready()]).catch(() => [null, null]);
    if (now !== look || answer === null) return;
    missing(answer.missing);
    for (const { message, host } of batch) {
      const drawn = answer.drawn[message.ref];
      if (drawn) known.set(keyOf(now, message), { version: message.version, drawn });
      fill(host, message, { drawn, tools });
    }
    settled();
  };

  /** The frame and the style sheets, once they are there. */
  const ready = async () => {
    frame ??= loaded();
    sheets ??= Promise.all(['slack', 'drawings'].map(sheet));
    const [drawing, [slack, own]] = await Promise.all([frame, sheets]);
    tools = { drawing, slack, own };
    return tools;
  };
  let tools = null;

  const fill = (host, message, { drawn, tools: drawers }) => {
    if (!drawn) host.replaceChildren(asCard(message));
    else if (look === 'json') host.replaceChildren(...drawJson(drawn));
    else if (look === 'slack') inShadow(host, [drawers.slack, drawers.own], drawSlack(drawn.parts, { drawing: drawers.drawing, act: actor(message) }));
    else inShadow(host, [drawers.own], drawTeams(drawn.card, { drawing: drawers.drawing, act: actor(message) }));
  };
  const asCard = (message) => drawCard(message.card, (action, button) => press(message, action, button));
  const actor = (message) => (action, button) => press(message, action, button);

  return {
    look: () => (look === 'slack' || look === 'teams' ? `${look} ${theme()}` : look),
    turn: (next) => {
      look = next;
      missing(null);
    },
    content: (message) => {
      if (look === 'card') return asCard(message);
      const host = el('div', { class: `drawn ${look}`, lang: message.card.language });
      const before = known.get(keyOf(look, message));
      if (before?.version === message.version && (look === 'json' || tools)) fill(host, message, { drawn: before.drawn, tools });
      else {
        if (wanted.length === 0) queueMicrotask(() => void asked());
        wanted.push({ message, host });
      }
      return host;
    },
  };
}

function inShadow(host, sheets, nodes) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = sheets;
  root.replaceChildren(el('div', { class: `theme ${theme()}` }, nodes));
}

async function sheet(name) {
  const made = new CSSStyleSheet();
  const response = await fetch(`/playground/${name}.css`);
  made.replaceSync(response.ok ? await response.text() : '');
  return made;
}

function loaded() {
  const frame = el('iframe', { src: '/playground/drawing.html', title: '', 'aria-hidden': 'true', tabindex: '-1', hidden: true });
  const { promise, resolve } = Promise.withResolvers();
  frame.addEventListener('load', () => resolve(frame.contentWindow.drawing));
  document.body.append(frame);
  return promise;
}

function drawSlack(parts, { drawing, act }) {
  return parts.map((part) => {
    if (part.kind === 'unsupported') return el('p', { class: 'undrawn' }, words.undrawn(part.type));
    if (part.kind === 'actions') {
      return el(
        'div',
        { class: 'actions' },
        part.elements.map((element) => slackButton(element, act)),
      );
    }
    const nodes = drawing.drawHtml(part.html);
    for (const node of nodes.querySelectorAll('[data-theme]')) node.dataset.theme = theme();
    return nodes;
  });
}

function slackButton({ type, text, style, value, url, action_id: id, confirm }, act) {
  if (type !== 'button') return el('p', { class: 'undrawn' }, words.undrawn(type));
  const look = `button ${style ?? ''}`;
  if (url) return el('a', { class: look, href: url, target: '_blank', rel: 'noopener noreferrer' }, text.text);
  const question = confirm ? { question: confirm.text.text, yes: confirm.confirm.text, no: confirm.deny.text } : null;
  // the id is the action's name and the button's place: name:0
  const action = { name: id.slice(0, id.lastIndexOf(':')), value: value ?? '', confirm: question };
  const button = el('button', { class: look, type: 'button', onclick: () => act(action, button) }, text.text);
  return button;
}

function drawTeams(card, { drawing, act }) {
  const box = el('div', { class: 'teams' });
  const execute = (action) => {
    const { verb, url, data } = action.toJSON();
    if (url) open(url, '_blank', 'noopener');
    else act({ name: verb, value: data.value, confirm: data.confirm ?? null }, action.renderedElement ?? box);
  };
  const overflow = (actions, target) => {
    const shown = box.querySelector('.overflow');
    target.setAttribute('aria-expanded', String(!shown));
    if (shown) return shown.remove();
    const buttons = actions.map((action) => {
      const button = el(
        'button',
        { class: 'button', type: 'button', onclick: () => execute({ toJSON: () => action.toJSON(), renderedElement: button }) },
        action.title,
      );
      return button;
    });
    box.append(el('div', { class: 'actions overflow' }, buttons));
    buttons[0]?.focus();
  };
  const { element, complaints } = drawing.drawTeams(card, { theme: theme(), execute, overflow, more: words.more });
  box.append(...[element, ...complaints].filter((part) => part !== null));
  return box;
}

function drawJson(payloads) {
  return ['slack', 'teams'].map((platform) =>
    el(
      'figure',
      {},
      el('figcaption', {}, words.jsonOf[platform]),
      el('pre', { tabindex: '0', role: 'group', 'aria-label': words.jsonOf[platform] }, JSON.stringify(payloads[platform], null, 2)),
    ),
  );
}
