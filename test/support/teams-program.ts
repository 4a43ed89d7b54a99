/** The real program with Teams as its chat: an identity, a connector and people of the tests, and the simulator as MetaStudio. */
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { PROJECT } from './builders.ts';
import { eventually, type Program, scratchDirectory, startProgram } from './program.ts';
import { buttonsOf, type TeamsClient, teamsClient, textOf } from './teams-client.ts';
import { startTeamsConnector, type TeamsConnector } from './teams-connector.ts';
import { startTeamsIdentity, type TeamsIdentity } from './teams-identity.ts';
import type { TeamsConversation, TeamsMessage } from './teams-places.ts';

export type TeamsProgram = {
  readonly program: Program;
  readonly simulator: Simulator;
  readonly identity: TeamsIdentity;
  readonly connector: TeamsConnector;
  readonly client: TeamsClient;
  /** A channel in which Ann follows everything of a new job; resolves when its card is there. */
  followed(name: string): Promise<Followed>;
  /** The live cards of a place that are still kept up to date, oldest first. */
  cards(at: TeamsConversation): readonly TeamsMessage[];
  /** What the bot said below a message. */
  below(at: TeamsConversation, root: TeamsMessage): readonly TeamsMessage[];
  /** Resolves with the bot's message, seen by everybody, that says this. */
  said(at: TeamsConversation, words: string | RegExp): Promise<TeamsMessage>;
  /** The sum of a counter's values whose labels are these. */
  counted(name: string, labels: Readonly<Record<string, string>>): Promise<number>;
  close(): Promise<void>;
};

export type Followed = { readonly channel: TeamsConversation; readonly job: string; readonly card: TeamsMessage };

const KEY = { accessKey: 'TEAMS-FLOW-KEY-52', secretKey: 'teams-flow-secret-8d10cc' };
const ADMIN_TOKEN = 'teams-admin-token-71e0';

/** `trial`: without credentials, as Microsoft's local tools talk to it. */
export async function startTeamsProgram({ trial = false } = {}): Promise<TeamsProgram> {
  const simulator = await startSimulator({ ...KEY, projectId: PROJECT });
  const scratch = await scratchDirectory();
  const identity = await startTeamsIdentity();
  const connector = await startTeamsConnector(trial ? null : identity.isIssued);
  const credentials = {
    TEAMS_APP_ID: identity.appId,
    TEAMS_APP_PASSWORD: identity.appPassword,
    TEAMS_TENANT_ID: identity.tenantId,
    TEAMS_OPENID_METADATA_URL: identity.metadataUrl,
  };
  const program = await startProgram({
    PLAYGROUND: '0',
    DATA_DIR: scratch.path,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    ...(trial ? { TEAMS_ALLOW_UNAUTHENTICATED: '1' } : credentials),
    ADMIN_TOKEN,
  });
  const client = teamsClient(connector, { identity: trial ? null : identity, endpoint: `${program.url}/api/messages` });
  const ofBot = (at: TeamsConversation) => connector.seen(at.id).filter(({ from }) => from === 'bot');
  const cards: TeamsProgram['cards'] = (at) =>
    ofBot(at).filter((message) => message.root === null && buttonsOf(message).some(({ verb }) => verb === 'unfollow'));

  return {
    program,
    simulator,
    identity,
    connector,
    client,
    followed: async (name) => {
      const channel = connector.conversation('channel', name);
      const job = simulator.createJob({ voiceName: name });
      await client.message({ who: connector.people.ann, at: channel, text: `subscribe ${job} everything` });
      const card = await eventually(async () => cards(channel)[0]);
      return { channel, job, card };
    },
    cards,
    below: (at, { id }) => ofBot(at).filter(({ root }) => root === id),
    said: (at, words) =>
      eventually(async () => ofBot(at).find((message) => (typeof words === 'string' ? textOf(message).includes(words) : words.test(textOf(message))))),
    counted: async (name, labels) => {
      const response = await fetch(`${program.url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
      const lines = (await response.text()).split('\n').filter((line) => line.startsWith(`voicejob_${name}{`));
      const matching = lines.filter((line) => Object.entries(labels).every(([label, value]) => line.includes(`${label}="${value}"`)));
      return matching.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    close: async () => {
      await program.stop();
      await Promise.all([simulator.close(), connector.close(), identity.close()]);
      await scratch.remove();
    },
  };
}
