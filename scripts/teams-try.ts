/**
 * Tries voicejob in Microsoft's Agents Playground, which stands in for Teams on this machine: `npm run teams:try [-- --yes]`. The Playground is
 * Microsoft's, is fetched from npm when somebody agrees to its terms, and is no part of voicejob; jobs are those of the demo.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { DEMO_JOBS } from '../src/demo/plan.ts';

const ROOT = resolve(import.meta.dirname, '..');
/** Its ways of talking are documented nowhere and were tried with this version. */
const VERSION = '0.2.28';
const PACKAGE = '@microsoft/m365agentsplayground';
/** Below where it is run, as npm does at the root of the repository. */
const FOLDER = resolve('.cache', `agents-playground-${VERSION}`);
const CLI = join(FOLDER, 'node_modules', PACKAGE, 'cli.js');

const TERMS = `Microsoft 365 Agents Playground ${VERSION} is Microsoft's pre-release software. Its license terms allow to use it "for the purposes of
evaluating it"; they are in node_modules/${PACKAGE}/LICENSE of its folder, and at https://www.npmjs.com/package/${PACKAGE}.
voicejob neither contains nor needs it. It listens on all addresses of this machine while it runs.
`;

/** Asks once; what was fetched before was agreed to before. False: no. */
async function isAgreedTo(): Promise<boolean> {
  process.stdout.write(TERMS);
  if (existsSync(CLI) || process.argv.includes('--yes')) return true;
  if (!process.stdin.isTTY) {
    process.stderr.write('voicejob: nobody can be asked here; to agree to the terms and fetch it: npm run teams:try -- --yes\n');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Fetch it from npm into ${FOLDER} under these terms? (y/N) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

function fetchPlayground(): void {
  if (existsSync(CLI)) return;
  mkdirSync(FOLDER, { recursive: true });
  // npm hands its scripts what would steer this npm
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command|execpath|node_execpath)/.test(name)));
  const args = ['install', '--prefix', FOLDER, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', `${PACKAGE}@${VERSION}`];
  const { status } = spawnSync('npm', args, { cwd: FOLDER, env, stdio: ['ignore', 2, 2] });
  if (status !== 0 || !existsSync(CLI)) throw new Error('npm could not fetch the Playground, see above');
}

/** Starts a program whose output is shown; resolves with what the pattern finds in it, and rejects when the program ends before. */
async function started(child: ChildProcess, pattern: RegExp): Promise<string> {
  let output = '';
  return new Promise((found, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk);
      output += chunk.toString();
      const [, match] = pattern.exec(output) ?? [];
      if (match) found(match);
    });
    child.once('exit', () => reject(new Error('it ended before it was ready, see above')));
  });
}

async function run(): Promise<void> {
  const children: ChildProcess[] = [];
  const stop = () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // a group of its own: Ctrl-C reaches it once, through us, and not a second time from the terminal, which would end it without tidying up
  const start = (args: readonly string[], more: { readonly cwd: string; readonly env: Readonly<Record<string, string>> }): ChildProcess => {
    const child = spawn(process.execPath, args, { cwd: more.cwd, env: { ...process.env, ...more.env }, detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    child.once('exit', stop);
    children.push(child);
    return child;
  };
  try {
    const bot = start(['src/main.ts', 'demo'], { cwd: ROOT, env: { TEAMS_ALLOW_UNAUTHENTICATED: '1' } });
    const url = await started(bot, /voicejob is running: (http:\S+)/);
    const playground = start([CLI, '-e', `${url}/api/messages`, '-c', 'msteams', '--disable-telemetry'], {
      cwd: FOLDER,
      env: { TEAMSAPPTESTER_BROWSER: 'none' },
    });
    const port = await started(playground, /Listening on (\d+)/);
    process.stdout.write(`\n  The Playground is at http://localhost:${port}. Open it, choose a place at the left, and write:\n\n`);
    process.stdout.write(`      @Test Bot subscribe ${DEMO_JOBS[0]?.voiceName ?? ''} everything\n\n  Ctrl-C ends both.\n\n`);
    await Promise.all(children.map(async (child) => child.exitCode === null && child.signalCode === null && once(child, 'exit')));
  } finally {
    stop();
  }
}

try {
  if (await isAgreedTo()) {
    fetchPlayground();
    await run();
  } else process.exitCode = 1;
} catch (error) {
  process.stderr.write(`voicejob: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
