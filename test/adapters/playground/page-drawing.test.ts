/** How the page draws messages: where they stand, what they link to, how they are written and how they fit. */

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlayground } from '../../../adapters/playground/adapter.ts';
import type { Card } from '../../../src/domain/card.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RoutesServer, startRoutesServer } from '../../support/routes-server.ts';
import { playgroundDeps } from './as-page.ts';
import { code, entry, foreign, liveCard, rejection, text } from './sample-cards.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 0);
const CHANNEL = { platform: 'playground', id: 'voice-lab', route: '' };
const SECONDS = 10_000;

let browser: TestBrowser;
let server: RoutesServer;
let playground: ReturnType<typeof createPlayground>;

beforeAll(async () => {
  browser = await startBrowser({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Asia/Shanghai' });
});
afterAll(() => browser.close());

beforeEach(async () => {
  server = await startRoutesServer(0);
  playground = createPlayground({ ...playgroundDeps(), dataDir: null, defaultLanguage: 'en' });
  await playground.start({ inbound: async () => ({ kind: 'none' }), routes: server.routes });
});
afterEach(async () => {
  for (const page of browser.context.pages()) await page.close();
  await playground.stop();
  await server.close();
});

async function post(card: Card, root: string | null = null, raised = false): Promise<string> {
  const outcome = await playground.post({ address: CHANNEL, card, delivery: { gen: 'g', keys: [card.text] }, root, raised });
  if (outcome.kind !== 'delivered') throw new Error(outcome.kind);
  return outcome.ref;
}

async function update(ref: string, card: Card): Promise<void> {
  await playground.update({ address: CHANNEL, ref, card, delivery: { gen: 'g', keys: ['root'] } });
}

async function sees(page: Page, words: string): Promise<void> {
  await page.getByRole('log').getByText(words).first().waitFor({ timeout: SECONDS });
}

test('a raised reply stands in full in the channel, which links to its thread; replies that are not raised are only counted there', async () => {
  const page = await browser.open(server.url);
  const stream = page.getByRole('log', { name: 'Messages', exact: true });
  const ref = await post(liveCard(NOW));
  await post(entry('Recordings checked'), ref);
  await post(rejection(NOW), ref, true);
  await stream.getByText('Authorization letter is not signed').waitFor({ timeout: SECONDS });
  expect(await stream.getByText('Recordings checked').count()).toBe(0);
  await stream.getByRole('button', { name: /^2 replies · last \d\d:\d\d$/ }).waitFor({ timeout: SECONDS });

  await page.getByRole('button', { name: 'Reply in the thread of narrator-01' }).click();
  const pane = page.getByRole('complementary', { name: 'Thread' });
  await pane.getByText('also in # voice-lab').waitFor({ timeout: SECONDS });
  expect(await pane.getByText('Recordings checked').count()).toBe(1);
  await expect.poll(() => page.evaluate('document.activeElement.innerText')).toContain('Authorization letter is not signed');

  await post(entry('Submitted again'), ref);
  await pane.getByText('Submitted again').waitFor({ timeout: SECONDS });
  await stream.getByRole('button', { name: /^3 replies/ }).waitFor({ timeout: SECONDS });
  await page.keyboard.press('Escape');
  await pane.waitFor({ state: 'hidden', timeout: SECONDS });
});

test('with the keyboard a thread opens, and closing it leads back to where it was opened; the address keeps it open over a reload', async () => {
  const page = await browser.open(server.url);
  const ref = await post(liveCard(NOW));
  await post(entry('Recordings checked'), ref);
  const count = page.getByRole('button', { name: /^1 reply/ });
  await count.focus();
  await page.keyboard.press('Enter');
  const pane = page.getByRole('complementary', { name: 'Thread' });
  await pane.getByText('Recordings checked').waitFor({ timeout: SECONDS });
  await page.reload();
  await pane.getByText('Recordings checked').waitFor({ timeout: SECONDS });
  await page.getByRole('button', { name: 'Close: Thread' }).focus();
  await page.keyboard.press('Enter');
  await pane.waitFor({ state: 'hidden', timeout: SECONDS });
  await expect.poll(() => page.evaluate('document.activeElement.className')).toBe('replies');
});

test('at 390 px a thread takes the whole width, and nothing scrolls sideways', async () => {
  const page = await browser.open(server.url);
  await page.setViewportSize({ width: 390, height: 844 });
  const ref = await post(liveCard(NOW));
  await post(rejection(NOW), ref);
  await page.getByRole('button', { name: /^1 reply/ }).click({ timeout: SECONDS });
  const pane = page.getByRole('complementary', { name: 'Thread' });
  await pane.getByText('Authorization letter is not signed').waitFor({ timeout: SECONDS });
  expect((await pane.boundingBox())?.width).toBe(390);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
});

test('the link to a thread names its voice alone, and the name it has now', async () => {
  const page = await browser.open(server.url);
  const link = (name: string) => page.getByRole('button', { name, exact: true });
  const ref = await post(liveCard(NOW));
  await post(rejection(NOW), ref, true);
  await link('Reply in the thread of narrator-01').waitFor({ timeout: SECONDS });
  await update(ref, liveCard(NOW, 'training', 4));
  await sees(page, 'narrator-01: training');
  expect(await link('Reply in the thread of narrator-01').count()).toBe(1);
  await update(ref, { ...liveCard(NOW), title: [foreign('客服-小禾'), text(': in training')] });
  await link('Reply in the thread of 客服-小禾').waitFor({ timeout: SECONDS });
  await playground.remove({ address: CHANNEL, ref });
  await link('Reply in a thread').waitFor({ timeout: SECONDS });
});

test("a card's instants are written in its own language, in the browser's zone", async () => {
  const page = await browser.open(server.url);
  const line = (language: Card['language'], words: string): Card => ({
    ...entry(words),
    language,
    blocks: [{ kind: 'line', spans: [text(words), { kind: 'instant', at: NOW, format: 'short' }] }],
  });
  await post(line('zh-CN', '开始于 '));
  await post(line('en', 'since '));
  await sees(page, '开始于 11月22日 14:00');
  // the reader's own English: en-GB
  await sees(page, 'since 22 Nov, 14:00');
});

test('at 390 px nothing scrolls sideways and the places are behind a button', async () => {
  const page = await browser.open(server.url);
  await page.setViewportSize({ width: 390, height: 844 });
  const ref = await post({ ...liveCard(NOW), title: [foreign('a-very-long-voice-name-without-any-space-'.repeat(4)), text(': in human review')] });
  await post(rejection(NOW), ref, true);
  await sees(page, 'Authorization letter is not signed');
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  expect(await page.evaluate("document.getElementById('stream').scrollWidth - document.getElementById('stream').clientWidth")).toBe(0);
  await page.getByRole('button', { name: 'Show channels' }).click();
  await page.getByRole('link', { name: '# studio-ops' }).click();
  await page.getByText('Nothing has been said here yet').waitFor({ timeout: SECONDS });
  expect(await page.getByRole('link', { name: '# voice-lab' }).isVisible()).toBe(false);
});

test('at 390 px neither a duration nor a short code is broken, and a long code stays inside', async () => {
  const page = await browser.open(server.url);
  await page.setViewportSize({ width: 390, height: 844 });
  const reviews = Array.from({ length: 20 }, (_, index) => [code(`rv-100${index}`), text(', ')]).flat();
  const facts = [
    { label: 'Took so far', value: [text('15h 42m, of which human review 11h 59m, training 12h 59m')] },
    { label: '用时', value: [text('15小时42分钟，其中人工审核11小时59分钟，训练12小时59分钟')] },
    { label: 'Recordings', value: [...reviews, code('long-'.repeat(16))] },
  ];
  const line = { kind: 'line', spans: [text('As a whole on the next line, where it fits: '), code('as-long-as-24-signs-are.')] } as const;
  await post({ ...entry('facts'), blocks: [line, { kind: 'facts', facts }] });
  await sees(page, 'rv-10019');
  const broken = await page.evaluate(`[...document.querySelectorAll('.together, code')].filter((one) => {
    const range = document.createRange();
    range.selectNodeContents(one);
    return range.getClientRects().length > 1;
  }).map((one) => one.textContent)`);
  expect(broken).toEqual(['long-'.repeat(16)]);
  expect(await page.locator('.together').allTextContents()).toEqual(['15h 42m', '11h 59m', '12h 59m', '15小时42分钟', '11小时59分钟', '12小时59分钟']);
  expect(await page.evaluate("document.getElementById('stream').scrollWidth - document.getElementById('stream').clientWidth")).toBe(0);
});
