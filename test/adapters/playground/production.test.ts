import { expect, test } from 'vitest';
import { startSimulator } from '../../../src/demo/simulator.ts';
import { startBrowser } from '../../support/browser.ts';
import { PROJECT } from '../../support/builders.ts';
import { scratchDirectory, startProgram } from '../../support/program.ts';
import { KEY } from '../../support/upstream.ts';

const SECONDS = 15_000;

test('without development dependencies the program starts; the switch says what is missing, and cards and JSON work', async () => {
  const scratch = await scratchDirectory();
  const simulator = await startSimulator({ ...KEY, projectId: PROJECT });
  const program = await startProgram({
    DATA_DIR: scratch.path,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    NODE_OPTIONS: '--import ./test/support/as-installed-for-production.mjs',
  });
  const browser = await startBrowser({ locale: 'en-GB' });
  try {
    expect(await program.type('help')).toBe(200);
    const page = await browser.open(program.url);
    const heading = page.getByRole('heading', { name: 'What voicejob can do' });
    await heading.waitFor({ timeout: SECONDS });
    for (const [look, library] of [
      ['Slack', 'slack-blocks-to-jsx'],
      ['Teams', 'adaptivecards'],
    ] as const) {
      await page.getByRole('radio', { name: look }).check();
      await page.getByRole('status').getByText(`This look needs ${library}`).waitFor({ timeout: SECONDS });
      await heading.waitFor({ timeout: SECONDS });
    }
    await page.getByRole('radio', { name: 'JSON' }).check();
    await page.getByText('"AdaptiveCard"').waitFor({ timeout: SECONDS });
    expect(await page.getByText('This look needs').isVisible()).toBe(false);
  } finally {
    await browser.close();
    await program.stop();
    await simulator.close();
    await scratch.remove();
  }
}, 60_000);
