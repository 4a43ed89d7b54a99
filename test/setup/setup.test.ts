import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');
const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** A clone with the set-up scripts, and a folder that holds every program they can find. */
let root = '';
let programs = '';

const called = (): string => (existsSync(join(root, 'called')) ? readFileSync(join(root, 'called'), 'utf8') : '');

/** A program that notes how it was called, and then does what the lines say. */
function program(name: string, ...lines: string[]): void {
  const path = join(programs, name);
  writeFileSync(path, ['#!/bin/sh', 'PATH=/usr/bin:/bin', `echo "${name} $*" >> '${root}/called'`, ...lines, ''].join('\n'));
  chmodSync(path, 0o755);
}

/** What npm ci leaves behind. */
function installed(): void {
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  writeFileSync(join(root, 'node_modules/.package-lock.json'), '{}');
}

const NPM_CI = ['sleep 0.3', 'mkdir -p node_modules/.bin', `ln -sf '${process.execPath}' node_modules/.bin/node`, 'touch node_modules/.package-lock.json'];

async function setUp(
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, ['scripts/setup.js', ...args], { cwd: root, env: { PATH: programs, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const { promise, resolve: end } = Promise.withResolvers<number | null>();
  child.once('close', end);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), promise]);
  return { code, said: out + err };
}

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'voicejob-setup-'));
  programs = join(root, 'programs');
  for (const folder of ['programs', 'scripts']) mkdirSync(join(root, folder));
  for (const name of ['setup.js', 'lock.js']) copyFileSync(join(REPOSITORY, 'scripts', name), join(root, 'scripts', name));
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(root, 'package-lock.json'), '{}');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('when nothing is missing', () => {
  test('it says and does nothing', async () => {
    installed();
    for (const name of ['redis-server', 'chromium', 'npm', 'apt-get']) program(name);
    expect(await setUp(['redis', 'chromium'])).toEqual({ code: 0, said: '' });
    expect(await setUp(['production'])).toEqual({ code: 0, said: '' });
    expect(called()).toBe('');
  });
});

describe('the dependencies', () => {
  test('are installed with npm ci when they are not there, dev dependencies whatever NODE_ENV says', async () => {
    program('npm', ...NPM_CI);
    expect(await setUp([], { NODE_ENV: 'production' })).toMatchObject({ code: 0, said: expect.stringContaining('installing dependencies (npm ci)') });
    expect(called()).toMatch(/^npm ci --include=dev .*\n$/);
  });

  test('are installed again when the lock file is newer', async () => {
    installed();
    program('npm', ...NPM_CI);
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(root, 'package-lock.json'), later, later);
    expect(await setUp()).toMatchObject({ code: 0 });
    expect(called()).toMatch(/^npm ci/);
  });

  test('are installed once by two that start together', async () => {
    program('npm', ...NPM_CI);
    const both = await Promise.all([setUp(), setUp()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(called().match(/npm ci/g)).toHaveLength(1);
    expect(existsSync(join(root, '.cache/setup.lock'))).toBe(false);
  });

  test('are installed although another set-up died half-way', async () => {
    program('npm', ...NPM_CI);
    mkdirSync(join(root, '.cache'));
    // Larger than any process id of Linux.
    writeFileSync(join(root, '.cache/setup.lock'), '4194305');
    expect(await setUp()).toMatchObject({ code: 0 });
  });

  test('are the production ones for npm start, without a Node', async () => {
    program('npm', 'mkdir -p node_modules', 'touch node_modules/.package-lock.json');
    symlinkSync(process.execPath, join(programs, 'node'));
    expect(await setUp(['production'])).toMatchObject({ code: 0 });
    expect(called()).toMatch(/^npm ci --omit=dev /);
  });

  test('that can not be installed end it, and leave no lock', async () => {
    program('npm', 'exit 1');
    expect(await setUp()).toMatchObject({ code: 1, said: expect.stringContaining('npm ci failed') });
    expect(existsSync(join(root, '.cache/setup.lock'))).toBe(false);
  });

  test('without their Node are not enough', async () => {
    program('npm', 'mkdir -p node_modules', 'touch node_modules/.package-lock.json');
    expect(await setUp()).toMatchObject({ code: 1, said: expect.stringMatching(/^(.*\n)?voicejob: the bundled Node 24 was not installed .*\n$/) });
  });

  test.each([
    ['prestart', 'npm start'],
    ['preadmin', 'npm run admin'],
  ])('are not touched by %s on an older Node, which says so of %s in one sentence', async (npm_lifecycle_event, command) => {
    program('npm', ...NPM_CI);
    writeFileSync(join(root, 'older.cjs'), "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.1.0' } });");
    const { code, said } = await setUp(['production'], { NODE_OPTIONS: `--require=${join(root, 'older.cjs')}`, npm_lifecycle_event });
    const sentence = new RegExp(`^voicejob: ${command} needs Node 24 or newer and this is Node 20\\.1\\.0: .*\\.\n$`);
    expect({ code, said }).toEqual({ code: 1, said: expect.stringMatching(sentence) });
    expect(called()).toBe('');
  });
});

describe('a system program that is missing', () => {
  const installs = (name: string): string => `case "$*" in *install*) ln -s /bin/true '${join(programs, name)}';; esac`;

  test.runIf(canInstall)('is installed by root on Debian, who is told', async () => {
    installed();
    program('apt-get', installs('redis-server'));
    expect(await setUp(['redis'])).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^voicejob: installing the system package redis-server for a private Redis .*\n$/),
    });
    expect(called()).toBe('apt-get -qq update\napt-get -qq -y --no-install-recommends install redis-server\n');
  });

  test.runIf(canInstall)('and can not be installed ends it', async () => {
    installed();
    program('apt-get', 'exit 100');
    expect(await setUp(['chromium'])).toMatchObject({
      code: 1,
      said: expect.stringContaining('apt-get could not install chromium, which is needed for the tests of the local page'),
    });
  });

  test.each([
    ['is only named with VOICEJOB_NO_INSTALL=1', { VOICEJOB_NO_INSTALL: '1' }, true],
    ['is only named where there is no apt-get', {}, false],
  ])('%s', async (_, env, hasApt) => {
    installed();
    if (hasApt) program('apt-get', installs('redis-server'));
    expect(await setUp(['redis'], env)).toEqual({
      code: 1,
      said: expect.stringMatching(/^voicejob: redis-server is missing, which is needed for a private Redis: install redis-server \(.*\)\.\n$/),
    });
    expect(called()).toBe('');
  });
});
