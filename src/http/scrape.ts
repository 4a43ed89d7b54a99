/** A scrape reads what stands where first, at most once every few seconds however many ask, and never waits long for it. */
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Figure } from '../ports/metrics.ts';

/** Several Prometheus servers scrape one process; none asks more often than this. */
const FRESH_MS = 5_000;
/** Prometheus gives up after 10 s by itself. */
const READ_MS = 3_000;

export type ScrapeParts = {
  /** Each reads figures from where they stand; may reject. */
  readonly sources: readonly (() => Promise<readonly Figure[]>)[];
  /** Puts figures in the place of all that were put before. */
  readonly replace: (figures: readonly Figure[]) => void;
  readonly render: () => Promise<string>;
  readonly clock: Clock;
  readonly log: Log;
};

/** Answers the text of a scrape. What can't be read is absent from it, and `redis_up` says so. */
export function createScrape({ sources, replace, render, clock, log }: ScrapeParts): () => Promise<string> {
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;

  const read = async (): Promise<void> => {
    try {
      const figures = await withLimit(Promise.all(sources.map((source) => source())));
      replace([{ name: 'redis_up', value: 1 }, ...figures.flat()]);
    } catch (error) {
      replace([{ name: 'redis_up', value: 0 }]);
      log.warn('figures could not be read from Redis', { error: error instanceof Error ? error : new Error('no error was thrown', { cause: error }) });
    }
    readAt = clock.monotonic();
  };

  return async () => {
    if (clock.monotonic() - readAt >= FRESH_MS) {
      reading ??= read().finally(() => {
        reading = null;
      });
      await reading;
    }
    return render();
  };
}

async function withLimit<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${READ_MS} ms`)), READ_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
