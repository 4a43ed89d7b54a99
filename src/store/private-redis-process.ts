/** Processes by more than their id: an id alone may long belong to somebody else. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

/** A running process: when it started, in whatever unit the system counts, and its command line. */
export type Running = { readonly started: string; readonly command: string };

/** null: there is no such process, or it is dead and only waits to be reaped. */
export function inspectProcess(pid: number): Running | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid);
}

/** proc(5): after the name in brackets come state (3rd field) and, as the 22nd, the start time in clock ticks since boot. */
function fromProc(pid: number): Running | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = ''] = fields;
    if (state === 'Z' || state === 'X') return null;
    return { started: fields[19] ?? '', command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim() };
  } catch {
    return null;
  }
}

/** Systems without /proc. */
function fromPs(pid: number): Running | null {
  try {
    const output = execFileSync('ps', ['-o', 'state=,lstart=,command=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [state = '', ...rest] = output.trim().split(/\s+/);
    if (state === '' || state.startsWith('Z')) return null;
    // lstart is five words: Sun Nov 22 10:00:00 2026
    return { started: rest.slice(0, 5).join(' '), command: rest.slice(5).join(' ') };
  } catch {
    return null;
  }
}
