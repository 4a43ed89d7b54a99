/** What axe finds on the page that keeps somebody out. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadRenderers } from '../../../adapters/index.ts';
import { createPlayground } from '../../../adapters/playground/adapter.ts';
import type { Card } from '../../../src/domain/card.ts';
import type { InboundEvent, InboundResult } from '../../../src/ports/inbound.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RoutesServer, startRoutesServer } from '../../support/routes-server.ts';
import { playgroundDeps } from './as-page.ts';
import { history, liveCard, rejection } from './sample-cards.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 0);
const SECONDS = 10_000;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

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

/** Serious and critical ones only. */
async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const found = await page.evaluate<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>('axe.run()');
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(' ')}`));
}

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const)('nothing serious: %s, %d px, in each look and with a thread open', async (colorScheme, width) => {
  const page = await browser.open(server.url);
  await page.emulateMedia({ colorScheme });
  await page.setViewportSize({ width, height: 844 });
  const ref = await post(liveCard(NOW));
  await post(rejection(NOW), ref);
  await post(rejection(NOW));
  const found: string[] = [];
  for (const name of ['Slack', 'Teams', 'JSON', 'Cards']) {
    const log = await look(page, name);
    await log.getByText('Authorization letter').first().waitFor({ timeout: SECONDS });
    found.push(...(await barriers(page)).map((one) => `${name}: ${one}`));
  }
  await page.getByRole('button', { name: /^1 reply/ }).click();
  await page.getByRole('complementary', { name: 'Thread' }).waitFor({ timeout: SECONDS });
  found.push(...(await barriers(page)));
  expect(found).toEqual([]);
});
