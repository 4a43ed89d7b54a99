import { afterEach, expect, test } from 'vitest';
import { sendJson, startHttpServer, type TestHttpServer } from '../support/http-server.ts';
import { clientFor, failureOf, JOB, read } from './fakes.ts';

type Item = { readonly time: number; readonly action: string };

let server: TestHttpServer;
afterEach(() => server.close());

/** Entries 1 to n, one a second. */
function entries(n: number): Item[] {
  return Array.from({ length: n }, (_, index) => ({ time: 1764550800 + index, action: `A${index + 1}` }));
}

/** Serves what `log` holds at each request; `count` may lie, and `before` may change the log between pages. */
async function logServer(options: { log: () => readonly Item[]; count?: (n: number) => unknown; before?: (request: number) => void; pageSize?: number }) {
  let request = 0;
  server = await startHttpServer(({ query }, response) => {
    options.before?.(request);
    request += 1;
    const log = options.log();
    const offset = Number(query.get('offset'));
    const operations = log.slice(offset, offset + Math.min(Number(query.get('limit')), options.pageSize ?? 100));
    sendJson(response, 200, { count: options.count ? options.count(request) : log.length, operations });
  });
  const client = clientFor(server.url);
  const actions = async () => (await client.source.readLog(JOB, read())).map(({ action }) => action);
  const unstable = () => client.counted.filter((name) => name.startsWith('upstream_unstable')).length;
  return { ...client, actions, unstable };
}

const names = (items: readonly Item[]) => items.map(({ action }) => action);

test.each([
  [0, 1],
  [1, 1],
  [99, 1],
  [100, 2],
  [130, 2],
  [200, 3],
  [250, 3],
])('a log of %i entries takes %i requests', async (n, requests) => {
  const { actions, asked } = await logServer({ log: () => entries(n) });
  expect(await actions()).toEqual(names(entries(n)));
  expect(server.requests).toHaveLength(requests);
  expect(asked).toHaveLength(requests);
});

test('the order of the answer is kept, newest or oldest first, and times as they came', async () => {
  const log = entries(130)
    .reverse()
    .map(({ time, action }) => ({ time: time * 1000, action }));
  const { source } = await logServer({ log: () => log });
  const operations = await source.readLog(JOB, read());
  expect(operations.map(({ action }) => action)).toEqual(names(log));
  expect(operations[0]?.time).toBe(log[0]?.time);
});

test('130 equal entries are 130 entries', async () => {
  const { actions } = await logServer({ log: () => Array.from({ length: 130 }, () => ({ time: 1, action: 'A' })) });
  expect(await actions()).toHaveLength(130);
});

test.each([
  ['oldest first', (log: Item[], item: Item) => [...log, item]],
  ['newest first', (log: Item[], item: Item) => [item, ...log]],
])('a log that grows between two pages (%s) is read again, and no entry is missed or doubled', async (_, grow) => {
  let log = entries(130);
  const { actions, unstable } = await logServer({
    log: () => log,
    before: (request) => {
      if (request === 1) log = grow(log, { time: 1764560000, action: 'NEW' });
    },
  });
  expect(await actions()).toEqual(names(log));
  expect(unstable()).toBe(1);
  expect(server.requests).toHaveLength(4);
});

test('a log that grows during every read is unstable after four', async () => {
  let log = entries(130);
  const { source, unstable } = await logServer({
    log: () => log,
    before: (request) => {
      if (request % 2 === 1) log = [...log, { time: 1764560000 + request, action: 'NEW' }];
    },
  });
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unstable');
  expect(unstable()).toBe(4);
  expect(server.requests).toHaveLength(8);
});

test.each([
  ['too small', (n: number) => n - 30],
  ['too large', (n: number) => n + 5],
  ['0', () => 0],
  ['missing', () => undefined],
  ['a text', () => 'many'],
])('a count that is %s does not silence the job: two equal reads count', async (_, lie) => {
  for (const n of [3, 130]) {
    const { actions, unstable } = await logServer({ log: () => entries(n), count: () => lie(n) });
    expect(await actions()).toEqual(names(entries(n)));
    expect(unstable()).toBe(1);
    await server.close();
  }
  server = await startHttpServer(() => undefined);
});

test('an empty page under a count is not believed at once', async () => {
  let asked = 0;
  const { actions } = await logServer({ log: () => (asked++ === 0 ? [] : entries(5)), count: () => 5 });
  expect(await actions()).toEqual(names(entries(5)));
});

test('a wrong count and entries that differ from read to read never count', async () => {
  // Each read of this log takes two requests, the second of which finds the end.
  let requests = 0;
  const { source } = await logServer({ log: () => entries(3 + Math.floor(requests++ / 2)), count: () => 99 });
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unstable');
});

test('equal reads may come in another order', async () => {
  let reads = 0;
  const { actions } = await logServer({ log: () => (Math.floor(reads++ / 2) % 2 === 0 ? entries(3) : entries(3).reverse()), count: () => 4 });
  expect((await actions()).sort()).toEqual(['A1', 'A2', 'A3']);
});

test('an upstream with smaller pages than asked for is read to its end', async () => {
  const { actions } = await logServer({ log: () => entries(35), pageSize: 10 });
  expect(await actions()).toEqual(names(entries(35)));
  expect(server.requests).toHaveLength(4);
});

test('an upstream that answers full pages for ever is left after 200', async () => {
  const page = entries(100);
  server = await startHttpServer((_, response) => sendJson(response, 200, { count: 100, operations: page }));
  const { source } = clientFor(server.url);
  const error = await failureOf(source.readLog(JOB, read()));
  expect(error.kind).toBe('unreadable');
  expect(String(error.cause)).toContain('200 pages');
  expect(server.requests).toHaveLength(200);
});

test('entries that can not be read are left out, counted, and logged', async () => {
  server = await startHttpServer((_, response) => sendJson(response, 200, { count: 3, operations: [{ action: 'A' }, null, 'x'] }));
  const { source, lines } = clientFor(server.url);
  expect(await source.readLog(JOB, read())).toHaveLength(1);
  expect(lines).toMatchObject([{ level: 'warn', fields: { skipped: 2, job: JOB } }]);
  expect(server.requests).toHaveLength(1);
});

test('a failing second page fails the read', async () => {
  server = await startHttpServer(({ query }, response) => {
    if (query.get('offset') === '0') sendJson(response, 200, { count: 130, operations: entries(100) });
    else sendJson(response, 500, {});
  });
  const { source } = clientFor(server.url);
  expect((await failureOf(source.readLog(JOB, read()))).kind).toBe('unavailable');
});
