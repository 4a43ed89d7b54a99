import { describe, expect, test } from 'vitest';
import { PERSONAL } from '../../src/demo/job.ts';
import { actionsOf, call, handClock, simulate } from './caller.ts';

const LONG = 'e2c569be-17a5-4e1b-8a3d-5b1f8f0a9c06';
const REJECTED = '0f3d6a58-9c1c-4f0e-8f5f-1f8f0a6f9b02';

describe('op-logs', () => {
  test('130 entries come as 100 and 30, with the total on each page', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const first = await call(simulator, `/${LONG}/op-logs`, { query: { offset: '0', limit: '100' } });
    const second = await call(simulator, `/${LONG}/op-logs`, { query: { offset: '100', limit: '100' } });
    const beyond = await call(simulator, `/${LONG}/op-logs`, { query: { offset: '130', limit: '100' } });
    expect([first, second, beyond].map(({ body }) => [body.count, actionsOf(body).length])).toEqual([
      [130, 100],
      [130, 30],
      [130, 0],
    ]);
  });

  test('a page holds 10 entries unless told', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const { body } = await call(simulator, `/${LONG}/op-logs`);
    expect(actionsOf(body)).toHaveLength(10);
  });

  test.each([{ limit: '0' }, { limit: '101' }, { limit: 'x' }, { offset: '-1' }, { offset: '2147483648' }])(
    '%o is refused with 400 MSS.00000003',
    async (query) => {
      await using simulator = await simulate({ scenario: 'fixtures' });
      const { status, body } = await call(simulator, `/${LONG}/op-logs`, { query });
      expect([status, body.error_code]).toEqual([400, 'MSS.00000003']);
    },
  );

  test('an unknown job is a 404 with an MSS code, or what the rules say', async () => {
    await using simulator = await simulate();
    expect(await call(simulator, '/nobody/op-logs')).toMatchObject({ status: 404, body: { error_code: 'MSS.00010404' } });
    simulator.rules.unknownJob = { status: 400, code: 'MSS.00000003' };
    expect(await call(simulator, '/nobody')).toMatchObject({ status: 400, body: { error_code: 'MSS.00000003' } });
  });

  test('the order is oldest first, newest first, or any that stays while nothing grows', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const read = async () => (await call(simulator, `/${REJECTED}/op-logs`)).body.operations;
    const oldest = await read();
    simulator.rules.shape.order = 'newest';
    expect(await read()).toEqual(Array.isArray(oldest) ? oldest.toReversed() : []);
    simulator.rules.shape.order = 'shuffled';
    const shuffled = await read();
    expect(shuffled).not.toEqual(oldest);
    expect(shuffled).toEqual(expect.arrayContaining(Array.isArray(oldest) ? oldest : []));
    expect(await read()).toEqual(shuffled);
  });

  test('times in milliseconds, members in another order and no external_info are possible', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const before = JSON.stringify((await call(simulator, `/${REJECTED}/op-logs`)).body.operations);
    Object.assign(simulator.rules.shape, { timeUnit: 'ms', omitExternalInfo: true });
    const { body } = await call(simulator, `/${REJECTED}/op-logs`);
    expect(body.operations).toContainEqual({ time: 1764561600000, action: 'AUDIT_NOT_PASS', operator: 'ADMIN' });
    Object.assign(simulator.rules.shape, { timeUnit: 's', omitExternalInfo: false, shuffleMembers: true });
    const after = (await call(simulator, `/${REJECTED}/op-logs`)).body.operations;
    expect(JSON.stringify(after)).not.toBe(before);
    expect(after).toEqual(JSON.parse(before));
  });

  test('a log can grow between its pages, as often as was asked', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    simulator.growBetweenPages({ time: 1764790000, action: 'COMMIT_JOB', operator: 'USER' }, 2);
    const counts = [];
    for (const offset of ['0', '100', '0', '100', '100'])
      counts.push((await call(simulator, `/${LONG}/op-logs`, { query: { offset, limit: '100' } })).body.count);
    expect(counts).toEqual([130, 131, 131, 132, 132]);
  });
});

describe('detail and audit result', () => {
  test('the detail is flat and holds personal data for clients to drop', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const { body } = await call(simulator, `/${REJECTED}`);
    expect(body).toMatchObject({ job_id: REJECTED, voice_name: '客服-云佳', state: 'SUCCEED', reject_times: 1, phone: PERSONAL.phone });
    expect([body.voice_authorization_url, body.training_input_source_url]).toEqual([
      expect.stringContaining(PERSONAL.host),
      expect.stringContaining(PERSONAL.host),
    ]);
  });

  test('the link to an attachment is signed anew each time and opens until it expires', async () => {
    const clock = handClock();
    await using simulator = await simulate({ clock });
    const job = simulator.createJob({ voiceName: 'lena' });
    simulator.rejectByPerson(job, 'no signature', { attachment: '意见.txt' });
    const link = async () => String(Object((await call(simulator, `/${job}/audit-result`, { signedAt: clock.now() })).body.admin_audit_result).attachment_url);
    const first = await link();
    clock.move(1000);
    expect(await link()).not.toBe(first);
    expect(await (await fetch(first)).text()).toBe('no signature\n');
    expect((await fetch(first.replace('Signature=', 'Signature=x'))).status).toBe(403);
    clock.move(3600_000);
    expect((await fetch(first)).status).toBe(403);
  });

  test('a fixture keeps the address of its attachment', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const { body } = await call(simulator, `/${REJECTED}/audit-result`);
    expect(Object(body.admin_audit_result).attachment_url).toMatch(/^https:\/\/example\.com\/notes\.docx\?Expires=\d+&Signature=/);
  });

  test('errors of files come with error_message', async () => {
    await using simulator = await simulate({ scenario: 'fixtures' });
    const { body } = await call(simulator, '/3c9f2b1e-7a55-4d0c-bb3a-6f2f1f4f7c03/audit-result');
    expect(Object(body.system_audit_result).errors).toContainEqual({
      audio_name: '11.wav',
      text_name: '11.txt',
      error_code: 'MSS.12345678',
      error_message: 'audio too short',
    });
  });
});

describe('the job list', () => {
  const names = (body: Record<string, unknown>) => (Array.isArray(body.jobs) ? body.jobs : []).map((job) => String(Object(job).voice_name));

  test('filters by state, id, part of the name and times, sorts and pages', async () => {
    const clock = handClock();
    await using simulator = await simulate({ clock });
    const ask = async (query: Record<string, string>) => (await call(simulator, '', { query, signedAt: clock.now() })).body;
    const first = simulator.createJob({ voiceName: '客服-小禾' });
    clock.move(60_000);
    simulator.createJob({ voiceName: 'audiobook-lena' });
    clock.move(60_000);
    simulator.createJob({ voiceName: 'audiobook-max' });
    clock.move(60_000);
    simulator.submit(first);

    expect(names(await ask({}))).toEqual(['audiobook-max', 'audiobook-lena', '客服-小禾']);
    expect(names(await ask({ sort_key: 'update_time', sort_dir: 'asc' }))).toEqual(['audiobook-lena', 'audiobook-max', '客服-小禾']);
    expect(names(await ask({ state: 'FAILED,SYSTEM_AUDITING' }))).toEqual(['客服-小禾']);
    expect(names(await ask({ job_id: first }))).toEqual(['客服-小禾']);
    expect(names(await ask({ voice_name: '小禾' }))).toEqual(['客服-小禾']);
    expect(names(await ask({ update_since: '2026-11-22T10:02:00Z' }))).toEqual(['audiobook-max', '客服-小禾']);
    expect(names(await ask({ create_since: '2026-11-22T10:01:00Z', create_until: '2026-11-22T10:01:00Z' }))).toEqual(['audiobook-lena']);
    const page = await ask({ offset: '1', limit: '1' });
    expect([page.count, names(page)]).toEqual([3, ['audiobook-lena']]);
  });

  test.each([
    { update_since: '1764550800' },
    { create_until: '2026-11-22T10:01:00.000Z' },
    { sort_key: 'name' },
    { sort_dir: 'up' },
    { state: 'X'.repeat(129) },
  ])('%o is refused with 400 MSS.00000003', async (query) => {
    await using simulator = await simulate();
    const { status, body } = await call(simulator, '', { query });
    expect([status, body.error_code]).toEqual([400, 'MSS.00000003']);
  });
});
