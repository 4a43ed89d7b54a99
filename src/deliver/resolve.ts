/** An attempt whose outcome nobody recorded, ripe: ask the platform whether it is there, adopt it or send the rest. */
import { entryInstant } from '../domain/journal.ts';
import type { Found } from '../ports/chat-adapter.ts';
import { settle } from './attempt.ts';
import type { Step } from './decide.ts';
import { type Next, NOTHING, subRef, type Turn } from './drain.ts';
import { told } from './draw.ts';

/** Before a platform that can't be asked now is asked again. */
const ASK_AGAIN_MS = 5_000;
/** Clocks differ, and an entry is shown upstream some time after it happened. */
const SLACK_MS = 3_600_000;

export async function resolve(turn: Turn, step: Extract<Step, { kind: 'resolve' }>): Promise<Next | Step> {
  const { store, metrics, adapter, traits, work } = turn;
  const { tok, at: _openedAt, ...intent } = step.intent;
  const sub = subRef(work);
  if (intent.kind === 'edit') {
    // given up, not repeated: news may be waiting behind it
    await store.release(sub, tok, { ...NOTHING, ripeEdit: true });
    return 'again';
  }
  const again: Step = { kind: 'attempt', intent: { ...intent, attempt: intent.attempt + 1 }, previous: tok, plain: false, paced: step.paced };
  if (!traits.lookup) return again;

  const answer = await ask(turn, intent.keys);
  if (answer.kind !== 'found') return notTold(turn, answer, { tok, late: '' });
  const there = new Set(answer.messages.flatMap((message) => message.keys));
  const rest = intent.keys.filter((key) => !there.has(key));
  const oldest = answer.messages.toSorted((a, b) => a.at - b.at)[0];
  if (rest.length === 0 && oldest) {
    metrics.count('deliveries_adopted_total', { platform: adapter.platform });
    const settlement = { ref: oldest.ref, address: work.destination.address, adopted: true, retry: false, lookup: true };
    await settle(turn, { tok, intent }, settlement);
    return 'again';
  }
  return { ...again, intent: { ...again.intent, keys: rest } };
}

/** The platform did not say: what is not known stays as it is, for now or until the place is reached again. */
export async function notTold(turn: Turn, answer: Exclude<Found, { kind: 'found' }>, what: { readonly tok: string; readonly late: string }): Promise<Next> {
  const { store, work, adapter } = turn;
  if (answer.kind === 'cannot-tell') {
    await store.putOff(subRef(work), what, ASK_AGAIN_MS);
    return 'again';
  }
  if (answer.scope === 'destination') await store.pauseDestination(work.destination.id, answer.reason);
  else await store.pausePlatform(adapter.platform, answer.reason);
  return 'stop';
}

/** Which deliveries with these keys are there. An adapter that throws or is slow can't tell. */
export async function ask(turn: Turn, keys: readonly string[]): Promise<Found> {
  const { adapter, work, timing, log } = turn;
  const times = told(turn, { keys }).map((entry) => entryInstant(entry) ?? work.createdAt);
  const complete = times.length === keys.length;
  const notBefore = Math.min(...(complete ? times : [work.createdAt]), work.now) - SLACK_MS;
  const search = { address: work.destination.address, delivery: { gen: work.gen, keys }, root: keys.includes('root') ? null : work.root || null, notBefore };
  let timer: NodeJS.Timeout | undefined;
  const slow: Promise<Found> = new Promise((done) => {
    timer = setTimeout(() => done({ kind: 'cannot-tell', reason: 'timeout' }), timing.request);
  });
  try {
    return await Promise.race([adapter.find(search), slow]);
  } catch (error) {
    log.error('an adapter threw', { error: error instanceof Error ? error : new Error(String(error)) });
    return { kind: 'cannot-tell', reason: 'unreadable-answer' };
  } finally {
    clearTimeout(timer);
  }
}
