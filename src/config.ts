/**
 * The only reader of the environment. A configuration is either whole or refused with everything that is wrong with it at once.
 * Variables: config/variables.ts. Here: what they mean together, and the shape the rest of voicejob sees.
 */
import { checkChats, checkTrial, type SlackConfig, slackOf, type TeamsConfig, teamsOf } from './config/chats.ts';
import { type Draft, type Environment, type Problem, readVariables, reportMissing } from './config/read.ts';
import { type Admin, type RedisAddress, type Role, redisSecrets } from './config/values.ts';

export type { SlackConfig, TeamsConfig } from './config/chats.ts';
export type { Problem } from './config/read.ts';
export type { Role } from './config/values.ts';

/** run: the service. demo: everything made up. simulator: MetaStudio's stand-in alone. admin: the operator's commands, which take what there is. */
export type Mode = 'run' | 'demo' | 'simulator' | 'admin';

export type Credentials =
  | { readonly kind: 'access-key'; readonly accessKey: string; readonly secretKey: string; readonly securityToken: string }
  | { readonly kind: 'iam'; readonly endpoint: string; readonly user: string; readonly password: string; readonly domain: string };

export type MetaStudioConfig = {
  /** Without a slash at the end. */
  readonly endpoint: string;
  readonly projectId: string;
  readonly credentials: Credentials;
  /** '' = the header is not sent. */
  readonly appUserId: string;
};

export type Config = {
  readonly mode: Mode;
  readonly http: { readonly port: number; readonly host: string };
  /** Where this machine's files are: the private Redis, the local page's chat. */
  readonly dataDir: string;
  readonly redis: { readonly kind: 'private' } | RedisAddress;
  readonly roles: ReadonlySet<Role>;
  /** null: nobody here reads upstream (roles, or mode). */
  readonly metastudio: MetaStudioConfig | null;
  /** Ceiling of upstream requests a second, over all processes. */
  readonly maxRps: number;
  readonly poll: { readonly minMs: number; readonly maxMs: number };
  /** With {project_id} and {job_id} yet to be filled in; null = messages carry no link. */
  readonly jobLinkTemplate: string | null;
  readonly slack: SlackConfig | null;
  readonly teams: TeamsConfig | null;
  readonly playground: boolean;
  readonly admins: readonly Admin[];
  /** null: /metrics and /admin do not exist. */
  readonly adminToken: string | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly language: 'en' | 'zh-CN';
  /** Every secret value, to be kept out of logs. */
  readonly secrets: readonly string[];
};

/** What the demo is configured with. The app puts in its own simulator's address and finds a free port. */
const DEMO: Environment = {
  METASTUDIO_ENDPOINT: 'http://127.0.0.1',
  METASTUDIO_PROJECT_ID: 'demo',
  METASTUDIO_ACCESS_KEY: 'DEMO-ACCESS-KEY',
  METASTUDIO_SECRET_KEY: 'demo-secret-key-that-protects-nothing',
  METASTUDIO_MAX_RPS: '20',
  POLL_MIN: '1s',
  POLL_MAX: '5s',
  PLAYGROUND: '1',
};

/** What the environment may still say in the demo and the simulator: neither ever touches a real chat, project or Redis. */
const DEMO_MAY_SET = ['PORT', 'HOST', 'DATA_DIR', 'METASTUDIO_MAX_RPS', 'POLL_MIN', 'POLL_MAX', 'JOB_LINK_TEMPLATE'].concat([
  'TEAMS_ALLOW_UNAUTHENTICATED',
  'ADMINS',
  'ADMIN_TOKEN',
  'ADMIN_TOKEN_FILE',
  'LOG_LEVEL',
  'DEFAULT_LANGUAGE',
]);

/**
 * Reads the configuration.
 * @param env The environment, as process.env.
 * @param readFile Reads the file that a NAME_FILE variable names; may throw.
 */
export function readConfig(
  env: Environment,
  readFile: (path: string) => string,
  mode: Mode,
): { readonly kind: 'ok'; readonly config: Config } | { readonly kind: 'problems'; readonly problems: readonly Problem[] } {
  const made = mode === 'demo' || mode === 'simulator';
  const set = Object.fromEntries(DEMO_MAY_SET.filter((name) => env[name]).map((name) => [name, env[name]]));
  const readings = readVariables(made ? { ...DEMO, ...set } : env, readFile);
  const problems = [...readings.problems];
  const draft: Draft = {
    ...readings,
    strict: mode === 'run',
    report: (oneOf, expected, got) => problems.push({ oneOf: [oneOf].flat(), expected, got: got ?? null }),
  };
  const { values } = draft;
  const config: Config = {
    mode,
    http: { port: values.PORT, host: values.HOST },
    dataDir: values.DATA_DIR,
    redis: values.REDIS_URL ?? { kind: 'private' },
    roles: values.ROLES,
    metastudio: metastudioOf(draft),
    maxRps: values.METASTUDIO_MAX_RPS,
    poll: pollOf(draft),
    jobLinkTemplate: linkOf(draft),
    slack: slackOf(draft),
    teams: teamsOf(draft),
    playground: values.PLAYGROUND,
    admins: values.ADMINS ?? [],
    adminToken: values.ADMIN_TOKEN,
    logLevel: values.LOG_LEVEL,
    language: values.DEFAULT_LANGUAGE,
    secrets: [...new Set([...readings.secrets, ...(values.REDIS_URL ? redisSecrets(values.REDIS_URL) : [])])],
  };
  checkChats(draft);
  checkTrial(draft);
  return problems.length === 0 ? { kind: 'ok', config } : { kind: 'problems', problems };
}

/** All problems as one message that ends with what to do. */
export function problemsText(problems: readonly Problem[]): string {
  return [
    `voicejob can't start: its configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.`,
    ...problems.map(problemLines),
    'Every variable is described in .env.example. To see voicejob at work without any of them: npm run demo',
    '',
  ].join('\n');
}

function problemLines({ oneOf, expected, got }: Problem): string {
  if (got !== null) return `- ${oneOf.join(' or ')} is wrong: expected ${expected}; got ${got}`;
  if (oneOf.length === 1) return `- ${oneOf.join()} is missing: ${expected}`;
  return [`- One of these is missing, ${expected}:`, ...oneOf.map((alternative) => `    ${alternative}`)].join('\n');
}

/** MetaStudio is read by watch and, for commands, by web. */
function metastudioOf(draft: Draft): MetaStudioConfig | null {
  const { values, given, report } = draft;
  if (draft.strict && !values.ROLES.has('watch') && !values.ROLES.has('web')) return null;
  if (draft.strict) {
    if (!given('METASTUDIO_PROJECT_ID')) report('METASTUDIO_PROJECT_ID', 'the id of the MetaStudio project whose jobs are watched');
    if (!given('METASTUDIO_REGION') && !given('METASTUDIO_ENDPOINT')) report(['METASTUDIO_REGION', 'METASTUDIO_ENDPOINT'], 'to say where MetaStudio is');
  }
  const credentials = credentialsOf(draft);
  const endpoint = values.METASTUDIO_ENDPOINT ?? (values.METASTUDIO_REGION && `https://metastudio.${values.METASTUDIO_REGION}.myhuaweicloud.com`);
  if (!endpoint || !values.METASTUDIO_PROJECT_ID || !credentials) return null;
  return { endpoint, projectId: values.METASTUDIO_PROJECT_ID, credentials, appUserId: values.METASTUDIO_APP_USER_ID ?? '' };
}

const KEYS = ['METASTUDIO_ACCESS_KEY', 'METASTUDIO_SECRET_KEY'] as const;
const IAM = ['METASTUDIO_IAM_USER', 'METASTUDIO_IAM_PASSWORD', 'METASTUDIO_IAM_DOMAIN'] as const;

function credentialsOf(draft: Draft): Credentials | null {
  const { values, given, report, strict } = draft;
  const someKey = KEYS.some(given) || given('METASTUDIO_SECURITY_TOKEN');
  const someIam = IAM.some(given);
  if (someKey && someIam) report(['METASTUDIO_ACCESS_KEY', 'METASTUDIO_IAM_USER'], 'one way to sign in', 'both');
  else if (someKey) reportMissing(draft, KEYS);
  else if (someIam) reportMissing(draft, IAM);
  else if (strict) report([KEYS.join(' + '), IAM.join(' + ')], 'to sign in to MetaStudio');
  const { METASTUDIO_ACCESS_KEY: accessKey, METASTUDIO_SECRET_KEY: secretKey, METASTUDIO_SECURITY_TOKEN: securityToken } = values;
  if (accessKey && secretKey) return { kind: 'access-key', accessKey, secretKey, securityToken: securityToken ?? '' };
  const { METASTUDIO_IAM_USER: user, METASTUDIO_IAM_PASSWORD: password, METASTUDIO_IAM_DOMAIN: domain } = values;
  const endpoint = values.METASTUDIO_IAM_ENDPOINT ?? (values.METASTUDIO_REGION && `https://iam.${values.METASTUDIO_REGION}.myhuaweicloud.com`);
  if (someIam && !endpoint && given('METASTUDIO_ENDPOINT') && !given('METASTUDIO_IAM_ENDPOINT')) {
    report(['METASTUDIO_IAM_ENDPOINT', 'METASTUDIO_REGION'], 'to say where IAM is');
  }
  return user && password && domain && endpoint ? { kind: 'iam', endpoint, user, password, domain } : null;
}

function pollOf({ values, report }: Draft): Config['poll'] {
  const [minMs, maxMs] = [values.POLL_MIN, values.POLL_MAX];
  if (minMs > maxMs) report('POLL_MIN', 'an interval no longer than POLL_MAX', `${minMs / 1000}s, and POLL_MAX ${maxMs / 1000}s`);
  return { minMs, maxMs };
}

function linkOf({ values, given, report }: Draft): string | null {
  const template = values.JOB_LINK_TEMPLATE;
  if (template?.includes('{region}') && !given('METASTUDIO_REGION')) report('METASTUDIO_REGION', 'the region that JOB_LINK_TEMPLATE names');
  return template?.replaceAll('{region}', values.METASTUDIO_REGION ?? '') ?? null;
}
