/** Channels and conversations at the left: which there are, which one is shown, and where something happened meanwhile. */
import { el } from './draw-card.js';
import { words } from './words.js';

/** A place as people call it. */
export function placeLabel({ name, owner }) {
  return owner === null ? name.replace('#', '# ') : owner === 'you' ? 'voicejob' : words.dmOf(name);
}

export function placeHint({ name, owner, archived }) {
  if (archived) return words.archivedHint;
  return owner === null ? words.channelHint : owner === 'you' ? words.dmHint : words.otherHint(name);
}

/** `unread`: per place what arrived while another was shown, {problems}. */
export function drawPlaces(nav, places, { current, unread }) {
  const item = (entry) => drawPlace(entry, unread.get(entry.id), entry.id === current);
  const group = (title, members) => el('div', { class: 'group' }, el('h2', {}, title), el('ul', {}, members.map(item)));
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
}

function drawPlace(entry, news, isCurrent) {
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
      { href: `#${entry.id}`, class: news ? 'unread' : null, 'aria-current': isCurrent ? 'page' : null },
      el('span', {}, placeLabel(entry)),
      badge,
      quiet,
    ),
  );
}
