/** The line where commands are typed: completion by keyboard and by mouse, and what a newcomer is offered. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlayground } from '../../../adapters/playground/adapter.ts';
import type { InboundEvent } from '../../../src/ports/inbound.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RoutesServer, startRoutesServer } from '../../support/routes-server.ts';
import { playgroundDeps } from './as-page.ts';

const SECONDS = 10_000;
const JOBS = [
  { value: '7d1c52f0-3b7e', label: 'narrator-02 · 7d1c52f0' },
  { value: '26f06524-3b7e', label: 'narrator-01 · 26f06524' },
];

let browser: TestBrowser;
let server: RoutesServer;
let playground: ReturnType<typeof createPlayground>;
let said: string[];

beforeAll(async () => {
  browser = await startBrowser({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Asia/Shanghai' });
});
afterAll(() => browser.close());

beforeEach(async () => {
  said = [];
  server = await startRoutesServer(0);
  playground = createPlayground({ ...playgroundDeps(), dataDir: null, defaultLanguage: 'en' });
  await playground.start({ inbound, routes: server.routes });
});
afterEach(async () => {
  for (const page of browser.context.pages()) await page.close();
  await playground.stop();
  await server.close();
});

async function inbound(event: InboundEvent) {
  if (event.kind === 'command') said.push(event.text);
  if (event.kind !== 'form-options') return { kind: 'none' } as const;
  return { kind: 'options', options: JOBS.filter(({ label }) => label.startsWith(event.typed)) } as const;
}

function line(page: Page): Locator {
  return page.getByRole('combobox', { name: 'Command in # voice-lab' });
}

test('with the keyboard alone a command, its job and its preset are completed and sent', async () => {
  const page = await browser.open(server.url);
  await line(page).pressSequentially('/voicejob su');
  await page.getByRole('option', { name: /^subscribe/ }).waitFor({ timeout: SECONDS });
  await page.keyboard.press('Tab');
  await page.getByRole('option', { name: /narrator-01/ }).waitFor({ timeout: SECONDS });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await line(page).getAttribute('aria-activedescendant')).toBe(await page.getByRole('option', { selected: true }).getAttribute('id'));
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /^problems/ }).waitFor({ timeout: SECONDS });
  expect(await line(page).inputValue()).toBe('/voicejob subscribe narrator-01 ');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  expect(await line(page).inputValue()).toBe('/voicejob subscribe narrator-01 --notify @Lin ');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect.poll(() => said).toEqual(['subscribe narrator-01 --notify <@0>']);
  expect(await line(page).getAttribute('aria-expanded')).toBe('false');
});

test('with the mouse an offer is taken, and the line keeps the focus', async () => {
  const page = await browser.open(server.url);
  await line(page).pressSequentially('hist');
  await page.getByRole('option', { name: /^history/ }).click({ timeout: SECONDS });
  await page.getByRole('option', { name: /narrator-02/ }).click({ timeout: SECONDS });
  expect(await line(page).inputValue()).toBe('history narrator-02 ');
  await page.keyboard.press('Enter');
  await expect.poll(() => said).toEqual(['history narrator-02']);
});

test('Enter sends what was typed unless an offer was chosen; ↑ brings it back, Esc closes the offers', async () => {
  const page = await browser.open(server.url);
  await line(page).pressSequentially('li');
  await page.getByRole('option', { name: /^list/ }).waitFor({ timeout: SECONDS });
  await page.keyboard.press('Enter');
  await expect.poll(() => said).toEqual(['li']);
  await page.keyboard.press('ArrowUp');
  expect(await line(page).inputValue()).toBe('li');
  await page.keyboard.type('s');
  await page.getByRole('option', { name: /^list/ }).waitFor({ timeout: SECONDS });
  await page.keyboard.press('Escape');
  await page.getByRole('option', { name: /^list/ }).waitFor({ state: 'hidden', timeout: SECONDS });
  expect(await line(page).inputValue()).toBe('lis');
});

test('an empty channel offers three things to try', async () => {
  const page = await browser.open(server.url);
  await page.getByText('Nothing has been said here yet').waitFor({ timeout: SECONDS });
  expect(await page.getByRole('listitem').getByRole('button').allInnerTexts()).toHaveLength(3);
  await page.getByRole('button', { name: /^subscribe/ }).click({ timeout: SECONDS });
  await page.getByRole('option', { name: /narrator-02/ }).waitFor({ timeout: SECONDS });
  await page.getByRole('button', { name: /^jobs/ }).click({ timeout: SECONDS });
  await expect.poll(() => said).toEqual(['jobs']);
});

test('the page speaks the language of the browser, and the other one on request', async () => {
  const page = await browser.open(server.url);
  await page.getByRole('button', { name: '切换到中文' }).click({ timeout: SECONDS });
  await page.getByText('这里还没有消息').waitFor({ timeout: SECONDS });
  expect(await page.evaluate('document.documentElement.lang')).toBe('zh-CN');
  await page.getByRole('button', { name: 'Switch to English' }).click();
  await page.getByText('Nothing has been said here yet').waitFor({ timeout: SECONDS });
});
