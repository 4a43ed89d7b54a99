/** A job as cards need it, from what is stored and what upstream answered. */
import { type Facts, type JobDetail, type JobKey, jobIdOf, projectIdOf } from '../domain/job.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { FollowedJob, JobView } from '../domain/message.ts';
import { wants } from '../domain/subscription.ts';
import type { FollowedView } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';

/** Characters of an id that are shown where they suffice, and how many more are tried. */
const SHORT_ID = 8;
const SHORT_ID_STEP = 4;

export async function viewOf(
  job: JobKey,
  known: { readonly journal: readonly JournalEntry[]; readonly facts: Facts | null },
  deps: CommandDependencies,
): Promise<JobView> {
  return { job, shortId: await shortIdOf(job, deps), link: deps.jobLink(job), journal: known.journal, facts: known.facts };
}

/** As far as it is watched. */
export async function viewOfWatched(job: JobKey, deps: CommandDependencies): Promise<JobView> {
  return viewOf(job, (await deps.store.readWatch(job)) ?? { journal: [], facts: null }, deps);
}

/** The shortest start of the id, 8 characters or more, that no other watched job shares. */
export async function shortIdOf(job: JobKey, deps: CommandDependencies): Promise<string> {
  const id = jobIdOf(job);
  for (let length = SHORT_ID; length < id.length; length += SHORT_ID_STEP) {
    const sharing = await deps.store.watchedByPrefix(projectIdOf(job), id.slice(0, length), 2);
    if (sharing.every((other) => other === job)) return id.slice(0, length);
  }
  return id;
}

/** Facts as a job detail tells them; the review results are not in it. */
export function factsOf(detail: JobDetail, audit: Facts['audit']): Facts {
  const { voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes } = detail;
  return { voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes, audit };
}

/** A followed job, read from its journal; null when it is no longer watched. */
export async function followedJob(followed: FollowedView, deps: CommandDependencies): Promise<FollowedJob | null> {
  const { subscription } = followed;
  const watched = await deps.store.readWatch(subscription.job);
  if (!watched) return null;
  const waiting = watched.base === null ? [] : watched.journal.slice(subscription.cursor).filter((entry) => wants(subscription.preset, entry));
  return {
    view: await viewOf(subscription.job, watched, deps),
    preset: subscription.preset,
    mutedUntil: subscription.mutedUntil > deps.clock.now() ? subscription.mutedUntil : 0,
    waiting: waiting.length,
    pending: watched.base === null,
  };
}

/** The last that was seen of it upstream is that it is not there. */
export function isGone(journal: readonly JournalEntry[]): boolean {
  return journal.findLast(({ kind }) => kind === 'gone' || kind === 'back')?.kind === 'gone';
}

/** What people call a job. */
export function nameOf(view: JobView): string {
  return view.facts?.voiceName || view.shortId;
}
