/** The page: knows what the server told, shows one place of it, and sends what the person does. */
import { confirmed, showForm } from './dialogs.js';
import { el } from './draw-card.js';
import { ask, follow } from './server.js';
import { streamView } from './view.js';
import { words } from './words.js';

const at = (id) => document.getElementById(id);
const [nav, stream, composer, command, newest, trouble] = ['places', 'stream', 'composer', 'command', 'newest', 'trouble'].map(at);

const messages = new Map();
/** Per place: messages that arrived while another place was shown; problems are counted. */
const unread = new Map();
const typed = [];
let typedAt = 0;
let places = [];
let current = '';
let working = 0;

document.documentElement.lang = words.app === 'App' ? 'en' : 'zh-CN';
at('send').textContent = words.send;
at('hint').textContent = words.hint;
command.placeholder = words.placeholder;
stream.setAttribute('aria-label', words.stream);
nav.setAttribute('aria-label', words.places);
at('menu').setAttribute('aria-label', words.menu);
at('connection').textContent = words.connecting;

const view = streamView(stream, { press, suggest: (text) => say(text) });

function place() {
  return places.find(({ id }) => id === current);
}

function label({ name, owner }) {
  return owner === null ? name.replace('#', '# ') : owner === 'you' ? 'voicejob' : words.dmOf(name);
}

function showPlace() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  const changed = current;
  current = places.some(({ id }) => id === wanted) ? wanted : (places[0]?.id ?? '');
  unread.delete(current);
  drawPlaces();
  drawStream(changed !== current);
}

function drawPlaces() {
  const group = (title, members) => el('div', { class: 'group' }, el('h2', {}, title), el('ul', {}, members.map(drawPlace)));
  const focused = nav.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  nav.replaceChildren(
    group(
      words.channels,
      places.filter(({ owner }) => owner === null),
    ),
    group(
      words.dms,
      places.filter(({ owner }) => owner !== null),
    ),
  );
  if (focused) nav.querySelector(`[href="${focused}"]`)?.focus();
  const { name, owner, archived } = place();
  at('place-name').textContent = label(place());
  at('place-hint').textContent = archived ? words.archivedHint : owner === null ? words.channelHint : owner === 'you' ? words.dmHint : words.otherHint(name);
  command.setAttribute('aria-label', words.command(label(place())));
  document.title = `${label(place())} · voicejob playground`;
}

function drawPlace(entry) {
  const news = unread.get(entry.id);
  const badge =
    news?.problems > 0
      ? el(
          'span',
          { class: 'badge' },
          el('span', { 'aria-hidden': 'true' }, String(news.problems)),
          el('span', { class: 'unseen' }, ` ${words.unread(news.problems)}`),
        )
      : null;
  const quiet = news && !badge ? el('span', { class: 'unseen' }, ` ${words.news}`) : null;
  return el(
    'li',
    {},
    el(
      'a',
      { href: `#${entry.id}`, class: news ? 'unread' : null, 'aria-current': entry.id === current ? 'page' : null },
      el('span', {}, label(entry)),
      badge,
      quiet,
    ),
  );
}

function drawStream(fresh) {
  const here = [...messages.values()].filter((message) => message.place === current);
  here.sort((a, b) => a.at - b.at);
  const atEnd = view.show(place(), here, fresh);
  if (atEnd) newest.hidden = true;
  else newest.hidden = false;
}

function changed({ reset, places: told, messages: news }) {
  const first = places.length === 0;
  places = told;
  if (reset) messages.clear();
  for (const message of news) {
    const known = messages.has(message.ref);
    messages.set(message.ref, { ...message, placeName: label(places.find(({ id }) => id === message.place)) });
    if (!first && !reset && !known && !message.removed && message.place !== current) {
      const before = unread.get(message.place) ?? { problems: 0 };
      unread.set(message.place, { problems: before.problems + (message.card?.severity === 'bad' ? 1 : 0) });
    }
  }
  if (first) showPlace();
  else {
    drawPlaces();
    drawStream(false);
  }
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

async function submitCommand() {
  const text = command.value.trim();
  if (text === '') return;
  typed.push(text);
  typedAt = typed.length;
  command.value = '';
  stream.scrollTop = stream.scrollHeight;
  if (!(await say(text)) && command.value === '') command.value = text;
}
composer.addEventListener('submit', (event) => {
  event.preventDefault();
  void submitCommand();
});

command.addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
  const next = Math.min(Math.max(typedAt + (event.key === 'ArrowUp' ? -1 : 1), 0), typed.length);
  if (next === typedAt) return;
  event.preventDefault();
  typedAt = next;
  command.value = typed[next] ?? '';
});

newest.textContent = words.newest;
newest.addEventListener('click', () => {
  stream.scrollTop = stream.scrollHeight;
  newest.hidden = true;
});
stream.addEventListener('scroll', () => {
  if (stream.scrollHeight - stream.scrollTop - stream.clientHeight < 40) newest.hidden = true;
});

function toggleMenu(open) {
  document.body.classList.toggle('menu-open', open);
  at('menu').setAttribute('aria-expanded', String(open));
}
at('menu').addEventListener('click', () => toggleMenu(at('menu').getAttribute('aria-expanded') !== 'true'));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') toggleMenu(false);
});
addEventListener('hashchange', () => {
  toggleMenu(false);
  showPlace();
});

if (matchMedia('(hover: hover)').matches) command.focus();
follow({
  changed,
  connected: (up) => {
    at('connection').textContent = up ? '' : words.lost;
  },
});
