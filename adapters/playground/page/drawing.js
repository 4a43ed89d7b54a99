/*
 * How a Teams client draws an Adaptive Card, and how Slack's HTML becomes nodes: colours by theme, dates in the browser's zone. A classic
 * script, because the card library is one. It runs in a frame of its own, where markup may be parsed; what it draws is moved into the page.
 */
const palette = {
  light: {
    text: '#242424',
    subtle: '#616161',
    accent: '#5b5fc7',
    good: '#237b4b',
    warning: '#835c00',
    attention: '#c4314b',
    card: '#ffffff',
    emphasis: '#f0f0f0',
  },
  dark: {
    text: '#ffffff',
    subtle: '#adadad',
    accent: '#9299f7',
    good: '#92c353',
    warning: '#f8d22a',
    attention: '#e37d80',
    card: '#292929',
    emphasis: '#1f1f1f',
  },
};
const tints = {
  light: { accent: '#e8ebfa', good: '#e7f2da', warning: '#fbf6d9', attention: '#fcf4f6' },
  dark: { accent: '#2f2f4a', good: '#0d2e0d', warning: '#463100', attention: '#3e1f25' },
};

function hostConfig(theme) {
  const colour = palette[theme];
  const both = (value, soft) => ({ default: value, subtle: soft ?? value });
  const foregroundColors = {
    default: both(colour.text, colour.subtle),
    accent: both(colour.accent),
    good: both(colour.good),
    warning: both(colour.warning),
    attention: both(colour.attention),
    dark: both(colour.text),
    light: both(colour.subtle),
  };
  const style = (backgroundColor) => ({ backgroundColor, foregroundColors });
  return new AdaptiveCards.HostConfig({
    fontFamily: '"Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif',
    fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
    spacing: { small: 6, default: 10, medium: 12, large: 18, extraLarge: 24, padding: 12 },
    actions: {
      maxActions: 6,
      spacing: 'default',
      buttonSpacing: 8,
      showCard: { actionMode: 'inline' },
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
    },
    containerStyles: {
      default: style(colour.card),
      emphasis: style(colour.emphasis),
      accent: style(tints[theme].accent),
      good: style(tints[theme].good),
      warning: style(tints[theme].warning),
      attention: style(tints[theme].attention),
    },
    factSet: { title: { weight: 'bolder', wrap: true, maxWidth: 120 }, value: { wrap: true }, spacing: 12 },
  });
}

/* Teams itself reads Markdown; so few marks are used that these are enough here. */
function processMarkdown(text, result) {
  const plain = text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/\\([\\`*_[\]()#+\-.!<>~|])/g, (_, mark) => `&#${mark.charCodeAt(0)};`);
  result.outputHtml = plain
    .replace(/&lt;at>(.*?)&lt;\/at>/g, '<b class="mention">$1</b>')
    .replace(/\*\*(.+?)\*\*/g, '<b>$1</b>')
    .replace(/\n/g, '<br>');
  result.didProcess = true;
}
if (typeof AdaptiveCards !== 'undefined') AdaptiveCards.AdaptiveCard.onProcessMarkdown = processMarkdown;

/* The element of a card (Adaptive Card JSON). `execute(action)`: a button; `overflow(actions, target)`: the dots, which are called `more`. */
function drawTeams({ lang, ...json }, { theme, execute, overflow, more }) {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = hostConfig(theme);
  const context = new AdaptiveCards.SerializationContext();
  card.parse(json, context);
  card.lang = lang;
  card.onExecuteAction = execute;
  if (more) AdaptiveCards.Strings.defaults.overflowButtonTooltip = () => more;
  if (overflow) {
    card.onDisplayOverflowActionMenu = (actions, target) => {
      overflow(actions, target);
      return true;
    };
  }
  const complaints = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  return { element: card.render() ?? null, complaints };
}

/* HTML as nodes that belong to no document yet. */
function drawHtml(html) {
  const template = document.createElement('template');
  template.innerHTML = html;
  return template.content;
}
globalThis.drawing = { drawTeams: typeof AdaptiveCards === 'undefined' ? null : drawTeams, drawHtml };
