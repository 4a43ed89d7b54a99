import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical } from '../../src/domain/operation.ts';
import { decodeAttachmentLink, decodeAuditResult, decodeDetail, decodeJobs, decodeLogPage } from '../../src/metastudio/decode.ts';

const NOTHING = { time: null, action: '', operator: '', reviewIds: [], algorithmReason: '', adminReason: '', other: {} };

function one(item: unknown) {
  return decodeLogPage({ count: 1, operations: [item] })?.operations[0];
}

test('a whole entry is read', () => {
  const external_info = {
    review_id_list: ['r1', 'r2'],
    algorithm_failure_reason: 'noise',
    admin_audit_failure_reason: '录音\n太短',
    hold_reason: 'manual check',
  };
  expect(one({ time: 1764550800, action: 'AUDIT_NOT_PASS', operator: 'ADMIN', external_info })).toEqual({
    time: 1764550800,
    action: 'AUDIT_NOT_PASS',
    operator: 'ADMIN',
    reviewIds: ['r1', 'r2'],
    algorithmReason: 'noise',
    adminReason: '录音\n太短',
    other: { hold_reason: 'manual check' },
  });
});

test.each([
  ['no members', {}],
  ['null members', { time: null, action: null, operator: null, external_info: null }],
  ['empty members', { time: 0, action: '', operator: '', external_info: {} }],
  ['empty external members', { external_info: { review_id_list: [], algorithm_failure_reason: '', admin_audit_failure_reason: '', extra: '' } }],
  ['null external members', { external_info: { review_id_list: null, algorithm_failure_reason: null, admin_audit_failure_reason: null, extra: null } }],
  ['members of other types', { time: 'yesterday', external_info: { review_id_list: 'r1' } }],
])('an entry with %s is an entry that says nothing', (_, item) => {
  expect(one(item)).toEqual(NOTHING);
});

test.each([
  [1764550800, 1764550800],
  [1764550800000, 1764550800000],
  ['1764550800', 1764550800],
  [0, null],
  [-1, null],
  ['0', null],
  ['', null],
  ['-5', null],
  ['NaN', null],
  [true, null],
  [{}, null],
])('the time %j is %j', (time, expected) => {
  expect(one({ time })?.time).toBe(expected);
});

test('words are not lost to a wrong type', () => {
  expect(one({ action: 7, external_info: { algorithm_failure_reason: ['a', 'b'] } })).toMatchObject({ action: '7', algorithmReason: '["a","b"]' });
  expect(one({ external_info: 'held by partner' })?.other).toEqual({ external_info: 'held by partner' });
  expect(one({ external_info: ['x'] })?.other).toEqual({ external_info: '["x"]' });
});

test('undocumented members are shown as text of at most 500 characters', () => {
  const other = one({ external_info: { score: 3.5, flags: { a: true }, long: 'x'.repeat(900), emoji: `${'x'.repeat(499)}😀`, toString: 'p' } })?.other;
  expect(other).toEqual({ score: '3.5', flags: '{"a":true}', long: 'x'.repeat(500), emoji: 'x'.repeat(499), toString: 'p' });
});

test('phone numbers, addresses and keys of undocumented members never get in', () => {
  const phone = '13800138000';
  const external_info = {
    phone,
    contact: { mobile: phone, name: 'Li' },
    audio_url: 'https://obs/x',
    access_token: 't',
    note: 'see https://obs.example/a.wav?AccessKeyId=K&Expires=9&Signature=abc%3D now',
  };
  const entry = one({ external_info });
  expect(entry?.other).toEqual({ contact: '{"name":"Li"}', note: 'see https://obs.example/a.wav now' });
  expect(JSON.stringify(entry)).not.toContain(phone);
});

test('a reason with a signed link says the same on every read', () => {
  const reasonWith = (signature: string) =>
    one({ external_info: { admin_audit_failure_reason: `listen: https://obs.example/a.wav?Expires=1&Signature=${signature}` } });
  expect(reasonWith('aaa')).toEqual(reasonWith('bbb'));
  expect(one({ external_info: { admin_audit_failure_reason: 'see https://docs.example/guide?page=2' } })?.adminReason).toBe(
    'see https://docs.example/guide?page=2',
  );
});

test('what is no entry is left out and still counted', () => {
  const page = decodeLogPage({ count: 4, operations: [{ action: 'A' }, null, 'x', [1]] });
  expect(page).toMatchObject({ count: 4, length: 4 });
  expect(page?.operations.map(({ action }) => action)).toEqual(['A']);
});

test.each([
  ['a text', 'x'],
  ['null', null],
  ['a list', []],
  ['an empty object', {}],
  ['operations that are no list', { count: 1, operations: {} }],
  ['operations that are a text', { count: 0, operations: '' }],
  ['a count without operations', { count: 3 }],
  ['null operations', { count: 3, operations: null }],
])('%s is no page', (_, body) => {
  expect(decodeLogPage(body)).toBeNull();
});

test('an empty log is one whether its list is empty or left out', () => {
  const empty = { count: 0, length: 0, operations: [] };
  expect(decodeLogPage({ count: 0, operations: [] })).toEqual(empty);
  expect(decodeLogPage({ count: 0 })).toEqual(empty);
  expect(decodeLogPage({ operations: [] })).toEqual({ ...empty, count: null });
});

test('any JSON gives a page or nothing, never an exception, and entries say the same when null stands for absent', () => {
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(fc.constantFrom('time', 'action', 'operator', 'external_info', 'x'), fc.jsonValue())),
      fc.jsonValue(),
      (operations, odd) => {
        expect(decodeLogPage({ count: odd, operations })?.operations).toHaveLength(operations.length);
        decodeLogPage(odd);
        decodeDetail(odd, 'j');
        decodeJobs(odd);
        decodeAuditResult(odd);
        decodeAttachmentLink(odd);
        for (const operation of operations) {
          const filled = one({ time: null, action: null, operator: null, external_info: null, ...operation });
          expect(filled && canonical(filled)).toBe(canonical(one(operation) ?? NOTHING));
        }
      },
    ),
  );
});

const DETAIL = {
  job_id: 'job-1',
  voice_name: 'news 新闻',
  job_type: 'BASIC',
  state: 'FAILED',
  job_failed_code: 'MSS.1',
  job_failed_reason: 'too short',
  asset_id: 'a1',
  reject_times: 2,
  create_time: 1764550800,
  lastupdate_time: '1764658800',
  phone: '13800138000',
  voice_authorization_url: 'https://obs/auth?Signature=1',
  training_input_source_url: 'https://obs/src?Signature=2',
  dhtms_job_id: 'd',
};
const JOB = {
  jobId: 'job-1',
  voiceName: 'news 新闻',
  jobType: 'BASIC',
  state: 'FAILED',
  failedCode: 'MSS.1',
  failedReason: 'too short',
  assetId: 'a1',
  rejectTimes: 2,
  createdAt: 1764550800,
  updatedAt: 1764658800,
};

test('a detail keeps what people need and drops the phone number and the addresses', () => {
  expect(decodeDetail(DETAIL, 'job-1')).toEqual(JOB);
});

test('a detail may leave out all but its state; its id is then the one asked for', () => {
  expect(decodeDetail({ state: 'WAITING' }, 'job-1')).toEqual({
    ...JOB,
    voiceName: '',
    jobType: '',
    state: 'WAITING',
    failedCode: '',
    failedReason: '',
    assetId: '',
    rejectTimes: 0,
    createdAt: null,
    updatedAt: null,
  });
});

test.each([
  ['{}', {}],
  ['a list', [DETAIL]],
  ['another job', { ...DETAIL, job_id: 'job-2' }],
  ['null', null],
])('%s is no detail of the job', (_, body) => {
  expect(decodeDetail(body, 'job-1')).toBeNull();
});

test('a job list keeps the jobs whose id can be used', () => {
  expect(decodeJobs({ count: 3, jobs: [DETAIL, { ...DETAIL, job_id: '../x' }, null, { voice_name: 'no id' }] })).toEqual({ count: 3, jobs: [JOB] });
  expect(decodeJobs({ count: 0 })).toEqual({ count: 0, jobs: [] });
  expect(decodeJobs({ count: 1, jobs: 'x' })).toBeNull();
  expect(decodeJobs({})).toBeNull();
});

test('an audit result keeps the words and drops the link', () => {
  const body = {
    system_audit_result: { audit_time: 123, errors: [{ audio_name: '1.wav', text_name: '1.txt', error_code: 'E1', error_message: 'clipped' }, 'x', {}] },
    admin_audit_result: { message: '请重录', attachment_name: 'notes.pdf', attachment_url: 'https://obs.example/notes.pdf?Signature=s', audit_time: 456 },
  };
  expect(decodeAuditResult(body)).toEqual({
    system: {
      time: 123,
      files: [
        { audio: '1.wav', text: '1.txt', code: 'E1', message: 'clipped' },
        { audio: '', text: '', code: '', message: '' },
      ],
    },
    admin: { time: 456, message: '请重录', attachmentName: 'notes.pdf' },
  });
  expect(decodeAttachmentLink(body)).toBe('https://obs.example/notes.pdf?Signature=s');
});

test('a job that was never reviewed has no results', () => {
  expect(decodeAuditResult({})).toEqual({ system: null, admin: null });
  expect(decodeAuditResult({ system_audit_result: null, admin_audit_result: 'x' })).toEqual({ system: null, admin: null });
  expect(decodeAuditResult([])).toBeNull();
});

test.each([
  ['https://obs.example/a?b=c', true],
  ['http://127.0.0.1:8080/a', true],
  ['http://localhost/a', true],
  ['http://obs.example/a', false],
  ['http://127.0.0.1.example.com/a', false],
  ['javascript:alert(1)', false],
  ['https://user:pw@obs.example/a', false],
  ['not a link', false],
  ['', false],
])('an attachment at "%s" is offered: %s', (attachment_url, offered) => {
  expect(decodeAttachmentLink({ admin_audit_result: { attachment_url } }) !== null).toBe(offered);
});
