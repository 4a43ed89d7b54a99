/** Which process is at the other end of a connection, so that a fault can befall whoever is about to do something. Linux only. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';

/** proc(5), /proc/net/tcp: local address as hex, and the socket's inode as the tenth field. */
const INODE_FIELD = 9;

/** Remembers what was found: a connection stays with its process. Answers 0 when it is none of `candidates`. */
export function callerFinder(candidates: () => readonly number[]): (socket: Socket) => number {
  const known = new WeakMap<Socket, number>();
  return (socket) => {
    const before = known.get(socket);
    if (before !== undefined) return before;
    const inode = inodeOf(socket.remotePort ?? 0, socket.localPort ?? 0);
    const pid = inode === null ? 0 : (candidates().find((candidate) => holds(candidate, `socket:[${inode}]`)) ?? 0);
    if (pid !== 0) known.set(socket, pid);
    return pid;
  };
}

function inodeOf(port: number, peer: number): string | null {
  const here = portHex(port);
  const there = portHex(peer);
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n')) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(here) && fields[2]?.endsWith(there)) return fields[INODE_FIELD] ?? null;
    }
  }
  return null;
}

function portHex(port: number): string {
  return `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}

function holds(pid: number, link: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`) === link;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
