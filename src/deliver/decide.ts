/** What to do next for one subscription: pure, the first that applies. */
import type { JournalEntry } from '../domain/journal.ts';
import { type Preset, wants } from '../domain/subscription.ts';
import { BATCH, ripeAfter, type Timing } from '../domain/timing.ts';
import type { Intent, LateCheck, OpenIntent, Work } from '../ports/store.ts';

export type Step =
  /** Somebody's attempt is under way; the due time says when it is ripe. */
  | { readonly kind: 'await-intent' }
  /** `paced`: this step has taken from the pace already; one message takes once. */
  | { readonly kind: 'resolve'; readonly intent: OpenIntent; readonly paced: boolean }
  | { readonly kind: 'late-check'; readonly late: LateCheck }
  /** `previous`: token of the intent that this one takes over, '' = none. `plain`: the platform refused the full card. */
  | { readonly kind: 'attempt'; readonly intent: Intent; readonly previous: string; readonly plain: boolean; readonly paced: boolean }
  /** Nothing in this range is wanted. */
  | { readonly kind: 'skip'; readonly from: number; readonly to: number }
  | { readonly kind: 'rest'; readonly reason: 'not-seen-yet' | 'muted' | 'card-waits' | 'all-told' };

export function decide(work: Work, timing: Timing): Step {
  const { now, intent, late, length } = work;
  if (intent) return now < intent.at + ripeAfter(timing) ? { kind: 'await-intent' } : { kind: 'resolve', intent, paced: false };
  if (late && late.at <= now) return { kind: 'late-check', late };
  if (work.base === null) return { kind: 'rest', reason: 'not-seen-yet' };

  const fresh = { from: 0, to: 0, summary: 0, v: length, f: work.factsVersion, root: work.root, attempt: 1, looked: '' };
  const cardIsOld = work.shown < length;
  if (work.root === null) return first({ ...fresh, kind: 'root', keys: ['root'] });

  const muted = work.mutedUntil > now;
  if (work.cursor < length && !muted) {
    const { to, keys } = batch(work.preset, work.journal.slice(work.cursor, length), work.cursor);
    if (keys.length === 0) return { kind: 'skip', from: work.cursor, to };
    const waiting = work.cursor >= work.announced ? wanted(work.preset, work.journal.slice(work.cursor, length)).length : 0;
    const summary = waiting > BATCH ? waiting : 0;
    return first({ ...fresh, kind: 'post', from: work.cursor, to, keys, summary });
  }
  if (cardIsOld) {
    if (now < Math.max(work.editedAt + timing.editGap, work.editNotBefore)) return { kind: 'rest', reason: 'card-waits' };
    // a root that the platform refused for good is tried once more as a new one
    return first(work.root === '' ? { ...fresh, kind: 'root', keys: ['root'] } : { ...fresh, kind: 'edit', keys: [] });
  }
  return { kind: 'rest', reason: muted && work.cursor < length ? 'muted' : 'all-told' };
}

function first(intent: Intent): Step {
  return { kind: 'attempt', intent, previous: '', plain: false, paced: false };
}

/** The next message: up to BATCH wanted entries, and where the cursor stands behind them. */
export function batch(preset: Preset, pending: readonly JournalEntry[], from: number): { readonly to: number; readonly keys: readonly string[] } {
  const keys: string[] = [];
  let to = from;
  for (const entry of pending) {
    if (keys.length === BATCH) break;
    to += 1;
    if (wants(preset, entry)) keys.push(entry.key);
  }
  return { to, keys };
}

export function wanted(preset: Preset, pending: readonly JournalEntry[]): readonly JournalEntry[] {
  return pending.filter((entry) => wants(preset, entry));
}
