import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../..');

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'voicejob-checks-'));
  for (const name of ['package.json', 'tsconfig.json', 'node_modules']) symlinkSync(join(REPOSITORY, name), join(root, name));
  for (const name of ['biome.json', '.oxlintrc.json', '.gitignore']) copyFileSync(join(REPOSITORY, name), join(root, name));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

/** Runs a tool of the check on one file; answers whether it passed, and what it said. */
function run(tool: string, args: readonly string[], file: string, lines: readonly string[]): Promise<{ readonly passed: boolean; readonly output: string }> {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), `${lines.join('\n')}\n`);
  const { promise, resolve: answer } = Promise.withResolvers<{ passed: boolean; output: string }>();
  execFile(join(REPOSITORY, 'node_modules/.bin', tool), [...args, file], { cwd: root }, (error, stdout, stderr) =>
    answer({ passed: error === null, output: stdout + stderr }),
  );
  return promise;
}

const lint = (file: string, ...lines: string[]) => run('biome', ['lint', '--error-on-warnings'], file, lines);
const promises = (file: string, ...lines: string[]) => run('oxlint', ['--type-aware', '--deny-warnings'], file, lines);

test('domain may import createHash of node:crypto, and nothing else of it', async () => {
  expect(await lint('src/domain/key.ts', "import { createHash } from 'node:crypto';", "export const key = createHash('sha256');")).toMatchObject({
    passed: true,
  });
  const random = await lint('src/domain/key.ts', "import { randomBytes } from 'node:crypto';", 'export const key = randomBytes(8);');
  expect(random).toMatchObject({ passed: false, output: expect.stringContaining('noRestrictedImports') });
  const all = await lint('src/domain/key.ts', "import * as crypto from 'node:crypto';", 'export const key = crypto.randomBytes(8);');
  expect(all).toMatchObject({ passed: false, output: expect.stringContaining('noRestrictedImports') });
});

test('only main reads the environment, and nobody writes to the console', async () => {
  expect(await lint('src/main.ts', 'export const environment = process.env;')).toMatchObject({ passed: true });
  expect(await lint('src/watch/a.ts', 'export const environment = process.env;')).toMatchObject({
    passed: false,
    output: expect.stringContaining('noProcessEnv'),
  });
  expect(await lint('adapters/slack/a.ts', "console.log('here');")).toMatchObject({ passed: false, output: expect.stringContaining('noConsole') });
});

test("a promise that floats is found, a library's too", async () => {
  const lines = ["import { Redis } from 'ioredis';", 'export const redis = new Redis();'];
  expect(await promises('src/store/a.ts', ...lines, 'export const asked = redis.ping();')).toMatchObject({ passed: true });
  expect(await promises('src/store/a.ts', ...lines, 'redis.ping();')).toMatchObject({ passed: false, output: expect.stringContaining('no-floating-promises') });
});
