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

export type GaugeName = 'sweep_works' | 'sweep_missed_share' | 'poll_stretch' | 'build_info' | SharedGaugeName;

/** Of all processes together: read from Redis when somebody scrapes. */
export type SharedGaugeName =
  | 'redis_up'
  | 'watched_jobs'
  | 'destinations'
  | 'due_destinations'
  | 'gate_closed'
  | 'cursor_lag_entries'
  | 'cursor_lag_seconds'
  | 'oldest_undelivered_entry_seconds'
  | 'poll_lag_seconds'
  | 'paused_destinations' // platform, reason
  | 'paused_subscriptions' // platform, reason
  | 'paused_platforms' // platform, reason
  | 'dead_letters'
  | 'budget_demand_polls'
  | 'budget_pace'
  | 'budget_queue'
  | 'queue_jobs'; // queue, state

export type Figure = { readonly name: SharedGaugeName; readonly labels?: Readonly<Record<string, string>>; readonly value: number };
