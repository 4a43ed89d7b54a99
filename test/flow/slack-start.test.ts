import { expect, test } from 'vitest';
import { eventually, scratchDirectory, startProgram } from '../support/program.ts';
import { startSlackServer } from '../support/slack-server.ts';

test('a process that only delivers tells at its start what the app lacks, and receives nothing', async () => {
  const slack = await startSlackServer();
  slack.scopes = ['commands', 'chat:write', 'im:write', 'channels:read', 'groups:read', 'channels:history'];
  const data = await scratchDirectory();
  const bot = { SLACK_BOT_TOKEN: slack.token, SLACK_SIGNING_SECRET: 'test-signing-secret', SLACK_API_URL: slack.apiUrl };
  const program = await startProgram({ PLAYGROUND: '', ROLES: 'deliver', DATA_DIR: data.path, ...bot });
  const line = await eventually(async () =>
    program
      .output()
      .split('\n')
      .find((one) => one.includes('lacks')),
  );
  expect(JSON.parse(line)).toMatchObject({
    level: 'warn',
    platform: 'slack',
    message:
      "The Slack app lacks users:read, so commands, clicks or private messages can fail: add it under OAuth & Permissions and reinstall the app. The Slack app lacks groups:history, im:history: there voicejob can't look whether a message arrived, so after a lost answer it may come twice.",
  });
  expect((await fetch(`${program.url}/slack/events`, { method: 'POST' })).status).toBe(404);
  expect(program.output()).not.toContain(slack.token);
  expect(await program.stop()).toBe(0);
  await slack.close();
  await data.remove();
});
