import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batch, decide } from '../../src/deliver/decide.ts';
import { PRESETS, wants } from '../../src/domain/subscription.ts';
import { BATCH, ripeAfter, TIMING } from '../../src/domain/timing.ts';
import type { OpenIntent } from '../../src/ports/store.ts';
import { intent, journalOf, logged, work } from '../support/builders.ts';

const open = (at: number): OpenIntent => ({ ...intent(), tok: 't', at });
const now = work().now;
const entries = fc
  .array(fc.constantFrom('COMMIT_JOB', 'AUDIT_NOT_PASS', 'NEW_ACTION'), { maxLength: 60 })
  .map((actions) => actions.map((action, i) => logged({ action, time: 1_764_550_800 + i })));

describe('decide', () => {
  it('waits for an open intent, and resolves it once it is ripe, before anything else', () => {
    const journal = journalOf(3);
    expect(decide(work({ journal, intent: open(now - ripeAfter(TIMING) + 1) }), TIMING).kind).toBe('await-intent');
    expect(decide(work({ journal, intent: open(now - ripeAfter(TIMING)) }), TIMING).kind).toBe('resolve');
  });

  it('does nothing before the first sight, then makes the card', () => {
    expect(decide(work({ base: null, root: null, shown: -1 }), TIMING)).toEqual({ kind: 'rest', reason: 'not-seen-yet' });
    const first = decide(work({ journal: journalOf(3), cursor: 3, base: 3, root: null, shown: -1 }), TIMING);
    expect(first).toMatchObject({ kind: 'attempt', previous: '', intent: { kind: 'root', keys: ['root'], v: 3 } });
  });

  it('tells news before it edits the card', () => {
    const behind = work({ journal: journalOf(3), cursor: 2, shown: 2 });
    expect(decide(behind, TIMING)).toMatchObject({ kind: 'attempt', intent: { kind: 'post', from: 2, to: 3 } });
    expect(decide({ ...behind, cursor: 3 }, TIMING)).toMatchObject({ kind: 'attempt', intent: { kind: 'edit', v: 3, root: 'r1' } });
  });

  it('leaves time between two edits, and holds back an edit that the platform put off', () => {
    const old = work({ journal: journalOf(3), cursor: 3, shown: 2 });
    expect(decide({ ...old, editedAt: now - TIMING.editGap + 1 }, TIMING)).toEqual({ kind: 'rest', reason: 'card-waits' });
    expect(decide({ ...old, editNotBefore: now + 1 }, TIMING)).toEqual({ kind: 'rest', reason: 'card-waits' });
  });

  it('while muted keeps the card current and the news waiting', () => {
    const muted = work({ journal: journalOf(3), cursor: 2, shown: 2, mutedUntil: now + 1 });
    expect(decide(muted, TIMING)).toMatchObject({ kind: 'attempt', intent: { kind: 'edit' } });
    expect(decide({ ...muted, shown: 3 }, TIMING)).toEqual({ kind: 'rest', reason: 'muted' });
    expect(decide({ ...muted, mutedUntil: now }, TIMING)).toMatchObject({ intent: { kind: 'post' } });
  });

  it('opens a catch-up of more than one message with a summary, and only its first', () => {
    const waiting = work({ journal: journalOf(45), cursor: 0 });
    expect(decide(waiting, TIMING)).toMatchObject({ intent: { to: BATCH, summary: 45, v: 45 } });
    expect(decide({ ...waiting, cursor: BATCH, announced: 45 }, TIMING)).toMatchObject({ intent: { from: BATCH, to: 2 * BATCH, summary: 0 } });
    expect(decide(work({ journal: journalOf(BATCH), cursor: 0 }), TIMING)).toMatchObject({ intent: { summary: 0 } });
  });

  it('tries a card anew that the platform refused for good, with the next entry', () => {
    expect(decide(work({ journal: journalOf(3), cursor: 3, shown: 2, root: '' }), TIMING)).toMatchObject({ intent: { kind: 'root' } });
    expect(decide(work({ journal: journalOf(3), cursor: 3, root: '' }), TIMING)).toEqual({ kind: 'rest', reason: 'all-told' });
  });

  it('repeated until it rests, tells every wanted entry once and in order, and no other', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(...PRESETS), fc.nat(60), (journal, preset, start) => {
        const told: string[] = [];
        let state = work({ journal, preset, cursor: Math.min(start, journal.length), now: now + 1e9 });
        const from = state.cursor;
        for (let steps = 0; ; steps += 1) {
          expect(steps).toBeLessThanOrEqual(journal.length + 1);
          const step = decide(state, TIMING);
          if (step.kind === 'rest') break;
          if (step.kind === 'skip') state = { ...state, cursor: step.to };
          else if (step.kind === 'attempt' && step.intent.kind === 'post') {
            told.push(...step.intent.keys);
            state = { ...state, cursor: step.intent.to };
          } else throw new Error(`unexpected ${step.kind}`);
        }
        expect(told).toEqual(
          journal
            .slice(from)
            .filter((entry) => wants(preset, entry))
            .map((entry) => entry.key),
        );
        expect(state.cursor).toBe(journal.length);
      }),
    );
  });
});

describe('batch', () => {
  it('never holds more than a message takes, and never stops short of an entry it could skip', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(...PRESETS), (journal, preset) => {
        const { to, keys } = batch(preset, journal, 0);
        expect(keys.length).toBeLessThanOrEqual(BATCH);
        expect(keys.length === BATCH || to === journal.length).toBe(true);
      }),
    );
  });
});
