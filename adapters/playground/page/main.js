/** The page: knows what the server told, shows one place of it, and sends what the person does. */
import { openComposer } from './composer.js';
import { confirmed, showForm } from './dialogs.js';
import { drawCard, el } from './draw-card.js';
import { LOOKS, openDrawings } from './drawings.js';
import { openHome } from './home.js';
import { openPanel } from './panel.js';
import { drawPlaces, placeHint, placeLabel } from './places.js';
import { ask, follow } from './server.js';
import { followTheme, keep, kept, theme, turnTheme } from './settings.js';
import { openThread } from './thread.js';
import { streamView } from './view.js';
import { inWords, turnTongue, words } from './words.js';

const at = (id) => document.getElementById(id);
const [nav, stream, command, newest, trouble] = ['places', 'stream', 'command', 'newest', 'trouble'].map(at);

const messages = new Map();
/** Per place: messages that arrived while another place was shown; problems are counted. */
const unread = new Map();
let versions = 0;
let places = [];
let current = '';
let working = 0;
let connection = 'connecting';

inWords(() => {
  document.documentElement.lang = words.app === 'App' ? 'en' : 'zh-CN';
  at('send').textContent = words.send;
  at('hint').textContent = working > 0 ? words.working : words.hint;
  command.placeholder = words.placeholder;
  stream.setAttribute('aria-label', words.stream);
  nav.setAttribute('aria-label', words.places);
  newest.textContent = words.newest;
  at('menu').setAttribute('aria-label', words.menu);
  at('connection').textContent = words.connection[connection];
  const [tongue, tongueName] = words.otherTongue;
  at('tongue').textContent = tongue;
  at('tongue').setAttribute('aria-label', tongueName);
});
at('tongue').addEventListener('click', () => {
  turnTongue();
  if (places.length > 0) drawAll(false);
});

const drawings = openDrawings({
  press,
  settled: () => {
    view.settle();
    thread.settle();
  },
  missing: (library) => {
    at('notice').hidden = library === null;
    at('notice').textContent = library === null ? '' : words.missing(library);
  },
});
const { content, look } = drawings;
const open = (root, ref) => {
  if (ref) thread.jump(ref);
  const wanted = `#${current}/${root}`;
  if (location.hash === wanted) showPlace();
  else location.hash = wanted;
};
const view = streamView(stream, { content, look, open, empty: drawEmpty });
const thread = openThread({ content, look, closed: () => (location.hash = current) });

/** As what the bot's messages are shown. */
function turnLook(next) {
  shownLook = next;
  drawings.turn(next);
  keep('look', next);
  if (places.length > 0) drawAll(false);
}
let shownLook = LOOKS.includes(kept('look')) ? kept('look') : 'card';
inWords(() =>
  at('looks').replaceChildren(
    el('legend', { class: 'unseen' }, words.looks),
    ...LOOKS.map((name) =>
      el('label', {}, el('input', { type: 'radio', name: 'look', value: name, checked: name === shownLook, onchange: () => turnLook(name) }), words.look[name]),
    ),
  ),
);
drawings.turn(shownLook);

function colours() {
  at('theme').setAttribute('aria-label', theme() === 'dark' ? words.toLight : words.toDark);
}
followTheme(recolour);
inWords(colours);
at('theme').addEventListener('click', () => {
  turnTheme();
  recolour();
});
function recolour() {
  colours();
  if (places.length > 0) drawAll(false);
}

function place() {
  return places.find(({ id }) => id === current);
}

/** The address says which place is shown, and which thread of it. */
function showPlace() {
  const [wanted, root = ''] = decodeURIComponent(location.hash.slice(1)).split('/');
  const before = current;
  current = places.some(({ id }) => id === wanted) ? wanted : (places[0]?.id ?? '');
  unread.delete(current);
  thread.open(root);
  if (before !== current) home.reset();
  drawAll(before !== current);
}

function drawAll(fresh) {
  const label = placeLabel(place());
  drawPlaces(nav, places, { current, unread });
  at('tabs').hidden = place().owner === null;
  at('place-name').textContent = label;
  at('place-hint').textContent = placeHint(place());
  command.setAttribute('aria-label', words.command(label));
  document.title = `${label} · voicejob playground`;
  const here = [...messages.values()].filter((message) => message.place === current).sort((a, b) => a.at - b.at);
  newest.hidden = view.show(place(), here, fresh);
  thread.draw(here, label);
}

function changed({ reset, places: told, messages: news }) {
  const first = places.length === 0;
  places = told;
  if (reset) messages.clear();
  for (const message of news) {
    const known = messages.has(message.ref);
    versions += 1;
    messages.set(message.ref, { ...message, version: versions, placeName: placeLabel(places.find(({ id }) => id === message.place)) });
    if (!first && !reset && !known && !message.removed && message.place !== current) {
      const before = unread.get(message.place) ?? { problems: 0 };
      unread.set(message.place, { problems: before.problems + (message.card?.severity === 'bad' ? 1 : 0) });
    }
  }
  if (!first) return drawAll(false);
  showPlace();
  void panel.restore();
}

/** Does one request, shows that it is under way, and says so when it failed. */
async function during(work) {
  working += 1;
  stream.setAttribute('aria-busy', 'true');
  at('hint').textContent = words.working;
  trouble.hidden = true;
  try {
    return await work();
  } catch (error) {
    failed(error);
    return null;
  } finally {
    working -= 1;
    if (working === 0) {
      stream.removeAttribute('aria-busy');
      at('hint').textContent = words.hint;
    }
  }
}

function failed(error) {
  trouble.textContent = words.notSent(error.unreachable ? words.unreachable : error.message);
  trouble.hidden = false;
}

/** What the server wants shown beside the stream: a form. The rest arrives as messages. */
function respond(result, where) {
  if (result?.kind !== 'form') return;
  const { form } = result;
  showForm(form, {
    failed,
    options: async (field, text) => (await ask('form-options', { place: where, form: form.id, field, typed: text })).options ?? [],
    submit: async (values) => {
      const next = await ask('form', { place: where, form: form.id, values });
      if (next.kind === 'form-errors') return next.errors;
      if (next.kind === 'form') setTimeout(() => respond(next, where));
      return null;
    },
  });
}

async function say(text) {
  const where = current;
  home.reset();
  stream.scrollTop = stream.scrollHeight;
  const result = await during(() => ask('command', { place: where, text }));
  respond(result, where);
  return result !== null;
}

async function press(message, action, button) {
  if (action.confirm !== null && !(await confirmed(action.confirm))) return;
  button.setAttribute('aria-disabled', 'true');
  const result = await during(() => ask('action', { place: message.place, message: message.ref, name: action.name, value: action.value }));
  button.removeAttribute('aria-disabled');
  respond(result, message.place);
}

const composer = openComposer({
  form: at('composer'),
  field: command,
  say,
  complete: async (text) => (await ask('complete', { place: current, text })).offers,
});

/** What a newcomer sees in an empty channel: what this is, and three things to try. */
function drawEmpty({ owner, name }) {
  if (owner !== null && owner !== 'you') return el('p', { class: 'empty' }, words.welcomeOther(name));
  const tries = { jobs: () => say('jobs'), subscribe: () => composer.suggest('subscribe '), help: () => say('help') };
  const one = ([text, act]) =>
    el('li', {}, el('button', { class: 'button', type: 'button', onclick: act }, el('code', {}, text), el('span', {}, words.tries[text])));
  return el(
    'div',
    { class: 'empty' },
    el('h2', {}, words.welcome),
    el('p', {}, words.welcomeText),
    el('ul', { class: 'tries' }, Object.entries(tries).map(one)),
  );
}

const panel = openPanel({ here: place, places: () => places, say, failed });
const home = openHome({
  tabs: at('tabs'),
  panel: at('home'),
  load: async () => (await during(() => ask('home', { place: current })))?.cards,
  draw: (card) => drawCard(card, (action, button) => pressAtHome(action, button)),
  turned: (isHome) => {
    at('home').hidden = !isHome;
    stream.hidden = isHome;
  },
});
/** What a button of the home page answers is a message: it is shown among them. */
async function pressAtHome(action, button) {
  await press({ place: current, ref: '' }, action, button);
  home.reset();
}

newest.addEventListener('click', () => {
  stream.scrollTop = stream.scrollHeight;
  newest.hidden = true;
});
stream.addEventListener('scroll', () => {
  if (stream.scrollHeight - stream.scrollTop - stream.clientHeight < 40) newest.hidden = true;
});

function toggleMenu(shown) {
  document.body.classList.toggle('menu-open', shown);
  at('menu').setAttribute('aria-expanded', String(shown));
}
at('menu').addEventListener('click', () => toggleMenu(at('menu').getAttribute('aria-expanded') !== 'true'));
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  if (document.body.classList.contains('menu-open')) toggleMenu(false);
  else if (!at('dialog').open) thread.close();
});
addEventListener('hashchange', () => {
  toggleMenu(false);
  showPlace();
});

if (matchMedia('(hover: hover)').matches) command.focus();
follow({
  changed,
  connected: (up) => {
    connection = up ? 'up' : 'lost';
    at('connection').textContent = words.connection[connection];
  },
});
