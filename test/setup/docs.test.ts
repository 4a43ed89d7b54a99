/** What is written for people names only what is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };

const PAGES = ['README.md', 'AGENTS.md', 'SECURITY.md', ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];

describe.each(PAGES)('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('links and names files that exist', () => {
    const linked = [...text.matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)].map(([, path = '']) => path).filter((path) => !path.includes(':'));
    const named = [...text.matchAll(/(?<![\w/.-])((?:src|adapters|test|scripts|docs)\/[\w./-]*\w|boundaries\.config\.ts)/g)].map(([, path = '']) => path);
    expect(linked.map((path) => join(dirname(file), path)).filter((path) => !existsSync(path))).toEqual([]);
    expect(named.filter((path) => !existsSync(path))).toEqual([]);
  });

  it('links to headings that exist', () => {
    const linked = [...text.matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)].map(([, path = '', heading = '']) => ({ path, heading }));
    const headingsOf = (path: string) =>
      [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
        title
          .toLowerCase()
          .replace(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      );
    expect(linked.filter(({ path, heading }) => !headingsOf(path === '' ? file : join(dirname(file), path)).includes(heading))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

it('AGENTS.md fits on one screen or two', () => {
  expect(readFileSync('AGENTS.md', 'utf8').split('\n').length).toBeLessThanOrEqual(80);
});
