/** Journal entries as Redis keeps them: one JSON text each, with members of one letter, absent where empty. */
import type { JournalEntry } from '../domain/journal.ts';

type Stored = {
  k: string;
  /** Absent for an op-log entry. */
  q?: 'state' | 'gone' | 'back';
  t?: number;
  a?: string;
  o?: string;
  r?: readonly string[];
  g?: string;
  m?: string;
  x?: Readonly<Record<string, string>>;
  /** Key of the entry that this one supersedes; b = it brings a reason. */
  s?: string;
  b?: 1;
  l?: 1;
  c?: string;
  n?: number;
};

export function encodeEntry(entry: JournalEntry): string {
  const stored: Stored = { k: entry.key };
  if (entry.time !== null) stored.t = entry.time;
  switch (entry.kind) {
    case 'log':
      if (entry.action) stored.a = entry.action;
      if (entry.operator) stored.o = entry.operator;
      if (entry.reviewIds.length > 0) stored.r = entry.reviewIds;
      if (entry.algorithmReason) stored.g = entry.algorithmReason;
      if (entry.adminReason) stored.m = entry.adminReason;
      if (Object.keys(entry.other).length > 0) stored.x = entry.other;
      if (entry.supersedes !== null) stored.s = entry.supersedes;
      if (entry.bringsReason) stored.b = 1;
      if (entry.late) stored.l = 1;
      break;
    case 'state':
      stored.q = 'state';
      stored.a = entry.state;
      if (entry.code) stored.c = entry.code;
      if (entry.reason) stored.m = entry.reason;
      stored.n = entry.attempt;
      break;
    case 'gone':
    case 'back':
      stored.q = entry.kind;
      break;
    default:
      entry satisfies never;
  }
  return JSON.stringify(stored);
}

/** Reads what `encodeEntry` wrote; the store is ours, so its shape is trusted. */
export function decodeEntry(text: string): JournalEntry {
  const stored = JSON.parse(text) as Stored;
  const time = stored.t ?? null;
  if (stored.q === 'state') {
    return { kind: 'state', key: stored.k, time, state: stored.a ?? '', code: stored.c ?? '', reason: stored.m ?? '', attempt: stored.n ?? 0 };
  }
  if (stored.q !== undefined) return { kind: stored.q, key: stored.k, time };
  return {
    kind: 'log',
    key: stored.k,
    time,
    action: stored.a ?? '',
    operator: stored.o ?? '',
    reviewIds: stored.r ?? [],
    algorithmReason: stored.g ?? '',
    adminReason: stored.m ?? '',
    other: stored.x ?? {},
    supersedes: stored.s ?? null,
    bringsReason: stored.b === 1,
    late: stored.l === 1,
  };
}
