/** Lets the demo's jobs live: brings about what the plan says is due. The loop only calls `advance`. */
import type { Log } from '../ports/log.ts';
import { act, newJob, type SimulatedJob } from './job.ts';
import { DEMO_JOBS, due, type PlannedEvent } from './plan.ts';

/** How often the loop looks; the log's times have a resolution of one second. */
const TICK_MS = 250;
/** Jobs that the plan made and that are kept; the oldest finished ones go first, so that a simulator that runs for weeks does not grow. */
const KEPT_JOBS = 500;
const FINISHED: ReadonlySet<string> = new Set(['SUCCEED', 'FAILED']);

export type Living = {
  readonly seed: number;
  /** Job-seconds that pass in a second. */
  readonly speed: number;
  readonly jobs: Map<string, SimulatedJob>;
  /** ms since 1970 */
  readonly now: () => number;
  readonly log: Log | null;
};

/** Starts now. `advance` brings about all that is due until now, each thing at its own time, and answers how much it was. */
export function openLiving(living: Living) {
  const startedAt = living.now();
  const planned: string[] = [];
  const takenOver = new Set<string>();
  let doneS = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;

  function advance(): number {
    const untilS = ((living.now() - startedAt) / 1000) * living.speed;
    const events = due(living.seed, doneS, untilS);
    doneS = Math.max(doneS, untilS);
    for (const event of events) happen(event);
    forgetOldest();
    return events.length;
  }

  function happen(event: PlannedEvent): void {
    const time = Math.floor((startedAt + (event.atS / living.speed) * 1000) / 1000);
    living.log?.debug('demo event', { job: event.jobId, event: event.kind === 'act' ? event.act.kind : 'create' });
    if (event.kind === 'create') {
      living.jobs.set(event.jobId, newJob(event, time));
      if (DEMO_JOBS.every(({ jobId }) => jobId !== event.jobId)) planned.push(event.jobId);
      return;
    }
    // Somebody may have deleted it by hand.
    const job = living.jobs.get(event.jobId);
    if (job && !takenOver.has(event.jobId)) living.jobs.set(event.jobId, act(job, event.act, time));
  }

  function forgetOldest(): void {
    while (planned.length > KEPT_JOBS) {
      const index = planned.findIndex((jobId) => FINISHED.has(living.jobs.get(jobId)?.detail.state ?? 'SUCCEED'));
      if (index < 0) return;
      for (const jobId of planned.splice(index, 1)) living.jobs.delete(jobId);
    }
  }

  function start(): void {
    advance();
    timer = setTimeout(start, TICK_MS);
  }

  function stop(): void {
    if (timer) clearTimeout(timer);
  }

  /** From now on the plan leaves the job alone. */
  const takeOver = (jobId: string): void => void takenOver.add(jobId);

  return { advance, start, stop, takeOver };
}
