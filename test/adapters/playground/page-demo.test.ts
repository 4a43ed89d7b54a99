/** The page in front of the whole program with its simulator: what a newcomer does in the demo, in both languages, and what axe finds in the side panel. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type App, startApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { openPanel } from '../../../src/demo/panel.ts';
import { type Simulator, startSimulator } from '../../../src/demo/simulator.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { PROJECT, silentLog } from '../../support/builders.ts';
import { scratchDirectory } from '../../support/program.ts';
import { KEY } from '../../support/upstream.ts';

const SECONDS = 20_000;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let app: App;
let simulator: Simulator;
let browser: TestBrowser;
let scratch: Awaited<ReturnType<typeof scratchDirectory>>;

beforeAll(async () => {
  scratch = await scratchDirectory();
  simulator = await startSimulator({ ...KEY, projectId: PROJECT });
  const env = {
    PLAYGROUND: '1',
    PORT: '0',
    DATA_DIR: scratch.path,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    METASTUDIO_MAX_RPS: '100',
    POLL_MIN: '200ms',
    POLL_MAX: '1s',
  };
  const read = readConfig(env, () => '', 'run');
  if (read.kind === 'problems') throw new Error('the configuration is wrong');
  app = await startApp(read.config, silentLog, { simulator: openPanel(simulator) });
  browser = await startBrowser({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Asia/Shanghai' });
  browser.context.setDefaultTimeout(SECONDS);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.stop();
  await simulator.close();
  await scratch.remove();
});

async function type(page: Page, text: string): Promise<void> {
  await page.locator('#command').fill(text);
  await page.keyboard.press('Enter');
}

function stream(page: Page): Locator {
  return page.locator('#stream');
}

/** What axe finds that keeps somebody out. */
async function barriers(page: Page): Promise<readonly string[]> {
  await page.evaluate(await readFile(AXE, 'utf8'));
  const found = await page.evaluate<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>('axe.run()');
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(' ')}`));
}

/** What the page says in one of its languages. */
type Said = Readonly<Record<'rejected' | 'gone' | 'thread' | 'newest' | 'oldest', RegExp>> & { readonly older: string; readonly newer: string };

async function lifeOfAJob(page: Page, { voice, said }: { readonly voice: string; readonly said: Said }): Promise<void> {
  const job = simulator.createJob({ voiceName: voice });
  await type(page, `/voicejob subscribe ${voice} everything`);
  await stream(page)
    .getByRole('heading', { name: new RegExp(`${voice}`) })
    .first()
    .waitFor();
  for (let round = 0; round < 6; round += 1) {
    simulator.submit(job);
    simulator.passMachine(job);
    simulator.rejectByPerson(job, `Sentence ${round} does not match`);
  }
  await stream(page).getByText('Sentence 5 does not match').first().waitFor();
  await stream(page).getByRole('heading', { name: said.rejected }).first().waitFor();
  await page.getByRole('button', { name: said.thread }).last().click();
  await page.locator('#replies').getByText('Sentence 5 does not match').first().waitFor();
  await page.keyboard.press('Escape');
  await type(page, `history ${voice}`);
  const history = stream(page).locator('.private').filter({ hasText: said.newest }).last();
  await history.getByRole('button', { name: said.older }).click();
  await stream(page).locator('.private').filter({ hasText: said.oldest }).getByRole('button', { name: said.newer }).click();
  await history.waitFor();
  await type(page, `unsubscribe ${voice}`);
  await stream(page).getByText(said.gone).first().waitFor();
}

test('a person subscribes by typing, sees an update and a rejection, opens history and pages it, and unsubscribes', async () => {
  const page = await browser.open(`${app.url}/#voice-lab`);
  await lifeOfAJob(page, {
    voice: 'lena-en',
    said: {
      rejected: /lena-en: rejected in human review/,
      older: '← Older',
      newer: 'Newer →',
      newest: /page 2 of 2/,
      oldest: /page 1 of 2/,
      gone: /no longer follow/i,
      thread: /repl(y|ies) · last/,
    },
  });
  await page.close();
}, 90_000);

test('the same in Chinese, which the page takes from the browser', async () => {
  const chinese = await startBrowser({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  chinese.context.setDefaultTimeout(SECONDS);
  try {
    const page = await chinese.open(`${app.url}/#studio-ops`);
    await page.getByRole('button', { name: '发送' }).waitFor();
    await type(page, 'language zh-CN');
    await stream(page).getByText('本频道的消息现为简体中文').first().waitFor();
    await lifeOfAJob(page, {
      voice: '小满-zh',
      said: {
        rejected: /小满-zh.*人工审核未通过/,
        older: '← 更早',
        newer: '更新 →',
        newest: /第 2\/2 页/,
        oldest: /第 1\/2 页/,
        gone: /不再订阅|已取消订阅/,
        thread: /条回复/,
      },
    });
  } finally {
    await chinese.close();
  }
}, 90_000);

test('in the side panel a job is started, rejected and approved, and its journal and cursor are seen to move', async () => {
  const page = await browser.open(`${app.url}/#voice-lab`);
  const panel = page.getByRole('complementary', { name: 'Behind the scenes' });
  await panel.getByRole('button', { name: 'Start a job' }).click();
  const journal = panel.getByRole('region', { name: 'my-voice', exact: true });
  await journal.getByText('cursor 1 of 1').waitFor();
  await journal.getByRole('button', { name: 'Submit' }).click();
  await journal.getByText('cursor 2 of 2').waitFor();
  await journal.getByRole('button', { name: 'Pass machine review' }).click();
  await journal.getByRole('button', { name: 'Reject …' }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('Page 2 is not signed');
  await page.getByRole('dialog').getByRole('button', { name: 'Reject' }).click();
  await stream(page).getByText('Page 2 is not signed').first().waitFor();

  await panel.getByRole('checkbox', { name: 'The chat is down' }).check();
  await journal.getByRole('button', { name: 'Submit' }).click();
  await journal.getByText(/cursor 4 of 5 · 1 waiting/).waitFor();
  await panel.getByRole('checkbox', { name: 'The chat is down' }).uncheck();
  await journal.getByText('cursor 5 of 5').waitFor();

  await panel.getByRole('checkbox', { name: '# voice-lab is archived' }).check();
  await journal.getByText('paused').waitFor();
  await panel.getByRole('checkbox', { name: '# voice-lab is archived' }).uncheck();
  await journal.getByText('paused').waitFor({ state: 'hidden' });
  await page.close();
}, 90_000);

test('in one’s own conversation the home page shows what one follows and all commands', async () => {
  const page = await browser.open(`${app.url}/#dm-you`);
  await page.getByRole('tab', { name: 'Home' }).click();
  await page.getByRole('tabpanel', { name: 'Home' }).getByText('What voicejob can do').waitFor();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => page.getByRole('tab', { name: 'Messages' }).getAttribute('aria-selected')).toBe('true');
  await page.close();
});

test('the language is turned where one stands: the page is not loaded anew', async () => {
  const page = await browser.open(`${app.url}/#voice-lab`);
  simulator.createJob({ voiceName: 'turned' });
  await type(page, 'subscribe turned everything');
  await stream(page)
    .getByRole('heading', { name: /turned/ })
    .first()
    .waitFor();
  await page.locator('#command').fill('help');
  await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
  await page.getByRole('button', { name: '切换到中文' }).click();
  await page.getByRole('complementary', { name: '幕后' }).getByText(/读取$/).first().waitFor();
  await page.getByRole('radio', { name: '卡片' }).waitFor({ state: 'attached' });
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
  expect(await page.locator('#command').inputValue()).toBe('help');
  await page.getByRole('button', { name: 'Switch to English' }).click();
  await page.getByRole('complementary', { name: 'Behind the scenes' }).getByText('Faults').waitFor();
  expect(await page.evaluate(() => 'loadedOnce' in globalThis)).toBe(true);
  await page.close();
}, 90_000);

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const)(
  'axe finds nothing serious in the side panel and on the home page: %s, %d px',
  async (colorScheme, width) => {
    const voice = `seen-${colorScheme}-${width}`;
    simulator.createJob({ voiceName: voice });
    const page = await browser.open(`${app.url}/#dm-you`);
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 844 });
    await type(page, `subscribe ${voice} everything`);
    const panel = page.getByRole('complementary', { name: 'Behind the scenes' });
    if (await panel.isHidden()) await page.getByRole('button', { name: 'Show what happens behind the scenes' }).click();
    await panel.getByRole('region', { name: voice, exact: true }).getByText('cursor 1 of 1').waitFor();
    const found = [...(await barriers(page))];
    await panel.getByRole('button', { name: 'Close: Behind the scenes' }).click();
    await page.getByRole('tab', { name: 'Home' }).click();
    await page.getByRole('tabpanel', { name: 'Home' }).getByText('What voicejob can do').waitFor();
    found.push(...(await barriers(page)));
    expect(found).toEqual([]);
    await page.close();
  },
  90_000,
);
