/** The whole program as people run it: real processes, a real Redis, MetaStudio's simulator, and the local page as the chat. */
import { readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PERSONAL } from '../../src/demo/job.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { PROJECT } from '../support/builders.ts';
import { eventually, type Program, type SeenMessage, scratchDirectory, startProgram } from '../support/program.ts';
import { startRedis } from '../support/redis.ts';
import { everythingIn, redisPid, redisSocket } from '../support/stored.ts';

const KEY = { accessKey: 'FLOW-ACCESS-KEY-81', secretKey: 'flow-secret-key-2c77aa' };

let simulator: Simulator;
let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
const running: Program[] = [];

beforeEach(async () => {
  simulator = await startSimulator({ ...KEY, projectId: PROJECT });
  scratch = await scratchDirectory();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((program) => program.stop()));
  await simulator.close();
  await scratch.remove();
});

async function start(env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const program = await startProgram({
    DATA_DIR: scratch.path,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    ...env,
  });
  running.push(program);
  return program;
}

const news = (messages: readonly SeenMessage[]) => messages.filter((message) => message.root !== null);
const text = (message: SeenMessage | undefined) => message?.card?.text ?? '';
const root = (messages: readonly SeenMessage[]) =>
  messages.find(
    (message) =>
      message.place === 'voice-lab' && message.root === null && message.onlyFor === null && message.card?.blocks.some((block) => block.kind === 'progress'),
  );

/** Follows a new job in #voice-lab and waits for its card. */
async function followed(program: Program, voiceName = 'narrator-01'): Promise<string> {
  const id = simulator.createJob({ voiceName });
  expect(await program.type(`/voicejob subscribe ${id} everything`)).toBe(200);
  await eventually(async () => root(await program.messages()));
  return id;
}

const LIFE = ['submit', 'passMachine', 'approve', 'startTraining', 'finishTraining', 'upload'] as const;

describe('voicejob', () => {
  it('tells a life from submission to rejection, below one card that stays current, and the rejection says its reason', async () => {
    const program = await start();
    const id = await followed(program);
    simulator.submit(id);
    simulator.passMachine(id);
    await eventually(async () => news(await program.messages()).some((message) => text(message).includes('achine review passed')));
    simulator.rejectByPerson(id, 'Letter <!channel> is not signed\n授权书未签字', { attachment: 'notes.docx' });
    const rejection = await eventually(async () => news(await program.messages()).find((message) => text(message).includes('授权书未签字')));
    expect(rejection.raised).toBe(true);
    expect(text(rejection)).toContain('Letter <!channel> is not signed');
    const card = await eventually(async () => {
      const current = root(await program.messages());
      return text(current).includes('rejected') && current;
    });
    expect(card.editedAt).not.toBeNull();
  });

  it('every command answers', async () => {
    const program = await start();
    const id = await followed(program);
    const commands = [
      'help',
      'list',
      `history ${id}`,
      `status ${id}`,
      `mute ${id} 2h`,
      `unmute ${id}`,
      'jobs narr',
      'language zh-CN',
      'language en',
      'test',
      `subscribe ${id} problems`,
      'hsitory x',
      `unsubscribe ${id}`,
    ];
    for (const command of commands) {
      const before = (await program.messages()).filter((message) => message.onlyFor !== null && message.card !== null).length;
      expect(await program.type(`/voicejob ${command}`)).toBe(200);
      const answers = (await program.messages()).filter((message) => message.onlyFor !== null && message.card !== null);
      expect(answers.length, command).toBe(before + 1);
      expect(text(answers.at(-1)), command).not.toMatch(/reference|went wrong/i);
    }
    const test = await eventually(async () => (await program.messages()).find((message) => message.onlyFor === null && text(message).startsWith('Test')));
    expect(test.place).toBe('voice-lab');
  });

  for (const [name, shared] of [
    ['two processes on one DATA_DIR', false],
    ['two processes on one Redis', true],
  ] as const) {
    it(`${name} deliver each entry once and in order, also when one is killed; the last leaves no Redis behind`, async () => {
      const foreign = shared ? await startRedis() : null;
      try {
        const env = foreign ? { REDIS_URL: `redis://127.0.0.1:${await tcpPort(foreign.connect())}` } : {};
        const one = await start(env);
        const two = await start(env);
        const id = await followed(one);
        for (const act of LIFE.slice(0, 3)) simulator[act](id);
        await eventually(async () => news(await two.messages()).length > 0);
        expect(await one.stop('SIGKILL')).toBe('SIGKILL');
        for (const act of LIFE.slice(3)) simulator[act](id);
        simulator.append(id, { action: 'LAST_WORD', operator: 'SYSTEM' });
        await eventually(async () => news(await two.messages()).some((message) => text(message).includes('LAST_WORD')));
        const told = toldKeys(scratch.path);
        expect(told).toHaveLength(6);
        expect(new Set(told).size).toBe(6);
        const words = ['ubmitted for review', 'achine review passed', 'uman review passed', 'raining finished', 'LAST_WORD'];
        const lines = news(await two.messages())
          .map(text)
          .join('\n')
          .split('\n');
        const places = words.map((word) => lines.findLastIndex((line) => line.includes(word)));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(
          (await two.messages()).filter((message) => message.card?.blocks.some((block) => block.kind === 'progress') && message.root === null),
        ).toHaveLength(1);
        const pid = foreign ? null : redisPid(scratch.path);
        expect(await two.stop('SIGTERM')).toBe(0);
        if (pid !== null) await eventually(async () => !isAlive(pid));
        if (foreign) {
          const [active] = await foreign
            .connect()
            .llen('{vj}:watch:active')
            .then((n) => [n]);
          expect(active).toBe(0);
        }
      } finally {
        await Promise.all(running.splice(0).map((program) => program.stop()));
        await foreign?.stop();
      }
    });
  }

  it('asked to end while its Redis hangs, it ends all the same, and the next one goes on', async ({ onTestFinished }) => {
    const first = await start();
    const id = await followed(first);
    simulator.submit(id);
    await eventually(async () => news(await first.messages()).some((message) => text(message).includes('ubmitted for review')));
    const hung = redisPid(scratch.path);
    process.kill(hung, 'SIGSTOP');
    onTestFinished(() => void (isAlive(hung) && process.kill(hung, 'SIGKILL')));
    // 1: its patience ended before all that hung did
    expect(await first.stop('SIGTERM')).toBe(1);
    const next = await start();
    simulator.passMachine(id);
    await eventually(async () => news(await next.messages()).some((message) => text(message).includes('achine review passed')));
    expect(news(await next.messages()).filter((message) => text(message).includes('ubmitted for review'))).toHaveLength(1);
  });

  it('no secret and no personal field reaches a log line or a Redis value', async () => {
    const program = await start({ ADMIN_TOKEN: 'admin-token-93f1c2' });
    const id = await followed(program);
    simulator.submit(id);
    simulator.rejectByPerson(id, `Call ${'the office'}`, {
      attachment: 'notes.docx',
      files: [{ audio_name: '3.wav', text_name: '3.txt', error_code: 'MSS.1', error_message: 'short' }],
    });
    await eventually(async () => news(await program.messages()).length > 0);
    simulator.fault({
      kind: 'status',
      status: 401,
      body: { error_code: 'APIGW.0301', error_msg: `verify aksk signature fail for ${KEY.accessKey} ${KEY.secretKey}` },
    });
    await eventually(async () => program.output().includes('APIGW.0301'));
    await program.type(`/voicejob status ${id}`);

    const values = await everythingIn(scratch.path);
    expect(values.split('\n').length).toBeGreaterThan(20);
    for (const [place, content] of [
      ['the log', program.output()],
      ['Redis', values],
      ['the chat', JSON.stringify(await program.messages())],
    ]) {
      for (const secret of [KEY.secretKey, 'admin-token-93f1c2', PERSONAL.phone, PERSONAL.host, 'notes.docx?', 'X-Amz', 'Signature=']) {
        expect(content?.includes(secret), `${secret} in ${place}`).toBe(false);
      }
    }
  });

  it('a key that stays refused is told once to the channel and to the admin, with one request, and once that it is well again', async () => {
    const first = await start();
    const id = await followed(first);
    await first.stop('SIGTERM');

    const refused = await start({ METASTUDIO_SECRET_KEY: 'another-key', ADMINS: 'playground:you' });
    await refused.type('help', 'dm-you');
    const said = () =>
      refused
        .output()
        .split('\n')
        .filter((line) => line.includes('MetaStudio refuses the credentials'));
    await eventually(async () => said().length > 0);
    expect(said().map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'error', status: 401, message: expect.stringContaining('look at METASTUDIO_ACCESS_KEY and METASTUDIO_SECRET_KEY') }),
    ]);
    await longAgo(redisSocket(scratch.path));
    const lost = (messages: readonly SeenMessage[]) =>
      messages.filter((message) => message.onlyFor === null && /No news from MetaStudio|refuses the cred/.test(text(message)));
    await eventually(async () => lost(await refused.messages()).length === 2);
    expect(lost(await refused.messages()).map((message) => message.place)).toEqual(expect.arrayContaining(['voice-lab', 'dm-you']));
    expect(simulator.requests.filter(({ status }) => status === 401)).toHaveLength(1);
    await refused.stop('SIGTERM');

    const mended = await start();
    await probeNow(redisSocket(scratch.path));
    await mended.type(`status ${id}`);
    const back = (messages: readonly SeenMessage[]) => messages.filter((message) => message.onlyFor === null && text(message).includes('answers again'));
    await eventually(async () => back(await mended.messages()).length === 2);
    expect(lost(await mended.messages())).toHaveLength(2);
  });

  it('an outage of MetaStudio delays and loses nothing', async () => {
    const program = await start();
    const id = await followed(program);
    simulator.outage(true);
    for (const act of LIFE) simulator[act](id);
    await eventually(async () => program.output().includes('unavailable'));
    simulator.outage(false);
    await eventually(async () =>
      news(await program.messages())
        .map(text)
        .join()
        .includes('pload of the model'),
    );
    expect(news(await program.messages())).toHaveLength(1);
  });
});

/** Keys of everything told below a root, in the order it arrived in the chat. */
function toldKeys(dataDir: string): readonly string[] {
  const lines = readFileSync(`${dataDir}/playground.jsonl`, 'utf8').split('\n');
  const records = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as { kind: string; root?: string | null; keys?: string[] });
  return records.filter((found) => found.kind === 'post' && found.root !== null).flatMap((found) => found.keys ?? []);
}

function isAlive(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Opens a TCP port on a test server that was started on a socket. */
async function tcpPort(redis: Redis): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 40_000);
    try {
      await redis.config('SET', 'port', String(port));
      return port;
    } catch {
      // taken: another
    }
  }
}

/** The gate has been shut for longer than people are left without a word. */
const longAgo = (path: string) => withClient(path, (redis) => redis.hset('{vj}:gate', 'since', Date.now() - 16 * 60_000));
/** The five minutes until the next probe are over. */
const probeNow = (path: string) => withClient(path, (redis) => redis.hset('{vj}:gate', 'nextProbe', 1));

async function withClient(path: string, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis({ path });
  await work(redis);
  redis.disconnect();
}
