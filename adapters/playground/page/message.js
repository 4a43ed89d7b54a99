/** Draws one message: who says it, when, to whom, and what. */
import { el, nameIn } from './draw-card.js';
import { when, words } from './words.js';

/** `content(message)` draws what the bot shows; `mark` is 'raised' in a thread, 'thread' for the same reply in the channel; `open(root, ref)` opens a thread. */
export function drawMessage(message, { content, open, mark = '', root = null }) {
  const { author, at, editedAt, onlyFor } = message;
  const chip = (text) => el('span', { class: 'chip' }, text);
  const head = el(
    'header',
    {},
    el('span', { class: 'author' }, author.name === 'You' ? words.you : author.name),
    author.bot ? el('span', { class: 'app' }, words.app) : null,
    el('time', { datetime: new Date(at).toISOString(), title: when.full(at) }, when.time(at)),
    editedAt === null ? null : chip(words.edited(when.time(editedAt))),
    onlyFor === null ? null : chip(words.onlyFor(onlyFor)),
    mark === 'raised' ? chip(words.alsoIn(message.placeName)) : null,
  );
  const body = message.removed ? el('p', { class: 'removed' }, words.removed) : message.card ? content(message) : el('p', { class: 'said' }, message.text);
  return el(
    'article',
    { class: `message${onlyFor === null ? '' : ' private'}`, 'data-ref': message.ref, tabindex: '-1' },
    author.bot
      ? el('img', { class: 'avatar', src: '/playground/voicejob.svg', alt: '' })
      : el('span', { class: 'avatar', 'aria-hidden': 'true' }, author.name.slice(0, 1)),
    el('div', { class: 'body' }, head, mark === 'thread' ? threadLink(message, root, open) : null, body),
  );
}

/** The voice that a thread is about, or ''. */
export function rootName(root) {
  return root?.card ? nameIn(root.card) : '';
}

function threadLink(message, root, open) {
  const name = rootName(root);
  const [before, after] = words.threadOf;
  const text = name === '' ? words.aThread : [before, el('bdi', {}, name), after];
  const link = () => el('button', { class: 'link', type: 'button', onclick: () => open(root.ref, message.ref) }, text);
  return el('p', { class: 'thread-of' }, root === null ? text : link());
}
