/** Any view of a job: any text, any order, any gap. */
import fc from 'fast-check';
import type { Facts } from '../../../src/domain/job.ts';
import { difference, type JournalEntry, presenceEntry, stateEntry } from '../../../src/domain/journal.ts';
import type { JobView } from '../../../src/domain/message.ts';
import type { Operation } from '../../../src/domain/operation.ts';

export const ACTIONS = [
  'CREATE_JOB',
  'COMMIT_JOB',
  'SYSTEM_AUDIT_PASS',
  'ADMIN_AUDIT_PASS',
  'AUDIT_NOT_PASS',
  'TRAINING_FINISH',
  'UPLOADING_MODEL',
  'COMPLETE_JOB',
];
const STATES = ['CREATING', 'AUDITING', 'WAITING', 'PROCESSING', 'USER_RESULT_REVIEW', 'AUDIT_FAILED', 'SPLIT_FAILED', 'FAILED', 'SUCCEED', 'toString', ''];
const HOSTILE = [
  '<!channel> <@U1> *b* `c` & <at>x</at> {{DATE(2026-01-01)}}',
  '\u202eabc\u202c',
  'a\nb\r\nc\u2028d',
  '😀'.repeat(30),
  '\ud800',
  ' ',
  '__proto__',
];

export const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: fc.string({ maxLength: 80, unit: 'grapheme' }) },
  { weight: 2, arbitrary: fc.constantFrom(...HOSTILE) },
  { weight: 1, arbitrary: fc.string({ minLength: 3000, maxLength: 4096, unit: fc.constantFrom('a', '好', ' ', '\n', '😀', '\ud800') }) },
);
const time = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1_764_550_800, max: 1_764_551_800 }) },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }) },
);

const operation: fc.Arbitrary<Operation> = fc.record({
  time,
  action: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...ACTIONS) }, { weight: 1, arbitrary: anyText }),
  operator: fc.oneof({ weight: 9, arbitrary: fc.constantFrom('USER', 'ADMIN', 'SYSTEM') }, { weight: 1, arbitrary: anyText }),
  reviewIds: fc.array(fc.string({ maxLength: 20 }), { maxLength: 3 }),
  algorithmReason: anyText,
  adminReason: anyText,
  other: fc.dictionary(fc.string({ maxLength: 10 }), anyText, { maxKeys: 2 }),
});

const file = fc.record({
  audio: anyText,
  text: anyText,
  code: fc.constantFrom('', 'MSS.1', 'MSS.2'),
  message: fc.oneof(fc.constantFrom('too short', ''), anyText),
});

export const facts: fc.Arbitrary<Facts | null> = fc.option(
  fc.record({
    voiceName: anyText,
    jobType: fc.oneof(fc.constantFrom('BASIC', 'FLEXUS', ''), anyText),
    state: fc.oneof(fc.constantFrom(...STATES), anyText),
    failedCode: anyText,
    failedReason: anyText,
    assetId: anyText,
    rejectTimes: fc.nat(12),
    audit: fc.option(
      fc.record({
        system: fc.option(fc.record({ time, files: fc.array(file, { maxLength: 200 }) })),
        admin: fc.option(fc.record({ time, message: anyText, attachmentName: anyText })),
      }),
    ),
  }),
);

/** A journal as several reads of a log in any order make it, with states and absences in between. */
export const journal: fc.Arbitrary<readonly JournalEntry[]> = fc
  .array(fc.record({ operations: fc.array(operation, { maxLength: 60 }), state: fc.constantFrom(...STATES), present: fc.boolean(), time }), { maxLength: 8 })
  .map((reads) => {
    let entries: JournalEntry[] = [];
    const shown: Operation[] = [];
    for (const { operations, state, present, time: at } of reads) {
      shown.push(...operations);
      entries = [...entries, ...difference(entries, shown).entries];
      const ours = [stateEntry(entries, { state, code: 'MSS.1', reason: 'x', time: at }), presenceEntry(entries, present, 1_764_551_000)];
      entries = [...entries, ...ours.filter((entry) => entry !== null)];
    }
    return entries.slice(0, 500);
  });

export const view: fc.Arbitrary<JobView> = fc.record({
  job: fc.constant('project/0f3d6a58-9c1c-4f0e'),
  shortId: fc.constant('0f3d6a58'),
  link: fc.option(fc.webUrl()),
  journal,
  facts,
});
