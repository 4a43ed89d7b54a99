/** A message that may have a twin is looked at once more: what is there twice is deleted, the recorded or oldest one stays. */
import type { LateCheck } from '../ports/store.ts';
import { type Next, subRef, type Turn, within } from './drain.ts';
import { ask, notTold } from './resolve.ts';

export async function lateCheck(turn: Turn, late: LateCheck): Promise<Next> {
  const { store, traits, work } = turn;
  const sub = subRef(work);
  if (late.kind === 'edit') {
    await store.lateDone(sub, late.raw, true);
    return 'again';
  }
  // without lookup nobody can have adopted it, unless it became the root
  let twins = late.ref !== null && late.ref !== work.root ? [late.ref] : [];
  if (traits.lookup) {
    const answer = await ask(turn, late.keys);
    if (answer.kind !== 'found') return notTold(turn, answer, { tok: '', late: late.raw });
    twins = twinsAmong(answer.messages, work.root);
  }
  for (const ref of twins) {
    if (!(await removed(turn, ref))) return notTold(turn, { kind: 'cannot-tell', reason: 'server-error' }, { tok: '', late: late.raw });
  }
  await store.lateDone(sub, late.raw, false);
  return 'again';
}

/** Messages all of whose keys an earlier one has: the recorded root counts as the first. */
function twinsAmong(messages: readonly { readonly ref: string; readonly keys: readonly string[]; readonly at: number }[], root: string | null): string[] {
  const rootFirst = messages.toSorted((a, b) => Number(b.ref === root) - Number(a.ref === root) || a.at - b.at);
  const covered = new Set<string>();
  return rootFirst.flatMap((message) => {
    const twin = message.keys.every((key) => covered.has(key));
    for (const key of message.keys) covered.add(key);
    return twin ? [message.ref] : [];
  });
}

/** False: to be tried again. What the platform will never delete stays, and is counted. */
async function removed(turn: Turn, ref: string): Promise<boolean> {
  const { adapter, traits, work, metrics } = turn;
  const outcome = await within(turn, adapter.remove({ address: work.destination.address, ref }));
  metrics.count('deliveries_total', { platform: adapter.platform, kind: 'remove', outcome: outcome.kind, reason: traits.lookup ? 'twin' : 'doubt' });
  return outcome.kind === 'delivered' || outcome.kind === 'gone' || outcome.kind === 'dead';
}
