/** The alert rules, checked by Prometheus' own tool where it is installed, and against the metrics that there are. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../src/metrics.ts';

const FILE = 'ops/alerts.yml';
type Rules = {
  readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string; readonly annotations: Record<string, string> }[] }[];
};
const rules = (parse(readFileSync(FILE, 'utf8')) as Rules).groups.flatMap((group) => group.rules);
const hasPromtool = spawnSync('promtool', ['--version']).error === undefined;

it.skipIf(!hasPromtool)(`promtool (Debian: apt install prometheus) ${hasPromtool ? 'takes' : 'is not installed, so nobody checked'} the alert rules`, () => {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'rules', FILE], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toContain(`SUCCESS: ${rules.length} rules found`);
});

it('every metric and label in an alert rule is one that the program exports', async () => {
  const { render, names } = createMetrics();
  const exported = new Set((await render()).split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []));
  const used = rules.flatMap(({ alert, expr }) =>
    [...expr.matchAll(/(voicejob_\w+?)(?:_bucket|_sum|_count)?(?:\{(\w+)[^}]*\})?(?=[[)\s])/g)].map(([, name = '', label]) => ({ alert, name, label })),
  );
  expect(used.length).toBeGreaterThan(rules.length - 2);
  expect(used.filter(({ name }) => !exported.has(name))).toEqual([]);
  expect(used.filter(({ name, label }) => label !== undefined && !names.get(name)?.includes(label))).toEqual([]);
});

it('the Redis of compose.yaml keeps hashes as compact as the private Redis does', () => {
  const { services } = parse(readFileSync('compose.yaml', 'utf8')) as { readonly services: { readonly redis: { readonly command: string } } };
  const [, bytes] = /'--hash-max-listpack-value', '(\d+)'/.exec(readFileSync('src/store/private-redis-server.ts', 'utf8')) ?? [];
  expect(services.redis.command).toContain(`--hash-max-listpack-value ${bytes} `);
  expect(readFileSync('docs/operating.md', 'utf8')).toContain(`hash-max-listpack-value ${bytes}`);
});

it('the sweep of the job list has alerts for failing, for polling in its place and for what it misses', () => {
  const about = (metric: string) => rules.filter(({ expr }) => expr.includes(metric)).map(({ alert }) => alert);
  expect(['voicejob_sweeps_total', 'voicejob_sweep_works', 'voicejob_sweep_missed_share'].map(about)).toEqual([
    ['VoicejobSweepFails'],
    ['VoicejobSweepStopped'],
    ['VoicejobSweepMisses'],
  ]);
});

it('every alert says what is wrong and what to do', () => {
  for (const { alert, annotations } of rules)
    expect([annotations.summary, annotations.description], alert).toEqual([expect.stringMatching(/\w{3}/), expect.stringMatching(/\w{3}/)]);
});
