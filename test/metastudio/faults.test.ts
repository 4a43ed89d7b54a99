import { expect, test } from 'vitest';
import { readFault } from '../../src/metastudio/faults.ts';

const NOW = Date.UTC(2026, 0, 1);

function fault(status: number, body: unknown, headers: Record<string, string> = {}, secrets: readonly string[] = []) {
  return readFault({ status, headers: new Headers(headers), text: typeof body === 'string' ? body : JSON.stringify(body) }, secrets, NOW);
}

test.each([
  [401, 'APIG.0301', 'unauthorized'],
  [401, 'APIGW.0301', 'unauthorized'],
  [401, 'APIG.0307', 'unauthorized'],
  [401, 'SOMETHING.ELSE', 'unauthorized'],
  [400, 'MSS.00010008', 'unauthorized'],
  [403, 'APIGW.0302', 'forbidden'],
  [400, 'APIG.0302', 'forbidden'],
  [403, 'APIGW.0310', 'forbidden'],
  [400, 'MSS.00022009', 'forbidden'],
  [403, 'MSS.00022010', 'forbidden'],
  [400, 'MSS.00024001', 'forbidden'],
  [404, 'APIG.0101', 'configuration'],
  [404, 'APIGW.0101', 'configuration'],
  [404, 'APIG.0106', 'configuration'],
  [400, 'MSS.00010003', 'configuration'],
  [405, 'MSS.00010004', 'configuration'],
  [400, 'MSS.00010009', 'configuration'],
  [302, '', 'configuration'],
  [404, 'MSS.00000404', 'not-found'],
  [404, '', 'not-found'],
  [400, 'MSS.00000003', 'invalid'],
  [400, 'MSS.10000003', 'invalid'],
  [400, 'MSS.99999999', 'invalid'],
  [400, 'APIG.0201', 'invalid'],
  [413, 'APIG.0201', 'invalid'],
  [429, 'APIG.0308', 'throttled'],
  [429, 'APIGW.0308', 'throttled'],
  [429, '', 'throttled'],
  [500, 'MSS.00021016', 'unavailable'],
  [500, 'MSS.00021014', 'unavailable'],
  [504, 'APIG.0203', 'unavailable'],
  [503, '', 'unavailable'],
  [408, '', 'unavailable'],
])('HTTP %i with code "%s" is %s', (status, code, kind) => {
  expect(fault(status, code === '' ? {} : { error_code: code, error_msg: 'words' }).kind).toBe(kind);
});

test('a 404 that the service did not write says that the address is wrong, not that a job is gone', () => {
  expect(fault(404, '<html><body>404 Not Found</body></html>').kind).toBe('configuration');
  expect(fault(404, '').kind).toBe('configuration');
  expect(fault(404, 'default backend - 404').kind).toBe('configuration');
});

test.each([
  [{ error_code: 'A.1', error_msg: 'said', request_id: 'r1' }, 'A.1', 'said', 'r1'],
  [{ errorCode: 'A.1', errorMsg: 'said' }, 'A.1', 'said', 'header-id'],
  [{ code: 'A.1', message: 'said' }, 'A.1', 'said', 'header-id'],
  [{ error: { code: 401, message: 'said', title: 'Unauthorized' } }, '401', 'said', 'header-id'],
  [{ status: 'failed', detail: { error_code: 'A.1', error_msg: 'said', request_id: 'r2' } }, 'A.1', 'said', 'r2'],
  [{ message: 'said' }, '', 'said', 'header-id'],
  ['upstream connect error', '', 'upstream connect error', 'header-id'],
  ['<html><title>502 Bad Gateway</title></html>', '', '', 'header-id'],
  ['{"error_code":"A.1","error_m', '', '{"error_code":"A.1","error_m', 'header-id'],
  [null, '', 'null', 'header-id'],
  [['x'], '', '', 'header-id'],
])('the error in %j is found', (body, code, words, requestId) => {
  expect(fault(500, body, { 'x-request-id': 'header-id' }).evidence).toMatchObject({ code, words, requestId });
});

test('words are one line of at most 300 characters without a secret', () => {
  const secret = 'pass"word\\1';
  const { evidence } = fault(401, { error_code: 'APIG.0301', error_msg: `bad ${secret}\nkey ${'x'.repeat(400)}` }, {}, [secret, '']);
  expect(evidence.words).toMatch(/^bad \*\*\* key x+$/);
  expect(evidence.words).toHaveLength(300);
  expect(fault(500, `plain ${JSON.stringify(secret)}`, {}, [secret]).evidence.words).toBe('plain "***"');
});

test.each([
  ['7', 7_000],
  [' 7 ', 7_000],
  [new Date(NOW + 90_000).toUTCString(), 90_000],
  [new Date(NOW - 90_000).toUTCString(), 0],
  ['soon', 0],
  ['-3', 0],
  ['99999999', 3_600_000],
])('Retry-After "%s" is %i ms', (header, ms) => {
  expect(fault(503, {}, { 'retry-after': header }).evidence.retryAfterMs).toBe(ms);
});

test.each([
  ['over ratelimit,limit:20,time:1 minute', 60_000],
  ['over ratelimit,limit:20,time:1 second', 1_000],
  ['The throttling threshold has been reached: policy user over ratelimit,limit:5,time:2 hour', 3_600_000],
  ['too fast', 0],
])('a throttling policy "%s" asks for %i ms', (words, ms) => {
  expect(fault(429, { error_code: 'APIG.0308', error_msg: words }).evidence.retryAfterMs).toBe(ms);
  expect(fault(429, { error_code: 'APIG.0308', error_msg: words }, { 'retry-after': '2' }).evidence.retryAfterMs).toBe(2_000);
});
