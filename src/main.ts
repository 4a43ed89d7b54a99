/** The process: environment, configuration, application; signals; what argv asks for. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, endPrivateRedis, startApp } from './app.ts';
import { type Config, type Mode, problemsText, readConfig } from './config.ts';
import { nextToFollow, typeCommands } from './demo/follow.ts';
import { runSimulator } from './demo/main-simulator.ts';
import { openPanel } from './demo/panel.ts';
import { DEMO_JOBS, DEMO_SPEED } from './demo/plan.ts';
import { startSimulator } from './demo/simulator.ts';
import { createLog } from './log.ts';
import { UnfitDataError } from './open-redis.ts';
import { operate } from './operate.ts';
import type { Log } from './ports/log.ts';

type Ending = () => Promise<void>;

/** Ctrl-C ends everything within this; what still hangs then is left to the next start. */
const STOP_MS = 4_900;

/** What begins the name of a demo's folder; its process id follows. */
const SCRATCH = 'voicejob-demo-';
/** How often the demo looks whether there is something left to follow. */
const DEMO_LOOK_MS = 5_000;
/** Not the default of voicejob itself, which runs beside it. */
const SIMULATOR_PORT = '3900';

const USAGE = `usage: node src/main.ts run | demo | simulator | admin <command>
  run        the service, configured by the environment (see .env.example)
  demo       everything embedded: a simulated MetaStudio and a local chat page
  simulator  the simulated MetaStudio alone
  admin      the operator's commands; admin help lists them
`;

async function main(mode: string | undefined): Promise<void> {
  switch (mode) {
    case 'run': {
      if (existsSync('.env')) process.loadEnvFile('.env');
      const { config, log } = configured('run', process.env);
      const app = await startApp(config, log);
      return endWith(log, () => app.stop());
    }
    case 'demo':
      return demo();
    case 'simulator':
      return simulator();
    case 'admin':
      return admin(process.argv.slice(3));
    default:
      process.stderr.write(USAGE);
      process.exitCode = 2;
  }
}

/** One operator's command. Its answer alone goes to standard output, so that it can be piped. */
async function admin(argv: readonly string[]): Promise<void> {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const write = (line: string): void => void process.stderr.write(line);
  const level = process.env.LOG_LEVEL === undefined ? 'error' : undefined;
  const { exit, text } = await operate(argv, process.env, (config) => createLog({ level: level ?? config.logLevel, secrets: config.secrets, write }));
  // What the doctor finds is its answer, good or bad.
  const toStdout = exit === 0 || argv[0] === 'doctor';
  (toStdout ? process.stdout : process.stderr).write(text.endsWith('\n') ? text : `${text}\n`);
  process.exitCode = exit;
}

/** A fresh demo each time: the simulator's jobs begin anew, and so must what is remembered of them. */
async function demo(): Promise<void> {
  await clearOldDemos();
  const scratch = mkdtempSync(join(tmpdir(), `${SCRATCH}${process.pid}-`));
  const forget: Ending = async () => rmSync(scratch, { recursive: true, force: true });
  let app: App | null = null;
  try {
    const { config, log } = configured('demo', { LOG_LEVEL: 'warn', ...process.env, DATA_DIR: scratch });
    const upstream = config.metastudio;
    if (upstream?.credentials.kind !== 'access-key') throw new Error('the demo has no key for its simulator');
    const { accessKey, secretKey } = upstream.credentials;
    const simulated = await startSimulator({ accessKey, secretKey, projectId: upstream.projectId, scenario: 'demo', speed: DEMO_SPEED, log });
    const port = await freePort(config.http);
    app = await startApp({ ...config, metastudio: { ...upstream, endpoint: simulated.url }, http: { ...config.http, port } }, log, {
      simulator: openPanel(simulated),
    });
    const { url, stop } = app;
    await typeCommands(
      url,
      'voice-lab',
      DEMO_JOBS.map(({ jobId }) => `subscribe ${jobId} everything`),
    );
    const followed = new Set(DEMO_JOBS.map(({ jobId }) => jobId));
    const following = setInterval(() => {
      const next = nextToFollow(followed, simulated);
      if (next === null) return;
      followed.add(next);
      typeCommands(url, 'voice-lab', [`subscribe ${next} everything`]).catch((error: unknown) =>
        log.warn('the demo could not follow a job', { error: String(error) }),
      );
    }, DEMO_LOOK_MS);
    const names = DEMO_JOBS.map(({ voiceName }) => voiceName).join(' and ');
    process.stdout.write(
      `\n  voicejob is running: ${url}\n\n  #voice-lab follows ${names}, and later the next ones. Type /voicejob help there. Ctrl-C ends the demo.\n\n`,
    );
    endWith(log, async () => {
      clearInterval(following);
      await stop();
      await simulated.close();
      await forget();
    });
  } catch (error) {
    await app?.stop();
    await forget();
    throw error;
  }
}

/** A demo that was killed left its folder, and its Redis running in it. */
async function clearOldDemos(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = name.startsWith(SCRATCH) ? (/^(\d+)-/.exec(name.slice(SCRATCH.length)) ?? []) : [];
    if (pid === undefined || isAlive(Number(pid))) continue;
    const folder = join(tmpdir(), name);
    if (existsSync(join(folder, 'redis.json'))) await endPrivateRedis(folder, createLog({ level: 'error', secrets: [] })).catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function simulator(): Promise<void> {
  const { config, log } = configured('simulator', { LOG_LEVEL: 'warn', PORT: SIMULATOR_PORT, ...process.env });
  if ((await freePort(config.http)) !== config.http.port) throw new Error(`port ${config.http.port} is taken by another program; set PORT to a free one`);
  const run = await runSimulator({ ...config.http, log });
  process.stdout.write(`The simulated MetaStudio is running. Point voicejob at it with:\n\n${run.environment}\nCtrl-C ends it.\n`);
  endWith(log, () => run.simulator.close());
}

function configured(mode: Mode, env: Readonly<Record<string, string | undefined>>): { readonly config: Config; readonly log: Log } {
  const read = readConfig(env, (path) => readFileSync(path, 'utf8'), mode);
  if (read.kind === 'problems') {
    process.stderr.write(problemsText(read.problems));
    process.exit(1);
  }
  return { config: read.config, log: createLog({ level: read.config.logLevel, secrets: read.config.secrets }) };
}

/** The wished port, or 0 (any) when another program has it. */
function freePort({ port, host }: { readonly port: number; readonly host: string }): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(port, host, () => probe.close(() => resolve(port)));
  });
}

/** Ends the process in good order at SIGINT or SIGTERM, once; a second signal ends it at once. */
function endWith(log: Log, end: Ending): void {
  let ending = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (ending) process.exit(1);
    ending = true;
    log.info('stopping', { signal });
    setTimeout(() => process.exit(1), STOP_MS).unref();
    end().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('stopping failed', { error: error instanceof Error ? error : new Error(String(error)) });
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
}

try {
  await main(process.argv[2]);
} catch (error) {
  const hint = error instanceof UnfitDataError ? `. To mend it: ${error.mend}` : '';
  process.stderr.write(`voicejob can't start: ${error instanceof Error ? error.message : String(error)}${hint}\n`);
  process.exit(1);
}
