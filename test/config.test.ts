import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VARIABLES } from '../src/config/variables.ts';
import { type Config, type Mode, problemsText, readConfig } from '../src/config.ts';

type Env = Readonly<Record<string, string | undefined>>;

const UPSTREAM: Env = {
  METASTUDIO_REGION: 'cn-north-4',
  METASTUDIO_PROJECT_ID: '0123456789abcdef',
  METASTUDIO_ACCESS_KEY: 'ACCESSKEY',
  METASTUDIO_SECRET_KEY: 'secret-key-value',
};
const SLACK: Env = { SLACK_BOT_TOKEN: 'xoxb-bot', SLACK_SIGNING_SECRET: 'signing-secret' };
const TEAMS: Env = { TEAMS_APP_ID: 'app', TEAMS_APP_PASSWORD: 'teams-password', TEAMS_TENANT_ID: 'tenant' };
const WHOLE: Env = { ...UPSTREAM, ...SLACK };

const noFile = (path: string): string => {
  throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
};

function read(env: Env, mode: Mode = 'run', readFile = noFile): Config {
  const result = readConfig(env, readFile, mode);
  if (result.kind !== 'ok') throw new Error(problemsText(result.problems));
  return result.config;
}

/** The problems as [variable or alternatives, got]. */
function refused(env: Env, mode: Mode = 'run', readFile = noFile): readonly (readonly [string, string | null])[] {
  const result = readConfig(env, readFile, mode);
  return result.kind === 'ok' ? [] : result.problems.map(({ oneOf, got }) => [oneOf.join(' | '), got]);
}

const without = (env: Env, ...names: string[]): Env => Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));

describe('an empty environment', () => {
  test('is refused in one message that names everything missing, with alternatives as one-of, and the demo', () => {
    const result = readConfig({}, noFile, 'run');
    expect(result.kind === 'problems' && problemsText(result.problems)).toBe(
      [
        "voicejob can't start: its configuration has 4 problems.",
        '- METASTUDIO_PROJECT_ID is missing: the id of the MetaStudio project whose jobs are watched',
        '- One of these is missing, to say where MetaStudio is:',
        '    METASTUDIO_REGION',
        '    METASTUDIO_ENDPOINT',
        '- One of these is missing, to sign in to MetaStudio:',
        '    METASTUDIO_ACCESS_KEY + METASTUDIO_SECRET_KEY',
        '    METASTUDIO_IAM_USER + METASTUDIO_IAM_PASSWORD + METASTUDIO_IAM_DOMAIN',
        '- One of these is missing, for a chat to talk in:',
        '    SLACK_BOT_TOKEN + SLACK_SIGNING_SECRET',
        '    SLACK_BOT_TOKEN + SLACK_APP_TOKEN',
        '    TEAMS_APP_ID + TEAMS_APP_PASSWORD + TEAMS_TENANT_ID',
        '    PLAYGROUND=1',
        'Every variable is described in .env.example. To see voicejob at work without any of them: npm run demo',
        '',
      ].join('\n'),
    );
  });

  test('is enough for the demo, the simulator and the operator commands', () => {
    expect(read({}, 'demo')).toMatchObject({ playground: true, http: { port: 3000, host: '127.0.0.1' }, redis: { kind: 'private' }, slack: null, teams: null });
    expect(read({}, 'demo').metastudio?.credentials.kind).toBe('access-key');
    expect(read({}, 'simulator').http).toEqual({ port: 3000, host: '127.0.0.1' });
    expect(read({}, 'admin')).toMatchObject({ metastudio: null, slack: null, redis: { kind: 'private' }, dataDir: './data' });
  });
});

describe('a whole configuration', () => {
  test('has the documented defaults', () => {
    expect(read(WHOLE)).toEqual({
      mode: 'run',
      http: { port: 3000, host: '127.0.0.1' },
      redis: { kind: 'private' },
      dataDir: './data',
      roles: new Set(['web', 'watch', 'deliver']),
      metastudio: {
        endpoint: 'https://metastudio.cn-north-4.myhuaweicloud.com',
        projectId: '0123456789abcdef',
        credentials: { kind: 'access-key', accessKey: 'ACCESSKEY', secretKey: 'secret-key-value', securityToken: '' },
        appUserId: '',
      },
      maxRps: 2,
      poll: { minMs: 15_000, maxMs: 300_000 },
      jobLinkTemplate: null,
      slack: { botToken: 'xoxb-bot', signingSecret: 'signing-secret', appToken: null, apiUrl: 'https://slack.com/api/', command: '/voicejob' },
      teams: null,
      playground: false,
      admins: [],
      adminToken: null,
      logLevel: 'info',
      language: 'en',
      secrets: ['ACCESSKEY', 'secret-key-value', 'xoxb-bot', 'signing-secret'],
    });
  });

  test('takes an empty variable as absent, and white space around a value as nothing', () => {
    expect(read({ ...WHOLE, PORT: '', DATA_DIR: '  ', HOST: ' ::1 ' })).toMatchObject({ http: { port: 3000, host: '::1' }, dataDir: './data' });
  });
});

describe('what is required', () => {
  test.each<readonly [string, Env, readonly string[]]>([
    [
      'web and watch need MetaStudio',
      SLACK,
      [
        'METASTUDIO_PROJECT_ID',
        'METASTUDIO_REGION | METASTUDIO_ENDPOINT',
        'METASTUDIO_ACCESS_KEY + METASTUDIO_SECRET_KEY | METASTUDIO_IAM_USER + METASTUDIO_IAM_PASSWORD + METASTUDIO_IAM_DOMAIN',
      ],
    ],
    ['deliver needs a chat only', { ...SLACK, ROLES: 'deliver' }, []],
    ['deliver needs no way to receive from Slack', { SLACK_BOT_TOKEN: 'xoxb-bot', ROLES: 'deliver' }, []],
    ['watch needs no chat', { ...UPSTREAM, ROLES: 'watch' }, []],
    ['deliver alone without a chat', { ROLES: 'deliver' }, ['SLACK_BOT_TOKEN | TEAMS_APP_ID + TEAMS_APP_PASSWORD + TEAMS_TENANT_ID | PLAYGROUND=1']],
    [
      'MetaStudio without a chat',
      UPSTREAM,
      ['SLACK_BOT_TOKEN + SLACK_SIGNING_SECRET | SLACK_BOT_TOKEN + SLACK_APP_TOKEN | TEAMS_APP_ID + TEAMS_APP_PASSWORD + TEAMS_TENANT_ID | PLAYGROUND=1'],
    ],
    ['the page is a chat', { ...UPSTREAM, PLAYGROUND: '1' }, []],
    ['Teams without credentials is a chat, for trial', { ...UPSTREAM, TEAMS_ALLOW_UNAUTHENTICATED: '1' }, []],
    ['half of an access key', without(WHOLE, 'METASTUDIO_SECRET_KEY'), ['METASTUDIO_SECRET_KEY']],
    [
      'a security token alone',
      { ...without(WHOLE, 'METASTUDIO_ACCESS_KEY', 'METASTUDIO_SECRET_KEY'), METASTUDIO_SECURITY_TOKEN: 't' },
      ['METASTUDIO_ACCESS_KEY', 'METASTUDIO_SECRET_KEY'],
    ],
    [
      'a part of IAM',
      { ...without(WHOLE, 'METASTUDIO_ACCESS_KEY', 'METASTUDIO_SECRET_KEY'), METASTUDIO_IAM_USER: 'u' },
      ['METASTUDIO_IAM_PASSWORD', 'METASTUDIO_IAM_DOMAIN'],
    ],
    ['two ways to sign in', { ...WHOLE, METASTUDIO_IAM_USER: 'u' }, ['METASTUDIO_ACCESS_KEY | METASTUDIO_IAM_USER']],
    ['a Slack bot that can hear nothing', { ...UPSTREAM, SLACK_BOT_TOKEN: 'xoxb-bot' }, ['SLACK_SIGNING_SECRET | SLACK_APP_TOKEN']],
    ['a signing secret without a bot', { ...UPSTREAM, SLACK_SIGNING_SECRET: 's' }, ['SLACK_BOT_TOKEN']],
    ['Teams without a tenant', { ...UPSTREAM, ...without(TEAMS, 'TEAMS_TENANT_ID') }, ['TEAMS_TENANT_ID']],
    ['a managed identity has no password', { ...UPSTREAM, ...TEAMS, TEAMS_APP_TYPE: 'UserAssignedMSI' }, ['TEAMS_APP_PASSWORD']],
    ['a managed identity needs no password', { ...UPSTREAM, ...without(TEAMS, 'TEAMS_APP_PASSWORD'), TEAMS_APP_TYPE: 'UserAssignedMSI' }, []],
    [
      'a link that names a region nobody gave',
      { ...without(WHOLE, 'METASTUDIO_REGION'), METASTUDIO_ENDPOINT: 'https://m.example.com', JOB_LINK_TEMPLATE: 'https://c.example.com/{region}/{job_id}' },
      ['METASTUDIO_REGION'],
    ],
  ])('%s', (_, env, missing) => {
    expect(refused(env).map(([names]) => names)).toEqual(missing);
  });
});

describe('MetaStudio', () => {
  const IAM: Env = { METASTUDIO_PROJECT_ID: 'p', METASTUDIO_IAM_USER: 'user', METASTUDIO_IAM_PASSWORD: 'pass word', METASTUDIO_IAM_DOMAIN: 'account' };

  test('is found by region, known or new, and the endpoint wins', () => {
    expect(read({ ...WHOLE, METASTUDIO_REGION: 'ap-southeast-3' }).metastudio?.endpoint).toBe('https://metastudio.ap-southeast-3.myhuaweicloud.com');
    expect(read({ ...WHOLE, METASTUDIO_REGION: 'af-north-1' }).metastudio?.endpoint).toBe('https://metastudio.af-north-1.myhuaweicloud.com');
    expect(read({ ...WHOLE, METASTUDIO_ENDPOINT: 'https://m.example.com/' }).metastudio?.endpoint).toBe('https://m.example.com');
  });

  test('takes an IAM user, whose IAM is that of the region or the one named', () => {
    const credentials = { kind: 'iam', user: 'user', password: 'pass word', domain: 'account' };
    expect(read({ ...SLACK, ...IAM, METASTUDIO_REGION: 'cn-east-3' }).metastudio?.credentials).toEqual({
      ...credentials,
      endpoint: 'https://iam.cn-east-3.myhuaweicloud.com',
    });
    const elsewhere = { ...SLACK, ...IAM, METASTUDIO_ENDPOINT: 'http://127.0.0.1:4000' };
    expect(refused(elsewhere)).toEqual([['METASTUDIO_IAM_ENDPOINT | METASTUDIO_REGION', null]]);
    expect(read({ ...elsewhere, METASTUDIO_IAM_ENDPOINT: 'http://localhost:4001' }).metastudio?.credentials).toEqual({
      ...credentials,
      endpoint: 'http://localhost:4001',
    });
  });

  test('gets its region put into links', () => {
    const template = 'https://c.example.com/{region}/{project_id}/{job_id}';
    expect(read({ ...WHOLE, JOB_LINK_TEMPLATE: template }).jobLinkTemplate).toBe('https://c.example.com/cn-north-4/{project_id}/{job_id}');
  });
});

describe('a value that is wrong', () => {
  test.each<readonly [string, ...string[]]>([
    ['PORT', '65536', '-1', 'http', '3000.5'],
    ['HOST', 'http://x', 'a b'],
    ['REDIS_URL', 'http://x', 'redis://', 'redis+sentinel://a:1', 'redis+sentinel://a:1,,b/name', 'localhost:6379'],
    ['ROLES', 'web,admin', 'web,,watch', 'WEB'],
    ['METASTUDIO_REGION', 'Beijing', 'cn-north-4.example.com', 'cn-north-4/x'],
    ['METASTUDIO_ENDPOINT', 'http://m.example.com', 'm.example.com', 'https://u:p@m.example.com', 'https://m.example.com/v1', 'ftp://127.0.0.1'],
    ['METASTUDIO_PROJECT_ID', 'a/b', 'a b', 'x'.repeat(65)],
    ['METASTUDIO_MAX_RPS', '0', '-1', 'two', '1e9'],
    ['POLL_MIN', '15', 'soon', '1d', '0s'],
    ['JOB_LINK_TEMPLATE', 'http://c.example.com/{job_id}', '{job_id}', 'https://c.example.com/{job}', 'https://c.example.com/<x>', 'javascript:alert(1)'],
    ['SLACK_BOT_TOKEN', 'xapp-1', 'xoxb-a b'],
    ['SLACK_COMMAND', 'voicejob', '/Voice Job'],
    ['SLACK_API_URL', 'http://slack.example.com/api/'],
    ['TEAMS_APP_TYPE', 'bogus', 'singletenant'],
    ['TEAMS_ALLOWED_TENANTS', 'a,,b'],
    ['PLAYGROUND', 'yes', 'true'],
    ['ADMINS', 'U123', 'irc:me', 'slack:U1,'],
    ['ADMIN_TOKEN', 'short'],
    ['LOG_LEVEL', 'verbose'],
    ['DEFAULT_LANGUAGE', 'de'],
  ])('%s', (name, ...wrong) => {
    for (const text of wrong) expect(refused({ ...WHOLE, [name]: text }).map(([key]) => key)).toContain(name);
  });

  test('is reported together with all others, and does not hide what else is missing', () => {
    expect(refused({ ...SLACK, PORT: 'x', POLL_MIN: 'y', METASTUDIO_REGION: '?', METASTUDIO_ACCESS_KEY: 'a' }).map(([key]) => key)).toEqual([
      'PORT',
      'METASTUDIO_REGION',
      'POLL_MIN',
      'METASTUDIO_PROJECT_ID',
      'METASTUDIO_SECRET_KEY',
    ]);
  });

  test('is shown, cut when it is long, but never when it is a secret', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(VARIABLES)), fc.string({ minLength: 4, maxLength: 300 }), (name, noise) => {
        const text = `Zq${noise}9\u0000`;
        const result = readConfig({ ...WHOLE, [name]: text }, noFile, 'run');
        const variable = Object.entries(VARIABLES).find(([key]) => key === name)?.[1];
        if (result.kind === 'ok' || variable?.secret !== true) return;
        expect(problemsText(result.problems)).not.toContain(text.trim());
      }),
    );
    expect(refused({ ...WHOLE, PORT: 'x'.repeat(500) })[0]?.[1]?.length).toBeLessThan(100);
    expect(refused({ ...WHOLE, SLACK_BOT_TOKEN: 'my-secret' })).toEqual([['SLACK_BOT_TOKEN', 'a value that is not shown']]);
  });

  test('is an interval that ends before it begins', () => {
    expect(refused({ ...WHOLE, POLL_MIN: '10m' })).toEqual([['POLL_MIN', '600s, and POLL_MAX 300s']]);
    expect(read({ ...WHOLE, POLL_MIN: '500ms', POLL_MAX: '1h' }).poll).toEqual({ minMs: 500, maxMs: 3_600_000 });
  });
});

describe('a secret in a file', () => {
  test('is read without its last line break', () => {
    const env = { ...without(WHOLE, 'METASTUDIO_SECRET_KEY'), METASTUDIO_SECRET_KEY_FILE: '/run/secrets/sk' };
    const config = read(env, 'run', (path) => `from ${path}`.replaceAll(' ', '-').concat('\n'));
    expect(config.metastudio?.credentials).toMatchObject({ secretKey: 'from-/run/secrets/sk' });
    expect(config.secrets).toContain('from-/run/secrets/sk');
  });

  test('may be every secret, and nothing else', () => {
    for (const [name, { secret }] of Object.entries(VARIABLES)) {
      const problems = refused({ ...without(WHOLE, name), [`${name}_FILE`]: '/nowhere' }).map(([key]) => key);
      expect(problems.includes(`${name}_FILE`), name).toBe(secret);
    }
  });

  test('that is missing, empty or beside the value itself is a problem', () => {
    const env = { ...WHOLE, ADMIN_TOKEN_FILE: '/token' };
    expect(refused(env)).toEqual([['ADMIN_TOKEN_FILE', '"/token" (ENOENT)']]);
    expect(refused(env, 'run', () => '\n')).toEqual([['ADMIN_TOKEN_FILE', 'an empty file, "/token"']]);
    expect(refused({ ...env, ADMIN_TOKEN: 'sixteen-characters' })).toEqual([['ADMIN_TOKEN_FILE', 'both']]);
  });
});

describe('Redis', () => {
  test.each<readonly [string, Config['redis'], readonly string[]]>([
    ['redis://localhost:6379/1', { kind: 'url', url: 'redis://localhost:6379/1' }, []],
    ['rediss://u:p%40ss@r.example.com', { kind: 'url', url: 'rediss://u:p%40ss@r.example.com' }, ['p%40ss', 'p@ss']],
    [
      'redis+sentinel://one:26380,two,[::1]:5/main',
      {
        kind: 'sentinel',
        hosts: [
          { host: 'one', port: 26380 },
          { host: 'two', port: 26379 },
          { host: '::1', port: 5 },
        ],
        name: 'main',
        username: null,
        password: null,
      },
      [],
    ],
    [
      'redis+sentinel://u:p%3Aw:x@one/main',
      { kind: 'sentinel', hosts: [{ host: 'one', port: 26379 }], name: 'main', username: 'u', password: 'p:w:x' },
      ['p:w:x'],
    ],
  ])('%s', (url, redis, secrets) => {
    const config = read({ ...WHOLE, REDIS_URL: url });
    expect(config.redis).toEqual(redis);
    expect(config.secrets).toEqual(expect.arrayContaining([url, ...secrets]));
  });
});

describe('chats', () => {
  test('Slack over Socket Mode', () => {
    const config = read({
      ...UPSTREAM,
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_API_URL: 'http://127.0.0.1:5000/api/',
      SLACK_COMMAND: '/vj',
    });
    expect(config.slack).toEqual({ botToken: 'xoxb-1', signingSecret: null, appToken: 'xapp-1', apiUrl: 'http://127.0.0.1:5000/api/', command: '/vj' });
  });

  test('Teams serves its own tenant unless others are named', () => {
    expect(read({ ...UPSTREAM, ...TEAMS }).teams).toMatchObject({
      appType: 'SingleTenant',
      allowedTenants: ['tenant'],
      openIdMetadataUrl: null,
      allowUnauthenticated: false,
    });
    expect(read({ ...UPSTREAM, ...TEAMS, TEAMS_ALLOWED_TENANTS: 'a, b' }).teams?.allowedTenants).toEqual(['a', 'b']);
  });

  test('admins are told by platform', () => {
    expect(read({ ...WHOLE, ADMINS: 'slack:U123, teams:0-0' }).admins).toEqual([
      { platform: 'slack', id: 'U123' },
      { platform: 'teams', id: '0-0' },
    ]);
  });
});

describe('a local trial', () => {
  test.each(['PLAYGROUND', 'TEAMS_ALLOW_UNAUTHENTICATED'])('%s is for this machine only, and beside nothing real', (name) => {
    for (const host of ['127.0.0.1', '127.3.2.1', 'localhost', '::1']) expect(refused({ ...UPSTREAM, [name]: '1', HOST: host })).toEqual([]);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', 'example.com', '127.0.0.1.example.com'])
      expect(refused({ ...UPSTREAM, [name]: '1', HOST: host })).toEqual([[name, `HOST "${host}"`]]);
    for (const real of [SLACK, TEAMS]) expect(refused({ ...UPSTREAM, ...real, [name]: '1' })).toEqual([[name, 'both']]);
  });

  test('the demo may take Teams calls of this machine, without anything real', () => {
    const { teams } = read({ ...TEAMS, TEAMS_ALLOW_UNAUTHENTICATED: '1' }, 'demo');
    expect(teams).toMatchObject({ allowUnauthenticated: true, appId: '', appPassword: null });
  });

  test('the demo takes no real chat, project or Redis from the environment, and may not be reached from outside', () => {
    const config = read({ ...WHOLE, ...TEAMS, REDIS_URL: 'redis://production', PORT: '4000', ADMIN_TOKEN: 'sixteen-characters' }, 'demo');
    expect(config).toMatchObject({ slack: null, teams: null, redis: { kind: 'private' }, http: { port: 4000 }, adminToken: 'sixteen-characters' });
    expect(JSON.stringify(config)).not.toContain('0123456789abcdef');
    expect(refused({ HOST: '0.0.0.0' }, 'demo')).toEqual([['PLAYGROUND', 'HOST "0.0.0.0"']]);
  });
});

test('whatever the environment holds, it is read or refused, never thrown at', () => {
  const names = fc.constantFrom(...Object.keys(VARIABLES), 'ADMIN_TOKEN_FILE', 'REDIS_URL_FILE');
  const texts = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('1', 'redis+sentinel://%:%@a/b', 'https://[', 'redis://%zz@h', '::', ','));
  fc.assert(
    fc.property(fc.dictionary(names, texts), fc.constantFrom<Mode>('run', 'demo', 'simulator', 'admin'), (env, mode) => {
      const result = readConfig(env, noFile, mode);
      if (result.kind === 'problems') expect(problemsText(result.problems)).toMatch(/^voicejob can't start/);
    }),
  );
});
