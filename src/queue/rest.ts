/** What failed here a moment ago is left alone for a while, so that a fault costs one try now and then and not one a second. */

export type Rest = {
  /** Notes a failure; answers for how long to leave the thing alone, ms. */
  failed(id: string): number;
  succeeded(id: string): void;
  isResting(id: string): boolean;
};

/** Entries kept before those whose rest is over are dropped. */
const MOST_KEPT = 1_000;

/** The rest doubles with each failure in a row, from `firstMs` to `mostMs`. `now` is a monotonic clock, ms. In memory only: another process finds out for itself. */
export function createRest(options: { readonly firstMs: number; readonly mostMs: number; readonly now: () => number; readonly fraction: () => number }): Rest {
  const { firstMs, mostMs, now, fraction } = options;
  const failures = new Map<string, { readonly inARow: number; readonly until: number }>();

  /** What failed once and is never tried again must not be kept for ever. */
  const forgetOld = (): void => {
    if (failures.size < MOST_KEPT) return;
    for (const [id, { until }] of failures) if (until < now()) failures.delete(id);
  };

  return {
    failed: (id) => {
      forgetOld();
      const inARow = (failures.get(id)?.inARow ?? 0) + 1;
      // 25 % either way, so that what failed together is not tried together.
      const restMs = Math.round(Math.min(mostMs, firstMs * 2 ** (inARow - 1)) * (0.75 + fraction() / 2));
      failures.set(id, { inARow, until: now() + restMs });
      return restMs;
    },
    succeeded: (id) => {
      failures.delete(id);
    },
    isResting: (id) => now() < (failures.get(id)?.until ?? Number.NEGATIVE_INFINITY),
  };
}
