/** Says in the log, in words that can be acted on, that MetaStudio takes the key and allows it nothing. */
import type { Budget } from '../ports/budget.ts';
import type { Clock } from '../ports/clock.ts';
import { MEND_ACCESS } from '../ports/job-source.ts';
import type { Log } from '../ports/log.ts';

/** It lasts until somebody gives the right, and every poll meets it. */
const TELL_AGAIN_MS = 3_600_000;

/** The same budget; a first forbidden request is an error in the log, those after it once an hour. A key that is refused shuts the gate, which is told elsewhere. */
export function tellForbidden(budget: Budget, { clock, log }: { readonly clock: Clock; readonly log: Log }): Budget {
  let told = Number.NEGATIVE_INFINITY;
  return {
    ...budget,
    report: async (result) => {
      if (result.kind === 'forbidden' && clock.monotonic() - told >= TELL_AGAIN_MS) {
        told = clock.monotonic();
        const { status, code, requestId, words } = result.evidence;
        log.error(`MetaStudio does not allow this user to read jobs: ${MEND_ACCESS.forbidden}`, { status, code, requestId, words });
      }
      return budget.report(result);
    },
  };
}
