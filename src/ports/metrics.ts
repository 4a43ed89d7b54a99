/** Every figure that is counted, by name. src/metrics.ts holds what each means. */
export interface Metrics {
  count(name: CounterName, labels?: Readonly<Record<string, string>>, by?: number): void;
  observe(name: HistogramName, seconds: number, labels?: Readonly<Record<string, string>>): void;
  set(name: GaugeName, value: number, labels?: Readonly<Record<string, string>>): void;
}

export type CounterName =
  | 'polls_total' // outcome
  | 'upstream_requests_total' // call, outcome
  | 'upstream_unstable_reads_total'
  | 'journal_entries_total' // kind
  | 'journal_ignored_revisions_total'
  | 'deliveries_total' // platform, kind, outcome, reason
  | 'deliveries_adopted_total' // platform
  | 'deliveries_resent_total' // platform, lookup
  | 'dead_letters_total' // platform, reason
  | 'inbound_total' // platform, kind, outcome
  | 'roster_repairs_total' // kind
  | 'sweeps_total' // outcome
  | 'sweep_moved_total'
  | 'sweep_missed_total'
  | 'sweep_pulled_total';

export type HistogramName = 'poll_late_seconds' | 'upstream_request_seconds' | 'delivery_seconds' | 'entry_to_message_seconds' | 'command_seconds';

export type GaugeName = 'sweep_works' | 'sweep_missed_share' | 'watched_jobs' | 'poll_stretch' | 'gate_closed' | 'due_destinations' | 'build_info';
