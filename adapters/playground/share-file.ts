/**
 * Which processes use a file together: a lock under an empty SQLite database beside it, which the kernel ends with the process, however it ends.
 * Node offers no file lock by itself.
 */
import { DatabaseSync } from 'node:sqlite';

/** https://www.sqlite.org/rescode.html#busy */
const SQLITE_BUSY = 5;
/** Somebody who is alone with a file is quick about it. */
const PATIENCE_MS = 5_000;

/**
 * Makes this process one of the users; answers how to be one no more. `alone` runs first where there is no other, and nobody can become one before
 * it returns. Blocks for at most `PATIENCE_MS`, then throws.
 */
export function shareFile(path: string, alone: () => void): () => void {
  const lock = new DatabaseSync(`${path}.lock`);
  try {
    if (isFree(lock)) {
      alone();
      lock.exec('ROLLBACK');
    }
    lock.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}; BEGIN; SELECT count(*) FROM sqlite_schema`);
  } catch (error) {
    lock.close();
    throw error;
  }
  return () => lock.close();
}

function isFree(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
