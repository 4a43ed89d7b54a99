/** A list of offers below or above a text field: ↑ ↓ choose, Enter and Tab or the mouse take one, Esc closes it (the combobox pattern of ARIA). */
import { el } from './draw-card.js';

/** `take(offer)` is called for the one that is taken; an offer is {label, detail?}. Tab takes the first when none is chosen, where `tab` is true. */
export function offersFor(control, { id, label, take, tab = false }) {
  let offers = [];
  let current = -1;
  const list = el('ul', { id, class: 'offers', role: 'listbox', 'aria-label': label, tabindex: '-1', hidden: true });
  // its scroll bar must not take the focus: without it the offers close
  list.addEventListener('mousedown', (event) => event.preventDefault());
  for (const [name, value] of [
    ['role', 'combobox'],
    ['aria-controls', id],
    ['aria-expanded', 'false'],
    ['aria-autocomplete', 'list'],
  ]) {
    control.setAttribute(name, value);
  }

  const show = (found) => {
    offers = found;
    current = -1;
    control.removeAttribute('aria-activedescendant');
    list.hidden = found.length === 0;
    control.setAttribute('aria-expanded', String(found.length > 0));
    list.replaceChildren(...found.map(drawOffer));
  };
  const drawOffer = (offer, index) =>
    el(
      'li',
      { role: 'option', id: `${id}-${index}`, 'aria-selected': 'false', onclick: () => choose(offer) },
      el('span', { class: 'offer' }, offer.label),
      offer.detail ? el('span', { class: 'detail' }, ` ${offer.detail}`) : null,
    );
  const choose = (offer) => {
    show([]);
    take(offer);
  };
  const move = (by) => {
    current = current < 0 && by < 0 ? offers.length - 1 : (current + by + offers.length) % offers.length;
    for (const [index, item] of [...list.children].entries()) item.setAttribute('aria-selected', String(index === current));
    list.children[current].scrollIntoView({ block: 'nearest' });
    control.setAttribute('aria-activedescendant', `${id}-${current}`);
  };

  control.addEventListener('blur', () => show([]));
  control.addEventListener('keydown', (event) => {
    if (offers.length === 0) return;
    const taken = (event.key === 'Enter' && current >= 0) || (event.key === 'Tab' && tab && !event.shiftKey);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') move(event.key === 'ArrowDown' ? 1 : -1);
    else if (taken) choose(offers[Math.max(current, 0)]);
    else if (event.key === 'Escape') show([]);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  });
  return { list, show };
}
