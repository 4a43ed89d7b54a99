/** Draws a card. Every text goes into a text node; nothing is ever parsed as markup. */
import { whenIn, wordsIn } from './words.js';

/** An element with attributes and children; a child that is a string becomes text, null is left out. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== ''));
  return element;
}

/** A code up to this long goes to the next line as a whole; a longer one may break. */
const WHOLE_CODE = 24;
/** A duration such as 1h 59m or 1小时59分钟, which is read as one thing. */
const DURATION = /(\d+\p{L}{1,2}(?: ?\d+\p{L}{1,2}){1,3})/u;

const MARKS = { done: '✓', current: '▸', failed: '✗', open: '○' };

/** `press(action, button)` is called for a button that does something. */
export function drawCard(card, press) {
  const lang = card.language;
  const line = lineIn(lang);
  return el(
    'div',
    { class: `card ${card.severity}${card.blocks.length === 0 ? ' short' : ''}`, lang },
    card.title.length > 0 || card.emoji
      ? el('h2', { class: 'title' }, card.emoji ? el('span', { class: 'emoji', 'aria-hidden': 'true' }, card.emoji) : null, line(card.title))
      : null,
    card.blocks.map((block) => drawBlock(block, { line, say: wordsIn(lang) })),
    card.actions.length > 0
      ? el(
          'div',
          { class: 'actions' },
          card.actions.map((action) => drawAction(action, { press, say: wordsIn(lang) })),
        )
      : null,
  );
}

/** The voice a card is about: the one part of its title that stays when the job moves on. '' = it names none. */
export function nameIn(card) {
  return card.title.find(({ kind }) => kind === 'foreign')?.text ?? '';
}

function lineIn(language) {
  const when = whenIn(language);
  return (spans) => spans.flatMap((span) => drawSpan(span, when));
}

function drawSpan(span, when) {
  switch (span.kind) {
    case 'text': {
      const parts = span.text.split(DURATION).map((part, index) => (index % 2 === 1 ? el('span', { class: 'together' }, part) : part));
      return span.bold ? el('strong', {}, parts) : parts;
    }
    case 'foreign':
      // bdi: right-to-left or overriding characters in it turn around nothing else
      return el('bdi', {}, span.bold ? el('strong', {}, span.text) : span.text);
    case 'code':
      return el('code', { class: span.text.length <= WHOLE_CODE ? 'whole' : null }, span.text);
    case 'instant':
      return el('time', { datetime: new Date(span.at).toISOString(), title: when.full(span.at) }, when[span.format](span.at));
    case 'mention':
      return el('span', { class: 'mention' }, `@${span.name}`);
    default:
      return null;
  }
}

function drawBlock(block, { line, say }) {
  switch (block.kind) {
    case 'line':
      return el('p', {}, line(block.spans));
    case 'note':
      return el('p', { class: 'note' }, line(block.spans));
    case 'quote':
      return el(
        'div',
        { class: 'quote' },
        block.label.length > 0 ? el('p', { class: 'label' }, line(block.label)) : null,
        el('blockquote', { dir: 'auto' }, block.text),
      );
    case 'progress':
      return el(
        'div',
        { class: 'progress' },
        el('p', { class: 'caption' }, line(block.caption)),
        el(
          'ol',
          { class: 'steps' },
          block.steps.map((step) => drawStep(step, say)),
        ),
      );
    case 'facts':
      return el(
        'dl',
        {},
        block.facts.map(({ label, value }) => el('div', {}, el('dt', {}, label), el('dd', {}, line(value)))),
      );
    case 'list':
      return el(
        'div',
        { class: 'list' },
        block.title.length > 0 ? el('p', { class: 'label' }, line(block.title)) : null,
        el(
          'ul',
          {},
          block.items.map((lines) =>
            el(
              'li',
              {},
              lines.map((spans, index) => el('div', { class: index > 0 ? 'below' : null }, line(spans))),
            ),
          ),
        ),
      );
    case 'timeline':
      return el(
        'ol',
        { class: 'timeline' },
        block.items.map((entry) => drawEntry(entry, { line, say })),
      );
    default:
      return null;
  }
}

function mark(name, say) {
  return [el('span', { class: 'mark', 'aria-hidden': 'true' }, MARKS[name]), el('span', { class: 'unseen' }, `${say.steps[name]}: `)];
}

function drawStep(step, say) {
  return el('li', { class: step.mark, 'aria-current': step.mark === 'current' ? 'step' : null }, mark(step.mark, say), step.label);
}

function drawEntry(entry, { line, say }) {
  return el(
    'li',
    { class: entry.mark },
    el('span', { class: 'entry' }, entry.mark === 'none' ? null : mark(entry.mark, say), line(entry.line)),
    entry.quote ? el('blockquote', { dir: 'auto' }, entry.quote) : null,
  );
}

function drawAction(action, { press, say }) {
  const style = `button ${action.style}`;
  if (action.url !== null) {
    return el(
      'a',
      { class: style, href: action.url, target: '_blank', rel: 'noopener noreferrer' },
      action.label,
      el('span', { class: 'unseen' }, ` (${say.opens})`),
    );
  }
  const button = el('button', { class: style, type: 'button', 'data-action': `${action.name} ${action.value}` }, action.label);
  button.addEventListener('click', () => press(action, button));
  return button;
}
