/** Journal entries as Redis keeps them: one JSON text each, with members of one letter, absent where empty. */
import type { JournalEntry } from '../domain/journal.ts';

/** Words of nearly every entry, kept as their place in this list, which only ever grows: ten entries take 200 bytes less. */
const COMMON = [
  'SYSTEM',
  'ADMIN',
  'CREATE_JOB',
  'COMMIT_JOB',
  'SYSTEM_AUDIT_PASS',
  'ADMIN_AUDIT_PASS',
  'AUDIT_NOT_PASS',
  'TRAINING_FINISH',
  'UPLOADING_MODEL',
  'COMPLETE_JOB',
];

type Word = string | number;

type Stored = {
  k: string;
  /** Absent for an op-log entry. */
  q?: 'state' | 'gone' | 'back';
  t?: number;
  a?: Word;
  o?: Word;
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
      if (entry.action) stored.a = briefly(entry.action);
      if (entry.operator) stored.o = briefly(entry.operator);
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
    return { kind: 'state', key: stored.k, time, state: inFull(stored.a), code: stored.c ?? '', reason: stored.m ?? '', attempt: stored.n ?? 0 };
  }
  if (stored.q !== undefined) return { kind: stored.q, key: stored.k, time };
  return {
    kind: 'log',
    key: stored.k,
    time,
    action: inFull(stored.a),
    operator: inFull(stored.o),
    reviewIds: stored.r ?? [],
    algorithmReason: stored.g ?? '',
    adminReason: stored.m ?? '',
    other: stored.x ?? {},
    supersedes: stored.s ?? null,
    bringsReason: stored.b === 1,
    late: stored.l === 1,
  };
}

function briefly(word: string): Word {
  const at = COMMON.indexOf(word);
  return at < 0 ? word : at;
}

function inFull(word: Word | undefined): string {
  return typeof word === 'number' ? (COMMON[word] ?? '') : (word ?? '');
}
