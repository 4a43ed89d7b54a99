import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { teamsPackage } from '../../scripts/teams-package.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import { YOU } from '../support/builders.ts';

const APP_ID = '5f1c2a34-0000-4000-8000-00000000b071';
const SCRIPT = resolve(import.meta.dirname, '../../scripts/teams-package.ts');

type Manifest = {
  readonly id: string;
  readonly bots: readonly {
    readonly botId: string;
    readonly scopes: readonly string[];
    readonly supportsTargetedMessages: boolean;
    readonly commandLists: readonly {
      readonly scopes: readonly string[];
      readonly triggers: readonly string[];
      readonly commands: readonly { readonly title: string; readonly description: string }[];
    }[];
  }[];
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vj-teams-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const run = (env: Readonly<Record<string, string>>) =>
  spawnSync(process.execPath, [SCRIPT, 'app.zip'], { cwd: folder, env: { PATH: process.env.PATH ?? '', ...env }, encoding: 'utf8' });

/** Name -> content, read as unpackers do: from the directory at the end, each file by its place, checksum and size. */
function unzipped(archive: Buffer): Map<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    expect(archive.toString('latin1', at, at + 4)).toBe('PK\x01\x02');
    const size = archive.readUInt32LE(at + 24);
    const nameLength = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    expect(archive.toString('latin1', local, local + 4)).toBe('PK\x03\x04');
    const content = archive.subarray(local + 30 + nameLength, local + 30 + nameLength + size);
    expect(crc32(content)).toBe(archive.readUInt32LE(at + 16));
    files.set(archive.toString('utf8', at + 46, at + 46 + nameLength), content);
    at += 46 + nameLength;
  }
  expect(at).toBe(end);
  return files;
}

describe('npm run teams:package', () => {
  test('writes the manifest, its Chinese and the icons of the right size at the root of one archive', () => {
    const { status, stdout, stderr } = run({ TEAMS_APP_ID: APP_ID });
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('teams/manifest.json are examples still');
    const files = unzipped(readFileSync(join(folder, 'app.zip')));
    expect([...files.keys()]).toEqual(['manifest.json', 'zh-cn.json', 'color.png', 'outline.png']);
    const { id, bots } = JSON.parse(String(files.get('manifest.json'))) as Manifest;
    expect([id, bots[0]?.botId]).toEqual([APP_ID, APP_ID]);
    const size = (name: string) => [files.get(name)?.readUInt32BE(16), files.get(name)?.readUInt32BE(20)];
    expect([size('color.png'), size('outline.png')]).toEqual([
      [192, 192],
      [32, 32],
    ]);
  });

  test('without the id of a bot says what is missing, and writes nothing', () => {
    for (const env of [{}, { TEAMS_APP_ID: 'voicejob' }]) {
      const { status, stderr } = run(env);
      expect(status).toBe(1);
      expect(stderr).toMatch(/^voicejob: TEAMS_APP_ID must be .+\n$/);
      expect(() => readFileSync(join(folder, 'app.zip'))).toThrow('ENOENT');
    }
  });

  test('makes the same archive of the same files', () => {
    run({ TEAMS_APP_ID: APP_ID });
    const first = readFileSync(join(folder, 'app.zip'));
    run({ TEAMS_APP_ID: APP_ID });
    expect(readFileSync(join(folder, 'app.zip'))).toEqual(first);
  });
});

describe('the manifest', () => {
  const { manifest, problems } = teamsPackage({ appId: APP_ID, version: '0.1.0' });
  const [bot] = (manifest as Manifest).bots;

  test('is as Microsoft’s schema wants it, and so is its Chinese', () => {
    expect(problems).toEqual([]);
  });

  test('the schema would refuse what is wrong', () => {
    const { problems: found } = teamsPackage({ appId: 'no-guid', version: '0.1.0' });
    expect(found).toEqual([expect.stringMatching(/^manifest.json\/id: /), expect.stringMatching(/^manifest.json\/bots\/0\/botId: /)]);
  });

  test('serves teams, group chats and people, with slash commands where there are any', () => {
    expect(bot).toMatchObject({ scopes: ['team', 'groupChat', 'personal'], supportsTargetedMessages: true });
    expect(bot?.commandLists.map(({ scopes, triggers }) => [scopes, triggers])).toEqual([
      [
        ['team', 'groupChat'],
        ['mention', 'slash'],
      ],
      [['personal'], ['mention']],
    ]);
  });

  test('offers only commands that voicejob understands, each with words that say what it does', () => {
    for (const { commands } of bot?.commandLists ?? []) {
      expect(commands).toHaveLength(11);
      for (const { title, description } of commands) {
        const parsed = parseCommand(title, [], YOU);
        expect(parsed).not.toMatchObject({ error: { kind: 'unknown-command' } });
        expect(description).not.toBe('');
      }
    }
  });
});
