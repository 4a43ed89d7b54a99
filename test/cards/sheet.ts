/**
 * `npm run cards`: every card at every moment of every fixture, as Slack and as Teams draw it, in both languages, light and dark, on one page to look at;
 * and pictures of it in docs/images, where Chromium is installed.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MESSAGES } from '../domain/cards/all-messages.ts';
import { FIXTURES } from '../domain/cards/fixture-views.ts';
import { momentsOf } from '../domain/cards/moments.ts';
import { findChromium, startBrowser } from '../support/browser.ts';
import { ALL_COLUMNS, type Column, type Row, sheetHtml } from './page.ts';

const FOLDER = resolve('.cache/cards');
const PICTURES = resolve('docs/images');

const everything: readonly Row[] = [
  ...FIXTURES.flatMap((fixture) => momentsOf(fixture).map(({ title, message }) => ({ section: fixture.name, title, message }))),
  ...MESSAGES.map((message) => ({ section: 'answers', title: nameOf(message), message })),
];

function nameOf(message: Row['message']): string {
  if (message.kind === 'notice') return `notice: ${message.notice.kind}`;
  return message.kind === 'error' ? `error: ${message.error.kind}` : message.kind;
}

/** The picture of the README: the messages that people meet most. */
const PICTURED: readonly (readonly [fixture: string, title: string])[] = [
  ['02', 'after 6: live card'],
  ['02', 'after 4: in a thread'],
  ['03', 'after 3: in a thread'],
  ['04', 'after 5: in a thread'],
  ['01', 'all at once'],
  ['02', 'history'],
  ['01', 'after 7: live card'],
];

function pictured(): Row[] {
  return PICTURED.map(([start, title]) => {
    const row = everything.find(({ section, title: found }) => section.startsWith(start) && found === title);
    if (!row) throw new Error(`no card is called ${start} ${title}`);
    return row;
  });
}

const README_COLUMNS: readonly Column[] = [
  { platform: 'slack', language: 'en', theme: 'light' },
  { platform: 'teams', language: 'en', theme: 'light' },
  { platform: 'slack', language: 'zh-CN', theme: 'dark' },
  { platform: 'teams', language: 'zh-CN', theme: 'dark' },
];

const ROWS_A_PICTURE = 30;

function write(name: string, html: string): string {
  mkdirSync(FOLDER, { recursive: true });
  const path = resolve(FOLDER, name);
  writeFileSync(path, html);
  return path;
}

/** Taller pages can't be taken in one picture. */
const TALLEST = 16_000;

async function picture(page: string, name: string, scale: number): Promise<void> {
  const browser = await startBrowser({ viewport: { width: 1900, height: 900 }, deviceScaleFactor: scale, timezoneId: 'Asia/Shanghai', locale: 'en-US' });
  try {
    const tab = await browser.open(pathToFileURL(page).href);
    await tab.locator('body[data-drawn=yes]').waitFor();
    const height = Number(await tab.evaluate('document.documentElement.scrollHeight'));
    if (height > TALLEST) throw new Error(`${name} would be ${height} px tall`);
    const path = resolve(PICTURES, name);
    await tab.screenshot({ path, fullPage: true, ...(name.endsWith('.jpg') ? { type: 'jpeg', quality: 60 } : {}) });
    process.stdout.write(`${path}\n`);
  } finally {
    await browser.close();
  }
}

const whole = write('index.html', sheetHtml(everything, ALL_COLUMNS));
process.stdout.write(`${everything.length} cards in ${ALL_COLUMNS.length} drawings each: ${pathToFileURL(whole).href}\n`);
if (findChromium() === null) {
  process.stdout.write('No pictures were taken: Chromium is not installed.\n');
} else {
  await picture(write('readme.html', sheetHtml(pictured(), README_COLUMNS)), 'cards.png', 1);
  for (const section of new Set(everything.map((row) => row.section))) {
    const rows = everything.filter((row) => row.section === section);
    for (let part = 0; part * ROWS_A_PICTURE < rows.length; part += 1) {
      const name = `cards-${section}${part === 0 ? '' : `-${part + 1}`}`;
      const page = write(`${name}.html`, sheetHtml(rows.slice(part * ROWS_A_PICTURE, (part + 1) * ROWS_A_PICTURE), README_COLUMNS));
      await picture(page, `sheet/${name}.jpg`, 0.65);
    }
  }
}
