import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Arrival } from '../../src/demo/answer.ts';
import { verifySignature } from '../../src/demo/signature.ts';
import { type Call, call, handClock, jobsUrl, KEYS, reply, simulate } from './caller.ts';

const WRONG = { status: 401, body: { error_code: 'APIGW.0301' } };
const MINUTE = 60_000;

describe('signatures', () => {
  test('whatever the official signer signs is accepted', async () => {
    await using simulator = await simulate();
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    const entry = fc.tuple(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }), text);
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 4 }), fc.stringMatching(/^[0-9A-Za-z_.~-]{1,20}$/), async (entries, id) => {
        const { status } = await call(simulator, `/a${id}`, { query: Object.fromEntries(entries) });
        expect(status).toBe(404);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['a query member', ({ url, headers }) => ({ url: `${url}&limit=100`, headers })],
    ['the path', ({ url, headers }) => ({ url: url.replace('/jobs/a', '/jobs/b'), headers })],
    ['a signed header', ({ url, headers }) => ({ url, headers: { ...headers, 'X-Project-Id': 'f'.repeat(32) } })],
    [
      'the date',
      ({ url, headers }) => ({
        url,
        headers: { ...headers, 'X-Sdk-Date': String(headers['X-Sdk-Date']).replace(/.Z$/, (end) => (end === '0Z' ? '1Z' : '0Z')) },
      }),
    ],
  ] satisfies [string, Call['tamper']][])('%s that changed on the way is a 401', async (_, tamper) => {
    await using simulator = await simulate();
    expect((await call(simulator, '/a', { query: { offset: '0' } })).status).toBe(404);
    expect(await call(simulator, '/a', { query: { offset: '0' }, tamper })).toMatchObject(WRONG);
  });

  test('the published vector of the signing guide is verified', () => {
    const arrival: Arrival = {
      requestId: 'r',
      method: 'GET',
      path: '/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs',
      query: 'limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
      headers: {
        'content-type': 'application/json',
        host: 'service.region.example.com',
        'x-sdk-date': '20191115T033655Z',
        authorization:
          'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
      },
      body: Buffer.alloc(0),
    };
    const verdict = verifySignature(arrival, () => 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc', Date.parse('2019-11-15T03:40:00Z'));
    expect(verdict).toEqual({ kind: 'valid', accessKey: 'QTWAOYTTINDUT2QVKYUC' });
  });

  test('a signature by another secret, by an unknown key or of another hour is a 401 with a request id', async () => {
    await using simulator = await simulate({ lockMs: 0 });
    const wrong = await call(simulator, '', { secretKey: 'another' });
    expect(wrong).toMatchObject(WRONG);
    expect(wrong.headers.get('x-request-id')).toBe(wrong.body.request_id);
    expect(await call(simulator, '', { accessKey: 'NOBODY' })).toMatchObject(WRONG);
    expect(await call(simulator, '', { signedAt: Date.now() - 16 * MINUTE })).toMatchObject(WRONG);
    expect(await call(simulator, '', { signedAt: Date.now() + 16 * MINUTE })).toMatchObject(WRONG);
    expect(await reply(await fetch(jobsUrl(simulator, '')))).toMatchObject(WRONG);
    expect(simulator.requests.map(({ authorized }) => authorized)).toEqual([false, false, false, false, false]);
    expect(await call(simulator, '', { signedAt: Date.now() - 14 * MINUTE })).toMatchObject({ status: 200 });
  });

  test('the sixth failure in a row locks the key for five minutes; a success in between starts the count again', async () => {
    const clock = handClock();
    await using simulator = await simulate({ clock });
    const good = () => call(simulator, '', { signedAt: clock.now() });
    const fail = async (times: number) => {
      for (let time = 0; time < times; time += 1) await call(simulator, '', { signedAt: clock.now(), secretKey: 'another' });
    };
    await fail(5);
    expect((await good()).status).toBe(200);
    await fail(5);
    expect((await good()).status).toBe(200);
    await fail(6);
    expect(await good()).toMatchObject(WRONG);
    clock.move(5 * MINUTE - 1);
    expect((await good()).status).toBe(401);
    clock.move(1);
    expect((await good()).status).toBe(200);
  });

  test('a security token must be the right one', async () => {
    await using simulator = await simulate({ securityToken: 'temporary' });
    expect((await call(simulator, '')).status).toBe(401);
    expect((await call(simulator, '', { headers: { 'X-Security-Token': 'temporary' } })).status).toBe(200);
  });
});

describe('projects, paths and ceilings', () => {
  test('another project is 400 MSS.00010009, in the header or in the URL', async () => {
    await using simulator = await simulate();
    const other = 'f'.repeat(32);
    expect(await call(simulator, '', { projectId: other })).toMatchObject({ status: 400, body: { error_code: 'MSS.00010009' } });
    const elsewhere = { ...simulator, projectId: other };
    expect(await call(elsewhere, '', { projectId: simulator.projectId })).toMatchObject({ status: 400, body: { error_code: 'MSS.00010009' } });
  });

  test('an unknown path is 404 APIG.0101, another method 400 MSS.00010004', async () => {
    await using simulator = await simulate();
    expect(await reply(await fetch(`${simulator.url}/v2/jobs`))).toMatchObject({ status: 404, body: { error_code: 'APIG.0101' } });
    expect(await call(simulator, '/x', { method: 'DELETE' })).toMatchObject({ status: 400, body: { error_code: 'MSS.00010004' } });
  });

  test('more requests in a second than the ceiling are 429 APIGW.0308', async () => {
    const clock = handClock();
    await using simulator = await simulate({ clock });
    simulator.rules.maxRps = 2;
    const ask = () => call(simulator, '', { signedAt: clock.now() });
    expect([(await ask()).status, (await ask()).status]).toEqual([200, 200]);
    const refused = await ask();
    expect(refused).toMatchObject({ status: 429, body: { error_code: 'APIGW.0308' } });
    expect(refused.body.error_msg).toContain('over ratelimit,limit:2,time:1 second');
    clock.move(1000);
    expect((await ask()).status).toBe(200);
  });
});

describe('tokens', () => {
  const iam = { user: 'bot', password: 'pass word', domain: 'account' };
  const request = (password: string, project: unknown = { name: 'cn-north-4' }) =>
    JSON.stringify({
      auth: { identity: { methods: ['password'], password: { user: { name: iam.user, password, domain: { name: iam.domain } } } }, scope: { project } },
    });
  const post = (url: string, body: string) => fetch(`${url}/v3/auth/tokens?nocatalog=true`, { method: 'POST', body });

  test('a token from IAM opens the API until it expires or is revoked', async () => {
    const clock = handClock();
    await using simulator = await simulate({ clock, iam });
    const answer = await post(simulator.url, request(iam.password));
    const token = answer.headers.get('x-subject-token') ?? '';
    expect([answer.status, Object(await answer.json()).token.expires_at]).toEqual([201, '2026-11-23T10:00:00.000000Z']);
    const ask = async () => reply(await fetch(jobsUrl(simulator, ''), { headers: { 'X-Auth-Token': token } }));
    expect((await ask()).status).toBe(200);
    clock.move(24 * 60 * MINUTE);
    expect(await ask()).toMatchObject({ ...WRONG, body: { error_msg: 'The token must be updated' } });
    simulator.revokeTokens();
    expect((await ask()).body.error_msg).toContain('decrypt token fail');
  });

  test('a wrong password is a 401, nonsense a 400, in the words of IAM', async () => {
    await using simulator = await simulate({ iam });
    expect(await reply(await post(simulator.url, request('guess')))).toMatchObject({ status: 401, body: { error: { code: 401, title: 'Unauthorized' } } });
    expect(await reply(await post(simulator.url, '{'))).toMatchObject({ status: 400, body: { error: { code: 400 } } });
  });

  test('without an IAM user nobody gets a token', async () => {
    await using simulator = await simulate();
    expect((await post(simulator.url, request(iam.password))).status).toBe(401);
  });

  test('a token for another project does not open this one', async () => {
    await using simulator = await simulate({ iam });
    const answer = await post(simulator.url, request(iam.password, { id: 'f'.repeat(32) }));
    const asked = await fetch(jobsUrl(simulator, ''), { headers: { 'X-Auth-Token': answer.headers.get('x-subject-token') ?? '' } });
    expect(await reply(asked)).toMatchObject({ status: 400, body: { error_code: 'MSS.00010009' } });
  });
});

test('no answer holds the secret key', async () => {
  await using simulator = await simulate({ secretKey: 'very-secret-key' });
  const { body } = await call(simulator, '', { secretKey: KEYS.secretKey });
  expect(JSON.stringify(body)).not.toContain('very-secret-key');
});
