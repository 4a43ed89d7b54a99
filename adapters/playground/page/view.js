/** Draws the stream of one place and keeps what is drawn in step with what is known, touching only what changed. */
import { drawCard, drawTitle, el, nameIn } from './draw-card.js';
import { when, words } from './words.js';

/** Replies that are shown below their root until somebody asks for all. */
const NEWEST_REPLIES = 3;
const NEAR_END_PX = 80;

/** `press(message, action, button)`: a button of a card; `suggest(text)`: a command somebody wants to try. */
export function streamView(container, { press, suggest }) {
  const unfolded = new Set();
  let drawn = null;

  const toggle = (ref) => {
    if (!unfolded.delete(ref)) unfolded.add(ref);
    drawn();
  };

  const replyEntries = (root, replies) => {
    const all = unfolded.has(root.ref) || replies.length <= NEWEST_REPLIES + 1;
    const hidden = replies.length - NEWEST_REPLIES;
    const shown = all ? replies : replies.slice(-NEWEST_REPLIES);
    const fold =
      replies.length > NEWEST_REPLIES + 1 ? [{ key: 'fold', stamp: `${all} ${hidden}`, draw: () => foldButton(all, hidden, () => toggle(root.ref)) }] : [];
    return [
      ...fold,
      ...shown.map((reply) => ({ key: reply.ref, stamp: reply, draw: () => drawMessage(reply, { press, container, mark: reply.raised ? 'raised' : '' }) })),
    ];
  };

  /** Draws `messages` of a place, in order. `fresh`: another place is shown now. */
  const draw = (place, messages, fresh) => {
    const atEnd = container.scrollHeight - container.scrollTop - container.clientHeight < NEAR_END_PX;
    const known = new Map(messages.map((message) => [message.ref, message]));
    const repliesOf = Map.groupBy(
      messages.filter(({ root, removed }) => root !== null && !removed),
      ({ root }) => root,
    );
    const entries = [];
    let lastDay = '';
    for (const message of messages) {
      const root = message.root === null ? null : (known.get(message.root) ?? null);
      const replies = repliesOf.get(message.ref) ?? [];
      if (message.removed && replies.length === 0) continue;
      if (root !== null && !message.raised) continue;
      const day = when.day(message.at);
      if (day !== lastDay) entries.push({ key: `day ${day}`, stamp: day, draw: () => el('h2', { class: 'day' }, day) });
      lastDay = day;
      entries.push(
        message.root === null
          ? {
              key: message.ref,
              stamp: message,
              draw: () => drawMessage(message, { press, container, mark: '' }),
              after: (node) => sync(repliesBox(node, replies.length), replyEntries(message, replies)),
            }
          : {
              // the name is in the key: the link to the thread is drawn anew when it changes
              key: `raised ${message.ref} ${rootName(root)}`,
              stamp: message,
              draw: () => drawMessage(message, { press, container, mark: 'thread', root }),
            },
      );
    }
    if (entries.length === 0) entries.push({ key: 'empty', stamp: place.id, draw: () => drawEmpty(suggest) });
    if (fresh) container.replaceChildren();
    sync(container, entries);
    if (fresh || atEnd) container.scrollTop = container.scrollHeight;
    return atEnd || fresh;
  };

  return {
    show: (place, messages, fresh) => {
      drawn = () => draw(place, messages, false);
      return draw(place, messages, fresh);
    },
  };
}

/** Makes the children be `entries` ({key, stamp, draw, after?}) in order: a child is drawn anew only when its stamp is another. */
function sync(container, entries) {
  const before = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let place = container.firstElementChild;
  for (const { key, stamp, draw, after } of entries) {
    let node = before.get(key);
    before.delete(key);
    if (node && node.stamp !== stamp) {
      const fresh = prepared(draw(), key, stamp);
      const kept = node.querySelector(':scope > .body > .replies');
      if (kept) fresh.querySelector(':scope > .body').append(kept);
      if (place === node) place = fresh;
      keepFocus(node, fresh, () => node.replaceWith(fresh));
      node = fresh;
    }
    node ??= prepared(draw(), key, stamp);
    if (node === place) place = place.nextElementSibling;
    else container.insertBefore(node, place);
    after?.(node);
  }
  for (const node of before.values()) node.remove();
}

function prepared(node, key, stamp) {
  node.dataset.key = key;
  node.stamp = stamp;
  return node;
}

/** A live card may be edited while somebody stands on one of its buttons. */
function keepFocus(old, fresh, replace) {
  const action = old.contains(document.activeElement) ? document.activeElement.dataset.action : undefined;
  replace();
  if (action !== undefined) [...fresh.querySelectorAll('[data-action]')].find((button) => button.dataset.action === action)?.focus();
}

function repliesBox(node, count) {
  const body = node.querySelector(':scope > .body');
  const box = body.querySelector(':scope > .replies') ?? el('div', { class: 'replies', role: 'group' });
  box.setAttribute('aria-label', words.replies(count));
  if (count === 0) box.remove();
  else if (!box.isConnected || box.parentElement !== body) body.append(box);
  return box;
}

function foldButton(all, hidden, toggle) {
  return el('button', { class: 'fold', type: 'button', 'aria-expanded': String(all), onclick: toggle }, all ? words.fewer : words.earlier(hidden));
}

function drawMessage(message, { press, container, mark, root = null }) {
  const { author, at, editedAt, onlyFor } = message;
  const chip = (text) => el('span', { class: 'chip' }, text);
  const head = el(
    'header',
    {},
    el('span', { class: 'author' }, author.name),
    author.bot ? el('span', { class: 'app' }, words.app) : null,
    el('time', { datetime: new Date(at).toISOString(), title: when.full(at) }, when.time(at)),
    editedAt === null ? null : chip(words.edited(when.time(editedAt))),
    onlyFor === null ? null : chip(words.onlyFor(onlyFor)),
    mark === 'raised' ? chip(words.alsoIn(message.placeName)) : null,
  );
  const content = message.removed
    ? el('p', { class: 'removed' }, words.removed)
    : mark === 'raised'
      ? raisedLink(message, container)
      : message.card
        ? drawCard(message.card, (action, button) => press(message, action, button))
        : el('p', { class: 'said' }, message.text);
  return el(
    'article',
    { class: `message${onlyFor === null ? '' : ' private'}`, [mark === 'thread' ? 'data-raised' : 'data-ref']: message.ref, tabindex: '-1' },
    author.bot
      ? el('img', { class: 'avatar', src: '/playground/voicejob.svg', alt: '' })
      : el('span', { class: 'avatar', 'aria-hidden': 'true' }, author.name.slice(0, 1)),
    el('div', { class: 'body' }, head, mark === 'thread' ? threadLink(root, container) : null, content),
  );
}

function rootName(root) {
  return root?.card ? nameIn(root.card) : '';
}

function threadLink(root, container) {
  const name = rootName(root);
  const [before, after] = words.threadOf;
  const text = name === '' ? words.aThread : [before, el('bdi', {}, name), after];
  return el('p', { class: 'thread' }, root === null ? text : linkTo(container, `[data-ref="${CSS.escape(root.ref)}"]`, text));
}

/** A raised reply stands in full in the channel, so below its root one line is enough. */
function raisedLink({ ref, card }, container) {
  const emoji = card.emoji ? el('span', { class: 'emoji', 'aria-hidden': 'true' }, card.emoji) : null;
  return el('p', { lang: card.language }, emoji, linkTo(container, `[data-raised="${CSS.escape(ref)}"]`, drawTitle(card)));
}

function linkTo(container, selector, text) {
  const jump = () => {
    const node = container.querySelector(selector);
    node?.scrollIntoView({ block: 'start' });
    node?.focus();
  };
  return el('button', { class: 'link', type: 'button', onclick: jump }, text);
}

function drawEmpty(suggest) {
  const commands = ['help', 'jobs', 'list'].map((text) => el('button', { class: 'button', type: 'button', onclick: () => suggest(text) }, text));
  return el('div', { class: 'empty' }, el('p', {}, words.empty), el('p', {}, words.tryThese), el('div', { class: 'actions' }, commands));
}
