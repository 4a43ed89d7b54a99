/** README and AGENTS.md name only what is there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

describe.each(['README.md', 'AGENTS.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('links and names files that exist', () => {
    const linked = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path).filter((path) => !path.includes(':'));
    const named = [...text.matchAll(/(?<![\w/.-])((?:src|adapters|test|scripts|docs)\/[\w./-]*\w|boundaries\.config\.ts)/g)].map(([, path = '']) => path);
    expect(linked.length + named.length).toBeGreaterThan(5);
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
