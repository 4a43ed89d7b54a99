/** The journal's side of the store: what a poll reads and appends. */
import type { Redis } from 'ioredis';
import type { Facts, JobDetail, JobKey } from '../domain/job.ts';
import { foldedName, jobIdOf, projectIdOf } from '../domain/job.ts';
import type { Gate } from '../ports/budget.ts';
import type { Append, Appended, Watched, WatchStore } from '../ports/store.ts';
import { decodeEntry, encodeEntry } from './journal-codec.ts';
import { fields, list, number, text, texts, wellFormed } from './reply.ts';
import { KEY_PREFIX } from './script.ts';
import type { Scripts } from './scripts.ts';

/** Where a voice name is found again: project, name as names are compared, and job, so that a prefix search finds the whole name. */
export function nameIndex(job: JobKey, name: string): string {
  return name === '' ? '' : `n:${projectIdOf(job)}/${foldedName(name)}\n${jobIdOf(job)}`;
}

export function createWatchStore(redis: Redis, scripts: Scripts): WatchStore {
  return {
    readWatch: (job) => readWatch(scripts, job),

    async append(append: Append): Promise<Appended> {
      const facts = append.facts === null ? '' : encodeFacts(append.facts);
      const reply = texts(
        await scripts.append(
          append.job,
          append.epoch,
          append.runId,
          append.length,
          append.ended ? 1 : 0,
          append.intervalMs,
          append.nextPollInMs,
          facts,
          append.factsRead ? 1 : 0,
          append.facts === null ? '' : nameIndex(append.job, append.facts.voiceName),
          append.rowRead,
          append.net ? 1 : 0,
          append.verdict,
          ...append.entries.map(encodeEntry),
        ),
      );
      const [kind, movedAgain, ...destinations] = reply;
      switch (kind) {
        case 'appended':
          return { kind, movedAgain: movedAgain === '1', destinations };
        case 'conflict':
        case 'stale':
        case 'gone':
          return { kind };
        default:
          throw new TypeError(`append answered ${kind}`);
      }
    },

    async postpone(job, next) {
      await scripts.postpone(job, Math.round(next.inMs), Math.round(next.intervalMs));
    },

    async overdue({ overdueMs, limit }) {
      const [seconds] = await redis.time();
      return redis.zrangebyscore(`${KEY_PREFIX}polls`, '-inf', Number(seconds) * 1000 - overdueMs, 'LIMIT', 0, limit);
    },

    async roster(from) {
      const [cursor, jobs] = await redis.sscan(`${KEY_PREFIX}jobs`, from, 'COUNT', 1000);
      if (jobs.length === 0) return { watches: [], cursor };
      const [[seconds], due] = await Promise.all([redis.time(), redis.zmscore(`${KEY_PREFIX}polls`, ...jobs)]);
      const now = Number(seconds) * 1000;
      return { watches: jobs.map((job, nth) => ({ job, dueInMs: Math.max(0, Number(due[nth] ?? 0) - now) })), cursor };
    },

    async tellAccess(gate: Gate | null, afterMs) {
      const [due, since] = texts(await scripts['access-due'](gate?.since ?? 0, afterMs));
      if (due !== 'lost' && due !== 'back') return 'nothing';
      await tellEverybody(redis, scripts, { due, since: Number(since), gate });
      await scripts['access-told'](due === 'lost' ? Number(since) : '');
      return due;
    },
  };
}

/** Page by page, so that Redis goes on meanwhile; whoever has a notice already gets no second one. */
async function tellEverybody(
  redis: Redis,
  scripts: Scripts,
  what: { readonly due: 'lost' | 'back'; readonly since: number; readonly gate: Gate | null },
): Promise<void> {
  const { due, since, gate } = what;
  const kind = due === 'lost' ? 'access-lost' : 'access-back';
  const notice = JSON.stringify({ kind, subject: 'metastudio', since, operator: null });
  for (let cursor = ''; cursor !== '0'; ) {
    const [next, destinations] = await redis.sscan(`${KEY_PREFIX}dests`, cursor === '' ? '0' : cursor, 'COUNT', 500);
    if (destinations.length > 0) await scripts['tell-many'](notice, 1, ...destinations);
    cursor = next;
  }
  const admins = await redis.hvals(`${KEY_PREFIX}admins`);
  if (admins.length === 0) return;
  const [jobs, destinations] = await Promise.all([redis.scard(`${KEY_PREFIX}jobs`), redis.scard(`${KEY_PREFIX}dests`)]);
  const operator = gate && {
    status: gate.status,
    code: gate.code,
    requestId: gate.requestId,
    message: gate.words.toWellFormed(),
    nextTry: gate.nextProbe,
    jobs,
    destinations,
  };
  await scripts['tell-many'](JSON.stringify({ kind, subject: 'operator', since, operator }), 0, ...admins);
}

const UNKNOWN: Facts = { voiceName: '', jobType: '', state: '', failedCode: '', failedReason: '', assetId: '', rejectTimes: 0, audit: null };

/** Equal facts are equal texts, so that the script can tell whether anything changed. What is empty is left out: there are 100,000 of these. */
function encodeFacts(facts: Facts): string {
  const { voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes, audit } = facts;
  const known = Object.entries({ voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes, audit }).filter(([, value]) => value);
  return wellFormed(Object.fromEntries(known));
}

export function decodeFacts(stored: string | undefined): Facts | null {
  return stored ? { ...UNKNOWN, ...(JSON.parse(stored) as Partial<Facts>) } : null;
}

/** Shared with commands: one read of a watch. */
export async function readWatch(scripts: Scripts, job: JobKey): Promise<Watched | null> {
  const reply = list(await scripts['read-watch'](job));
  if (reply.length === 0) return null;
  const [runId, followers, demand, journal, covered, justMoved, missed, watches, late, sweptAt, hash] = reply;
  const stored = fields(hash);
  const row = stored.row ? { raw: stored.row, detail: JSON.parse(stored.row) as JobDetail } : null;
  return {
    epoch: stored.epoch ?? '',
    runId: text(runId),
    journal: texts(journal).map(decodeEntry),
    base: stored.base === undefined ? null : number(stored.base),
    ended: stored.ended === '1',
    facts: decodeFacts(stored.facts),
    changedAt: number(stored.changedAt),
    readAt: number(stored.readAt),
    factsAt: number(stored.factsAt),
    followers: Number(followers),
    demand: Number(text(demand)),
    lateMs: late === '' ? null : Number(late),
    sweep: { row, justMoved: justMoved === '1', covered: covered === '1', sweptAt: Number(sweptAt), missed: Number(missed), watches: Number(watches) },
  };
}
