/** `npm run admin` as an operator types it: a process of its own beside the service, and without it. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { PROJECT } from '../support/builders.ts';
import { freePort } from '../support/free-port.ts';
import { eventually, type Program, scratchDirectory, startProgram } from '../support/program.ts';
import { startRedis } from '../support/redis.ts';
import { KEY } from '../support/upstream.ts';

let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
let simulator: Simulator;
let program: Program;
let env: Record<string, string>;

beforeAll(async () => {
  scratch = await scratchDirectory();
  simulator = await startSimulator({ ...KEY, projectId: PROJECT, scenario: 'fixtures' });
  env = {
    DATA_DIR: scratch.path,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
  };
  program = await startProgram(env);
}, 60_000);
afterAll(async () => {
  await program.stop();
  await simulator.close();
  await scratch.remove();
});

async function admin(...argv: string[]): Promise<{ readonly exit: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, ['src/main.ts', 'admin', ...argv], { env: { PATH: process.env.PATH ?? '', ...env } });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((done) => child.once('close', (exit) => done({ exit, out, err })));
}

it('joins the private Redis of a running voicejob, and finds the same data when it starts that Redis itself', { timeout: 60_000 }, async () => {
  const id = simulator.createJob({ voiceName: 'narrator-01' });
  expect(await program.type(`/voicejob subscribe ${id} everything`)).toBe(200);
  const listed = await eventually(async () => {
    const { exit, out } = await admin('list', '--json');
    return exit === 0 && out.includes('"lastDelivery": "') ? out : null;
  });
  expect(JSON.parse(listed)).toMatchObject([{ place: '#voice-lab', preset: 'everything' }]);
  expect((await admin('audit')).out).toMatch(/subscribe +#voice-lab/);
  const wrong = await admin('pasue', '#voice-lab');
  expect([wrong.exit, wrong.out, wrong.err]).toEqual([2, '', expect.stringContaining('Did you mean pause?')]);
  expect(await program.type('/voicejob list')).toBe(200);

  await program.stop();
  expect(existsSync(join(scratch.path, 'redis.json'))).toBe(false);
  expect(JSON.parse((await admin('list', '--json')).out)).toMatchObject([{ place: '#voice-lab', job: `${PROJECT}/${id}` }]);
  expect(existsSync(join(scratch.path, 'redis.json'))).toBe(false);
});

it('refuses to start for another project while jobs of the one before are followed, and starts once they are removed', { timeout: 60_000 }, async () => {
  const redis = await startRedis();
  const port = await freePort();
  await redis.connect().config('SET', 'port', port);
  const own = { ...env, REDIS_URL: `redis://127.0.0.1:${port}` };
  const first = await startProgram(own);
  const id = simulator.createJob({ voiceName: 'narrator-02' });
  expect(await first.type(`/voicejob subscribe ${id} everything`)).toBe(200);
  const second = await startProgram(own);
  await Promise.all([first.stop(), second.stop()]);

  const other = { ...own, METASTUDIO_PROJECT_ID: 'another-project' };
  await expect(startProgram(other)).rejects.toThrow(
    new RegExp(
      `can't start: 1 job of the project ${PROJECT} is followed in this Redis, and METASTUDIO_PROJECT_ID is another-project\\. To mend it: .*another DATA_DIR`,
    ),
  );
  const before = env;
  env = other;
  expect((await admin('search', PROJECT)).out).toContain('#voice-lab');
  expect((await admin('remove', '#voice-lab')).exit).toBe(0);
  env = before;
  await (await startProgram(other)).stop();
  await redis.stop();
});

it('a voicejob older than the data refuses to start with a sentence, and changes nothing', { timeout: 60_000 }, async () => {
  const redis = await startRedis();
  const client = redis.connect();
  await client.set('{vj}:version', 99);
  const keys = await client.dbsize();
  const port = await freePort();
  await client.config('SET', 'port', port);
  const started = startProgram({ ...env, REDIS_URL: `redis://127.0.0.1:${port}`, LOG_LEVEL: 'error' });
  await expect(started).rejects.toThrow(
    /can't start: the data in Redis is of version 99, and this voicejob knows \d+ at most\. To mend it: run the newer voicejob/,
  );
  expect([await client.get('{vj}:version'), await client.dbsize()]).toEqual(['99', keys]);
  await redis.stop();
});
