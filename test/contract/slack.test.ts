import { expect } from 'vitest';
import { addressOf, channelOf } from '../../adapters/slack/places.ts';
import type { Address } from '../../src/domain/subscription.ts';
import type { InboundResult } from '../../src/ports/inbound.ts';
import { eventually } from '../support/program.ts';
import { startRoutesServer } from '../support/routes-server.ts';
import { type SlackFault, startSlackServer } from '../support/slack-server.ts';
import { sendCommand, sendPayload, slackAdapter, startAnswers, wordsIn } from '../support/slack-signed.ts';
import { describeAdapterContract } from './adapter-contract.ts';
import type { AdapterHarness, PlatformFault } from './adapter-harness.ts';

/** Long enough for an answer on a busy machine, short enough to wait for where none comes. */
const TIMEOUT_MS = 1_000;

async function makeHarness(): Promise<AdapterHarness> {
  const slack = await startSlackServer();
  const answers = await startAnswers();
  const adapter = slackAdapter(slack, { timeoutMs: TIMEOUT_MS });
  const server = await startRoutesServer();
  const lab = await slack.channel('voice-lab');
  const own = await slack.dm();
  const { user_id: user } = await slack.call('auth.test', {}, 'person');
  const person = String(user);
  await slack.call('conversations.invite', { channel: lab, users: person });
  const results: InboundResult[] = [];

  const seen = async (address: Address) =>
    (await slack.seen(channelOf(address)))
      .filter((message) => message.user === 'U0VOICEJOB')
      .map((message) => ({
        ref: message.ts,
        text: wordsIn(message.blocks),
        root: message.thread_ts === undefined || message.thread_ts === message.ts ? null : message.thread_ts,
        inChannel: message.thread_ts === undefined || message.thread_ts === message.ts || message.reply_broadcast === true,
      }));
  /** Slack is answered before the core is asked: a person waits for what comes of it. */
  const handled = async (send: () => Promise<Response>): Promise<void> => {
    const [before, said, shared] = [results.length, answers.all.length, await slack.seen(lab)];
    expect((await send()).status).toBe(200);
    const result = await eventually(async () => results[before]);
    if (result.kind === 'reply') await eventually(async () => answers.all.length > said);
    if (result.kind === 'share') await eventually(async () => (await slack.seen(lab)).length > shared.length);
  };

  return {
    adapter,
    channel: addressOf(slack.team, lab),
    dm: addressOf(slack.team, own),
    nowhere: addressOf(slack.team, 'C0NOWHERE'),
    start: (handle) =>
      adapter.start({
        inbound: async (event) => {
          const result = await handle(event);
          results.push(result);
          return result;
        },
        routes: server.routes,
      }),
    seen,
    plainTextThere: async (address) => {
      const there = answers.all.filter(({ at }) => at === channelOf(address)).map(({ blocks }) => wordsIn(blocks));
      return [...(await seen(address)).map(({ text }) => text), ...there].join('\n');
    },
    failNext: (call, fault) => slack.fail(call === 'post' ? 'chat.postMessage' : 'chat.update', slackFault(fault)),
    archive: async (address) => void (await slack.call('conversations.archive', { channel: channelOf(address) })),
    deleteByHand: async (address, ref) => void (await slack.call('chat.delete', { channel: channelOf(address), ts: ref })),
    command: (address, text, id) => {
      const channel = channelOf(address);
      const name = channel === own ? 'directmessage' : 'voice-lab';
      const who = { team_id: slack.team, user_id: person, user_name: 'ann' };
      return handled(() =>
        sendCommand(server.url, { ...who, channel_id: channel, channel_name: name, text, trigger_id: id, response_url: answers.url(channel) }),
      );
    },
    press: (address, { ref, name, value }, id) => {
      const channel = channelOf(address);
      return handled(() =>
        sendPayload(server.url, {
          type: 'block_actions',
          user: { id: person, username: 'ann', team_id: slack.team },
          team: { id: slack.team },
          container: { type: 'message', message_ts: ref, channel_id: channel, is_ephemeral: false },
          channel: { id: channel, name: 'voice-lab' },
          message: { ts: ref },
          trigger_id: id,
          response_url: answers.url(channel),
          actions: [{ type: 'button', action_id: `${name}:0`, block_id: 'b', value, action_ts: '1700000000.000001' }],
        }),
      );
    },
    close: async () => {
      await adapter.stop();
      await server.close();
      await answers.close();
      await slack.close();
    },
  };
}

function slackFault(fault: PlatformFault): SlackFault {
  if (fault.kind === 'throttled') return { kind: 'throttled', retryAfter: String(fault.afterMs / 1000) };
  return { kind: fault.kind === 'lost' ? 'reset' : 'hang', applied: fault.applied };
}

describeAdapterContract('Slack', makeHarness);
