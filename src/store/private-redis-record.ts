/** redis.json in a data directory: where its server is. Written inside the directory's mutex. */
import { readFileSync, readlinkSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';

/** What redis.json says: where the server listens, which process it is (0 = about to be started), when that started, and where its process id means anything. */
export type ServerRecord = { readonly socketPath: string; readonly pid: number; readonly started: string; readonly realm: string };

/** Within what process ids mean the same: this boot of this machine and, in a container, this container. */
export function realm(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Removes the record, the socket and, if nothing else is in it, the socket's directory: the path came from a file, so nothing more is deleted on its word. */
export function forgetServer(dataDir: string, socketPath: string): void {
  rmSync(socketPath, { force: true });
  try {
    rmdirSync(dirname(socketPath));
  } catch {
    // Gone already, or not empty.
  }
  rmSync(recordPath(dataDir), { force: true });
}

function recordPath(dataDir: string): string {
  return join(dataDir, 'redis.json');
}

/** null: none, or not readable as one. */
export function readRecord(dataDir: string): ServerRecord | null {
  try {
    const value: unknown = JSON.parse(readFileSync(recordPath(dataDir), 'utf8'));
    if (typeof value !== 'object' || value === null || !('socketPath' in value) || !('pid' in value) || !('started' in value) || !('realm' in value))
      return null;
    const { socketPath, pid, started, realm: where } = value;
    if (typeof socketPath !== 'string' || typeof pid !== 'number' || typeof started !== 'string' || typeof where !== 'string') return null;
    return { socketPath, pid, started, realm: where };
  } catch {
    return null;
  }
}

/** Whole or not at all, whenever this process dies. */
export function writeRecord(dataDir: string, record: ServerRecord): void {
  const draft = `${recordPath(dataDir)}.new`;
  writeFileSync(draft, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(draft, recordPath(dataDir));
}
