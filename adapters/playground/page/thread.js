/** The pane at the right (on a phone, the whole screen) with one thread: its root and all replies. */
import { rootName } from './message.js';
import { threadView } from './view.js';
import { inWords, words } from './words.js';

const at = (id) => document.getElementById(id);

/** `closed()` is called when somebody closes it; the other two are those of the stream. */
export function openThread({ content, look, closed }) {
  const pane = at('thread');
  const view = threadView(at('replies'), { content, look, open: () => {} });
  let shown = '';
  let fresh = false;
  let wanted = null;
  inWords(() => {
    at('thread-title').textContent = words.thread;
    at('replies').setAttribute('aria-label', words.threadMessages);
    at('thread-close').setAttribute('aria-label', words.close(words.thread));
  });

  const close = () => {
    if (pane.hidden) return;
    const opener = document.querySelector(`#stream [data-ref="${CSS.escape(shown)}"] .replies`);
    closed();
    opener?.focus();
  };
  at('thread-close').addEventListener('click', close);

  return {
    close,
    /** Which thread there is to be seen; '' = none. */
    open: (root) => {
      fresh = root !== shown;
      shown = root;
    },
    /** Stands on this reply once it is drawn. */
    jump: (ref) => {
      wanted = ref;
    },
    settle: () => view.settle(),
    /** `messages`: all of the place, oldest first. */
    draw: (messages, label) => {
      const root = messages.find(({ ref }) => ref === shown);
      const appears = root !== undefined && (pane.hidden || fresh || wanted !== null);
      pane.hidden = root === undefined;
      document.body.classList.toggle('thread-open', root !== undefined);
      if (root === undefined) return;
      at('thread-of').replaceChildren([rootName(root), label].filter((part) => part !== '').join(' · '));
      view.show(
        root,
        messages.filter(({ root: answered, removed }) => answered === root.ref && !removed),
        fresh,
      );
      fresh = false;
      if (!appears) return;
      const node = wanted === null ? null : at('replies').querySelector(`[data-ref="${CSS.escape(wanted)}"]`);
      wanted = null;
      node?.scrollIntoView({ block: 'start' });
      (node ?? at('thread-title')).focus();
    },
  };
}
