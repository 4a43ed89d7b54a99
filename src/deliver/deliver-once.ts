/** Delivers what is due at one destination, in order, until nothing is or the time is up. */
import { attempt } from './attempt.ts';
import { decide, type Step } from './decide.ts';
import { type DrainDeps, type Next, subRef, type Turn } from './drain.ts';
import { lateCheck } from './late-check.ts';
import { tellNotice } from './notices.ts';
import { resolve } from './resolve.ts';

/** A drain gives way to others after this; the sweep starts the next. */
const DRAIN_MS = 20_000;
/** Before a subscription whose step failed is tried again. */
const FAILED_STEP_MS = 2_000;

/** `signal` ends it between two steps. A lost Redis rejects; nothing is lost by that. */
export async function deliverOnce(deps: DrainDeps, destination: string, signal: AbortSignal): Promise<void> {
  const end = deps.clock.monotonic() + DRAIN_MS;
  let next: Next = 'again';
  while (next === 'again' && !signal.aborted && deps.clock.monotonic() < end) next = await step(deps, destination);
}

/** One step: what is due first, decided and done. */
export async function step(deps: DrainDeps, destination: string): Promise<Next> {
  const due = await deps.store.dueWork(destination);
  if (due.kind === 'nothing' || due.kind === 'closed') return 'stop';
  const found = due.kind === 'work' ? due.work.destination : due.destination;
  const adapter = deps.adapters.get(found.address.platform);
  if (!adapter) {
    await deps.store.pausePlatform(found.address.platform, 'disabled');
    return 'stop';
  }
  if (due.kind === 'notice') return tellNotice(deps, adapter, due);

  // whatever goes wrong below is said with what it was about
  const log = deps.log.with({ job: due.work.job, destination, gen: due.work.gen });
  const turn: Turn = { ...deps, log, work: due.work, adapter, traits: adapter.traits(found.address) };
  let next: Next | Step = decide(due.work, deps.timing);
  try {
    while (typeof next !== 'string') next = await perform(turn, next);
    return next;
  } catch (error) {
    // Redis away, or a bug: either way the other jobs here go first when it is tried again
    log.error('a delivery step failed', { error: error instanceof Error ? error : new Error(String(error)) });
    await deps.store.defer(destination, due.work.job, FAILED_STEP_MS);
    return 'again';
  }
}

async function perform(turn: Turn, decided: Step): Promise<Next | Step> {
  const { store, work } = turn;
  switch (decided.kind) {
    case 'resolve':
      return resolve(turn, decided);
    case 'late-check':
      return lateCheck(turn, decided.late);
    case 'attempt':
      return attempt(turn, decided);
    case 'skip':
      await store.skip(subRef(work), decided.from, decided.to);
      return 'again';
    case 'await-intent':
    case 'rest':
      await store.refresh(work.destination.id, work.job);
      return 'again';
    default:
      return decided satisfies never;
  }
}
