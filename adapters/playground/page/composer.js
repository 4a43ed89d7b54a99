/** The line where commands are typed: it completes them, and brings earlier ones back. */
import { offersFor } from './offers.js';
import { inWords, words } from './words.js';

/** Commands are known here; jobs are asked for upstream, so a pause in typing is waited for. */
const TYPING_PAUSE_MS = 150;

/** `say(text)` sends a line and answers whether it was taken; `complete(text)` answers offers {label, detail, insert}. */
export function openComposer({ form, field, say, complete }) {
  const typed = [];
  let typedAt = 0;
  let pause;
  let asked = 0;
  const offers = offersFor(field, { id: 'completions', label: '', take: (offer) => set(offer.insert, true), tab: true });
  form.prepend(offers.list);
  inWords(() => offers.list.setAttribute('aria-label', words.completions));

  const set = (text, more) => {
    field.value = text;
    field.focus();
    if (more) look(0);
  };
  const look = (afterMs) => {
    clearTimeout(pause);
    asked += 1;
    const mine = asked;
    if (field.value.trim() === '') return offers.show([]);
    pause = setTimeout(async () => {
      const found = await complete(field.value).catch(() => []);
      if (mine === asked && document.activeElement === field) offers.show(found);
    }, afterMs);
  };
  const still = () => {
    clearTimeout(pause);
    asked += 1;
    offers.show([]);
  };

  field.addEventListener('input', () => look(TYPING_PAUSE_MS));
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    const next = Math.min(Math.max(typedAt + (event.key === 'ArrowUp' ? -1 : 1), 0), typed.length);
    if (next === typedAt) return;
    event.preventDefault();
    typedAt = next;
    still();
    field.value = typed[next] ?? '';
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const text = field.value.trim();
    if (text === '') return;
    still();
    typed.push(text);
    typedAt = typed.length;
    field.value = '';
    if (!(await say(text)) && field.value === '') field.value = text;
  });
  /** Puts a line there for somebody to go on with. */
  return { suggest: (text) => set(text, true) };
}
