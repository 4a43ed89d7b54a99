/**
 * Runs before the npm scripts, so that each works as the first command in a fresh clone. Plain JavaScript for Node 18 and newer: the Node 24
 * that voicejob needs comes with the install. Silent and quick when nothing is missing. `production` (npm start, npm run admin) brings no Node,
 * on purpose: where the machine's own is older, it installs nothing and asks for `npm ci`, or any other npm script, first.
 *
 *   node scripts/setup.js [production | redis | chromium | faketime ...]
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.js';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, 'node_modules');
/** npm writes it last, so it is there only after a whole install. */
const INSTALLED = join(MODULES, '.package-lock.json');
const OWN_BIN = join(MODULES, '.bin');
const NODE_MAJOR = 24;
/** `npm install` writes both lock files at about the same time. */
const SAME_INSTALL_MS = 2_000;

const PROGRAMS = {
  redis: { names: ['redis-server'], package: 'redis-server', why: 'a private Redis' },
  faketime: { names: ['faketime'], package: 'faketime', why: 'clocks that jump in the chaos suite' },
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium', why: 'the tests of the local page' },
};

/** Ends the set-up with one sentence on what to do. */
class Stop extends Error {}

function stop(sentence) {
  throw new Stop(sentence);
}

/** Where a program is, looked up as a shell would; null = nowhere. */
function find(name, directories = (process.env.PATH ?? '').split(delimiter)) {
  for (const directory of directories) {
    if (directory === '') continue;
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      if (statSync(path).isFile()) return path;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** The PATH without this clone's own programs, which an install replaces while it runs. */
function outsidePath() {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((directory) => directory !== OWN_BIN)
    .join(delimiter);
}

function modulesAreCurrent() {
  if (!existsSync(INSTALLED)) return false;
  return statSync(join(ROOT, 'package-lock.json')).mtimeMs <= statSync(INSTALLED).mtimeMs + SAME_INSTALL_MS;
}

function install(production) {
  process.stderr.write(`voicejob: installing ${production ? 'production ' : ''}dependencies (npm ci) ...\n`);
  // What npm hands to its scripts would steer the inner npm (its prefix, its command): it starts with the outer settings only.
  const outer = Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command|execpath|node_execpath)/.test(name));
  const result = spawnSync('npm', ['ci', production ? '--omit=dev' : '--include=dev', '--loglevel=error', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    env: { ...Object.fromEntries(outer), PATH: outsidePath() },
    stdio: ['ignore', 2, 2],
  });
  if (result.error) stop(`npm could not be started (${result.error.message}).`);
  if (result.status !== 0) stop('npm ci failed, see above; run it again when its cause is gone.');
}

/** The version of the `node` that an npm script of this clone will run. */
function scriptNode() {
  const result = spawnSync('node', ['-p', 'process.versions.node'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${OWN_BIN}${delimiter}${process.env.PATH ?? ''}` },
  });
  return result.status === 0 ? result.stdout.trim() : 'none';
}

const isNewEnough = (version) => Number.parseInt(version, 10) >= NODE_MAJOR;

/** True when nothing is to be installed. A process that npm started runs the same `node` as the script that follows. */
function dependenciesAreThere(production) {
  return modulesAreCurrent() && (production || existsSync(join(OWN_BIN, 'node')));
}

/** What was typed for npm to run this before it. */
function typedCommand() {
  const name = (process.env.npm_lifecycle_event ?? '').replace(/^pre/, '');
  return name === '' || name === 'start' ? 'npm start' : `npm run ${name}`;
}

async function provideDependencies(production) {
  // A server's Node is its operator's choice.
  const bundled = existsSync(join(OWN_BIN, 'node'));
  const onlyProduction = production && !bundled;
  if (onlyProduction && !isNewEnough(process.versions.node)) {
    stop(
      `${typedCommand()} needs Node ${NODE_MAJOR} or newer and this is Node ${process.versions.node}: install it, or run \`npm ci\` first, which brings Node ${NODE_MAJOR} for npm scripts.`,
    );
  }
  if (dependenciesAreThere(onlyProduction)) return;
  await withLock(join(ROOT, '.cache', 'setup.lock'), () => {
    // Another set-up may have done it while this one waited.
    if (!dependenciesAreThere(onlyProduction)) install(onlyProduction);
  });
  const version = scriptNode();
  if (!isNewEnough(version)) {
    stop(
      `the bundled Node ${NODE_MAJOR} was not installed (found Node ${version}): allow install scripts for the package \`node\`, or install Node ${NODE_MAJOR} yourself.`,
    );
  }
}

function aptInstall(apt, name) {
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 2, 2] };
  // Without an update a fresh container knows no package at all.
  if (spawnSync(apt, ['-qq', 'update'], options).status !== 0) process.stderr.write('voicejob: apt-get update failed; trying with what apt knows.\n');
  return spawnSync(apt, ['-qq', '-y', '--no-install-recommends', 'install', name], options).status === 0;
}

async function provideProgram(program) {
  const isThere = () => program.names.some((name) => find(name) !== null);
  if (isThere()) return;
  const howTo = `install ${program.names[0]} (Debian and Ubuntu: \`apt-get install ${program.package}\`; macOS: \`brew install ${program.package.replace('-server', '')}\`)`;
  const apt = find('apt-get');
  const mayInstall = apt !== null && process.getuid?.() === 0 && existsSync('/etc/debian_version') && process.env.VOICEJOB_NO_INSTALL !== '1';
  if (!mayInstall) stop(`${program.names[0]} is missing, which is needed for ${program.why}: ${howTo}.`);
  await withLock(join(ROOT, '.cache', 'setup.lock'), () => {
    if (isThere()) return;
    process.stderr.write(`voicejob: installing the system package ${program.package} for ${program.why} (apt-get; VOICEJOB_NO_INSTALL=1 prevents it) ...\n`);
    aptInstall(apt, program.package);
  });
  if (!isThere()) stop(`apt-get could not install ${program.package}, which is needed for ${program.why}: ${howTo}.`);
}

const wanted = process.argv.slice(2);
try {
  await provideDependencies(wanted.includes('production'));
  for (const [name, program] of Object.entries(PROGRAMS)) if (wanted.includes(name)) await provideProgram(program);
} catch (error) {
  if (!(error instanceof Stop)) throw error;
  process.stderr.write(`voicejob: ${error.message}\n`);
  process.exitCode = 1;
}
