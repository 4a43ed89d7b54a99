/** Which messages of a place stand where: roots and raised replies in the stream, all replies of one root in the thread. */
import { el } from './draw-card.js';
import { drawMessage, rootName } from './message.js';
import { sync } from './sync.js';
import { browser, when, words } from './words.js';

const NEAR_END_PX = 80;

/**
 * `content(message)` draws what the bot shows, `look()` says how (a change draws everything anew), `open(root, ref)` opens a thread,
 * `empty(place)` is drawn where nothing was said. `show` answers whether the end is in sight.
 */
export function streamView(container, { content, look, open, empty }) {
  const end = stickyEnd(container);
  const show = (place, messages, fresh) => {
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
      entries.push({
        // the name is in the key: the link to the thread is drawn anew when it changes
        key: message.root === null ? message.ref : `raised ${message.ref} ${rootName(root)}`,
        stamp: `${message.version} ${look()} ${browser.language}`,
        draw: () => drawMessage(message, { content, open, mark: message.root === null ? '' : 'thread', root }),
        after: (node) => count(node, message, { replies, open }),
      });
    }
    if (entries.length === 0) entries.push({ key: 'empty', stamp: `${place.id} ${browser.language}`, draw: () => empty(place) });
    if (fresh) container.replaceChildren();
    sync(container, entries);
    return end.keep(fresh);
  };
  return { show, settle: () => end.keep(false) };
}

/** The root and its replies, oldest first. */
export function threadView(container, { content, look, open }) {
  const end = stickyEnd(container);
  return {
    show: (root, replies, fresh) => {
      const entry = (message, mark) => ({
        key: message.ref,
        stamp: `${message.version} ${look()} ${browser.language}`,
        draw: () => drawMessage(message, { content, open, mark }),
      });
      if (fresh) container.replaceChildren();
      sync(container, [
        entry(root, ''),
        { key: 'count', stamp: `${replies.length} ${browser.language}`, draw: () => el('p', { class: 'day' }, words.replies(replies.length)) },
        ...replies.map((reply) => entry(reply, reply.raised ? 'raised' : '')),
      ]);
      end.keep(false);
    },
    settle: () => end.keep(false),
  };
}

/** Below a root: how many replies there are, and when the last came. */
function count(node, message, { replies, open }) {
  const body = node.querySelector(':scope > .body');
  const before = body.querySelector(':scope > .replies');
  const last = replies.at(-1);
  if (message.root !== null || last === undefined) return before?.remove();
  const text = words.repliesLast(replies.length, when.time(last.at));
  if (before?.textContent === text) return;
  if (before) before.textContent = text;
  else body.append(el('button', { class: 'replies', type: 'button', onclick: () => open(message.ref) }, text));
}

/** Stays at the end when it was there: what is drawn later (a picture of Slack, say) grows too. */
function stickyEnd(container) {
  let stuck = true;
  const near = () => container.scrollHeight - container.scrollTop - container.clientHeight < NEAR_END_PX;
  container.addEventListener('scroll', () => {
    stuck = near();
  });
  return {
    keep: (jump) => {
      if (jump) stuck = true;
      if (stuck) container.scrollTop = container.scrollHeight;
      return stuck;
    },
  };
}
