/** What the commands are built with, and how long they may take. */
import type { JobKey } from '../domain/job.ts';
import type { Address, Language } from '../domain/subscription.ts';
import type { Budget } from '../ports/budget.ts';
import type { Clock, Random } from '../ports/clock.ts';
import type { JobSource } from '../ports/job-source.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Scheduler } from '../ports/scheduler.ts';
import type { SubscriptionStore, Watched } from '../ports/store.ts';

export type CommandDependencies = {
  readonly store: SubscriptionStore;
  readonly jobs: JobSource;
  readonly scheduler: Scheduler;
  readonly budget: Pick<Budget, 'gate'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly projectId: string;
  readonly defaultLanguage: Language;
  readonly admins: readonly { readonly platform: string; readonly id: string }[];
  readonly patience: Patience;
  /** The page of a job in a console, or null. */
  jobLink(job: JobKey): string | null;
  /** What stands before a command at an address. */
  commandPrefix(address: Address): string;
  /** The interval that a watch really gets, ms, when all watches together ask more than the budget has; null = the one it wishes. */
  effectiveIntervalMs(watched: Watched): number | null;
};

/** How long an answer may wait for upstream, ms. */
type Patience = {
  /** Where there is something to fall back on. */
  readonly withFallbackMs: number;
  /** Where the alternative is no answer at all. */
  readonly withoutFallbackMs: number;
};

/** Slack and Teams show that something is under way, but people look away after 3 s; a search over several pages takes its time within the budget. */
export const PATIENCE: Patience = { withFallbackMs: 2_500, withoutFallbackMs: 8_000 };
