/** Answers remembered for a while, so that one person's clicks ask Slack once. */
import type { Clock } from '../../src/ports/clock.ts';
import { REMEMBERED } from './limits.ts';

export type Remember<V> = (key: string, ask: () => Promise<V>) => Promise<V>;

/** Asks once for each key within `forMs`, the oldest forgotten first; who asks meanwhile waits for the same answer. Failures are not remembered. */
export function createMemory<V>(forMs: number, clock: Clock): Remember<V> {
  const known = new Map<string, { readonly answer: Promise<V>; readonly until: number }>();
  return (key, ask) => {
    const before = known.get(key);
    if (before && clock.monotonic() < before.until) return before.answer;
    const answer = ask();
    const entry = { answer, until: clock.monotonic() + forMs };
    known.delete(key);
    known.set(key, entry);
    if (known.size > REMEMBERED) known.delete(known.keys().next().value ?? '');
    answer.catch(() => {
      if (known.get(key) === entry) known.delete(key);
    });
    return answer;
  };
}
