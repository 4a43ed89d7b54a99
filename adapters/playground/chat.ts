/**
 * The playground's chat platform: a small chat server of its own, on the other side of the adapter. Everything durable is in one log, so
 * any number of processes on one DATA_DIR post to the same chat. Private messages are not durable.
 */
import { join } from 'node:path';
import type { Card } from '../../src/domain/card.ts';
import type { Clock, Random } from '../../src/ports/clock.ts';
import { apply, type ChatMessage, type ChatRecord, type ChatState, emptyState, isRecord, present, shorterRecords } from './chat-state.ts';
import { ChatError } from './errors.ts';
import { type EventLog, fileLog, memoryLog } from './event-log.ts';
import { CARD_BYTES, RETRY_AFTER_MS } from './limits.ts';
import { placeOf } from './places.ts';
import { type PrivateMessage, type PrivateMessages, privateMessages } from './private-messages.ts';

export type ChatCall = 'post' | 'edit' | 'remove' | 'search';

/** What befalls the next call of a kind: refused, or begun and then lost, whether it took effect or not. `hang` never answers. */
export type ChatFault =
  | { readonly kind: 'throttled'; readonly afterMs: number }
  | { readonly kind: 'connection-lost' | 'server-error' | 'hang'; readonly applied: boolean };

export type ChatPost = {
  readonly place: string;
  readonly root: string | null;
  readonly raised: boolean;
  readonly card: Card;
  readonly gen: string;
  readonly keys: readonly string[];
};

export type ChatEdit = { readonly place: string; readonly ref: string; readonly card: Card; readonly gen: string; readonly keys: readonly string[] };

export type ChatChanges = {
  /** Give it back to hear only of what is newer. */
  readonly cursor: string;
  /** The reader's cursor is of another chat: forget what is shown. */
  readonly reset: boolean;
  readonly messages: readonly ChatMessage[];
  readonly privates: readonly PrivateMessage[];
  readonly archived: readonly string[];
};

export class PlaygroundChat {
  readonly #log: EventLog;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #state: ChatState = emptyState();
  readonly #faults = new Map<ChatCall, ChatFault[]>();
  readonly #listeners = new Set<() => void>();
  /** Names this process's private messages in a cursor. */
  readonly #privateId: string;
  readonly #privates = privateMessages();

  /** `dataDir` null keeps the chat in memory. */
  constructor(options: { readonly dataDir: string | null; readonly clock: Clock; readonly random: Random }) {
    const header: ChatRecord = { kind: 'log', id: options.random.id() };
    const shorter = (records: readonly unknown[]): readonly ChatRecord[] => {
      const state = emptyState();
      for (const record of records) if (isRecord(record)) apply(state, record, 0);
      return shorterRecords(state, options.random.id());
    };
    this.#log = options.dataDir === null ? memoryLog() : fileLog(join(options.dataDir, 'playground.jsonl'), header, { shorter });
    this.#state.logId = header.id;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#privateId = options.random.id();
  }

  // ---- what a bot may call: each rejects with a ChatError

  async post(post: ChatPost): Promise<string> {
    const { place, root, raised, card, gen, keys } = post;
    return this.#call('post', async () => {
      this.#expectPlace(place);
      expectSize(card);
      const ref = this.#random.id();
      await this.#write({ kind: 'post', ref, place, root, raised, card, gen, keys, at: this.#clock.now() });
      return ref;
    });
  }

  async edit(edit: ChatEdit): Promise<void> {
    return this.#call('edit', async () => {
      this.#expectPlace(edit.place);
      if (present(this.#state, edit.ref)?.place !== edit.place) throw new ChatError({ kind: 'no-such-message' });
      expectSize(edit.card);
      const { ref, card, gen, keys } = edit;
      await this.#write({ kind: 'edit', ref, card, gen, keys, at: this.#clock.now() });
    });
  }

  async remove(place: string, ref: string): Promise<void> {
    return this.#call('remove', async () => {
      this.#expectPlace(place);
      if (present(this.#state, ref)?.place !== place) throw new ChatError({ kind: 'no-such-message' });
      await this.#write({ kind: 'remove', ref, at: this.#clock.now() });
    });
  }

  /** Messages of a delivery that are there: its gen and at least one of the keys; oldest first. */
  async search(place: string, gen: string, keys: readonly string[]): Promise<readonly ChatMessage[]> {
    return this.#call('search', async () => {
      if (!placeOf(place)) throw new ChatError({ kind: 'no-such-place' });
      return this.messages(place).filter((message) => message.gen === gen && message.keys.some((key) => keys.includes(key)));
    });
  }

  /** False while the chat is out. */
  reachable(): boolean {
    this.refresh();
    return !this.#state.outage;
  }

  // ---- what the page shows

  /** What is there now, oldest first. */
  messages(place: string): readonly ChatMessage[] {
    this.refresh();
    return [...this.#state.messages.values()].filter((message) => message.place === place && !message.removed);
  }

  privates(place: string): readonly PrivateMessage[] {
    return this.#privates.all().filter((message) => message.place === place);
  }

  /** What the bot shows in a message, private ones included; null: there is no such message, or a person said it. */
  cardOf(ref: string): Card | null {
    const message = present(this.#state, ref);
    if (message) return message.card;
    const whispered = this.#privates.all().find((one) => one.ref === ref);
    return whispered?.content.kind === 'answer' ? whispered.content.card : null;
  }

  /** Puts a private message there, or changes the one with this ref. */
  whisper(message: Parameters<PrivateMessages['put']>[0]): void {
    this.#privates.put(message, this.#clock.now());
    this.#tell();
  }

  /** Everything that changed after `cursor`; all that is there when it is '' or of another chat. */
  changes(cursor: string): ChatChanges {
    this.refresh();
    const [logId, end, privateId, privateEnd] = cursor.split('.');
    const known = logId === this.#state.logId;
    const after = known ? Number(end) || 0 : -1;
    const privateAfter = privateId === this.#privateId ? Number(privateEnd) || 0 : -1;
    return {
      cursor: [this.#state.logId, this.#state.end, this.#privateId, this.#privates.end()].join('.'),
      reset: !known,
      messages: [...this.#state.messages.values()].filter((message) => message.changed > after),
      privates: this.#privates.all().filter((message) => message.changed > privateAfter),
      archived: [...this.#state.archived],
    };
  }

  /** Calls back after each change that this process sees; answers how to end that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes in what other processes wrote. Throws a ChatError when the file cannot be read. */
  refresh(): void {
    const before = this.#state.end;
    try {
      this.#log.read((record, end) => {
        if (isRecord(record)) apply(this.#state, record, end);
      });
    } catch (cause) {
      throw new ChatError({ kind: 'server-error' }, { cause });
    }
    if (this.#state.end !== before) this.#tell();
  }

  close(): void {
    this.#log.close();
  }

  // ---- what a person, an admin or bad luck does

  async archive(place: string, archived: boolean): Promise<void> {
    await this.#write({ kind: 'archive', place, archived });
  }

  async outage(on: boolean): Promise<void> {
    await this.#write({ kind: 'outage', on });
  }

  /** The next calls of a kind meet these, in order, in this process. */
  failNext(call: ChatCall, fault: ChatFault): void {
    this.#faults.set(call, [...(this.#faults.get(call) ?? []), fault]);
  }

  // ----

  async #call<T>(call: ChatCall, act: () => Promise<T>): Promise<T> {
    if (!this.reachable()) throw new ChatError({ kind: 'unavailable', afterMs: RETRY_AFTER_MS });
    const fault = this.#faults.get(call)?.shift();
    if (!fault) return act();
    if (fault.kind === 'throttled') throw new ChatError(fault);
    if (fault.applied) await act();
    if (fault.kind === 'hang') return new Promise<never>(() => {});
    const { kind } = fault;
    throw new ChatError({ kind });
  }

  #expectPlace(place: string): void {
    if (!placeOf(place)) throw new ChatError({ kind: 'no-such-place' });
    if (this.#state.archived.has(place)) throw new ChatError({ kind: 'archived' });
  }

  async #write(record: ChatRecord): Promise<void> {
    try {
      await this.#log.append(record);
    } catch (cause) {
      throw new ChatError({ kind: 'server-error' }, { cause });
    }
    this.refresh();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function expectSize(card: Card): void {
  if (Buffer.byteLength(JSON.stringify(card)) > CARD_BYTES) throw new ChatError({ kind: 'too-large' });
}
