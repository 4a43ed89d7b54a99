/** What each figure means, and how Prometheus reads it. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { CounterName, Figure, GaugeName, HistogramName, Metrics, SharedGaugeName } from './ports/metrics.ts';

type Meaning = { readonly help: string; readonly labels: readonly string[] };

const COUNTERS: Readonly<Record<CounterName, Meaning>> = {
  polls_total: { help: 'Polls of a watched job, by how they ended', labels: ['outcome'] },
  upstream_requests_total: { help: 'Requests to MetaStudio', labels: ['call', 'outcome'] },
  upstream_unstable_reads_total: { help: 'Reads of an op-log of several pages whose count did not hold', labels: [] },
  journal_entries_total: { help: 'Entries appended to journals', labels: ['kind'] },
  journal_ignored_revisions_total: { help: 'Revisions of an entry beyond those that are kept', labels: [] },
  deliveries_total: { help: 'Messages posted, edited or removed', labels: ['platform', 'kind', 'outcome', 'reason'] },
  deliveries_adopted_total: { help: 'Messages found on the platform after a crash, and not sent again', labels: ['platform'] },
  deliveries_resent_total: { help: 'Messages sent again after an unknown outcome', labels: ['platform', 'lookup'] },
  dead_letters_total: { help: 'Messages given up because the platform will never take them', labels: ['platform', 'reason'] },
  inbound_total: { help: 'Events from the platforms', labels: ['platform', 'kind', 'outcome'] },
  roster_repairs_total: { help: 'Watches that the roster put back or removed', labels: ['kind'] },
  sweeps_total: { help: 'Sweeps of the job list, by how they ended', labels: ['outcome'] },
  sweep_moved_total: { help: 'Watched jobs that the job list showed to have moved', labels: [] },
  sweep_missed_total: { help: 'Jobs in which the safety net found entries that the job list had not shown', labels: [] },
  sweep_pulled_total: { help: 'Polls pulled forward because the sweep is trusted less than before', labels: [] },
};

/** The same in every process: take max() over processes, not sum(). */
const SHARED: Readonly<Record<SharedGaugeName, Meaning>> = {
  redis_up: { help: '1 when the figures below could be read from Redis', labels: [] },
  watched_jobs: { help: 'Jobs that somebody follows', labels: [] },
  destinations: { help: 'Places and people that are known', labels: [] },
  due_destinations: { help: 'Destinations with something to deliver now', labels: [] },
  gate_closed: { help: '1 while MetaStudio refuses the credentials', labels: [] },
  cursor_lag_entries: {
    help: 'Journal entries after the cursors of destinations that can be reached; of some 500 subscriptions that are due first',
    labels: [],
  },
  cursor_lag_seconds: { help: 'Age of the oldest of these entries; 0 = none', labels: [] },
  oldest_undelivered_entry_seconds: { help: 'Age of the oldest entry that waits anywhere, unreachable destinations included; 0 = none', labels: [] },
  poll_lag_seconds: { help: 'By how much the most overdue poll is late', labels: [] },
  paused_destinations: { help: 'Destinations to which nothing is sent for now; 1000 are counted at most', labels: ['platform', 'reason'] },
  paused_subscriptions: { help: 'Subscriptions of these destinations', labels: ['platform', 'reason'] },
  paused_platforms: { help: '1 while all of a platform is paused', labels: ['platform', 'reason'] },
  dead_letters: { help: 'Messages given up that nobody has dropped or sent again', labels: [] },
  budget_demand_polls: { help: 'Polls a second that all watches together wish for', labels: [] },
  budget_pace: { help: 'Share of METASTUDIO_MAX_RPS that throttling by MetaStudio left when it was last used', labels: [] },
  budget_queue: { help: 'Requests that wait for the budget now', labels: [] },
  queue_jobs: { help: 'BullMQ jobs', labels: ['queue', 'state'] },
};

const GAUGES: Readonly<Record<GaugeName, Meaning>> = {
  sweep_works: { help: '1 while a sweep of the job list has ended well within the last minute', labels: [] },
  sweep_missed_share: { help: 'Share of the latest entries that the job list did not show, 0 to 1', labels: [] },
  poll_stretch: { help: 'By how much polling intervals are stretched to stay within the budget; 1 = not at all', labels: [] },
  build_info: { help: 'Always 1', labels: ['version', 'node'] },
  ...SHARED,
};

/** Upper bounds in seconds: calls take parts of a second, an entry may wait for the longest polling interval. */
const CALL_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 15];
const WAIT_BUCKETS = [1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];

const HISTOGRAMS: Readonly<Record<HistogramName, Meaning & { readonly buckets: number[] }>> = {
  upstream_request_seconds: { help: 'Duration of a request to MetaStudio', labels: ['call', 'outcome'], buckets: CALL_BUCKETS },
  poll_late_seconds: { help: 'From when a poll was due to its start', labels: [], buckets: CALL_BUCKETS },
  delivery_seconds: { help: 'Duration of a call to a platform', labels: ['platform', 'kind'], buckets: CALL_BUCKETS },
  entry_to_message_seconds: { help: 'From the time of an op-log entry to its message', labels: ['platform'], buckets: WAIT_BUCKETS },
  command_seconds: { help: 'From a command to its reply', labels: ['command', 'platform'], buckets: CALL_BUCKETS },
};

const PREFIX = 'voicejob_';

/** One instrument for each name of a table. */
function instruments<N extends string, M extends Meaning, I>(meanings: Readonly<Record<N, M>>, make: (name: string, meaning: M) => I): (name: N) => I {
  const made = new Map(Object.entries<M>(meanings).map(([name, meaning]) => [name, make(`${PREFIX}${name}`, meaning)]));
  return (name) => {
    const instrument = made.get(name);
    if (instrument === undefined) throw new RangeError(`no metric is called ${name}`);
    return instrument;
  };
}

/** The labels that the metric has; a stray one is dropped, because a figure must never stop the work that it counts. */
function known(meaning: Meaning, labels: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => meaning.labels.includes(name)));
}

/** Makes all metrics, with those of the process, in a registry of their own. `render` answers the text for a scrape; `replace` takes all that was read from Redis anew. */
export function createMetrics(): {
  readonly metrics: Metrics;
  readonly render: () => Promise<string>;
  readonly contentType: string;
  readonly replace: (figures: readonly Figure[]) => void;
  /** Every metric of ours by its full name, with its labels. */
  readonly names: ReadonlyMap<string, readonly string[]>;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const shared = (name: string, { help, labels }: Meaning) => ({ name, help, labelNames: [...labels], registers: [registry] });
  const counter = instruments(COUNTERS, (name, meaning) => new Counter(shared(name, meaning)));
  const gauge = instruments(GAUGES, (name, meaning) => new Gauge(shared(name, meaning)));
  const histogram = instruments(HISTOGRAMS, (name, meaning) => new Histogram({ ...shared(name, meaning), buckets: meaning.buckets }));
  const metrics: Metrics = {
    count: (name, labels, by = 1) => counter(name).inc(known(COUNTERS[name], labels), by),
    observe: (name, seconds, labels) => histogram(name).observe(known(HISTOGRAMS[name], labels), seconds),
    set: (name, value, labels) => gauge(name).set(known(GAUGES[name], labels), value),
  };
  const names = new Map(Object.entries<Meaning>({ ...COUNTERS, ...GAUGES, ...HISTOGRAMS }).map(([name, { labels }]) => [PREFIX + name, labels]));
  const replace = (figures: readonly Figure[]): void => {
    for (const name of Object.keys(SHARED) as SharedGaugeName[]) {
      gauge(name).reset();
      // An unlabelled one would say 0, which nobody has read.
      if (SHARED[name].labels.length === 0) gauge(name).remove();
    }
    for (const { name, labels, value } of figures) gauge(name).set(known(SHARED[name], labels), value);
  };
  return { metrics, render: () => registry.metrics(), contentType: registry.contentType, replace, names };
}
