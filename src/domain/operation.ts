/** One entry of an op-log as MetaStudio answers it, and its identity. Entries have no id upstream, so identity is made of content. */
import { createHash } from 'node:crypto';

/** A decoded op-log entry. Every member is optional upstream: absent text is '', an absent list is empty. */
export type Operation = {
  /** As upstream gave it: seconds, or milliseconds (see `instantMs`). Missing and 0 are null. */
  readonly time: number | null;
  readonly action: string;
  readonly operator: string;
  readonly reviewIds: readonly string[];
  readonly algorithmReason: string;
  readonly adminReason: string;
  /** Members of external_info that are not documented, as text: shown, never part of the identity. */
  readonly other: Readonly<Record<string, string>>;
};

/** 2^31-1 seconds end in 2038; the same number of milliseconds ended in January 1970. Anything larger than this is milliseconds. */
const LARGEST_SECONDS = 1e11;

/** An upstream time in milliseconds since 1970; null stays null. The unit is not documented. */
export function instantMs(time: number | null): number | null {
  if (time === null) return null;
  return time > LARGEST_SECONDS ? time : time * 1000;
}

/** The text that is equal for two entries exactly when they say the same: documented members only, lists sorted, empty equal to absent. */
export function canonical(operation: Operation): string {
  return JSON.stringify([
    operation.time,
    operation.action,
    operation.operator,
    [...operation.reviewIds].sort(),
    operation.algorithmReason,
    operation.adminReason,
  ]);
}

/** What a revision of an entry has in common with it: time, action and operator. */
export function slot(operation: Operation): string {
  return JSON.stringify([operation.time, operation.action, operation.operator]);
}

/** The key of the nth (from 1) entry with this identity: 8 bytes of SHA-256, base64url. It never depends on a place in the journal. */
export function entryKey(identity: string, occurrence: number): string {
  return createHash('sha256').update(`${identity}\n${occurrence}`).digest().subarray(0, 8).toString('base64url');
}
