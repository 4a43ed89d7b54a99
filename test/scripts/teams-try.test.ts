import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

test('npm run teams:try names the terms, and fetches nothing while nobody agrees to them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vj-try-'));
  const script = resolve(import.meta.dirname, '../../scripts/teams-try.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toContain('for the purposes of\nevaluating it');
  expect(stderr).toContain('npm run teams:try -- --yes');
  expect(readdirSync(folder)).toEqual([]);
  rmSync(folder, { recursive: true });
});
