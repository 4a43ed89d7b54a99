/** One set-up at a time: a file that holds the process id of whoever works. Plain JavaScript for Node 18 and newer. */
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_AGAIN_MS = 200;
/** A holder's process id may belong to somebody else by now: nothing here takes that long. */
const TOO_OLD_MS = 30 * 60_000;

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** True when the lock is ours now. The file appears whole, with its id in it: link() makes no half-written lock. */
function take(path) {
  const own = `${path}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Removes the lock of a holder that died. */
function clearStale(path) {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    const tooOld = Date.now() - statSync(path).mtimeMs > TOO_OLD_MS;
    if (tooOld || !isAlive(pid)) rmSync(path, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** Runs `work` while no other process holds the lock at `path`; waits for as long as the holder lives. */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    clearStale(path);
    if (!told) process.stderr.write('voicejob: waiting for another set-up in this folder ...\n');
    told = true;
    await sleep(LOOK_AGAIN_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}
