/**
 * Locks between the processes that share a data directory. They are the file locks under two empty SQLite databases: the kernel ends them with
 * the process, however it ends, so that there are no stale locks to break and no process ids to mistrust. Node offers no file lock by itself.
 */
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;
const TRY_EVERY_MS = 20;

/** Runs `work` while no other process is inside a lock on the same file, or answers `timedOut` when it does not come free within `patienceMs`. */
export async function withMutex<T>(
  path: string,
  patienceMs: number,
  work: () => Promise<T>,
): Promise<{ readonly kind: 'done'; readonly value: T } | { readonly kind: 'timedOut' }> {
  const file = new DatabaseSync(path);
  try {
    const giveUpAt = performance.now() + patienceMs;
    while (!succeeds(file, 'BEGIN EXCLUSIVE')) {
      if (performance.now() > giveUpAt) return { kind: 'timedOut' };
      await pause(TRY_EVERY_MS);
    }
    return { kind: 'done', value: await work() };
  } finally {
    // Also gives the lock back.
    file.close();
  }
}

export type Membership = {
  /** Leaves; true when nobody else is a member any more. To be asked inside the mutex, in which all join. May be called once. */
  leave(): boolean;
};

/** Becomes one of the members that hold the file, for as long as this process lives or until it leaves. Call it inside the mutex: only there does nobody ask who is left. */
export function join(path: string): Membership {
  const file = new DatabaseSync(path);
  file.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
  return {
    leave: () => {
      file.exec('ROLLBACK');
      const alone = succeeds(file, 'BEGIN EXCLUSIVE');
      file.close();
      return alone;
    },
  };
}

/** True while anybody is a member; this process too, if it is one. To be asked inside the mutex. */
export function hasMembers(path: string): boolean {
  const file = new DatabaseSync(path);
  try {
    return !succeeds(file, 'BEGIN EXCLUSIVE');
  } finally {
    file.close();
  }
}

/** False when somebody else's lock stands in the way. */
function succeeds(file: DatabaseSync, statement: string): boolean {
  try {
    file.exec(statement);
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
