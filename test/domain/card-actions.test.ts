import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Action, decodeAction, encodeAction, MAX_ACTION_VALUE } from '../../src/domain/card-actions.ts';
import { PRESETS } from '../../src/domain/subscription.ts';

const id = fc.stringMatching(/^[0-9A-Za-z_-]{1,64}$/);
const job = fc.tuple(id, id).map(([project, name]) => `${project}/${name}`);
const text = fc.string({ minLength: 1, maxLength: 500 }).map((words) => words.toWellFormed());

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record({
    name: fc.constant('history' as const),
    job,
    page: fc.option(fc.integer({ min: 1, max: 999_999 })),
    filter: fc.constantFrom('all' as const, 'problems' as const),
  }),
  fc.record({ name: fc.constantFrom('status' as const, 'unfollow' as const, 'unmute' as const, 'files' as const, 'attachment' as const), job }),
  fc.record({ name: fc.constant('reason' as const), job, key: fc.stringMatching(/^[\w-]{11}$/) }),
  fc.record({ name: fc.constantFrom('follow' as const, 'preset' as const), job, preset: fc.constantFrom(...PRESETS) }),
  fc.record({ name: fc.constantFrom('run' as const, 'share' as const), text }),
  fc.record({ name: fc.constant('resume' as const), destination: text }),
  fc.record({ name: fc.constantFrom('opt-out' as const, 'help' as const) }),
);

describe('the actions of buttons', () => {
  it('are what they were after a click', () => {
    fc.assert(
      fc.property(action, (given) => {
        const { name, value } = encodeAction(given);
        expect(decodeAction(name, value)).toEqual(given);
      }),
    );
  });

  it('have values that every platform takes, however long a command is', () => {
    fc.assert(fc.property(fc.string({ maxLength: 5000 }), (words) => encodeAction({ name: 'run', text: words }).value.length <= MAX_ACTION_VALUE));
  });

  it('are null for anything else, and decoding never throws', () => {
    const names = fc.oneof(fc.constantFrom('history', 'status', 'reason', 'follow', 'preset', 'resume', 'run', 'constructor'), fc.string());
    fc.assert(
      fc.property(names, fc.string({ maxLength: 3000 }), (name, value) => {
        const decoded = decodeAction(name, value);
        if (decoded) expect(encodeAction(decoded)).toEqual({ name, value: name === 'opt-out' || name === 'help' ? '' : value.toWellFormed() });
      }),
    );
    for (const value of ['', 'p', 'p/', '/j', 'p/j/k', 'p/j|x', '../x/j', 'p/j|0|all', 'p/j||none', 'p/j|1|all|x'])
      expect(decodeAction('history', value)).toBeNull();
    expect(decodeAction('preset', 'p/j|loud')).toBeNull();
    expect(decodeAction('reason', 'p/j')).toBeNull();
    expect(decodeAction('export', 'p/j')).toBeNull();
  });
});
