import { expect, test } from 'vitest';
import { loadAdapters } from '../../adapters/index.ts';
import { TRIAL } from '../support/teams-bench.ts';
import { playgroundDeps } from './playground/as-page.ts';

test('an adapter is loaded only when it is configured', async () => {
  const config = { slack: null, teams: null, dataDir: '/nowhere', defaultLanguage: 'en' as const };
  expect(await loadAdapters({ ...config, playground: false }, playgroundDeps())).toEqual([]);
  expect((await loadAdapters({ ...config, playground: true }, playgroundDeps())).map(({ platform }) => platform)).toEqual(['playground']);
  expect((await loadAdapters({ ...config, playground: false, teams: TRIAL }, playgroundDeps())).map(({ platform }) => platform)).toEqual(['teams']);
});
