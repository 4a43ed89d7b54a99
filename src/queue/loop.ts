/** Runs one function again and again. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../ports/log.ts';

export type Loop = {
  /** No further run starts; resolves when the one under way has ended. May be called twice. */
  stop(): Promise<void>;
};

/**
 * Runs `once` now and then `everyMs` after each end: runs never overlap. One that throws is logged, and the next comes all the same.
 * A fault that lasts is logged when it begins and when it is over.
 */
export function startLoop(name: string, options: { readonly everyMs: number; readonly once: (signal: AbortSignal) => Promise<void>; readonly log: Log }): Loop {
  const { everyMs, once, log } = options;
  const stopping = new AbortController();
  let failing = false;

  const turn = async (): Promise<void> => {
    try {
      await once(stopping.signal);
      if (failing) log.info(`${name} works again`);
      failing = false;
    } catch (error) {
      if (!failing && !stopping.signal.aborted)
        log.warn(`${name} failed, and is tried again`, { error: error instanceof Error ? error : String(error), everyMs });
      failing = true;
    }
  };

  const running = (async () => {
    while (!stopping.signal.aborted) {
      await turn();
      await pause(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    stop: () => {
      stopping.abort();
      return running;
    },
  };
}
