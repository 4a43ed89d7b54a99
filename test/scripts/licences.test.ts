import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { licences } from '../../scripts/licences.ts';

test('a version that is installed twice is listed once, two versions twice, and what is for development not at all', () => {
  const packages = {
    '': { version: '1.0.0', license: 'MIT' },
    'node_modules/b': { version: '2.0.0', license: 'ISC' },
    'node_modules/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/b/node_modules/a': { version: '1.0.0', license: 'MIT' },
    'node_modules/c/node_modules/a': { version: '0.9.0', license: 'MIT' },
    'node_modules/tool': { version: '3.0.0', license: 'MIT', dev: true },
  };
  expect(licences(JSON.stringify({ packages }))).toEqual([
    ['a', '1.0.0', 'MIT'],
    ['a', '0.9.0', 'MIT'],
    ['b', '2.0.0', 'ISC'],
  ]);
});

test('no package of ours is listed twice', () => {
  const names = licences(readFileSync('package-lock.json', 'utf8')).map(([name, version]) => `${name}@${version}`);
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
});
