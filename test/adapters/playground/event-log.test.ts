import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type EventLog, fileLog, memoryLog } from '../../../adapters/playground/event-log.ts';

let dir: string;
let path: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'voicejob-log-'));
  path = join(dir, 'made/chat.jsonl');
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function all(log: EventLog): unknown[] {
  const records: unknown[] = [];
  log.read((record) => records.push(record));
  return records;
}

test('two readers of one file see the same records at the same places, each once', async () => {
  const [a, b] = [fileLog(path, { header: 'a' }), fileLog(path, { header: 'b' })];
  await a.append({ from: 'a' });
  await b.append({ from: 'b', text: '多字节 😀\n' });
  const places = [a, b].map((log) => {
    const seen: unknown[] = [];
    log.read((record, end) => seen.push([record, end]));
    expect(all(log)).toEqual([]);
    return seen;
  });
  expect(places[0]).toEqual(places[1]);
  expect(all(fileLog(path, {}))).toEqual([{ header: 'a' }, { from: 'a' }, { from: 'b', text: '多字节 😀\n' }]);
  a.close();
  b.close();
});

test('a record that a kill cut short spoils itself only', async () => {
  const log = fileLog(path, { header: 1 });
  await log.append({ n: 1 });
  appendFileSync(path, '\n{"n":2,"text":"cut sho');
  expect(all(log)).toEqual([{ header: 1 }, { n: 1 }]);
  await log.append({ n: 3 });
  expect(all(log)).toEqual([{ n: 3 }]);
  expect(all(fileLog(path, {}))).toEqual([{ header: 1 }, { n: 1 }, { n: 3 }]);
  log.close();
});

test('after close the log goes on where it was', async () => {
  const log = fileLog(path, { header: 1 });
  await log.append({ n: 1 });
  expect(all(log)).toHaveLength(2);
  const flushed = log.append({ n: 2 });
  log.close();
  await flushed;
  await log.append({ n: 3 });
  expect(all(log)).toEqual([{ n: 2 }, { n: 3 }]);
  log.close();
});

test('only the owner may read the file', async () => {
  fileLog(path, {}).read(() => {});
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test('records of several processes that write at once never mix', async () => {
  const module = new URL('../../../adapters/playground/event-log.ts', import.meta.url).href;
  const script = `
    const { fileLog } = await import(${JSON.stringify(module)});
    const log = fileLog(process.argv[1], { header: true });
    for (let n = 0; n < 50; n += 1) await log.append({ by: process.pid, n, filler: 'x'.repeat(1 + (n * 997) % 20_000) });
  `;
  const writers = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '-e', script, path], { stdio: 'inherit' }));
  expect((await Promise.all(writers.map((writer) => once(writer, 'exit')))).map(([code]) => code)).toEqual([0, 0, 0, 0]);
  const records = all(fileLog(path, {})) as { header?: boolean; by: number; n: number }[];
  expect(records.filter(({ header }) => header)).toHaveLength(1);
  for (const { pid } of writers) expect(records.filter(({ by }) => by === pid).map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(readFileSync(path, 'utf8').split('\n').filter(Boolean)).toHaveLength(201);
});

test('a long file is written anew by who is alone with it, and one that comes back reads it from the start', async () => {
  const shorter = (records: readonly unknown[]) => [{ header: 'new' }, ...records.slice(-1).map((last) => ({ last }))];
  const shortening = () => fileLog(path, { header: 1 }, { shorter, longBytes: 10 });
  const first = fileLog(path, { header: 1 });
  for (const n of [1, 2, 3]) await first.append({ n });
  expect(all(first)).toHaveLength(4);
  const second = shortening();
  expect(all(second)).toEqual([{ header: 1 }, { n: 1 }, { n: 2 }, { n: 3 }]);
  first.close();
  second.close();
  const alone = shortening();
  expect(all(alone)).toEqual([{ header: 'new' }, { last: { n: 3 } }]);
  await alone.append({ n: 4 });
  expect(all(first)).toEqual([{ header: 'new' }, { last: { n: 3 } }, { n: 4 }]);
  for (const log of [first, alone]) log.close();
});

test('a process that was killed does not stand in the way of the next one that is alone', async () => {
  const module = new URL('../../../adapters/playground/event-log.ts', import.meta.url).href;
  const script = `
    const { fileLog } = await import(${JSON.stringify(module)});
    await fileLog(process.argv[1], { header: 1 }).append({ n: 1 });
    process.kill(process.pid, 'SIGKILL');
  `;
  const [, signal] = await once(spawn(process.execPath, ['--input-type=module', '-e', script, path], { stdio: 'inherit' }), 'exit');
  expect(signal).toBe('SIGKILL');
  const log = fileLog(path, { header: 2 }, { shorter: () => [{ header: 'new' }], longBytes: 10 });
  expect(all(log)).toEqual([{ header: 'new' }]);
  log.close();
});

test('a log in memory gives back what was appended, once', async () => {
  const log = memoryLog();
  await log.append({ n: 1 });
  expect(all(log)).toEqual([{ n: 1 }]);
  expect(all(log)).toEqual([]);
});
