/** history, status, jobs: what is read, from where, and how fresh it is. */
import { beforeEach, describe, expect, test } from 'vitest';
import { jobIdOf, jobKey } from '../../src/domain/job.ts';
import { logged, operation, PROJECT } from '../support/builders.ts';
import { channel, type Desk, desk, JOB_A, JOB_B, NOW, UNKNOWN_ID } from './desk.ts';
import { facts } from './memory-store.ts';

let at: Desk;
const MINUTE = 60_000;
const LOG = [operation(), operation({ action: 'COMMIT_JOB', time: 1_764_550_900 })];
const GATE = { since: 5, nextProbe: 6, status: 401, code: '', requestId: '', words: '' };

beforeEach(() => {
  at = desk();
  at.upstream.add(JOB_A, {}, { log: LOG });
});

describe('history', () => {
  test('of a followed job is its journal, and says when it was read', async () => {
    const journal = [logged()];
    at.store.watch(JOB_A, { journal, readAt: NOW - MINUTE });
    expect(await at.ask('history narrator-01')).toMatchObject({
      kind: 'history',
      view: { journal },
      filter: 'all',
      readAt: NOW - MINUTE,
      stale: null,
      dm: false,
    });
    expect(at.upstream.calls).toEqual([]);
  });

  test('pages and filters as asked; without a page, the newest', async () => {
    at.store.watch(JOB_A);
    expect(await at.ask('history narrator-01 problems 2')).toMatchObject({ page: 2, filter: 'problems' });
    expect(await at.ask('history narrator-01')).toMatchObject({ page: Number.MAX_SAFE_INTEGER });
  });

  test('of any other job is read upstream once', async () => {
    const answer = await at.ask(`history ${jobIdOf(JOB_A)}`);
    expect(answer).toMatchObject({ kind: 'history', readAt: NOW, stale: null, view: { facts: { voiceName: 'narrator-01' } } });
    expect(answer.kind === 'history' && answer.view.journal.map((entry) => entry.kind === 'log' && entry.action)).toEqual(['CREATE_JOB', 'COMMIT_JOB']);
    expect(at.upstream.calls).toEqual(['detail', 'log']);
    expect(at.store.writes).toEqual([]);
  });

  test('a failure that no entry announces stands in it', async () => {
    at.upstream.add(JOB_A, { state: 'FAILED', failedReason: 'too noisy' }, { log: LOG });
    const answer = await at.ask('history narrator-01');
    expect(answer.kind === 'history' && answer.view.journal.at(-1)).toMatchObject({ kind: 'state', state: 'FAILED', reason: 'too noisy' });
  });

  test('a job that is followed but was never read is read upstream', async () => {
    at.store.watch(JOB_A, { base: null, readAt: 0 });
    expect(await at.ask('history narrator-01')).toMatchObject({ kind: 'history', readAt: NOW, stale: null, view: { journal: [{}, {}] } });
  });

  test.each(['unavailable', 'closed', 'hang'] as const)('%s: without a journal there is no answer but that', async (failing) => {
    at.upstream.failing = failing;
    at.gate = GATE;
    expect(await at.refusal(`history ${jobIdOf(JOB_A)}`)).toEqual({ kind: 'upstream-refuses', since: 5, byId: false });
  });

  test('of a job that the sweep of the job list covers is known to be whole, and upstream is not asked', async () => {
    const sweep = { row: null, justMoved: false, covered: true, sweptAt: NOW - 4_000, missed: 0, watches: 1 };
    at.store.watch(JOB_A, { readAt: NOW - 60 * MINUTE, sweep });
    expect(await at.ask('history narrator-01')).toMatchObject({ stale: null, readAt: NOW - 4_000 });
    expect(at.upstream.calls).toEqual([]);
  });

  test.each([
    ['unavailable', 'unavailable'],
    ['hang', 'unavailable'],
    ['unauthorized', 'closed'],
    ['not-found', null],
    [null, null],
  ] as const)('a journal that was not read in the last minute is told as it is, and %s: stale is %s', async (failing, stale) => {
    at.store.watch(JOB_A, { readAt: NOW - 2 * MINUTE });
    at.upstream.failing = failing;
    expect(await at.ask('history narrator-01')).toMatchObject({ stale, readAt: NOW - 2 * MINUTE });
    expect(at.upstream.calls).toEqual(['detail']);
  });

  test('a shut gate is known without asking; an ended job lacks nothing', async () => {
    at.store.watch(JOB_A, { readAt: NOW - MINUTE });
    at.gate = GATE;
    expect(await at.ask('history narrator-01')).toMatchObject({ stale: 'closed' });
    at.store.watch(JOB_A, { readAt: 1, changedAt: 1, ended: true });
    expect(await at.ask('history narrator-01')).toMatchObject({ stale: null });
    expect(at.upstream.calls).toEqual([]);
  });
});

describe('status', () => {
  const audit = { system: null, admin: { time: 1, message: 'noise', attachmentName: 'a.zip' } };

  test('of a followed job is its journal with the facts of this moment, and the review results kept', async () => {
    at.store.watch(JOB_A, { facts: facts({ state: 'AUDITING', audit }), readAt: NOW - MINUTE });
    await at.ask('subscribe narrator-01 everything');
    at.stretchedTo = 90_000;
    expect(await at.ask('status narrator-01')).toMatchObject({
      kind: 'status',
      view: { facts: { state: 'PROCESSING', audit } },
      here: { preset: 'everything', view: { job: JOB_A } },
      readAt: NOW,
      now: NOW,
      stale: null,
      stretchedTo: 90_000,
    });
  });

  test('in a place that is paused, it says so where it says how the job is followed', async () => {
    at.store.watch(JOB_A);
    await at.ask('subscribe narrator-01');
    await at.store.pauseDestination(at.store.at(channel.address)?.id ?? '', 'archived');
    expect(await at.ask('status narrator-01')).toMatchObject({ paused: { reason: 'archived', since: NOW } });
    expect((await at.type('status narrator-01')).text).toContain('. The channel is archived, so voicejob cannot post there.');
  });

  test.each([
    ['unavailable', 'unavailable'],
    ['hang', 'unavailable'],
    ['throttled', 'unavailable'],
    ['closed', 'closed'],
    ['unauthorized', 'closed'],
  ] as const)('%s: falls back on what is stored, as %s', async (failing, stale) => {
    at.store.watch(JOB_A, { facts: facts({ state: 'AUDITING' }), readAt: NOW - MINUTE });
    at.upstream.failing = failing;
    expect(await at.ask('status narrator-01')).toMatchObject({ view: { facts: { state: 'AUDITING' } }, readAt: NOW - MINUTE, stale, here: null });
  });

  test('of a job that was never there says so, as its history does, and not that upstream cannot be read', async () => {
    const nowhere = jobKey(PROJECT, UNKNOWN_ID);
    at.store.watch(nowhere, { journal: [{ kind: 'gone', key: 'g', time: 1 }], facts: null, readAt: 0, changedAt: NOW - MINUTE });
    expect(await at.ask(`status ${UNKNOWN_ID}`)).toMatchObject({ stale: null, readAt: NOW });
    expect(await at.ask(`history ${UNKNOWN_ID}`)).toMatchObject({ stale: null, readAt: NOW - MINUTE });
    for (const command of ['status', 'history']) expect((await at.type(`${command} ${UNKNOWN_ID}`)).text).toContain('MetaStudio does not know this job id.');
  });

  test('of a job nobody follows is read upstream', async () => {
    expect(await at.ask('status narrator-01')).toMatchObject({
      kind: 'status',
      here: null,
      readAt: NOW,
      stale: null,
      stretchedTo: null,
      view: { journal: [{}, {}] },
    });
  });
});

describe('jobs', () => {
  beforeEach(() => {
    at.upstream.add(JOB_B, { voiceName: '客服-云佳' });
  });

  test('lists the newest, and which of them are followed here', async () => {
    await at.ask('subscribe narrator-01');
    const answer = await at.ask('jobs');
    expect(answer).toMatchObject({ kind: 'jobs', search: '', total: 2, jobs: [{ jobId: jobIdOf(JOB_A) }, { jobId: jobIdOf(JOB_B) }] });
    expect(answer.kind === 'jobs' && [...answer.followed]).toEqual([JOB_A]);
  });

  test.each(['narr', 'NARRATOR', '26f0', 'narrator-01'])('finds by %s, though upstream filters by whole names', async (search) => {
    expect(await at.ask(`jobs ${search}`)).toMatchObject({ kind: 'jobs', search, total: 1, jobs: [{ jobId: jobIdOf(JOB_A) }] });
  });

  test('finding nothing is an answer', async () => {
    expect(await at.ask('jobs zebra')).toMatchObject({ kind: 'jobs', jobs: [], total: 0 });
  });

  test('needs upstream', async () => {
    at.upstream.failing = 'hang';
    expect(await at.refusal('jobs narr')).toEqual({ kind: 'upstream-down', since: null, byId: false });
    expect(at.store.at(channel.address)).toBeUndefined();
  });
});
