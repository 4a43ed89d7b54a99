import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createPlayground } from '../../../adapters/playground/adapter.ts';
import { PlaygroundChat } from '../../../adapters/playground/chat.ts';
import type { Card } from '../../../src/domain/card.ts';
import type { Form, Inbound, InboundEvent, InboundResult } from '../../../src/ports/inbound.ts';
import { HOSTILE_TEXT } from '../../contract/adapter-harness.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { type RoutesServer, startRoutesServer } from '../../support/routes-server.ts';
import { playgroundDeps } from './as-page.ts';
import { button, entry, foreign, history, liveCard, rejection } from './sample-cards.ts';

const NOW = Date.UTC(2026, 10, 22, 6, 0);
const CHANNEL = { platform: 'playground', id: 'voice-lab', route: '' };
const SECONDS = 10_000;

let browser: TestBrowser;
let dataDir: string;
let server: RoutesServer;
let playground: ReturnType<typeof createPlayground>;
let events: InboundEvent[];
let answer: (event: InboundEvent) => InboundResult;
const complaints: string[] = [];

beforeAll(async () => {
  browser = await startBrowser({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Asia/Shanghai' });
  browser.context.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('net::ERR')) complaints.push(message.text());
  });
  browser.context.on('weberror', (error) => complaints.push(error.error().message));
});
afterAll(() => browser.close());

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'voicejob-page-'));
  events = [];
  complaints.length = 0;
  answer = () => ({ kind: 'none' });
  await startPlayground(0);
});
afterEach(async () => {
  for (const page of browser.context.pages()) await page.close();
  await stopPlayground();
  await rm(dataDir, { recursive: true, force: true });
});

/** What a fresh process on the same DATA_DIR would be. */
async function startPlayground(port: number): Promise<void> {
  server = await startRoutesServer(port);
  playground = createPlayground({ ...playgroundDeps(), dataDir, defaultLanguage: 'en' });
  await playground.start({ inbound: (event) => inbound(event), routes: server.routes });
}

const inbound: Inbound = async (event) => {
  events.push(event);
  return answer(event);
};

async function stopPlayground(): Promise<void> {
  await playground.stop();
  await server.close();
}

async function post(card: Card, root: string | null = null): Promise<string> {
  const outcome = await playground.post({ address: CHANNEL, card, delivery: { gen: 'g', keys: [card.text] }, root, raised: false });
  if (outcome.kind !== 'delivered') throw new Error(outcome.kind);
  return outcome.ref;
}

async function update(ref: string, card: Card): Promise<void> {
  await playground.update({ address: CHANNEL, ref, card, delivery: { gen: 'g', keys: ['root'] } });
}

async function type(page: Page, command: string): Promise<void> {
  await page.getByRole('combobox', { name: /^Command in/ }).fill(command);
  await page.keyboard.press('Enter');
}

async function sees(page: Page, words: string): Promise<void> {
  await page.getByRole('log').getByText(words).first().waitFor({ timeout: SECONDS });
}

test('a typed command reaches the core with the language and zone of the browser, and its answer is shown as private', async () => {
  answer = () => ({ kind: 'reply', card: history(NOW), replaces: false });
  const page = await browser.open(server.url);
  await type(page, '/voicejob history narrator-01');
  await sees(page, 'Submitted again, attempt 2');
  expect(events).toEqual([
    expect.objectContaining({
      kind: 'command',
      text: 'history narrator-01',
      actor: expect.objectContaining({ id: 'you', language: 'en', zone: 'Asia/Shanghai' }),
    }),
  ]);
  expect(await page.getByText('only visible to you').count()).toBe(2);
  expect(await page.getByRole('combobox', { name: /^Command in/ }).inputValue()).toBe('');
  expect(complaints).toEqual([]);
});

test('posts, replies and edits appear in every tab without a reload', async () => {
  const tabs = [await browser.open(server.url), await browser.open(server.url)];
  const ref = await post(liveCard(NOW));
  for (const tab of tabs) await sees(tab, 'narrator-01: in human review');
  await post(entry('Human review passed'), ref);
  await update(ref, liveCard(NOW, 'training', 4));
  for (const tab of tabs) {
    await sees(tab, 'narrator-01: training');
    await tab.getByRole('button', { name: /^1 reply/ }).click();
    await tab.getByRole('complementary', { name: 'Thread' }).getByText('Human review passed').waitFor({ timeout: SECONDS });
    await tab
      .getByRole('main')
      .getByText(/^edited \d\d:\d\d$/)
      .waitFor({ timeout: SECONDS });
    expect(await tab.getByText('in human review').count()).toBe(0);
  }
  expect(complaints).toEqual([]);
});

test('a button acts, a dangerous one asks first, and a private answer may replace the one that was clicked', async () => {
  answer = (event) => ({ kind: 'reply', card: event.kind === 'command' ? history(NOW) : entry('only the problems'), replaces: event.kind === 'action' });
  const page = await browser.open(server.url);
  const ref = await post(liveCard(NOW));
  await page.getByRole('button', { name: 'Unfollow' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep following' }).click();
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  expect(events).toEqual([]);
  await page.getByRole('button', { name: 'Unfollow' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Unfollow' }).click();
  await sees(page, 'only the problems');
  expect(events).toEqual([expect.objectContaining({ kind: 'action', name: 'unfollow', value: 'p/26f06524', message: ref })]);

  await type(page, 'history narrator-01');
  await page.getByRole('button', { name: 'Only problems' }).click();
  await page.getByText('Submitted again, attempt 2').waitFor({ state: 'detached', timeout: SECONDS });
  expect(await page.getByText('only the problems').count()).toBe(2);
  expect(complaints).toEqual([]);
});

const FORM: Form = {
  id: 'subscribe',
  language: 'en',
  title: 'Follow a job',
  submit: 'Follow',
  cancel: 'Cancel',
  fields: [
    { kind: 'search', name: 'job', label: 'Job', hint: 'Voice name or id', value: '' },
    {
      kind: 'choice',
      name: 'preset',
      label: 'What to tell',
      options: [
        { value: 'problems', label: 'Problems' },
        { value: 'milestones', label: 'Milestones' },
      ],
      value: 'milestones',
    },
    { kind: 'check', name: 'dm', label: 'In my own conversation', value: false },
  ],
};

test('a form offers what fits the typed text, shows what is wrong, and is sent by keyboard alone', async () => {
  answer = (event) => {
    if (event.kind === 'command') return { kind: 'form', form: FORM };
    if (event.kind === 'form-options') return { kind: 'options', options: [{ value: 'p/26f06524', label: `narrator-01 (${event.typed})` }] };
    if (event.kind === 'form' && event.values.dm === 'false') return { kind: 'form-errors', errors: { dm: 'Tick this one' } };
    return { kind: 'reply', card: entry('following now'), replaces: false };
  };
  const page = await browser.open(server.url);
  await type(page, 'subscribe');
  await page.getByRole('combobox', { name: 'Job' }).pressSequentially('narr');
  await page.getByRole('option', { name: 'narrator-01 (narr)' }).waitFor({ timeout: SECONDS });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByText('Tick this one').waitFor({ timeout: SECONDS });
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await sees(page, 'following now');
  await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: SECONDS });
  expect(events.at(-1)).toMatchObject({ kind: 'form', form: 'subscribe', values: { job: 'p/26f06524', preset: 'milestones', dm: 'true' } });
  expect(complaints).toEqual([]);
});

test('offers that come and go move nothing: the first click on the button of the form sends it', async () => {
  const options = Array.from({ length: 20 }, (_, index) => ({ value: `p/${index}`, label: `narrator-${index}` }));
  answer = (event) => {
    if (event.kind === 'command') return { kind: 'form', form: FORM };
    if (event.kind === 'form-options') return { kind: 'options', options };
    return { kind: 'reply', card: entry('following now'), replaces: false };
  };
  const page = await browser.open(server.url);
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await type(page, 'subscribe');
    const follow = page.getByRole('button', { name: 'Follow' });
    await follow.waitFor({ timeout: SECONDS });
    const before = await follow.boundingBox();
    if (!before) throw new Error('no button');
    await page.getByRole('combobox', { name: 'Job' }).pressSequentially('narr');
    await page.getByRole('option', { name: 'narrator-19' }).waitFor({ timeout: SECONDS });
    expect(await follow.boundingBox()).toEqual(before);
    await page.mouse.click(before.x + before.width / 2, before.y + before.height / 2);
    await page.getByRole('dialog').waitFor({ state: 'hidden', timeout: SECONDS });
    expect(events.findLast(({ kind }) => kind === 'form')).toMatchObject({ values: { job: 'narr' } });
    events.length = 0;
  }
});

test('hostile text is shown as text everywhere, and nothing of it becomes an element or a link', async () => {
  answer = () => ({ kind: 'reply', card: { ...entry(HOSTILE_TEXT), blocks: [{ kind: 'quote', label: [], text: HOSTILE_TEXT }] }, replaces: false });
  const page = await browser.open(server.url);
  const bad = button('Run', '', { url: 'javascript:alert(1)' });
  await post({ ...entry(HOSTILE_TEXT), blocks: [{ kind: 'line', spans: [foreign(HOSTILE_TEXT)] }], actions: [bad, button(HOSTILE_TEXT, 'history')] });
  await type(page, HOSTILE_TEXT);
  await page.locator('blockquote').waitFor({ timeout: SECONDS });
  const log = page.getByRole('log');
  expect(await log.getByText(HOSTILE_TEXT, { exact: true }).count()).toBe(6);
  expect(await log.locator('b, i, script, a').count()).toBe(0);
  expect(await log.getByText('Run', { exact: true }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('after a restart of the server the page goes on: what was there stays, what was posted meanwhile arrives', async () => {
  const page = await browser.open(server.url);
  const ref = await post(liveCard(NOW));
  await sees(page, 'in human review');
  const { port } = server;
  await stopPlayground();
  await page.getByText('No connection').waitFor({ timeout: SECONDS });
  const elsewhere = new PlaygroundChat({ dataDir, ...playgroundDeps() });
  await elsewhere.post({ place: 'voice-lab', root: ref, raised: false, card: entry('posted by another process'), gen: 'g', keys: ['k'] });
  elsewhere.close();
  await startPlayground(port);
  await page.getByRole('button', { name: /^1 reply/ }).click({ timeout: SECONDS });
  await sees(page, 'posted by another process');
  await update(ref, liveCard(NOW, 'training', 4));
  await sees(page, 'narrator-01: training');
  answer = () => ({ kind: 'reply', card: entry('an answer after the restart'), replaces: false });
  await type(page, 'list');
  await sees(page, 'an answer after the restart');
  await page.getByText('No connection').waitFor({ state: 'hidden', timeout: SECONDS });
});

test('what another process posts appears', async () => {
  const page = await browser.open(server.url);
  await page.getByText('Nothing has been said here yet').waitFor({ timeout: SECONDS });
  const elsewhere = new PlaygroundChat({ dataDir, ...playgroundDeps() });
  await elsewhere.post({ place: 'voice-lab', root: null, raised: false, card: entry('from elsewhere'), gen: 'g', keys: ['k'] });
  elsewhere.close();
  await sees(page, 'from elsewhere');
});

test('a problem in a place that is not shown is counted beside its name', async () => {
  const page = await browser.open(`${server.url}/#dm-you`);
  await page.getByText('Nothing has been said here yet').waitFor({ timeout: SECONDS });
  await post(rejection(NOW));
  await page.getByRole('link', { name: '# voice-lab 1 new problem' }).click({ timeout: SECONDS });
  await sees(page, 'Authorization letter is not signed');
  expect(await page.getByRole('link', { name: /new problem/ }).count()).toBe(0);
});

test("in another person's conversation one acts as that person", async () => {
  const page = await browser.open(`${server.url}/#dm-lin`);
  await type(page, 'list @Sam');
  await expect.poll(() => events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    text: 'list <@0>',
    mentions: [{ id: 'sam', dm: { id: 'dm-sam' } }],
    actor: { id: 'lin' },
    place: { dm: true, address: { id: 'dm-lin' } },
  });
});

test('when the core fails, the page says so and keeps what was typed', async () => {
  answer = () => {
    throw new Error('a bug');
  };
  const page = await browser.open(server.url);
  await type(page, 'list');
  await page.getByRole('alert').getByText('Not sent').waitFor({ timeout: SECONDS });
  expect(await page.getByRole('combobox', { name: /^Command in/ }).inputValue()).toBe('list');
});
