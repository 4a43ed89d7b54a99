/** The switch: the same messages as Slack, as Teams and as JSON, with buttons that work. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadRenderers } from '../../../adapters/index.ts';
import { createPlayground } from '../../../adapters/playground/adapter.ts';
import type { Card } from '../../../src/domain/card.ts';
import type { InboundEvent, InboundResult } from '../../../src/ports/inbound.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RoutesServer, startRoutesServer } from '../../support/routes-server.ts';
import { playgroundDeps } from './as-page.ts';
import { entry, history, liveCard, rejection } from './sample-cards.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 0);
const SECONDS = 10_000;

let browser: TestBrowser;
let server: RoutesServer;
let playground: ReturnType<typeof createPlayground>;
let events: InboundEvent[];
const complaints: string[] = [];

beforeAll(async () => {
  browser = await startBrowser({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Asia/Shanghai' });
  browser.context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  browser.context.on('weberror', (error) => complaints.push(error.error().message));
});
afterAll(() => browser.close());

beforeEach(async () => {
  events = [];
  complaints.length = 0;
  server = await startRoutesServer(0);
  playground = createPlayground({ ...playgroundDeps(), dataDir: null, defaultLanguage: 'en', renderers: await loadRenderers() });
  await playground.start({ inbound, routes: server.routes });
});
afterEach(async () => {
  for (const page of browser.context.pages()) await page.close();
  await playground.stop();
  await server.close();
});

async function inbound(event: InboundEvent): Promise<InboundResult> {
  events.push(event);
  return event.kind === 'command' ? { kind: 'reply', card: history(NOW), replaces: false } : { kind: 'none' };
}

async function post(card: Card, root: string | null = null): Promise<string> {
  const address = { platform: 'playground', id: 'voice-lab', route: '' };
  const outcome = await playground.post({ address, card, delivery: { gen: 'g', keys: [card.text] }, root, raised: false });
  if (outcome.kind !== 'delivered') throw new Error(outcome.kind);
  return outcome.ref;
}

async function look(page: Page, name: string): Promise<Locator> {
  await page.getByRole('radio', { name, exact: true }).check();
  return page.getByRole('log', { name: 'Messages', exact: true });
}

test('as Slack: what was posted, answered and edited, in a thread too, and a button acts as in a card', async () => {
  const page = await browser.open(server.url);
  const ref = await post(liveCard(NOW));
  await post(rejection(NOW), ref);
  await page.getByRole('combobox').fill('history narrator-01');
  await page.keyboard.press('Enter');
  const log = await look(page, 'Slack');
  await log.locator('.slack').getByRole('heading', { name: 'narrator-01: in human review' }).waitFor({ timeout: SECONDS });
  await log.locator('.slack').getByText('Submitted again, attempt 2').waitFor({ timeout: SECONDS });
  await page.getByRole('button', { name: /^1 reply/ }).click();
  await page.getByRole('complementary', { name: 'Thread' }).locator('.slack').getByText('Authorization letter is not signed').waitFor({ timeout: SECONDS });
  await playground.update({
    address: { platform: 'playground', id: 'voice-lab', route: '' },
    ref,
    card: liveCard(NOW, 'training', 4),
    delivery: { gen: 'g', keys: ['r'] },
  });
  await log.locator('.slack').getByRole('heading', { name: 'narrator-01: training' }).waitFor({ timeout: SECONDS });

  await log.getByRole('button', { name: 'Unfollow' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unfollow' }).click();
  await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'action', name: 'unfollow', value: 'p/26f06524', message: ref });
  expect(complaints).toEqual([]);
});

test('as Teams: drawn by the Adaptive Cards library, with the buttons behind the dots, which ask first where they must', async () => {
  const page = await browser.open(server.url);
  const ref = await post(liveCard(NOW));
  const log = await look(page, 'Teams');
  await log.locator('.teams').getByText('narrator-01').first().waitFor({ timeout: SECONDS });
  await log.getByRole('button', { name: 'History' }).click();
  await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'action', name: 'history', message: ref });
  await log.getByRole('button', { name: 'More actions' }).click();
  await log.getByRole('button', { name: 'Unfollow' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unfollow' }).click();
  await expect.poll(() => events.at(-1)).toMatchObject({ kind: 'action', name: 'unfollow', value: 'p/26f06524' });
  expect(complaints).toEqual([]);
});

test('as JSON: both payloads; the choice is kept over a reload', async () => {
  const page = await browser.open(server.url);
  await post(entry('Machine review passed'));
  const log = await look(page, 'JSON');
  await log.getByRole('group', { name: 'Sent to Slack' }).getByText('"header"').waitFor({ timeout: SECONDS });
  await page.reload();
  await log.getByRole('group', { name: 'Sent to Teams' }).getByText('"AdaptiveCard"').waitFor({ timeout: SECONDS });
  await look(page, 'Cards');
  await page.getByRole('heading', { name: 'Machine review passed' }).waitFor({ timeout: SECONDS });
  expect(complaints).toEqual([]);
});

test('in each look nothing scrolls sideways at 390 px', async () => {
  const page = await browser.open(server.url);
  await page.setViewportSize({ width: 390, height: 844 });
  await post(rejection(NOW));
  for (const name of ['Slack', 'Teams', 'JSON', 'Cards']) {
    const log = await look(page, name);
    await log.getByText('Authorization letter').first().waitFor({ timeout: SECONDS });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    expect(await page.evaluate("document.getElementById('stream').scrollWidth - document.getElementById('stream').clientWidth")).toBe(0);
  }
});
