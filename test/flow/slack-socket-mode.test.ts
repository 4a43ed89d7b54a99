import { expect, it } from 'vitest';
import { eventually } from '../support/program.ts';
import { startSlackProgram } from '../support/slack-program.ts';
import { overSocketMode } from '../support/slack-socket.ts';
import { describeSlack } from './slack-suite.ts';

describeSlack('Socket Mode', overSocketMode);

it('when Slack asks for a new connection there is one soon, and a command is answered over it', async () => {
  let way: Awaited<ReturnType<typeof overSocketMode>> | null = null;
  const world = await startSlackProgram({
    way: async (slack) => {
      way = await overSocketMode(slack);
      return way;
    },
  });
  try {
    const channel = await world.slack.channel('refreshed', ['ann']);
    const socket = way as Awaited<ReturnType<typeof overSocketMode>> | null;
    socket?.refresh();
    await eventually(async () => (socket?.opened() ?? 0) > 1);
    expect((await world.ask('help', { by: 'ann', channel })).text).toContain('What voicejob can do');
  } finally {
    await world.close();
  }
});
