/** Why an entry stopped a job, in the words of who wrote them. */
import type { Block, Line } from '../card.ts';
import type { JobView } from '../message.ts';
import type { Progress, Told } from '../progress.ts';
import { bold, line } from '../text/line.ts';
import { reviewOf } from './audit.ts';
import type { Words } from './draft.ts';
import { cut } from './parts.ts';

/** A reason on a card of news (cards reference, "Cut"), and all of them together. */
const REASON_LENGTH = 2500;
const REASONS_LENGTH = 4000;

export type Reason = { readonly kind: 'reviewer' | 'algorithm' | 'failure' | 'message'; readonly label: Line; readonly text: string };

/** The reasons of an entry: the reviewer's, the algorithm's, the job's own failure, and what the reviewer added beside. Those that say nothing are left out. */
export function reasonsOf(told: Told, progress: Progress, { view, words }: { readonly view: JobView; readonly words: Words }): Reason[] {
  const { say } = words;
  const { entry } = told;
  const found: Reason[] = [];
  const add = (kind: Reason['kind'], label: Line, text: string): void => {
    if (text.trim() !== '') found.push({ kind, label, text });
  };
  if (entry.kind === 'log') {
    add('reviewer', line`${bold(say.reasonOf.reviewer)}`, entry.adminReason);
    add('algorithm', line`${bold(algorithmLabel(told, words))}`, entry.algorithmReason);
  }
  const failure = jobFailure(told, progress, view);
  if (failure.text.trim() !== '' || failure.code.trim() !== '') found.push({ kind: 'failure', label: say.jobFailure(failure.code.trim()), text: failure.text });
  if (told.meaning.startsWith('rejected') && told.meaning !== 'rejected-training') {
    const { message } = reviewOf(view, progress, told.attempt);
    const said = found.some(({ text }) => folded(text).includes(folded(message)));
    if (!said) add('message', line`${bold(say.reasonOf.message)}`, message);
  }
  return found;
}

function algorithmLabel({ meaning }: Told, { say }: Words): string {
  if (meaning === 'rejected-machine') return say.reasonOf.machine;
  if (meaning === 'training-failed' || meaning === 'rejected-training') return say.reasonOf.training;
  return say.reasonOf.other;
}

/** Code and reason of the job itself: of a state entry its own, of what stopped the job those of the detail while it stands so. */
function jobFailure(told: Told, progress: Progress, view: JobView): { readonly code: string; readonly text: string } {
  if (told.entry.kind === 'state') return { code: told.entry.code, text: told.entry.reason };
  const { facts } = view;
  // Of a rejection the detail speaks only while it stands rejected: what it had to say of an earlier failure may still be there.
  const current = progress.failure?.entry.key === told.entry.key && (!told.meaning.startsWith('rejected') || facts?.state === 'AUDIT_FAILED');
  if (!facts || !current) return { code: '', text: '' };
  return { code: facts.failedCode, text: facts.failedReason };
}

function folded(text: string): string {
  return text.replace(/\s+/gu, ' ').trim().toLowerCase();
}

/** The reasons quoted, each cut at `length`; `isCut` when something is left out. */
export function reasonBlocks(reasons: readonly Reason[], length = REASON_LENGTH): { readonly blocks: readonly Block[]; readonly isCut: boolean } {
  let left = Math.max(length, REASONS_LENGTH);
  let isCut = false;
  const blocks = reasons.flatMap(({ label, text }): Block[] => {
    const shown = left > 0 ? cut(text, Math.min(length, left)) : '';
    left -= shown.length;
    isCut ||= shown !== text.toWellFormed();
    // A failure may have a code and no words.
    return shown === '' ? [{ kind: 'line', spans: label }] : [{ kind: 'quote', label, text: shown }];
  });
  return { blocks, isCut };
}
