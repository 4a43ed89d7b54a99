import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPlayground } from '../../../adapters/playground/adapter.ts';
import { PlaygroundChat } from '../../../adapters/playground/chat.ts';
import { apply, type ChatRecord, emptyState, isRecord, shorterRecords } from '../../../adapters/playground/chat-state.ts';
import { CARD_BYTES } from '../../../adapters/playground/limits.ts';
import { card } from '../../contract/adapter-harness.ts';
import { playgroundDeps } from './as-page.ts';

const CHANNEL = { platform: 'playground', id: 'voice-lab', route: '' };

let dataDir: string;
let chat: PlaygroundChat;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'voicejob-chat-'));
  chat = anotherProcess();
});
afterEach(async () => {
  chat.close();
  await rm(dataDir, { recursive: true, force: true });
});

function anotherProcess(): PlaygroundChat {
  return new PlaygroundChat({ dataDir, ...playgroundDeps() });
}

function post(text: string, to = chat): Promise<string> {
  return to.post({ place: 'voice-lab', root: null, raised: false, card: card(text), gen: 'g', keys: ['root'] });
}

function titles(of: PlaygroundChat): string[] {
  return of.messages('voice-lab').map((message) => message.card.text);
}

test('processes on one DATA_DIR post to, edit, remove and find in one chat', async () => {
  const other = anotherProcess();
  const [a, b] = await Promise.all([post('a'), post('b', other)]);
  await other.edit({ place: 'voice-lab', ref: a, card: card('edited elsewhere'), gen: 'g', keys: ['root'] });
  await chat.remove('voice-lab', b);
  expect(titles(chat)).toEqual(['edited elsewhere']);
  expect(titles(other)).toEqual(['edited elsewhere']);
  expect((await other.search('voice-lab', 'g', ['root'])).map(({ ref }) => ref)).toEqual([a]);
  other.close();
});

test('what was said is there after a restart, and a cursor of before goes on', async () => {
  await post('before');
  const { cursor } = chat.changes('');
  chat.close();
  const restarted = anotherProcess();
  expect(titles(restarted)).toEqual(['before']);
  await post('after', restarted);
  const changes = restarted.changes(cursor);
  expect(changes.reset).toBe(false);
  expect(changes.messages.map((message) => message.card.text)).toEqual(['after']);
  restarted.close();
});

test('a cursor of another chat is told to begin anew', async () => {
  await post('words');
  const { cursor } = new PlaygroundChat({ dataDir: null, ...playgroundDeps() }).changes('');
  for (const foreign of [cursor, '', 'nonsense']) {
    expect(chat.changes(foreign)).toMatchObject({ reset: true, messages: [expect.objectContaining({ place: 'voice-lab' })] });
  }
});

test('private messages are never written to disk', async () => {
  chat.whisper({ ref: 'r1', place: 'voice-lab', to: 'you', content: { kind: 'answer', card: card('https://signed.example/?token=secret') } });
  await post('public');
  expect(chat.changes('').privates).toHaveLength(1);
  const file = readFileSync(join(dataDir, 'playground.jsonl'), 'utf8');
  expect(file).toContain('public');
  expect(file).not.toContain('secret');
});

test('an outage holds in every process: later, nothing is told, and the check says why', async () => {
  const adapter = createPlayground({ ...playgroundDeps(), dataDir, defaultLanguage: 'en' });
  await chat.outage(true);
  const delivery = { gen: 'g', keys: ['root'] };
  expect(await adapter.post({ address: CHANNEL, card: card('words'), delivery, root: null, raised: false })).toMatchObject({
    kind: 'later',
    reason: 'unavailable',
  });
  expect(await adapter.find({ address: CHANNEL, delivery, root: null, notBefore: 0 })).toEqual({ kind: 'cannot-tell', reason: 'server-error' });
  expect(await adapter.check()).toMatchObject({ ok: false });
  await chat.outage(false);
  expect(await adapter.check()).toEqual({ ok: true, problem: null });
  expect(titles(chat)).toEqual([]);
  await adapter.stop();
});

test('a card that is too large is dead by payload', async () => {
  const adapter = createPlayground({ ...playgroundDeps(), dataDir, defaultLanguage: 'en' });
  const large = card('x'.repeat(CARD_BYTES));
  expect(await adapter.post({ address: CHANNEL, card: large, delivery: { gen: 'g', keys: [] }, root: null, raised: false })).toEqual({
    kind: 'dead',
    scope: 'payload',
    reason: 'payload-too-large',
  });
  await adapter.stop();
});

test('a file that cannot be written is a problem of the check and an unknown outcome, never an exception', async () => {
  const noFolder = join(dataDir, 'a-file');
  writeFileSync(noFolder, '');
  const adapter = createPlayground({ ...playgroundDeps(), dataDir: noFolder, defaultLanguage: 'en' });
  expect(await adapter.check()).toMatchObject({ ok: false, problem: expect.stringContaining('DATA_DIR') });
  expect(await adapter.post({ address: CHANNEL, card: card('words'), delivery: { gen: 'g', keys: [] }, root: null, raised: false })).toMatchObject({
    kind: 'unknown',
  });
});

test('lines of the file that are no records are passed over', async () => {
  await post('one');
  appendFileSync(join(dataDir, 'playground.jsonl'), 'nonsense\n{"kind":"of a later version"}\nnull\n');
  await post('two');
  expect(titles(anotherProcess())).toEqual(['one', 'two']);
});

test('a chat in fewer records is the same chat: edits are one, what was removed is gone unless something is said below it', async () => {
  const [root, lone] = [await post('root'), await post('lone')];
  await chat.post({ place: 'voice-lab', root, raised: false, card: card('reply'), gen: 'g', keys: ['k'] });
  for (const text of ['one', 'two', 'three']) await chat.edit({ place: 'voice-lab', ref: root, card: card(text), gen: 'g', keys: ['root', text] });
  await chat.remove('voice-lab', lone);
  const edited = await post('edited, then removed below');
  await chat.post({ place: 'voice-lab', root: edited, raised: true, card: card('below'), gen: 'g', keys: ['k'] });
  await chat.remove('voice-lab', edited);
  await chat.archive('studio-ops', true);
  await chat.outage(true);

  const lines = readFileSync(join(dataDir, 'playground.jsonl'), 'utf8').split('\n').filter(Boolean);
  const before = folded(lines.map((line): unknown => JSON.parse(line)));
  const records = shorterRecords(before, 'anew');
  const after = folded(records);
  const shown = (state: typeof before) => [...state.messages.values()].filter(({ ref }) => ref !== lone).map(({ changed: _, ...message }) => message);
  expect(shown(after)).toEqual(shown(before));
  expect(after.messages.has(lone)).toBe(false);
  expect([after.logId, after.outage, [...after.archived]]).toEqual(['anew', true, ['studio-ops']]);
  expect(records).toHaveLength(9);
  expect(lines).toHaveLength(13);
});

function folded(records: readonly unknown[]): ReturnType<typeof emptyState> {
  const state = emptyState();
  for (const [index, record] of records.entries()) if (isRecord(record)) apply(state, record satisfies ChatRecord, index);
  return state;
}

test('a chat that has grown long is shorter after a restart, and a page is given it anew', async () => {
  const ref = await post('short');
  const long = { ...card('long'), text: 'x'.repeat(CARD_BYTES - 2_000) };
  for (let edits = 0; edits < 36; edits += 1) await chat.edit({ place: 'voice-lab', ref, card: long, gen: 'g', keys: ['root'] });
  const size = () => readFileSync(join(dataDir, 'playground.jsonl')).length;
  const { cursor } = chat.changes('');
  const grown = size();
  chat.close();
  const next = anotherProcess();
  const { reset, messages } = next.changes(cursor);
  expect([reset, messages.map((message) => message.ref)]).toEqual([true, [ref]]);
  expect(size()).toBeLessThan(grown / 10);
  await post('goes on');
  expect(next.messages('voice-lab')).toHaveLength(2);
  expect(titles(chat)).toEqual([long.text, 'goes on']);
  next.close();
});
