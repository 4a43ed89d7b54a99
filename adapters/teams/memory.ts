/** What a process remembers for a while: so many things at most, the oldest forgotten first. */
import { KNOWN_ENTRIES } from './limits.ts';

export type Memory<T> = { get(key: string): T | undefined; set(key: string, value: T): void };

/** `now` in ms; what is older than `keptMs` is not there any more. */
export function createMemory<T>(now: () => number, keptMs: number): Memory<T> {
  const entries = new Map<string, { readonly value: T; readonly until: number }>();
  return {
    get: (key) => {
      const entry = entries.get(key);
      return entry !== undefined && now() < entry.until ? entry.value : undefined;
    },
    set: (key, value) => {
      entries.delete(key);
      entries.set(key, { value, until: now() + keptMs });
      const oldest = entries.keys().next();
      if (entries.size > KNOWN_ENTRIES && !oldest.done) entries.delete(oldest.value);
    },
  };
}
