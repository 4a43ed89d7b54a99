/** Each misconfiguration is real: a Redis, a port, a MetaStudio that is set wrongly. What is asserted is what the operator reads. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { checkMetaStudio } from '../../src/admin/check-metastudio.ts';
import { doctor } from '../../src/admin/doctor.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { operate } from '../../src/operate.ts';
import { type JobSource, UpstreamError } from '../../src/ports/job-source.ts';
import { PROJECT, silentLog, systemClock } from '../support/builders.ts';
import { chatAdapter } from '../support/chat-server.ts';
import { core, follow } from '../support/core.ts';
import { freePort } from '../support/free-port.ts';
import { startHttpServer } from '../support/http-server.ts';
import { scratchDirectory } from '../support/program.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { KEY } from '../support/upstream.ts';

let redis: TestRedis;
let client: Redis;
let simulator: Simulator;
let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
let env: Record<string, string>;

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
  simulator = await startSimulator({ ...KEY, projectId: PROJECT, scenario: 'fixtures' });
  scratch = await scratchDirectory();
  const port = await freePort();
  await client.config('SET', 'port', port);
  env = {
    PORT: '0',
    DATA_DIR: scratch.path,
    REDIS_URL: `redis://127.0.0.1:${port}`,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    PLAYGROUND: '1',
  };
});
beforeEach(() => redis.flush());
afterAll(async () => {
  await simulator.close();
  await redis.stop();
  await scratch.remove();
});

const examine = (over: Readonly<Record<string, string>> = {}) => operate(['doctor'], { ...env, ...over }, () => silentLog);

/** The lines that say what is wrong, each with how to mend it. */
async function problems(over: Readonly<Record<string, string>> = {}): Promise<string> {
  const { exit, text } = await examine(over);
  expect(text).not.toContain(KEY.secretKey);
  const lines = text.split('\n');
  const wrong = lines.flatMap((line, at) => (line.startsWith('problem') ? [`${line} | ${lines[at + 1]?.trim()}`] : []));
  expect([exit, wrong.length > 0]).toEqual([1, true]);
  return wrong.join('\n');
}

describe('doctor', () => {
  it('finds nothing where all is well, and exits with 0', async () => {
    const { exit, text } = await examine();
    expect(text).not.toMatch(/^problem/m);
    expect(exit).toBe(0);
    expect(text).toMatch(/ok +configuration +complete/);
    expect(text).toMatch(/ok +DATA_DIR/);
    expect(text).toMatch(/ok +Redis +Redis 7/);
    expect(text).toMatch(/ok +MetaStudio +takes the credentials; the project has \d+ jobs/);
    expect(text).toMatch(/ok +playground/);
    expect(text).toContain('No problem was found.');
  });

  it('names a missing variable', async () => {
    expect(await problems({ METASTUDIO_SECRET_KEY: '', PLAYGROUND: '0' })).toMatch(/METASTUDIO_SECRET_KEY is missing \| to mend it: set METASTUDIO_SECRET_KEY/);
  });

  it('names what could be set in a sentence, where one of several things is missing', async () => {
    expect(await problems({ METASTUDIO_ACCESS_KEY: '', METASTUDIO_SECRET_KEY: '' })).toMatch(
      /none of these is set: METASTUDIO_ACCESS_KEY and METASTUDIO_SECRET_KEY, or METASTUDIO_IAM_USER and .* \| to mend it: set one of them, to sign in to MetaStudio$/m,
    );
  });

  it('names a wrong key', async () => {
    expect(await problems({ METASTUDIO_SECRET_KEY: 'a-wrong-secret' })).toMatch(
      /MetaStudio +refuses the credentials \(HTTP 401 APIGW\.0301.*mend it: look at METASTUDIO_ACCESS_KEY/,
    );
  });

  it('names a project that is not the key’s', async () => {
    expect(await problems({ METASTUDIO_PROJECT_ID: 'somebody-elses' })).toMatch(/does not know the project .*mend it: set METASTUDIO_PROJECT_ID/);
  });

  it('names a clock that is wrong, before the signature that it spoils', async () => {
    const server = createServer((_, response) => {
      response.writeHead(401, { 'content-type': 'application/json', date: new Date(Date.now() + 20 * 60_000).toUTCString() });
      response.end('{"error_code":"APIGW.0301","error_msg":"Incorrect IAM authentication information: x-sdk-date expired"}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const found = await problems({ METASTUDIO_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    server.close();
    expect(found).toMatch(/clock of this machine is 20 minutes behind.*NTP/);
    expect(found).toMatch(/refuses the signature.*set the clock right first/);
  });

  it('names an address that is not MetaStudio’s, and one where nothing answers', async () => {
    const stranger = await startHttpServer((_, response) => void response.writeHead(404, { 'content-type': 'text/html' }).end('<html>not here</html>'));
    expect(await problems({ METASTUDIO_ENDPOINT: stranger.url })).toMatch(
      /is not what answers at this address .*mend it: look at METASTUDIO_REGION or METASTUDIO_ENDPOINT/,
    );
    await stranger.close();
    expect(await problems({ METASTUDIO_ENDPOINT: `http://127.0.0.1:${await freePort()}` })).toMatch(/can not be reached.*DNS, proxy, firewall/);
  });

  it('names a Redis that evicts', async () => {
    await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const found = await problems();
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    expect(found).toMatch(/maxmemory-policy is allkeys-lru.*mend it: set maxmemory-policy noeviction/);
  });

  it('names a Redis that keeps nothing', async () => {
    await client.config('SET', 'appendonly', 'no');
    const found = await problems();
    await client.config('SET', 'appendonly', 'yes');
    expect(found).toMatch(/appendonly is off.*mend it: set appendonly yes/);
  });

  it('names a Redis that does not answer, and one whose password is wrong, without it', async () => {
    expect(await problems({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` })).toMatch(/Redis does not answer.*mend it: look at REDIS_URL/);
    const found = await problems({ REDIS_URL: env.REDIS_URL?.replace('//', '//nobody:hidden-password@') ?? '' });
    expect(found).toMatch(/Redis does not answer/);
    expect(found).not.toContain('hidden-password');
  });

  it('names data of a newer voicejob', async () => {
    await client.set('{vj}:version', 99);
    expect(await problems()).toMatch(/data in Redis is of version 99.*mend it: run the newer voicejob/);
    expect(await client.get('{vj}:version')).toBe('99');
  });

  it('names jobs of another project', async () => {
    await client.sadd('{vj}:jobs', 'project-before/job-1', `${PROJECT}/job-2`);
    expect(await problems()).toMatch(
      /1 job of the project project-before is followed in this Redis.*mend it: set METASTUDIO_PROJECT_ID to project-before; or /,
    );
    await client.del('{vj}:jobs');
    expect((await examine()).text).not.toContain('project-before');
  });

  it('names a directory that can not be written', async () => {
    expect(await problems({ DATA_DIR: join(process.execPath, 'data') })).toMatch(/DATA_DIR .* can not be written \(ENOTDIR\).*set DATA_DIR/);
  });

  it('names a port that another program has, and not one that voicejob has', async () => {
    const other = await startHttpServer((request, response) => {
      if (request.path === '/healthz') response.writeHead(404).end();
      else response.end('another program');
    });
    const port = new URL(other.url).port;
    expect(await problems({ PORT: port })).toMatch(new RegExp(`port ${port} is taken by another program.*mend it: set PORT`));
    other.respond((_, response) => void response.end('{"alive":true}'));
    expect((await examine({ PORT: port })).text).toContain(`voicejob is running at port ${port}`);
    await other.close();
  });

  it('warns of places that are paused, by whom, and says how to resume them', async () => {
    const parts = core(client, chatAdapter('http://127.0.0.1:1'));
    const lab = await follow(parts, 'C1');
    expect((await examine()).text).not.toContain('places');
    await parts.subscriptions.pausePerson(lab);
    const one = await examine();
    expect(one.exit).toBe(0);
    expect(one.text).toMatch(new RegExp(`warning +places +1 is paused: #C1 \\(by hand\\)\n +to mend it: npm run admin -- resume ${lab}\n`));
    expect(one.text).toMatch(/No problem was found, but see the warnings\.$/);
    for (const name of ['C2', 'C3', 'C4']) await parts.deliver.pauseDestination(await follow(parts, name), 'archived');
    const { exit, text } = await examine();
    expect(exit).toBe(0);
    expect(text).toMatch(
      /warning +places +4 are paused: (#C\d \((by hand|archived)\)(, )?){3} and 1 more\n +to mend it: npm run admin -- resume test\.\S+ \(and so on/,
    );
    await client.hset('{vj}:platform:test', 'paused', 'unauthorized');
    expect((await examine()).text).toMatch(/warning +places +all of test is paused \(unauthorized\)/);
  });

  it('repeats what a chat says is to be mended, and survives one whose check fails', async () => {
    const chat = (platform: string, check: () => Promise<{ ok: boolean; problem: string | null }>) => ({ platform, check });
    const { exit, text } = await doctor([], {
      http: { host: '127.0.0.1', port: 0 },
      dataDir: null,
      checkStore: async () => ({ findings: [], places: [] }),
      metastudio: null,
      chats: [
        chat('slack', async () => ({ ok: false, problem: 'Slack refuses SLACK_BOT_TOKEN (invalid_auth): set the bot token of the app' })),
        chat('scopes', async () => ({ ok: true, problem: 'the scope channels:history is missing: reinstall the app' })),
        chat('teams', () => Promise.reject(new Error('a bug'))),
      ],
      clock: systemClock,
    });
    expect(exit).toBe(1);
    expect(text).toMatch(/problem +slack +Slack refuses SLACK_BOT_TOKEN/);
    expect(text).toMatch(/warning +scopes +the scope channels:history is missing/);
    expect(text).toMatch(/problem +teams +the check itself failed/);
    expect(text).toContain('2 problems to mend.');
  });

  it('has a sentence on how to mend every kind of refusal', async () => {
    const kinds = [
      'not-found',
      'unauthorized',
      'forbidden',
      'configuration',
      'invalid',
      'throttled',
      'closed',
      'unavailable',
      'unreadable',
      'unstable',
    ] as const;
    for (const kind of kinds) {
      const evidence = { status: 400, code: '', words: '', requestId: '', retryAfterMs: 0 };
      const jobs: Pick<JobSource, 'listJobs'> = { listJobs: () => Promise.reject(new UpstreamError(kind, evidence)) };
      const [finding] = await checkMetaStudio({ endpoint: 'http://127.0.0.1:1', jobs }, systemClock);
      expect([finding?.level === 'ok', finding?.says, finding?.mend], kind).toEqual([false, expect.stringMatching(/\w/), expect.stringMatching(/\w/)]);
    }
  });
});

describe('other commands', () => {
  it('work on the Redis that REDIS_URL names, and need nothing else', async () => {
    const { exit, text } = await operate(['list'], { REDIS_URL: env.REDIS_URL }, () => silentLog);
    expect([exit, text]).toEqual([0, 'Nobody follows anything yet.']);
  });

  it('say where to run them when there is no data, and make none', async () => {
    const DATA_DIR = join(scratch.path, 'nothing-here');
    const { exit, text } = await operate(['list'], { DATA_DIR }, () => silentLog);
    expect([exit, text]).toEqual([1, expect.stringContaining('There is no data in DATA_DIR')]);
  });

  it('refuse data of a newer voicejob', async () => {
    await client.set('{vj}:version', 99);
    await expect(operate(['list'], { REDIS_URL: env.REDIS_URL }, () => silentLog)).rejects.toThrow('version 99');
  });
});
