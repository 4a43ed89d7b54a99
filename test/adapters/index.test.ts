import { expect, test } from 'vitest';
import { loadAdapters } from '../../adapters/index.ts';
import { TRIAL } from '../support/teams-bench.ts';
import { playgroundDeps } from './playground/as-page.ts';

test('an adapter is loaded only when it is configured', async () => {
  const config = { slack: null, teams: null, dataDir: '/nowhere', defaultLanguage: 'en' as const };
  const deps = { ...playgroundDeps(), inspect: null, simulator: null };
  expect(await loadAdapters({ ...config, playground: false }, deps)).toEqual([]);
  expect((await loadAdapters({ ...config, playground: true }, deps)).map(({ platform }) => platform)).toEqual(['playground']);
  expect((await loadAdapters({ ...config, playground: false, teams: TRIAL }, deps)).map(({ platform }) => platform)).toEqual(['teams']);
});
