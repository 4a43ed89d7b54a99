/** Which job somebody means: known journals first, those followed here before all, then the job list. */
import type { JobCommand } from '../domain/command.ts';
import { foldedName, ID_START, isJobId, type JobDetail, type JobKey, jobIdOf, jobKey } from '../domain/job.ts';
import type { CommandError, JobView } from '../domain/message.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Watched } from '../ports/store.ts';
import { ask, isRefusal, passesByWaiting, refusalOf, upstreamDown } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { findByIdStart, findByName, type Search } from './job-search.ts';
import { factsOf, shortIdOf, viewOf } from './job-view.ts';
import type { Request } from './request.ts';
import { knownTarget } from './target.ts';

export type Resolved =
  /** `watched` null: nobody follows it, and `detail` is what upstream has just told of it. */
  | { readonly kind: 'found'; readonly job: JobKey; readonly watched: Watched; readonly detail: null }
  | { readonly kind: 'found'; readonly job: JobKey; readonly watched: null; readonly detail: JobDetail }
  /** A full id that nobody could check now; `error` is for whoever needs it checked. */
  | { readonly kind: 'unverified'; readonly job: JobKey; readonly error: CommandError }
  | { readonly kind: 'refused'; readonly error: CommandError };

/** A UUID or its 32 digits: nothing longer follows. What upstream's ids look like is not documented, only that they end at 64 characters. */
const FULL_ID = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9A-Za-z_-]{32,64})$/i;

/** Candidates that are shown where one name means several jobs; a message has no more buttons than that. */
const CANDIDATES = 5;
const NEAREST = 3;

/**
 * @param command what it is for, so that one of several jobs can be chosen with a click
 */
export async function resolveJob(command: JobCommand, request: Request, deps: CommandDependencies): Promise<Resolved> {
  const meant = command.job.trim();
  const watched = await watchedJobs(meant, request, deps);
  const [only] = watched;
  const known = only && watched.length === 1 ? await deps.store.readWatch(only) : null;
  // Another job may have exactly this name; if upstream does not say so soon, there is none.
  const early = known && isOtherCase(known, meant) ? await findByName(meant, { ...request, late: request.soon }, deps) : null;
  const isOther = early?.kind === 'found' && early.jobs.some((job) => job.voiceName.trim() === meant);
  if (only && known && !isOther) return { kind: 'found', job: only, watched: known, detail: null };
  if (watched.length > 1) return ambiguous(command, await candidatesOf(watched, deps), deps);

  const refusal = isFullId(meant) ? await readById(meant, request, deps) : null;
  if (refusal && refusal.kind !== 'no') return refusal;
  const named = early ?? (await findByName(meant, request, deps));
  const listed = named.kind === 'down' || named.jobs.length > 0 ? named : await findByIdStart(meant, request, deps);
  // Without an upstream that checks it, a full id is all that can be followed.
  if (listed.kind === 'down') return { kind: 'refused', error: refusal?.error ?? (await upstreamDown(listed.error, deps, command.name === 'subscribe')) };
  const [detail] = listed.jobs;
  if (detail && listed.jobs.length === 1) return { kind: 'found', job: jobKey(deps.projectId, detail.jobId), watched: null, detail };
  if (detail) return ambiguous(command, listed.jobs, deps);
  if (refusal) return { kind: 'refused', error: refusal.error };
  return { kind: 'refused', error: await noSuchJob({ ...command, job: meant }, [named, listed], { request, deps }) };
}

/** What is known of it without another question. */
export async function viewResolved(resolved: Exclude<Resolved, { kind: 'refused' }>, deps: CommandDependencies): Promise<JobView> {
  if (resolved.kind === 'unverified') return viewOf(resolved.job, { journal: [], facts: null }, deps);
  if (resolved.watched) return viewOf(resolved.job, resolved.watched, deps);
  return viewOf(resolved.job, { journal: [], facts: factsOf(resolved.detail, null) }, deps);
}

/** Jobs that somebody follows and that these words name; one that is followed here is meant before others. */
export async function watchedJobs(meant: string, request: Request, deps: CommandDependencies): Promise<readonly JobKey[]> {
  const byId = isJobId(meant) && meant.length >= ID_START ? await watchedByIdStart(meant, deps) : [];
  const exact = byId.find((job) => jobIdOf(job) === meant);
  if (exact) return [exact];
  const byName = meant === '' ? [] : await watchedByName(meant, deps);
  const all = [...new Set([...byName, ...byId])];
  if (all.length < 2) return all;
  const destination = await knownTarget(request, deps);
  if (!destination) return all;
  const here = await Promise.all(all.map(async (job) => ((await deps.store.subscription(destination.id, job)) ? [job] : [])));
  return here.flat().length > 0 ? here.flat() : all;
}

/** Of exactly this name; where none is, in other letters' case. */
async function watchedByName(name: string, deps: CommandDependencies): Promise<readonly JobKey[]> {
  const found = await deps.store.watchedByName(deps.projectId, name, CANDIDATES + 1);
  if (found.length < 2) return found;
  const watches = await Promise.all(found.map((job) => deps.store.readWatch(job)));
  const exact = found.filter((_, index) => watches[index]?.facts?.voiceName.trim() === name);
  return exact.length > 0 ? exact : found;
}

/** These words name it, but not letter by letter. */
function isOtherCase({ facts }: Watched, meant: string): boolean {
  const name = facts?.voiceName.trim() ?? '';
  return name !== meant && foldedName(name) === foldedName(meant);
}

async function watchedByIdStart(start: string, deps: CommandDependencies): Promise<readonly JobKey[]> {
  const found = await deps.store.watchedByPrefix(deps.projectId, start, CANDIDATES + 1);
  const small = start.toLowerCase();
  return found.length > 0 || small === start ? found : deps.store.watchedByPrefix(deps.projectId, small, CANDIDATES + 1);
}

function isFullId(meant: string): boolean {
  return FULL_ID.test(meant);
}

type ById = Resolved | { readonly kind: 'no'; readonly error: CommandError };

async function readById(id: string, request: Request, deps: CommandDependencies): Promise<ById> {
  const job = jobKey(deps.projectId, id);
  const asked = await ask((options) => deps.jobs.readDetail(job, options), request.soon);
  if (asked.kind === 'ok') return { kind: 'found', job, watched: null, detail: asked.value };
  // A name may look like an id, so the list is asked as well before the refusal is told.
  if (isRefusal(asked.error)) return { kind: 'no', error: refusalOf(asked.error, id) };
  const error = await upstreamDown(asked.error, deps);
  return passesByWaiting(asked.error) ? { kind: 'unverified', job, error } : { kind: 'refused', error };
}

async function ambiguous(command: JobCommand, jobs: readonly JobDetail[], deps: CommandDependencies): Promise<Resolved> {
  const shown = jobs.slice(0, CANDIDATES);
  const candidates = await Promise.all(
    shown.map(async (detail) => {
      const job = jobKey(deps.projectId, detail.jobId);
      return { job, shortId: await uniqueAmong(detail, shown, await shortIdOf(job, deps)), name: detail.voiceName, state: detail.state };
    }),
  );
  return { kind: 'refused', error: { kind: 'ambiguous-job', input: command.job, candidates, command } };
}

async function uniqueAmong(detail: JobDetail, others: readonly JobDetail[], short: string): Promise<string> {
  const shared = (length: number) => others.some((other) => other !== detail && other.jobId.startsWith(detail.jobId.slice(0, length)));
  let length = short.length;
  while (length < detail.jobId.length && shared(length)) length += 1;
  return detail.jobId.slice(0, length);
}

/** Watched jobs in the shape of the list's. */
async function candidatesOf(jobs: readonly JobKey[], deps: CommandDependencies): Promise<readonly JobDetail[]> {
  return Promise.all(
    jobs.map(async (job) => {
      const facts = (await deps.store.readWatch(job))?.facts;
      return {
        jobId: jobIdOf(job),
        voiceName: facts?.voiceName ?? '',
        jobType: facts?.jobType ?? '',
        state: facts?.state ?? '',
        failedCode: '',
        failedReason: '',
        assetId: '',
        rejectTimes: 0,
        createdAt: null,
        updatedAt: null,
      };
    }),
  );
}

async function noSuchJob(
  command: JobCommand,
  searches: readonly Search[],
  { request, deps }: { readonly request: Request; readonly deps: CommandDependencies },
): Promise<CommandError> {
  const listed = searches.flatMap((search) => (search.kind === 'found' ? search.seen : []));
  const names = new Set([...(await followedNames(request, deps)), ...listed]);
  names.delete('');
  return { kind: 'no-such-job', input: command.job, nearest: nearestOf(command.job, names, NEAREST), command };
}

/** The voice names of what is followed here. */
export async function followedNames(request: Request, deps: CommandDependencies): Promise<readonly string[]> {
  const destination = await knownTarget(request, deps);
  if (!destination) return [];
  const followed = await deps.store.subscriptions(destination.id);
  const watches = await Promise.all(followed.map(({ subscription }) => deps.store.readWatch(subscription.job)));
  return watches.flatMap((watched) => (watched?.facts?.voiceName ? [watched.facts.voiceName] : []));
}
