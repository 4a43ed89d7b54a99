/** The page in front of the whole program with its simulator: a newcomer plays with it. */
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, test } from 'vitest';
import { type App, startApp } from '../../../src/app.ts';
import { readConfig } from '../../../src/config.ts';
import { openPanel } from '../../../src/demo/panel.ts';
import { type Simulator, startSimulator } from '../../../src/demo/simulator.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { PROJECT, silentLog } from '../../support/builders.ts';
import { scratchDirectory } from '../../support/program.ts';
import { KEY } from '../../support/upstream.ts';

const SECONDS = 20_000;

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
  app = await startApp(read.config, silentLog, openPanel(simulator));
  browser = await startBrowser({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Asia/Shanghai' });
  browser.context.setDefaultTimeout(SECONDS);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await app.stop();
  await simulator.close();
  await scratch.remove();
});

function stream(page: Page): Locator {
  return page.locator('#stream');
}

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
