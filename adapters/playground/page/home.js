/** The two faces of one's own conversation: its messages, and the bot's home page. */
import { el } from './draw-card.js';
import { inWords, words } from './words.js';

const NAMES = ['messages', 'home'];

/** `load()` answers the home page's cards; `draw(card)` draws one; `turned(isHome)` shows the one face and hides the other. */
export function openHome({ tabs, panel, load, draw, turned }) {
  let current = 'messages';
  const buttons = NAMES.map((name) =>
    el('button', { type: 'button', role: 'tab', id: `tab-${name}`, 'aria-controls': name === 'home' ? panel.id : 'stream', onclick: () => void turn(name) }),
  );
  tabs.setAttribute('aria-label', 'voicejob');
  tabs.replaceChildren(...buttons);
  panel.setAttribute('aria-labelledby', 'tab-home');
  tabs.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const next = NAMES.find((name) => name !== current);
    void turn(next);
    buttons[NAMES.indexOf(next)].focus();
  });

  const mark = () => {
    for (const [index, name] of NAMES.entries()) {
      buttons[index].setAttribute('aria-selected', String(name === current));
      buttons[index].setAttribute('tabindex', name === current ? '0' : '-1');
    }
    turned(current === 'home');
  };
  const turn = async (name) => {
    current = name;
    mark();
    if (name !== 'home') return;
    const cards = (await load()) ?? [];
    panel.replaceChildren(...cards.map(draw));
  };
  inWords(() => {
    for (const [index, name] of NAMES.entries()) buttons[index].textContent = words.tabs[name];
    void turn(current);
  });
  return { reset: () => void turn('messages') };
}
