/** From a subscription's state to the card that is posted. */
import type { Card } from '../domain/card.ts';
import { cardOf } from '../domain/card-of.ts';
import { type JobKey, jobIdOf } from '../domain/job.ts';
import { isProblem, type JournalEntry } from '../domain/journal.ts';
import type { JobView, Message } from '../domain/message.ts';
import type { ChatAdapter } from '../ports/chat-adapter.ts';
import type { Destination, Intent } from '../ports/store.ts';
import type { Turn } from './drain.ts';

const SHORT_ID = 8;

export function viewOf(turn: Pick<Turn, 'work' | 'jobLink'>): JobView {
  const { job, journal, facts } = turn.work;
  return { job, shortId: shortIdOf(job), link: turn.jobLink(job), journal, facts };
}

export function shortIdOf(job: JobKey): string {
  return jobIdOf(job).slice(0, SHORT_ID);
}

/** Of as many journals the cards are kept: a fan-out works on few at a time. */
const JOURNALS_KEPT = 50;

/** The cards of a journal as it stands. Many follow a job, and few see another card than the others: a tenth of a fan-out's time was drawing them anew. */
const made = new Map<readonly JournalEntry[], Map<string, Card>>();

/** The card of an intent: the root's whole story, or the entries that its keys name. */
export function intentCard(turn: Turn, intent: Intent): Card {
  const { journal, facts, preset, notify, destination } = turn.work;
  const { threads, dm } = turn.traits;
  const { language, zone, address } = destination;
  const prefix = turn.adapter.commandPrefix(address);
  const { kind, keys, summary } = intent;
  // whatever of the turn and the intent the messages below are made of
  const same = JSON.stringify([kind === 'post' ? [keys, summary, notify, threads, dm] : preset, facts, language, zone, prefix]);
  const cards = made.get(journal) ?? new Map<string, Card>();
  const [oldest] = made.keys();
  if (oldest && made.size >= JOURNALS_KEPT && !made.has(journal)) made.delete(oldest);
  made.set(journal, cards);
  const card = cards.get(same) ?? drawn(turn.adapter, destination, messageOf(turn, intent));
  cards.set(same, card);
  return card;
}

function messageOf(turn: Turn, intent: Intent): Message {
  const { work, traits } = turn;
  const view = viewOf(turn);
  if (intent.kind !== 'post') return { kind: 'live', view, preset: work.preset };
  const { notify } = work;
  return { kind: 'news', view, entries: told(turn, intent), threads: traits.threads, dm: traits.dm, summary: intent.summary, notify };
}

export function drawn(adapter: ChatAdapter, destination: Destination, message: Message): Card {
  const { language, zone, address } = destination;
  return cardOf(message, { language, zone, prefix: adapter.commandPrefix(address) });
}

/** A second try for a platform that refused the card: its words alone. */
export function wordsOnly(card: Card): Card {
  const lines = card.text.split('\n').filter((line) => line !== '');
  return {
    ...card,
    title: [{ kind: 'text', text: lines[0] ?? '', bold: true }],
    blocks: lines.slice(1).map((line) => ({ kind: 'line', spans: [{ kind: 'foreign', text: line, bold: false }] })),
    actions: [],
  };
}

/** Entries by key: after a loss in Redis the journal may be in another order. */
export function told(turn: Pick<Turn, 'work'>, intent: Pick<Intent, 'keys'>): readonly JournalEntry[] {
  const keys = new Set(intent.keys);
  return turn.work.journal.filter((entry) => keys.has(entry.key));
}

/** A problem is raised to the channel while somebody still has to act on it: no later submission is known. */
export function isRaised(turn: Turn, intent: Intent): boolean {
  if (intent.kind !== 'post' || !turn.traits.threads) return false;
  const { journal } = turn.work;
  const lastSubmission = journal.findLastIndex((entry) => entry.kind === 'log' && entry.action === 'COMMIT_JOB');
  const open = new Set(journal.slice(lastSubmission + 1).filter(isProblem));
  return told(turn, intent).some((entry) => open.has(entry));
}
