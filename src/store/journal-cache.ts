/** Journals as last read, so that a fan-out to many destinations reads each once. A journal only grows within one epoch and one life of Redis. */
import type { Redis } from 'ioredis';
import type { JobKey } from '../domain/job.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { decodeEntry } from './journal-codec.ts';
import { KEY_PREFIX } from './script.ts';

/** Entries kept over all journals: some 60 MB at the very most. */
const MAX_ENTRIES = 50_000;

export type JournalCache = {
  /** The first `length` entries; the same array for the same journal, as long as it is kept. `life` names the epoch and the Redis under which they were counted. */
  read(job: JobKey, life: string, length: number): Promise<readonly JournalEntry[]>;
};

export function createJournalCache(redis: Redis): JournalCache {
  const journals = new Map<string, { life: string; entries: readonly JournalEntry[] }>();
  let kept = 0;

  function keep(job: JobKey, life: string, entries: readonly JournalEntry[]): void {
    kept += entries.length - (journals.get(job)?.entries.length ?? 0);
    journals.delete(job);
    journals.set(job, { life, entries });
    for (const [oldest, journal] of journals) {
      if (kept <= MAX_ENTRIES || oldest === job) break;
      journals.delete(oldest);
      kept -= journal.entries.length;
    }
  }

  return {
    async read(job, life, length) {
      const cached = journals.get(job);
      const known = cached?.life === life ? cached.entries : [];
      if (known.length >= length) return known.length === length ? known : known.slice(0, length);
      const rest = await redis.lrange(`${KEY_PREFIX}log:${job}`, known.length, length - 1);
      const entries = [...known, ...rest.map(decodeEntry)];
      keep(job, life, entries);
      return entries;
    },
  };
}
