/** README, AGENTS.md and docs/ name only what is there. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe.each(['README.md', 'AGENTS.md', 'docs/slack.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('links and names files that exist', () => {
    const linked = [...text.matchAll(/\]\(([^)#]+)\)/g)]
      .map(([, path = '']) => path)
      .filter((path) => !path.includes(':'))
      .map((path) => join(dirname(file), path));
    const named = [...text.matchAll(/(?<![\w/.-])((?:src|adapters|test|scripts|docs)\/[\w./-]*\w|boundaries\.config\.ts)/g)].map(([, path = '']) => path);
    expect(linked.length + named.length).toBeGreaterThan(2);
    expect([...linked, ...named].filter((path) => !existsSync(path))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

it('AGENTS.md fits on one screen or two', () => {
  expect(readFileSync('AGENTS.md', 'utf8').split('\n').length).toBeLessThanOrEqual(80);
});
