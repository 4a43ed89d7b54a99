/** A message that may have a twin is looked at once more: what is there twice is deleted, the recorded or oldest one stays. */
import type { LateCheck } from '../ports/store.ts';
import { type Next, NOTHING, subRef, type Turn, within } from './drain.ts';
import { ask } from './resolve.ts';

const LOOK_AGAIN_MS = 5_000;

export async function lateCheck(turn: Turn, late: LateCheck): Promise<Next> {
  const { store, traits, work } = turn;
  const sub = subRef(work);
  if (late.kind === 'edit') {
    await store.lateDone(sub, late.raw, true);
    return 'again';
  }
  const twins = await twinsOf(turn, late);
  if (twins !== 'cannot-tell') {
    const removed = await removeAll(turn, twins);
    if (removed) {
      await store.lateDone(sub, late.raw, false);
      return 'again';
    }
  }
  await store.release(sub, '', { ...NOTHING, notBeforeInMs: LOOK_AGAIN_MS });
  return 'stop';

  async function removeAll(where: Turn, refs: readonly string[]): Promise<boolean> {
    for (const ref of refs) {
      const outcome = await within(where, where.adapter.remove({ address: work.destination.address, ref }));
      if (outcome.kind !== 'delivered' && outcome.kind !== 'gone') return false;
      where.metrics.count('deliveries_total', {
        platform: where.adapter.platform,
        kind: 'remove',
        outcome: outcome.kind,
        reason: traits.lookup ? 'twin' : 'doubt',
      });
    }
    return true;
  }
}

async function twinsOf(turn: Turn, late: LateCheck): Promise<readonly string[] | 'cannot-tell'> {
  const { traits, work } = turn;
  // without lookup nobody can have adopted it, unless it became the root
  if (!traits.lookup) return late.ref !== null && late.ref !== work.root ? [late.ref] : [];
  const answer = await ask(turn, late.keys);
  if (answer.kind === 'cannot-tell') return 'cannot-tell';
  const rootFirst = answer.messages.toSorted((a, b) => Number(b.ref === work.root) - Number(a.ref === work.root) || a.at - b.at);
  const covered = new Set<string>();
  return rootFirst.flatMap((message) => {
    const twin = message.keys.every((key) => covered.has(key));
    for (const key of message.keys) covered.add(key);
    return twin ? [message.ref] : [];
  });
}
