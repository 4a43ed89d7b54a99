/** Why the machine review rejected, wherever upstream says it. */
import { expect, it } from 'vitest';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { Facts } from '../../../src/domain/job.ts';
import type { JobView } from '../../../src/domain/message.ts';
import { logged } from '../../support/builders.ts';
import { fixture, wholeView } from './fixture-views.ts';

const rejected = wholeView(fixture('03'));
const WORDING = { language: 'en', zone: null, prefix: '' } as const;

function cardsOf(view: JobView): readonly string[] {
  const news = { view, entries: view.journal.slice(-1), threads: true, dm: false, summary: 0, notify: null };
  return [cardOf({ kind: 'news', ...news }, WORDING).text, cardOf({ kind: 'live', view, preset: 'problems' }, WORDING).text];
}

function withFacts(over: Partial<Facts>): JobView {
  return { ...rejected, facts: rejected.facts && { ...rejected.facts, ...over } };
}

it('in the entry itself', () => {
  const last = rejected.journal.at(-1);
  if (last?.kind !== 'log') throw new Error('no entry of the log');
  const entry = logged({ time: last.time, action: 'AUDIT_NOT_PASS', operator: 'SYSTEM', algorithmReason: 'The room echoes.' });
  const view = { ...rejected, journal: [...rejected.journal.slice(0, -1), entry] };
  for (const text of cardsOf(view)) expect(text).toContain('Reason from the machine review:\n> The room echoes.');
});

it("in the message of the audit result, which is the reviewers' place", () => {
  const admin = { time: 1_764_551_431, message: 'The panel hears an echo.', attachmentName: '' };
  const view = withFacts({ audit: { system: null, admin } });
  for (const text of cardsOf(view)) {
    expect(text).toContain("Reviewer's message:\n> The panel hears an echo.");
    expect(text).not.toContain('gives no reason');
  }
});

it('in the detail of the job, while that stands rejected', () => {
  const said = { failedCode: 'MSS.60010099', failedReason: 'No speech was found.', audit: null };
  for (const text of cardsOf(withFacts(said))) {
    expect(text).toContain('Job failure MSS.60010099:\n> No speech was found.');
    expect(text).toContain('Fix what the review names');
  }
  for (const text of cardsOf(withFacts({ ...said, state: 'SYSTEM_AUDITING' }))) expect(text).not.toContain('No speech was found.');
});
