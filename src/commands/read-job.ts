/** A job's whole story for somebody who asks: the journal of a followed job, or one reading upstream of any other. */
import type { Facts, JobDetail, JobKey } from '../domain/job.ts';
import { difference, type JournalEntry, stateEntry } from '../domain/journal.ts';
import type { CommandError } from '../domain/message.ts';
import type { Watched } from '../ports/store.ts';
import { type Asked, ask, isRefusal, refusalOf, upstreamDown } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { factsOf } from './job-view.ts';
import type { Request } from './request.ts';
import type { Resolved } from './resolve-job.ts';

export type Story =
  | {
      readonly kind: 'read';
      readonly journal: readonly JournalEntry[];
      readonly facts: Facts | null;
      readonly readAt: number;
      readonly watched: Watched | null;
    }
  | { readonly kind: 'refused'; readonly error: CommandError };

export async function readJob(resolved: Exclude<Resolved, { kind: 'refused' }>, request: Request, deps: CommandDependencies): Promise<Story> {
  if (resolved.kind === 'unverified') return { kind: 'refused', error: resolved.error };
  const { watched } = resolved;
  // Before the first sight the journal says nothing yet; what upstream says now is better than nothing.
  if (watched && watched.base !== null) return { kind: 'read', journal: watched.journal, facts: watched.facts, readAt: knownAt(watched), watched };
  const [log, detail] = await Promise.all([
    ask((options) => deps.jobs.readLog(resolved.job, options), request.late),
    resolved.detail ? { kind: 'ok' as const, value: resolved.detail } : readDetail(resolved.job, request.late, deps),
  ]);
  const failed = log.kind === 'failed' ? log : detail.kind === 'failed' ? detail : null;
  if (failed) return { kind: 'refused', error: isRefusal(failed.error) ? refusalOf(failed.error, resolved.job) : await upstreamDown(failed.error, deps) };
  if (log.kind === 'failed' || detail.kind === 'failed') throw new Error('a failed reading was taken for a good one');
  return { kind: 'read', journal: asJournal(log.value, detail.value), facts: factsOf(detail.value, null), readAt: deps.clock.now(), watched };
}

/** Until when the journal is known to be whole: the sweep of the job list would have shown that the job moved since. */
export function knownAt({ readAt, sweep }: Watched): number {
  return sweep.covered && sweep.row === null ? Math.max(readAt, sweep.sweptAt) : readAt;
}

export function readDetail(job: JobKey, signal: AbortSignal, deps: CommandDependencies): Promise<Asked<JobDetail>> {
  return ask((options) => deps.jobs.readDetail(job, options), signal);
}

/** The journal that watching from the start would have made of it. */
function asJournal(log: Parameters<typeof difference>[1], detail: JobDetail): readonly JournalEntry[] {
  const { entries } = difference([], log);
  const state = stateEntry(entries, { state: detail.state, code: detail.failedCode, reason: detail.failedReason, time: detail.updatedAt });
  return state ? [...entries, state] : entries;
}
