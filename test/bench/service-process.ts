/** voicejob as it runs, in a process of its own; only the chat is another: Slack's real client before a stand-in for Slack. Argument: JSON of ServiceOptions. */

import { loadAdapters } from '../../adapters/index.ts';
import { createSlackOutbound } from '../../adapters/slack/outbound.ts';
import { startApp } from '../../src/app.ts';
import type { Role } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import { systemClock } from '../support/builders.ts';

export type ServiceOptions = {
  readonly dataDir: string;
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly maxRps: number;
  readonly poll: { readonly minMs: number; readonly maxMs: number };
  readonly roles: readonly Role[];
  /** null: the local page is the chat. */
  readonly slackApiUrl: string | null;
  /** Whether the platform's declared pace holds. */
  readonly paced: boolean;
};

const options = JSON.parse(process.argv[2] ?? '{}') as ServiceOptions;
const log = createLog({ level: 'warn', secrets: [] });

function slackAt(apiUrl: string): ChatAdapter {
  const outbound = createSlackOutbound({ token: 'xoxb-bench', apiUrl, clock: systemClock, log });
  const traits: ChatAdapter['traits'] = (address) => {
    const real = outbound.traits(address);
    return options.paced ? real : { ...real, pace: { post: [], update: [] } };
  };
  return { ...outbound, traits, platform: 'slack', commandPrefix: () => '/voicejob ', start: async () => {}, stop: async () => {} };
}

const { slackApiUrl, accessKey, secretKey, endpoint, projectId } = options;
const app = await startApp(
  {
    mode: 'run',
    http: { port: 0, host: '127.0.0.1' },
    dataDir: options.dataDir,
    redis: { kind: 'private' },
    roles: new Set(options.roles),
    metastudio: { endpoint, projectId, credentials: { kind: 'access-key', accessKey, secretKey, securityToken: '' }, appUserId: '' },
    maxRps: options.maxRps,
    poll: options.poll,
    jobLinkTemplate: null,
    slack: null,
    teams: null,
    playground: slackApiUrl === null,
    admins: [],
    adminToken: 'bench-bench-bench-bench',
    logLevel: 'warn',
    language: 'en',
    secrets: [],
  },
  log,
  slackApiUrl === null ? { loadAdapters } : { loadAdapters: async () => [slackAt(slackApiUrl)] },
);
process.send?.({ url: app.url });
process.once('SIGTERM', () => {
  const leave = () => process.exit(0);
  app.stop().then(leave, leave);
});
