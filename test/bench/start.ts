/** How soon it is there, and what it takes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bench, median, megabytes, ms, spread, times } from './report.ts';
import { breakGround, KEY, PROJECT } from './rig.ts';
import { makeWorld } from './world.ts';

const ROUNDS = 5;
/** Until nothing of the start is left to do. */
const SETTLE_MS = 8_000;
const READY_WANTED_MS = 2_000;

/** A process that answers HTTP once Redis has answered it, and does nothing else. */
const BARE = `
const { createServer } = await import('node:http');
const { Redis } = await import('ioredis');
const redis = new Redis({ path: process.argv[1] });
await redis.ping();
createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });
`;

type Started = { readonly readyMs: number; readonly rss: number };

async function timed(args: readonly string[], env: Readonly<Record<string, string>>, find: RegExp): Promise<Started> {
  const start = performance.now();
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH ?? '', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = find.exec(output)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
  while (!(await fetch(`${url}/readyz`)).ok) await pause(5);
  const readyMs = performance.now() - start;
  await pause(SETTLE_MS);
  const rss = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) * 1024;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
  return { readyMs, rss };
}

/** What a production install puts on the disk: every package of the lock file that is no development dependency. */
function productionSize(): { readonly bytes: number; readonly packages: number } {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { dev?: boolean }> };
  const folders = Object.entries(packages).flatMap(([path, { dev }]) => (path === '' || dev === true ? [] : [path]));
  const sizes = folders.map((folder) => sizeOf(folder, true));
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), packages: sizes.filter((size) => size > 0).length };
}

/** Bytes of a package's files, without the packages inside it; 0 where it is not installed (another platform's). */
function sizeOf(path: string, top = false): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + (top && name === 'node_modules' ? 0 : sizeOf(join(path, name))), 0);
}

export const start: Bench = {
  name: 'start',
  takes: '3 minutes',
  run: async (say) => {
    const [ground, world] = [await breakGround(), await makeWorld(20)];
    const env = {
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: ground.dataDir,
      METASTUDIO_ENDPOINT: world.simulator.url,
      METASTUDIO_PROJECT_ID: PROJECT,
      METASTUDIO_ACCESS_KEY: KEY.accessKey,
      METASTUDIO_SECRET_KEY: KEY.secretKey,
      PLAYGROUND: '1',
    };
    const [ours, bare]: [Started[], Started[]] = [[], []];
    for (let round = 1; round <= ROUNDS; round += 1) {
      ours.push(await timed(['src/main.ts', 'run'], env, /"url":"(http:[^"]+)"[^\n]*voicejob is running/));
      bare.push(await timed(['--input-type=module', '-e', BARE, ground.socketPath], {}, /(http:\S+)/));
      say(`round ${round}: ${ms(ours.at(-1)?.readyMs ?? 0)}, bare ${ms(bare.at(-1)?.readyMs ?? 0)}`);
    }
    const { bytes, packages } = productionSize();
    await ground.end();
    await world.simulator.close();
    const ready = ours.map(({ readyMs }) => readyMs);
    const bareReady = bare.map(({ readyMs }) => readyMs);
    const [rss, bareRss] = [ours.map((one) => one.rss), bare.map((one) => one.rss)];
    return {
      about:
        'From `node src/main.ts run` to /readyz, all roles, with a running Redis. The baseline is a Node process that answers HTTP once ioredis has answered a PING.',
      rows: [
        {
          what: 'ready',
          ours: spread(ready, ms),
          baseline: spread(bareReady, ms),
          ratio: times(median(ready) / median(bareReady)),
          wanted: `at most ${ms(READY_WANTED_MS)}`,
          holds: ready.every((one) => one <= READY_WANTED_MS),
        },
        {
          what: 'resident memory at rest',
          ours: spread(rss, megabytes),
          baseline: spread(bareRss, megabytes),
          ratio: times(median(rss) / median(bareRss)),
          wanted: '',
          holds: null,
        },
        { what: 'production dependencies', ours: `${megabytes(bytes)} in ${packages} packages`, baseline: '', ratio: '', wanted: '', holds: null },
      ],
      notes: [
        `Medians of ${ROUNDS} rounds; in brackets the least and the most. With the local page as the chat; a chat's SDK is loaded only where it is configured.`,
      ],
    };
  },
};
