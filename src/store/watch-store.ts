/** The journal's side of the store: what a poll reads and appends. */
import type { Redis } from 'ioredis';
import type { Facts, JobKey } from '../domain/job.ts';
import { jobIdOf, projectIdOf } from '../domain/job.ts';
import type { Gate } from '../ports/budget.ts';
import type { Append, Appended, Watched, WatchStore } from '../ports/store.ts';
import { decodeEntry, encodeEntry } from './journal-codec.ts';
import { fields, list, number, text, texts } from './reply.ts';
import { KEY_PREFIX } from './script.ts';
import type { Scripts } from './scripts.ts';

/** Where a voice name is found again: project, name and job, so that a prefix search finds the exact name. */
export function nameIndex(job: JobKey, name: string): string {
  return name === '' ? '' : `n:${projectIdOf(job)}/${name}\n${jobIdOf(job)}`;
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
          ...append.entries.map(encodeEntry),
        ),
      );
      const [kind, ...destinations] = reply;
      switch (kind) {
        case 'appended':
          return { kind, destinations };
        case 'conflict':
        case 'stale':
        case 'gone':
          return { kind };
        default:
          throw new TypeError(`append answered ${kind}`);
      }
    },

    async postpone(job, inMs) {
      const [seconds, micros] = await redis.time();
      await redis.zadd(`${KEY_PREFIX}polls`, 'XX', Number(seconds) * 1000 + Math.floor(Number(micros) / 1000) + inMs, job);
    },

    async watches(query) {
      if ('all' in query) {
        const [cursor, jobs] = await redis.sscan(`${KEY_PREFIX}jobs`, query.cursor, 'COUNT', 1000);
        return { jobs, cursor };
      }
      const [seconds] = await redis.time();
      const jobs = await redis.zrangebyscore(`${KEY_PREFIX}polls`, '-inf', Number(seconds) * 1000 - query.overdueMs, 'LIMIT', 0, query.limit);
      return { jobs, cursor: '0' };
    },

    async tellAccess(gate: Gate | null, afterMs) {
      const evidence = gate && { status: gate.status, code: gate.code, requestId: gate.requestId, message: gate.words, nextTry: gate.nextProbe };
      const told = text(await scripts['tell-access'](gate?.since ?? 0, afterMs, JSON.stringify(evidence ?? {})));
      return told === 'lost' || told === 'back' ? told : 'nothing';
    },
  };
}

/** Equal facts are equal texts, so that the script can tell whether anything changed. */
function encodeFacts(facts: Facts): string {
  const { voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes, audit } = facts;
  return JSON.stringify({ voiceName, jobType, state, failedCode, failedReason, assetId, rejectTimes, audit });
}

export function decodeFacts(stored: string | undefined): Facts | null {
  return stored ? (JSON.parse(stored) as Facts) : null;
}

/** Shared with commands: one read of a watch. */
export async function readWatch(scripts: Scripts, job: JobKey): Promise<Watched | null> {
  const reply = list(await scripts['read-watch'](job));
  if (reply.length === 0) return null;
  const [runId, followers, demand, journal, hash] = reply;
  const stored = fields(hash);
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
  };
}
