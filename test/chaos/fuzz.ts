/** The real program, told nonsense through its real routes and by its upstream: nothing may end it, and no answer may show its inside. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator } from '../../src/demo/simulator.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import { PROJECT, YOU } from '../support/builders.ts';
import { startProgram } from '../support/program.ts';
import { startSlackServer } from '../support/slack-server.ts';
import { SIGNING_SECRET, sendCommand, sendEvent, sendSigned, startAnswers } from '../support/slack-signed.ts';
import { teamsClient } from '../support/teams-client.ts';
import { startTeamsConnector } from '../support/teams-connector.ts';
import { startTeamsIdentity } from '../support/teams-identity.ts';
import { ACTIVITY_CHANGES, slackBodies } from './bodies.ts';
import { type Dice, dice } from './dice.ts';
import { anyText, mutated, mutatedJson } from './mutate.ts';

export type FuzzResult = {
  readonly sent: Readonly<Record<string, number>>;
  readonly statuses: ReadonlyMap<string, number>;
  readonly faults: readonly string[];
  readonly errorsLogged: ReadonlyMap<string, number>;
};

const AT_ONCE = 16;
const KEY = { accessKey: 'FUZZ-ACCESS-KEY', secretKey: 'fuzz-secret-key-51c7' };
const JOBS = 40;
/** What no stranger should read. */
const INSIDE = /\n\s+at |node_modules|file:\/\/|\/src\/|\/adapters\//;
const UPSTREAM_PATIENCE_MS = 240_000;
const TOO_FAST_MS = 250;

/** `counts`: how many of each; the parser's are told in this process. */
export async function fuzz(
  seed: number,
  counts: { readonly commands: number; readonly bodies: number; readonly upstream: number; readonly parser: number },
  say: (line: string) => void,
): Promise<FuzzResult> {
  const luck = dice(seed);
  const faults: string[] = [];
  const statuses = new Map<string, number>();
  const endings: (() => Promise<unknown>)[] = [];
  try {
    for (let n = 0; n < counts.parser; n += 1) {
      const text = anyText(luck);
      try {
        parseCommand(text, [], YOU);
      } catch (error) {
        faults.push(`the parser threw on ${JSON.stringify(text)}: ${String(error)}`);
      }
    }
    say(`${counts.parser} texts parsed`);

    const directory = await mkdtemp(join(tmpdir(), 'vj-fuzz-'));
    endings.push(() => rm(directory, { recursive: true, force: true }));
    const simulator = await startSimulator({ ...KEY, projectId: PROJECT });
    endings.push(() => simulator.close());
    const liar = await startLiar(simulator.url, luck);
    endings.push(() => liar.close());
    const slack = await startSlackServer();
    endings.push(() => slack.close());
    const answers = await startAnswers();
    endings.push(() => answers.close());
    const identity = await startTeamsIdentity();
    endings.push(() => identity.close());
    const connector = await startTeamsConnector(identity.isIssued);
    endings.push(() => connector.close());
    const program = await startProgram({
      ...{ DATA_DIR: directory, PLAYGROUND: '0', LOG_LEVEL: 'info', POLL_MIN: '200ms', POLL_MAX: '400ms', METASTUDIO_MAX_RPS: '400' },
      ...{ METASTUDIO_ENDPOINT: liar.url, METASTUDIO_PROJECT_ID: PROJECT, METASTUDIO_ACCESS_KEY: KEY.accessKey, METASTUDIO_SECRET_KEY: KEY.secretKey },
      ...{ SLACK_BOT_TOKEN: slack.token, SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: slack.apiUrl },
      ...{
        TEAMS_APP_ID: identity.appId,
        TEAMS_APP_PASSWORD: identity.appPassword,
        TEAMS_TENANT_ID: identity.tenantId,
        TEAMS_OPENID_METADATA_URL: identity.metadataUrl,
      },
    });
    let stopped = false;
    endings.push(async () => stopped || (await program.stop('SIGKILL')));
    const alive = (): boolean => {
      try {
        return process.kill(program.pid, 0);
      } catch {
        return false;
      }
    };
    const check = async (what: string, sent: string, send: () => Promise<{ readonly status: number; text(): Promise<string> }>): Promise<void> => {
      try {
        let answer = await send();
        // one address may ask for 200 a second: what is over that would be refused unread
        for (; answer.status === 429; answer = await send()) await pause(TOO_FAST_MS);
        const body = await answer.text();
        const key = `${what} ${answer.status}`;
        statuses.set(key, (statuses.get(key) ?? 0) + 1);
        if (answer.status === 500 || INSIDE.test(body)) faults.push(`${what} answered ${answer.status} ${body.slice(0, 200)} to ${sent.slice(0, 1000)}`);
      } catch (error) {
        faults.push(`${what}: ${String(error)} to ${sent.slice(0, 500)}${alive() ? '' : ' (the program has ended)'}`);
      }
    };
    const inParallel = async (count: number, one: (n: number) => Promise<void>): Promise<void> => {
      let next = 0;
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          while (next < count && alive()) await one(next++);
        }),
      );
    };

    const user = String((await slack.call('auth.test', {}, 'person')).user_id);
    const room = async (name: string): Promise<string> => {
      const id = await slack.channel(name);
      await slack.call('conversations.invite', { channel: id, users: user });
      return id;
    };
    // nonsense may unfollow everything, or say that a channel is gone: what must go on stands in another
    const channel = await room('nonsense');
    const spared = await room('spared');
    const afterwards = await room('afterwards');
    const who = { team_id: slack.team, user_id: user, user_name: 'ann', channel_id: channel, channel_name: 'lab' };
    const command = (text: string, n: number, there = channel) =>
      sendCommand(program.url, { ...who, channel_id: there, text, trigger_id: `${n}.f`, response_url: answers.url('x') });

    await inParallel(counts.commands, async (n) => {
      const text = anyText(luck);
      await check('Slack command', text, () => command(text, n));
    });
    say(`${counts.commands} commands sent`);

    const good = slackBodies({ team: slack.team, user, channel, answerUrl: answers.url('y') });
    await inParallel(counts.bodies, async () => {
      const { kind, body } = luck.of(good);
      if (kind === 'event') return check('Slack event', JSON.stringify(body), () => mutatedEvent(body));
      if (kind === 'payload') {
        const payload = mutatedJson(body, luck);
        return check('Slack interaction', payload, () => sendSigned(program.url, new URLSearchParams({ payload }).toString()));
      }
      const fields = mutated(body, luck);
      const form = new URLSearchParams(
        Object.entries(typeof fields === 'object' && fields !== null ? fields : {}).map(([name, value]): [string, string] => [name, String(value)]),
      );
      return check('Slack form', form.toString(), () => sendSigned(program.url, form.toString()));
    });
    say(`${counts.bodies} bodies sent as Slack`);

    const place = connector.conversation('channel', 'lab');
    const client = teamsClient(connector, { identity, endpoint: `${program.url}/api/messages` });
    await inParallel(counts.bodies, async () => {
      const activity = client.activity({ who: connector.people.ann, at: place }, { text: anyText(luck), ...luck.of(ACTIVITY_CHANGES) });
      // most keep what the token is checked against, and so get past it
      const { serviceUrl, channelId, channelData, conversation } = activity;
      const changed = mutated(activity, luck);
      const kept =
        luck.chance(0.8) && typeof changed === 'object' && changed !== null ? { ...changed, serviceUrl, channelId, channelData, conversation } : changed;
      const body = luck.chance(0.1) ? mutatedJson(kept, luck) : (JSON.stringify(kept) ?? '');
      await check('Teams activity', body, async () => {
        const { status, text } = await client.send(body);
        return { status, text: async () => text };
      });
    });
    say(`${counts.bodies} bodies sent as Teams`);

    const jobs = Array.from({ length: JOBS }, (_, n) => simulator.createJob({ voiceName: `voice-${n}` }));
    for (const [n, job] of jobs.entries()) await check('subscribe', job, () => command(`subscribe ${job} everything`, 1_000_000 + n, spared));
    liar.lie(true);
    const giveUpAt = Date.now() + UPSTREAM_PATIENCE_MS;
    while (liar.lies() < counts.upstream && alive() && Date.now() < giveUpAt) await pause(100);
    liar.lie(false);
    say(`${liar.lies()} answers of upstream changed`);
    if (liar.lies() < counts.upstream) faults.push(`upstream was asked only ${liar.lies()} times`);

    // and all is as before
    const last = simulator.createJob({ voiceName: 'last-voice' });
    await check('subscribe', last, () => command(`subscribe ${last} everything`, 2_000_000, afterwards));
    const until = async (words: string): Promise<void> => {
      const end = Date.now() + UPSTREAM_PATIENCE_MS;
      while (Date.now() < end && alive()) {
        if ((await slack.seen(afterwards)).some((message) => JSON.stringify(message).includes(words))) return;
        await pause(500);
      }
      faults.push(`${words} was never told afterwards`);
    };
    await until('last-voice');
    simulator.append(last, { action: 'STILL_ALIVE', operator: 'SYSTEM' });
    await until('STILL_ALIVE');

    if (!alive()) faults.push(`the program has ended:\n${program.output().slice(-3000)}`);
    const errorsLogged = new Map<string, number>();
    for (const line of program.output().split('\n')) {
      const [, message] = /"level":"error".*"message":"([^"]*)"/.exec(line) ?? [];
      const [, cause = ''] = /"error":\{"type":"[^"]*",(?:"code":"[^"]*",)?"message":"((?:[^"\\]|\\.)*)"/.exec(line) ?? [];
      if (message) errorsLogged.set(`${message}: ${cause}`, (errorsLogged.get(`${message}: ${cause}`) ?? 0) + 1);
    }
    const ended = await program.stop('SIGTERM');
    stopped = true;
    if (ended !== 0) faults.push(`asked to end, the program ended with ${ended}`);
    return { sent: { ...counts, upstream: liar.lies() }, statuses, faults, errorsLogged };

    function mutatedEvent(body: object): Promise<Response> {
      if (luck.chance(0.3)) return sendSigned(program.url, mutatedJson(body, luck), { type: 'application/json' });
      const changed = mutated(body, luck);
      return sendEvent(program.url, { ...(typeof changed === 'object' ? changed : body), event_id: `Ev${luck.below(1_000_000_000)}` });
    }
  } finally {
    for (const end of endings.toReversed()) await end();
  }
}

/** Passes on what upstream says; when it lies, with something changed. */
async function startLiar(target: string, luck: Dice) {
  let lying = false;
  let lies = 0;
  const server = createServer((request, response) => {
    // headers as they are: the signature names the host that was asked
    const asked = httpRequest(target + (request.url ?? ''), { headers: request.headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const lie = lying && luck.chance(0.95);
        if (lie) lies += 1;
        const status = lie && luck.chance(0.05) ? luck.of([302, 400, 404, 418, 500]) : (answer.statusCode ?? 500);
        response.writeHead(status, { 'content-type': 'application/json' }).end(lie ? mutatedJson(JSON.parse(text), luck) : text);
      });
    });
    asked.on('error', () => response.destroy());
    asked.end();
  });
  server.listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lie: (on: boolean) => {
      lying = on;
    },
    lies: () => lies,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
