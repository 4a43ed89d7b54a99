import { expect, test } from 'vitest';
import { createMetrics } from '../src/metrics.ts';

test('figures are counted, observed and set under their names and labels', async () => {
  const { metrics, render, contentType } = createMetrics();
  metrics.count('polls_total', { outcome: 'quiet' });
  metrics.count('polls_total', { outcome: 'quiet' }, 2);
  metrics.observe('delivery_seconds', 0.2, { platform: 'slack', kind: 'post' });
  metrics.set('watched_jobs', 7);
  const text = await render();
  expect(contentType).toContain('text/plain');
  expect(text).toContain('voicejob_polls_total{outcome="quiet"} 3\n');
  expect(text).toContain('voicejob_delivery_seconds_bucket{le="0.25",platform="slack",kind="post"} 1\n');
  expect(text).toContain('voicejob_watched_jobs 7\n');
  expect(text).toContain('process_cpu_seconds_total');
});

test('a label that the figure does not have is left out', async () => {
  const { metrics, render } = createMetrics();
  metrics.count('dead_letters_total', { platform: 'teams', reason: 'gone', job: 'p/j' });
  expect(await render()).toContain('voicejob_dead_letters_total{platform="teams",reason="gone"} 1\n');
});

test('two sets of metrics know nothing of each other', async () => {
  const [one, other] = [createMetrics(), createMetrics()];
  one.metrics.set('gate_closed', 1);
  expect(await other.render()).toContain('voicejob_gate_closed 0\n');
});
