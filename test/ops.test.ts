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

it('every alert says what is wrong and what to do', () => {
  for (const { alert, annotations } of rules)
    expect([annotations.summary, annotations.description], alert).toEqual([expect.stringMatching(/\w{3}/), expect.stringMatching(/\w{3}/)]);
});
