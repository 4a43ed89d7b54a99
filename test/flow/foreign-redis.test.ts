/** The program on a Redis that it does not own: behind TLS and a password, and behind Sentinel with a fail-over. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { PROJECT } from '../support/builders.ts';
import { eventually, type Program, scratchDirectory, startProgram } from '../support/program.ts';

const KEY = { accessKey: 'FLOW-ACCESS-KEY-82', secretKey: 'flow-secret-key-9d1' };
const PASSWORD = 'p@ss/word';
/** The master's name at its sentinel. */
const NAME = 'voicejob';

let simulator: Simulator;
let scratch: Awaited<ReturnType<typeof scratchDirectory>>;
const servers: ChildProcess[] = [];
let program: Program | null = null;

beforeEach(async () => {
  simulator = await startSimulator({ ...KEY, projectId: PROJECT });
  scratch = await scratchDirectory();
});
afterEach(async () => {
  await program?.stop();
  program = null;
  await Promise.all(servers.splice(0).map(ended));
  await simulator.close();
  await scratch.remove();
});

async function start(redisUrl: string, more: Readonly<Record<string, string>> = {}): Promise<Program> {
  program = await startProgram({
    DATA_DIR: scratch.path,
    REDIS_URL: redisUrl,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    ...more,
  });
  return program;
}

/** Starts a redis-server with these lines of configuration; resolves when it takes connections. */
async function redisServer(name: string, lines: readonly string[], mode: readonly string[] = []): Promise<ChildProcess> {
  const file = join(scratch.path, `${name}.conf`);
  writeFileSync(file, [`dir ${scratch.path}`, 'bind 127.0.0.1', ...lines, ''].join('\n'));
  const server = spawn('redis-server', [file, ...mode], { stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  let output = '';
  for await (const chunk of server.stdout) {
    output += String(chunk);
    if (/Ready to accept connections|Sentinel ID is/.test(output)) break;
  }
  server.stdout.resume();
  return server;
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exit = once(server, 'exit');
  server.kill('SIGKILL');
  await exit;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function follow(on: Program): Promise<string> {
  const id = simulator.createJob({ voiceName: 'narrator-01' });
  expect(await on.type(`/voicejob subscribe ${id} everything`)).toBe(200);
  await eventually(async () => (await on.messages()).some(({ onlyFor, root, place }) => onlyFor === null && root === null && place === 'voice-lab'));
  return id;
}

/** Waits until a reply below a card says it. */
async function told(on: Program, words: string): Promise<void> {
  await eventually(async () => (await on.messages()).some(({ root, card }) => root !== null && card?.text.includes(words)));
}

describe('voicejob on a Redis of somebody else', () => {
  it('works over TLS with a user and a password, and refuses a server whose certificate it has no reason to trust', async () => {
    const [key, certificate] = [join(scratch.path, 'key.pem'), join(scratch.path, 'certificate.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...subject, '-keyout', key, '-out', certificate], {
      stdio: 'ignore',
    });
    const port = await freePort();
    await redisServer('tls', [
      'port 0',
      `tls-port ${port}`,
      `tls-cert-file ${certificate}`,
      `tls-key-file ${key}`,
      'tls-auth-clients no',
      'appendonly yes',
      `user bot on >${PASSWORD} ~* &* +@all`,
      'user default off',
    ]);
    const url = `rediss://bot:${encodeURIComponent(PASSWORD)}@localhost:${port}`;
    await expect(start(url)).rejects.toThrow(/Redis does not answer/);

    const running = await start(url, { NODE_EXTRA_CA_CERTS: certificate });
    const id = await follow(running);
    simulator.submit(id);
    await told(running, 'ubmitted');
    expect(running.output()).not.toContain(PASSWORD);
    expect(running.output()).not.toContain(encodeURIComponent(PASSWORD));
  });

  it('goes on with the new master when Sentinel fails over, and tells what came in between', async () => {
    const [first, second, watcher] = [await freePort(), await freePort(), await freePort()];
    const shared = ['appendonly yes', `requirepass ${PASSWORD}`, `masterauth ${PASSWORD}`, 'repl-diskless-sync-delay 0'];
    const master = await redisServer('first', [`port ${first}`, 'appenddirname first', ...shared]);
    await redisServer('second', [`port ${second}`, 'appenddirname second', 'dbfilename second.rdb', `replicaof 127.0.0.1 ${first}`, ...shared]);
    const replica = new Redis({ port: second, host: '127.0.0.1', password: PASSWORD });
    await eventually(async () => (await replica.info('replication')).includes('master_link_status:up'));
    const lines = ['down-after-milliseconds 1000', 'failover-timeout 5000', 'parallel-syncs 1', `auth-pass ${PASSWORD}`];
    await redisServer(
      'sentinel',
      [`port ${watcher}`, `sentinel monitor ${NAME} 127.0.0.1 ${first} 1`, ...lines.map((line) => `sentinel ${line.replace(' ', ` ${NAME} `)}`)],
      ['--sentinel'],
    );

    const running = await start(`redis+sentinel://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${watcher}/${NAME}`);
    const id = await follow(running);
    simulator.submit(id);
    await told(running, 'ubmitted');

    await eventually(async () => (await replica.info('replication')).includes('slave_read_only'));
    await ended(master);
    simulator.passMachine(id);
    await eventually(async () => (await replica.info('replication')).includes('role:master'));
    await told(running, 'achine review passed');
    const news = (await running.messages()).filter(({ root }) => root !== null);
    expect(news).toHaveLength(2);
    replica.disconnect();
  });
});
