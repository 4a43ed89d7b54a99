/** Every variable of the environment that voicejob reads. `.env.example` is made from this table (scripts/env-example.ts). */
import * as value from './values.ts';

export type Variable<T, D extends string | null> = value.Kind<T> & {
  readonly group: string;
  readonly description: string;
  /** What holds when it is absent; null = nothing. */
  readonly fallback: D;
  readonly example: string;
  /** May come from the file that NAME_FILE names, and is never shown. */
  readonly secret: boolean;
};

type Words<D> = { readonly description: string; readonly fallback: D; readonly example: string };

function group(name: string) {
  const make =
    (secret: boolean) =>
    <T, const D extends string | null>(kind: value.Kind<T>, words: Words<D>): Variable<T, D> => ({ ...kind, ...words, group: name, secret });
  return { open: make(false), secret: make(true) };
}

const server = group('Web server');
const data = group('Data');
const upstream = group('MetaStudio: a region or an endpoint, a project, and one of two ways to sign in');
const slack = group('Slack: the bot token, and a signing secret (HTTP) or an app token (Socket Mode)');
const teams = group('Microsoft Teams');
const trial = group('Local trial: only while HOST is this machine, never beside real Slack or Teams credentials');
const people = group('Operation');

export const VARIABLES = {
  PORT: server.open(value.port, { description: 'port of the web server', fallback: '3000', example: '3000' }),
  HOST: server.open(value.host, {
    description: 'address the web server listens on; 0.0.0.0 in the container image',
    fallback: '127.0.0.1',
    example: '0.0.0.0',
  }),

  DATA_DIR: data.open(value.text, { description: 'folder of the private Redis and its data', fallback: './data', example: '/var/lib/voicejob' }),
  REDIS_URL: data.secret(value.redis, {
    description: 'redis://, rediss:// or redis+sentinel://host:port,host:port/name; without it voicejob runs its own Redis in DATA_DIR',
    fallback: null,
    example: 'rediss://user:password@redis.example.com:6379',
  }),
  ROLES: data.open(value.roles, {
    description: 'what this process does; start more processes on one Redis for more load',
    fallback: 'web,watch,deliver',
    example: 'watch,deliver',
  }),

  METASTUDIO_REGION: upstream.open(value.region, { description: 'where the API is', fallback: null, example: 'cn-north-4' }),
  METASTUDIO_ENDPOINT: upstream.open(value.endpoint, {
    description: 'or its address; wins over the region',
    fallback: null,
    example: 'https://metastudio.cn-north-4.myhuaweicloud.com',
  }),
  METASTUDIO_PROJECT_ID: upstream.open(value.projectId, {
    description: 'the project whose jobs are watched',
    fallback: null,
    example: '0123456789abcdef0123456789abcdef',
  }),
  METASTUDIO_ACCESS_KEY: upstream.secret(value.secret, { description: 'access key (AK) that signs requests', fallback: null, example: 'ABCDEFGHIJKLMNOPQRST' }),
  METASTUDIO_SECRET_KEY: upstream.secret(value.secret, { description: 'secret key (SK) that goes with it', fallback: null, example: 'secret-key' }),
  METASTUDIO_SECURITY_TOKEN: upstream.secret(value.secret, { description: 'only with temporary access keys', fallback: null, example: 'security-token' }),
  METASTUDIO_IAM_USER: upstream.open(value.password, { description: 'or an IAM user, for whom a token is fetched', fallback: null, example: 'voicejob' }),
  METASTUDIO_IAM_PASSWORD: upstream.secret(value.password, { description: "the IAM user's password", fallback: null, example: 'password' }),
  METASTUDIO_IAM_DOMAIN: upstream.open(value.password, { description: "the account's name", fallback: null, example: 'my-account' }),
  METASTUDIO_IAM_ENDPOINT: upstream.open(value.endpoint, {
    description: "IAM's address; default: the region's",
    fallback: null,
    example: 'https://iam.cn-north-4.myhuaweicloud.com',
  }),
  METASTUDIO_APP_USER_ID: upstream.open(value.text, {
    description: 'sent as X-App-UserId when the detail or the list of jobs is read',
    fallback: null,
    example: 'user-1',
  }),
  METASTUDIO_MAX_RPS: upstream.open(value.rate, { description: 'ceiling of requests a second, over all processes', fallback: '2', example: '2' }),
  POLL_MIN: upstream.open(value.duration, { description: 'shortest wished interval between two reads of a job', fallback: '15s', example: '15s' }),
  POLL_MAX: upstream.open(value.duration, { description: 'longest wished interval', fallback: '5m', example: '5m' }),
  JOB_LINK_TEMPLATE: upstream.open(value.linkTemplate, {
    description: 'link to a job in messages, with {region}, {project_id} and {job_id}',
    fallback: null,
    example: 'https://console.example.com/{region}/{project_id}/jobs/{job_id}',
  }),

  SLACK_BOT_TOKEN: slack.secret(value.slackBotToken, { description: 'bot token', fallback: null, example: 'xoxb-...' }),
  SLACK_SIGNING_SECRET: slack.secret(value.secret, {
    description: 'signing secret: Slack over HTTP at /slack/events',
    fallback: null,
    example: 'signing-secret',
  }),
  SLACK_APP_TOKEN: slack.secret(value.slackAppToken, { description: 'app-level token: Slack over Socket Mode instead', fallback: null, example: 'xapp-...' }),
  SLACK_API_URL: slack.open(value.address, { description: "Slack's API", fallback: 'https://slack.com/api/', example: 'https://slack.com/api/' }),
  SLACK_COMMAND: slack.open(value.slackCommand, { description: 'the slash command', fallback: '/voicejob', example: '/voicejob' }),

  TEAMS_APP_ID: teams.open(value.secret, {
    description: 'app (client) id of the bot; Teams calls /api/messages',
    fallback: null,
    example: '00000000-0000-0000-0000-000000000000',
  }),
  TEAMS_APP_PASSWORD: teams.secret(value.secret, { description: 'client secret; not with UserAssignedMSI', fallback: null, example: 'client-secret' }),
  TEAMS_TENANT_ID: teams.open(value.secret, { description: 'tenant of the bot', fallback: null, example: '00000000-0000-0000-0000-000000000000' }),
  TEAMS_APP_TYPE: teams.open(value.oneOf('SingleTenant', 'MultiTenant', 'UserAssignedMSI'), {
    description: 'SingleTenant, MultiTenant or UserAssignedMSI',
    fallback: 'SingleTenant',
    example: 'SingleTenant',
  }),
  TEAMS_ALLOWED_TENANTS: teams.open(value.ids, {
    description: 'tenants whose people are served, separated by commas; default: the tenant above',
    fallback: null,
    example: '00000000-0000-0000-0000-000000000000',
  }),
  TEAMS_OPENID_METADATA_URL: teams.open(value.address, {
    description: "where Microsoft's signing keys are; set for sovereign clouds and tests only",
    fallback: null,
    example: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  }),

  PLAYGROUND: trial.open(value.flag, { description: '1 serves the local page, a chat to try voicejob with', fallback: '0', example: '1' }),
  TEAMS_ALLOW_UNAUTHENTICATED: trial.open(value.flag, {
    description: "1 takes Teams calls without a token, as Microsoft's local tools send them",
    fallback: '0',
    example: '1',
  }),

  ADMINS: people.open(value.admins, {
    description: 'who hears of faults, as platform:id',
    fallback: null,
    example: 'slack:U123,teams:00000000-0000-0000-0000-000000000000',
  }),
  ADMIN_TOKEN: people.secret(value.adminToken, {
    description: 'bearer token or HTTP Basic password for /metrics and /admin, which do not exist without it',
    fallback: null,
    example: 'at-least-16-characters',
  }),
  LOG_LEVEL: people.open(value.oneOf('debug', 'info', 'warn', 'error'), { description: 'debug, info, warn or error', fallback: 'info', example: 'info' }),
  DEFAULT_LANGUAGE: people.open(value.oneOf('en', 'zh-CN'), { description: 'en or zh-CN, until a place chooses its own', fallback: 'en', example: 'en' }),
} as const;

export type VariableName = keyof typeof VARIABLES;

/** Each variable's value: null when it is absent and has no fallback. */
export type Values = {
  readonly [K in VariableName]: (typeof VARIABLES)[K] extends Variable<infer T, infer D> ? (D extends string ? T : T | null) : never;
};
