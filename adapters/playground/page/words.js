/** The page's own words. What voicejob says comes finished in its cards. */
import { keep, kept } from './settings.js';
import { EN } from './words-en.js';
import { ZH } from './words-zh.js';

/** As chosen on this page, or else as the browser has it. */
export const browser = { language: kept('language') ?? navigator.language, zone: Intl.DateTimeFormat().resolvedOptions().timeZone };

/** The page's words in the language of a text, such as a card's. */
export function wordsIn(language) {
  return language.toLowerCase().startsWith('zh') ? ZH : EN;
}

export let words = wordsIn(browser.language);

const written = [];

/** Writes now, and again whenever the page turns to its other language: for words that stand still. What is drawn from data is drawn anew anyway. */
export function inWords(write) {
  written.push(write);
  write();
}

/** Turns the page to the other of its two languages, where it stands. */
export function turnTongue() {
  browser.language = words === ZH ? 'en' : 'zh-CN';
  keep('language', browser.language);
  words = wordsIn(browser.language);
  when = writer(browser.language);
  for (const write of written) write();
}

const MOMENT = { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' };

/** The year is written when it is another than now. */
function thisYearOr(near, far) {
  return (at) => (new Date(at).getFullYear() === new Date().getFullYear() ? near : far)(at);
}

/** How instants (ms since 1970) are written in a language. */
function writer(language) {
  const format = (options) => {
    const formatter = new Intl.DateTimeFormat(language, options);
    return (at) => formatter.format(at);
  };
  return {
    short: thisYearOr(format(MOMENT), format({ ...MOMENT, year: 'numeric' })),
    time: format({ hour: '2-digit', minute: '2-digit' }),
    day: format({ weekday: 'long', month: 'long', day: 'numeric' }),
    full: format({ dateStyle: 'full', timeStyle: 'long' }),
  };
}

/** Instants around the cards, as the browser's language writes them. */
export let when = writer(browser.language);

const writers = new Map();

/** Instants inside a text of this language: as the reader's own variety of it writes them (en-GB, zh-TW), where there is one. In the browser's zone. */
export function whenIn(language) {
  if (!writers.has(language)) writers.set(language, writer(navigator.languages.find((own) => base(own) === base(language)) ?? language));
  return writers.get(language);
}

function base(language) {
  return language.split('-')[0].toLowerCase();
}
