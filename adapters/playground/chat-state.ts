/** What is in the playground's chat: a pure fold of the records in its log. */
import type { Card } from '../../src/domain/card.ts';

export type Posted = {
  readonly kind: 'post';
  readonly ref: string;
  readonly place: string;
  readonly root: string | null;
  readonly raised: boolean;
  readonly card: Card;
  readonly gen: string;
  readonly keys: readonly string[];
  /** ms since 1970 */
  readonly at: number;
};

export type ChatRecord =
  /** The first record of a log. */
  | { readonly kind: 'log'; readonly id: string }
  | Posted
  | { readonly kind: 'edit'; readonly ref: string; readonly card: Card; readonly gen: string; readonly keys: readonly string[]; readonly at: number }
  | { readonly kind: 'remove'; readonly ref: string; readonly at: number }
  | { readonly kind: 'archive'; readonly place: string; readonly archived: boolean }
  | { readonly kind: 'outage'; readonly on: boolean };

/** `changed`: place in the log of the record that last changed it. */
export type ChatMessage = Omit<Posted, 'kind'> & { readonly editedAt: number | null; readonly removed: boolean; readonly changed: number };

export type ChatState = {
  logId: string;
  /** In the order of posting. */
  readonly messages: Map<string, ChatMessage>;
  readonly archived: Set<string>;
  outage: boolean;
  /** Place in the log up to which this is the state. */
  end: number;
};

export function emptyState(): ChatState {
  return { logId: '', messages: new Map(), archived: new Set(), outage: false, end: 0 };
}

/** Takes one record in. What does not fit (an edit of a removed message, a second post of one ref) changes nothing. */
export function apply(state: ChatState, record: ChatRecord, end: number): void {
  state.end = end;
  switch (record.kind) {
    case 'log':
      // the file was written anew
      if (state.logId !== record.id) forgetAll(state);
      state.logId = record.id;
      return;
    case 'post': {
      const { kind: _, ...message } = record;
      if (!state.messages.has(record.ref)) state.messages.set(record.ref, { ...message, editedAt: null, removed: false, changed: end });
      return;
    }
    case 'edit': {
      const message = present(state, record.ref);
      const { card, gen, keys, at } = record;
      if (message) state.messages.set(record.ref, { ...message, card, gen, keys, editedAt: at, changed: end });
      return;
    }
    case 'remove': {
      const message = present(state, record.ref);
      if (message) state.messages.set(record.ref, { ...message, removed: true, changed: end });
      return;
    }
    case 'archive':
      if (record.archived) state.archived.add(record.place);
      else state.archived.delete(record.place);
      return;
    case 'outage':
      state.outage = record.on;
      return;
    default:
      record satisfies never;
  }
}

function forgetAll(state: ChatState): void {
  state.messages.clear();
  state.archived.clear();
  state.outage = false;
}

/** The same state in fewer records, as a log of its own (`logId`): one of each message, two where it was edited. Removed ones stay where a reply stands below. */
export function shorterRecords(state: ChatState, logId: string): readonly ChatRecord[] {
  const answered = new Set([...state.messages.values()].map(({ root }) => root));
  const records: ChatRecord[] = [{ kind: 'log', id: logId }];
  for (const { editedAt, removed, changed: _, ...message } of state.messages.values()) {
    if (removed && !answered.has(message.ref)) continue;
    const { ref, card, gen, keys, at } = message;
    records.push({ kind: 'post', ...message });
    if (editedAt !== null) records.push({ kind: 'edit', ref, card, gen, keys, at: editedAt });
    if (removed) records.push({ kind: 'remove', ref, at });
  }
  for (const place of state.archived) records.push({ kind: 'archive', place, archived: true });
  if (state.outage) records.push({ kind: 'outage', on: true });
  return records;
}

/** A message that is there and was not removed. */
export function present(state: ChatState, ref: string): ChatMessage | null {
  const message = state.messages.get(ref);
  return message && !message.removed ? message : null;
}

const KINDS: ReadonlySet<unknown> = new Set(['log', 'post', 'edit', 'remove', 'archive', 'outage'] satisfies ChatRecord['kind'][]);

/** Whether a line of the log is a record; one of a kind that a later version writes is not. */
export function isRecord(value: unknown): value is ChatRecord {
  return typeof value === 'object' && value !== null && 'kind' in value && KINDS.has(value.kind);
}
