/** Every resource gets a named cleanup at birth; stopping runs them last-in-first-out. */
import type { Log } from './ports/log.ts';

/** A cleanup that failed, or did not end in time. */
export type CleanupFailure = { readonly name: string; readonly error: Error };

export type Lifecycle = {
  /** Registers what ends a resource. After `stop` it is run at once, so that a start that is overtaken by a stop leaves nothing behind. */
  defer(name: string, cleanup: () => void | Promise<void>, limitMs?: number): void;
  /** Runs every cleanup once, the latest first, each within its limit; whoever calls again waits for the same. Never rejects. */
  stop(): Promise<readonly CleanupFailure[]>;
  /** Aborted as soon as `stop` is called. */
  readonly stopping: AbortSignal;
};

type Cleanup = { readonly name: string; readonly run: () => void | Promise<void>; readonly limitMs: number };

/** Ctrl-C ends everything within 5 seconds, so no single cleanup may take most of them. */
const CLEANUP_LIMIT_MS = 2_000;

/** Makes a lifecycle with nothing in it. Failures are logged, and answered by `stop`. */
export function createLifecycle(log: Log): Lifecycle {
  const pending: Cleanup[] = [];
  const failures: CleanupFailure[] = [];
  const stopping = new AbortController();
  let drained: Promise<void> = Promise.resolve();

  async function drain(): Promise<void> {
    for (let cleanup = pending.pop(); cleanup !== undefined; cleanup = pending.pop()) {
      const error = await runWithin(cleanup);
      if (error === null) continue;
      failures.push({ name: cleanup.name, error });
      log.error('a cleanup failed', { cleanup: cleanup.name, error });
    }
  }

  return {
    defer(name, run, limitMs = CLEANUP_LIMIT_MS) {
      pending.push({ name, run, limitMs });
      if (stopping.signal.aborted) drained = drained.then(drain);
    },
    async stop() {
      if (!stopping.signal.aborted) {
        stopping.abort();
        drained = drained.then(drain);
      }
      // What was deferred meanwhile extends the chain.
      for (let seen: Promise<void> | null = null; seen !== drained; ) {
        seen = drained;
        await seen;
      }
      return [...failures];
    },
    stopping: stopping.signal,
  };
}

/** Runs a cleanup; answers what went wrong, or null. One that is late goes on by itself, and what it then says is not heard. */
async function runWithin({ name, run, limitMs }: Cleanup): Promise<Error | null> {
  const { promise: late, resolve } = Promise.withResolvers<Error>();
  const timer = setTimeout(() => resolve(new Error(`${name} did not end within ${limitMs} ms`)), limitMs);
  const done = (async () => run())().then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(`${name} failed`, { cause: error })),
  );
  try {
    return await Promise.race([done, late]);
  } finally {
    clearTimeout(timer);
  }
}
