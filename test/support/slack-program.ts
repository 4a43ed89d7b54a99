/** The real program between a Slack and a MetaStudio of the test's own. */
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { PROJECT } from './builders.ts';
import { eventually, type Program, scratchDirectory, startProgram } from './program.ts';
import { slackMessage } from './slack-blocks.ts';
import { type Driver, startDriver } from './slack-driver.ts';
import { overHttp, type Way } from './slack-http.ts';
import type { PersonName, SlackMessageSeen } from './slack-people.ts';
import type { PrivateMessage } from './slack-private.ts';
import { type SlackServer, startSlackServer } from './slack-server.ts';

const ADMIN_TOKEN = 'flow-admin-token-77';
const KEY = { accessKey: 'FLOW-ACCESS-KEY-82', secretKey: 'flow-secret-key-5e01cc' };

export type SlackProgram = {
  readonly slack: SlackServer;
  readonly way: Way;
  readonly driver: Driver;
  readonly simulator: Simulator;
  /** As it runs now. */
  program(): Program;
  /** Where the program keeps its private Redis. */
  readonly dataDir: string;
  /** Types a command and waits for its private answer. */
  ask(text: string, at: Asking): Promise<PrivateMessage>;
  /** What stands in a conversation beside news: the live cards. */
  cards(channel: string): Promise<readonly SlackMessageSeen[]>;
  /** Replies below a card; in a person's own conversation, what stands beside it. */
  news(channel: string): Promise<readonly SlackMessageSeen[]>;
  /** A new job that a channel with these people follows in full, its card posted. */
  followed(channelName: string, wish?: Wish): Promise<Followed>;
  /** The sum of a counter over all its labels, or those with a value in one; 0 where it never counted. */
  counted(name: string, value?: string): Promise<number>;
  /** What the program sent that Slack would refuse. */
  illFormed(): readonly string[];
  /** Ends the program and starts it again. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  close(): Promise<void>;
};
/** `members`: the first of them follows. `with`: what stands behind the job in the command. */
type Wish = { readonly members?: readonly PersonName[]; readonly voiceName?: string; readonly with?: string };
type Asking = { readonly by: PersonName; readonly channel: string; readonly team?: string };
export type Followed = { readonly channel: string; readonly job: string; readonly card: SlackMessageSeen };

export async function startSlackProgram(
  options: { readonly way?: (slack: SlackServer) => Promise<Way> | Way; readonly scopes?: readonly string[] } = {},
): Promise<SlackProgram> {
  const [slack, simulator, scratch] = await Promise.all([startSlackServer(), startSimulator({ ...KEY, projectId: PROJECT }), scratchDirectory()]);
  if (options.scopes) slack.scopes = options.scopes;
  const way = await (options.way ?? overHttp)(slack);
  const driver = await startDriver(slack, way);
  const env = {
    PLAYGROUND: '0',
    DATA_DIR: scratch.path,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    ADMIN_TOKEN,
    SLACK_BOT_TOKEN: slack.token,
    SLACK_API_URL: slack.apiUrl,
    ...way.env,
  };
  let program = await startProgram(env);
  await way.reach(program.url);

  const cards: SlackProgram['cards'] = async (channel) => (await slack.seen(channel)).filter((message) => keysOf(message).includes('root'));
  const ask: SlackProgram['ask'] = async (text, at) => {
    const before = driver.shownTo(at.by, at.channel).length;
    const { taken } = await driver.command(text, at);
    if (!taken) throw new Error(`"${text}" was not taken`);
    return eventually(async () => driver.shownTo(at.by, at.channel)[before]);
  };
  return {
    slack,
    way,
    driver,
    simulator,
    program: () => program,
    dataDir: scratch.path,
    ask,
    cards,
    news: async (channel) => {
      const there = await slack.seen(channel);
      return there.filter((message) => keysOf(message).some((key) => key !== 'root' && /^[\w-]+$/.test(key)));
    },
    followed: async (channelName, { members = ['ann'], voiceName = `voice-${channelName}`, with: more = 'everything' }: Wish = {}) => {
      const [by = 'ann'] = members;
      const channel = await slack.channel(channelName, members);
      const job = simulator.createJob({ voiceName });
      await ask(`subscribe ${job} ${more}`, { by, channel });
      const card = await eventually(async () => (await cards(channel))[0]);
      // the announcement may come after the card, and would meet what a test plans for news
      await eventually(async () => (await slack.seen(channel)).length > 1);
      return { channel, job, card };
    },
    counted: async (name, value = '') => {
      const metrics = await (await fetch(`${program.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } })).text();
      const lines = metrics.split('\n').filter((line) => line.startsWith(`voicejob_${name}`) && line.includes(`"${value}`));
      return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    illFormed: () => {
      const sent = slack.calls.filter(({ method }) => method === 'chat.postMessage' || method === 'chat.update');
      return sent.flatMap(({ asked }) => {
        const checked = slackMessage.safeParse({ text: asked.get('text'), blocks: JSON.parse(asked.get('blocks') ?? '[]') });
        return checked.success ? [] : [checked.error.message];
      });
    },
    restart: async (signal = 'SIGTERM') => {
      await program.stop(signal);
      program = await startProgram(env);
      await way.reach(program.url);
    },
    close: async () => {
      await program.stop();
      await Promise.all([driver.close(), way.close(), simulator.close()]);
      await slack.close();
      await scratch.remove();
    },
  };
}

/** The keys of what a message tells; ['root'] for a live card, [] for what is no delivery. */
export function keysOf({ metadata }: SlackMessageSeen): readonly string[] {
  const { event_payload: payload } = (metadata ?? {}) as { readonly event_payload?: { readonly keys?: string } };
  return payload?.keys?.split(' ') ?? [];
}

export function withWords(messages: readonly SlackMessageSeen[], words: string): readonly SlackMessageSeen[] {
  return messages.filter(({ text }) => text.includes(words));
}
