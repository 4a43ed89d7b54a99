/** A whole op-log, read page by page so that no entry is missed or taken twice while the log grows. */
import { canonical, type Operation } from '../domain/operation.ts';
import { UpstreamError } from '../ports/job-source.ts';
import type { LogPage } from './decode.ts';

/** The API's largest page. */
export const PAGE_LIMIT = 100;
/** 20,000 entries: an upstream that answers full pages for ever is not read for ever. */
const MOST_PAGES = 200;
/** Reads before the log counts as unstable; the next poll tries again. */
const MOST_READS = 4;

/** One pass over all pages. `count` null: upstream did not say, or said different things on different pages (`steady` false). */
type Pass = { readonly count: number | null; readonly steady: boolean; readonly length: number; readonly operations: readonly Operation[] };

/**
 * All entries, in the order upstream answered. A pass counts if `count` was the same on all its pages and is the number of entries, or if the pass before
 * it gave the same count and the same entries (a wrong `count` can't silence a job). Otherwise an entry that shifted between two pages would look like a second, equal one.
 * `rejected` is told of each pass that did not count. Rejects with UpstreamError `unstable` after four of them, and with whatever `page` rejects with.
 */
export async function readWholeLog(page: (offset: number) => Promise<LogPage>, rejected: (pass: number) => void): Promise<readonly Operation[]> {
  let before: Pass | null = null;
  for (let read = 1; read <= MOST_READS; read += 1) {
    const pass = await readPass(page);
    if (pass.steady && (pass.count === pass.length || (before !== null && sameAs(before, pass)))) return pass.operations;
    rejected(read);
    before = pass.steady ? pass : null;
  }
  throw broken('unstable', 'the log changed, or contradicted itself, in every read');
}

/** Reads until a page is empty, or is short and `count` is reached. A pass whose pages disagree on `count` is not read to its end. */
async function readPass(page: (offset: number) => Promise<LogPage>): Promise<Pass> {
  const operations: Operation[] = [];
  let length = 0;
  let count: number | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const next = await page(length);
    if (pages > 0 && next.count !== count) return { count: null, steady: false, length, operations };
    count = next.count;
    length += next.length;
    operations.push(...next.operations);
    if (next.length === 0 || (next.length < PAGE_LIMIT && length >= (count ?? 0))) return { count, steady: true, length, operations };
  }
  throw broken('unreadable', `more than ${MOST_PAGES} pages of ${PAGE_LIMIT} entries`);
}

function sameAs(a: Pass, b: Pass): boolean {
  const text = (pass: Pass) => pass.operations.map(canonical).sort().join('\n');
  return a.count === b.count && a.length === b.length && text(a) === text(b);
}

function broken(kind: 'unstable' | 'unreadable', why: string): UpstreamError {
  return new UpstreamError(kind, { status: 200, code: '', words: '', requestId: '', retryAfterMs: 0 }, { cause: new RangeError(why) });
}
