/** A TCP proxy before Redis that knows the product's scripts: a process can be killed just before one of them arrives, or when it has run and before its answer. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Redis } from 'ioredis';
import { TIMING } from '../../src/domain/timing.ts';
import { loadScripts } from '../../src/store/scripts.ts';

export type RedisStep = { readonly script: string; readonly when: 'before' | 'after' };

export type RedisTap = {
  readonly port: number;
  /** The next process that runs the script, and for which `suits` holds, meets `fate`; both get its pid. Answers how to take that back. */
  arm(step: RedisStep, fate: (pid: number) => void, suits?: (pid: number) => boolean): () => void;
  /** Cuts every connection. */
  sever(): void;
  close(): Promise<void>;
};

const LUA = new URL('../../src/store/lua/', import.meta.url);

/** The SHA-1 by which each script is called. */
function scriptHashes(): ReadonlyMap<string, string> {
  const bodies: string[] = [];
  const catcher = {
    defineCommand(this: Record<string, unknown>, name: string, { lua }: { lua: string }) {
      bodies.push(lua);
      this[name] = () => undefined;
    },
  };
  loadScripts(catcher as unknown as Redis, TIMING);
  const names = readdirSync(LUA).filter((file) => file !== 'lib.lua');
  return new Map(
    names.map((file) => {
      const end = readFileSync(new URL(file, LUA), 'utf8');
      const body = bodies.find((one) => one.endsWith(`\n${end}`));
      if (body === undefined) throw new Error(`${file} is not loaded`);
      return [file.replace('.lua', ''), createHash('sha1').update(body).digest('hex')];
    }),
  );
}

type Armed = RedisStep & { readonly hash: string; readonly fate: (pid: number) => void; readonly suits: (pid: number) => boolean };

export async function startRedisTap(backendPort: number, callerOf: (socket: Socket) => number): Promise<RedisTap> {
  const hashes = scriptHashes();
  const armed = new Set<Armed>();
  const sockets = new Set<Socket>();
  const hashOf = (script: string): string => {
    const hash = hashes.get(script);
    if (hash === undefined) throw new RangeError(`no script ${script}`);
    return hash;
  };
  const take = (chunk: Buffer, client: Socket): Armed | undefined => {
    const next = armed.size === 0 ? undefined : [...armed].find(({ hash, suits }) => chunk.includes(hash) && suits(callerOf(client)));
    if (next) armed.delete(next);
    return next;
  };

  const server = createServer((client) => {
    const backend = connect(backendPort, '127.0.0.1');
    let waiting: Armed | null = null;
    let dead = false;
    sockets.add(client).add(backend);
    for (const [one, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (dead) return;
      const met = take(chunk, client);
      if (met?.when === 'before') {
        dead = true;
        met.fate(callerOf(client));
        return;
      }
      if (met) waiting = met;
      backend.write(chunk);
    });
    backend.on('data', (chunk) => {
      if (waiting) {
        dead = true;
        waiting.fate(callerOf(client));
        waiting = null;
      }
      if (!dead) client.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    arm: (step, fate, suits = () => true) => {
      const entry = { ...step, hash: hashOf(step.script), fate, suits };
      armed.add(entry);
      return () => void armed.delete(entry);
    },
    sever: () => {
      for (const socket of sockets) socket.destroy();
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Where there is no port to stand before, nothing can be seen or timed. */
export function noRedisTap(): RedisTap {
  const nothing = () => () => undefined;
  return { port: 0, arm: nothing, sever: () => undefined, close: async () => undefined };
}
