/** A queue on a real Redis, with every moving part replaceable and short periods. */
import { randomBytes } from 'node:crypto';
import type { Log } from '../../src/ports/log.ts';
import type { Metrics } from '../../src/ports/metrics.ts';
import { createQueue, type Queue, type QueueOptions } from '../../src/queue/queue.ts';

export const quiet: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined, with: () => quiet };

export type Line = { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly message: string };

/** A log whose lines stay in `lines`. */
export function recordingLog(lines: Line[]): Log {
  const at = (level: Line['level']) => (message: string) => void lines.push({ level, message });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), with: () => log };
  return log;
}

const noMetrics: Metrics = { count: () => undefined, observe: () => undefined, set: () => undefined };

/** Not started. Polls every 50 ms, drains do nothing, and nothing is overdue or due, unless said otherwise. */
export function makeQueue(socketPath: string, changes: Partial<QueueOptions> = {}): Queue {
  return createQueue({
    connection: { path: socketPath, retryStrategy: () => 20 },
    prefix: '{vj}',
    roles: { watch: true, deliver: true },
    pollOnce: async () => ({ kind: 'again', delayMs: 50, reason: 'test' }),
    deliverOnce: async () => undefined,
    dueDestinations: async () => [],
    roster: { overdue: async () => [], all: async () => ({ watches: [], cursor: '0' }), everyMs: 20, fullEveryMs: 60_000 },
    sweepEveryMs: 20,
    concurrency: { watch: 10, deliver: 10 },
    log: quiet,
    metrics: noMetrics,
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: { id: () => randomBytes(12).toString('base64url'), fraction: () => Math.random() },
    ...changes,
  });
}

/** Resolves when the signal is raised. */
export function raised(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));
}
