/** What befalls the bot in its whole workspace: a workspace of its own each. */
import { expect, it } from 'vitest';
import { NEEDED_SCOPES } from '../../adapters/slack/surface.ts';
import { eventually } from '../support/program.ts';
import { startSlackProgram, withWords } from '../support/slack-program.ts';

const SUBMITTED = 'ubmitted for review';
const PASSED = 'achine review passed';
/** Several programs at once on a busy machine. */
const LOADED_MS = 150_000;

it.concurrent('an edit that fails is made later; the card ends up current', { timeout: LOADED_MS }, async () => {
  // alone in its workspace, whose budget for edits is shared
  const world = await startSlackProgram();
  try {
    const { channel, job } = await world.followed('edits');
    world.slack.fail('chat.update', { kind: 'status', status: 500, applied: false }, { channel });
    world.simulator.submit(job);
    await eventually(async () => withWords(await world.cards(channel), 'Done: Created, Submitted')[0]);
    expect(await world.cards(channel)).toHaveLength(1);
  } finally {
    await world.close();
  }
});

it.concurrent('a revoked token stops everything with a sentence in the log; with a good one what waited is told once', { timeout: LOADED_MS }, async () => {
  const world = await startSlackProgram();
  try {
    const { channel, job } = await world.followed('revoked');
    for (const method of ['chat.postMessage', 'chat.update', 'auth.test']) {
      world.slack.fail(method, { kind: 'refused', code: 'token_revoked' }, { lasting: true });
    }
    const before = world.slack.calls.length;
    world.simulator.submit(job);
    await eventually(async () => world.slack.calls.slice(before).some(({ method }) => method.startsWith('chat.')));
    await world.restart();
    await eventually(async () => /Slack refuses SLACK_BOT_TOKEN \(token_revoked\)/.test(world.program().output()));
    world.simulator.passMachine(job);
    world.slack.heal();
    await world.restart();
    await eventually(async () => withWords(await world.news(channel), PASSED)[0]);
    expect(withWords(await world.news(channel), SUBMITTED)).toHaveLength(1);
  } finally {
    await world.close();
  }
});

it.concurrent('a program that is killed while Slack has its post tells the entry once', { timeout: LOADED_MS }, async () => {
  const world = await startSlackProgram();
  try {
    const { channel, job } = await world.followed('killed');
    world.slack.fail('chat.postMessage', { kind: 'hang', applied: true }, { channel });
    world.simulator.submit(job);
    await eventually(async () => withWords(await world.news(channel), SUBMITTED)[0]);
    await world.restart('SIGKILL');
    world.simulator.passMachine(job);
    await eventually(async () => withWords(await world.news(channel), PASSED)[0]);
    expect(withWords(await world.news(channel), SUBMITTED)).toHaveLength(1);
  } finally {
    await world.close();
  }
});

it.concurrent('without the history scopes it says so at the start, and what may be lost is told again and counted', { timeout: LOADED_MS }, async () => {
  const world = await startSlackProgram({ scopes: NEEDED_SCOPES });
  try {
    const { channel, job } = await world.followed('blind');
    world.slack.fail('chat.postMessage', { kind: 'reset', applied: true }, { channel });
    world.simulator.submit(job);
    await eventually(async () => withWords(await world.news(channel), SUBMITTED).length === 2);
    await eventually(async () => (await world.counted('deliveries_resent_total')) === 1);
    expect(world.program().output()).toContain('The Slack app lacks channels:history, groups:history, im:history');
  } finally {
    await world.close();
  }
});
