import { AKSKSigner } from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalQuery, encodePart, sign } from '../../src/metastudio/sign.ts';

/** The signing guide's published sample; these keys never opened anything. */
const SAMPLE = { accessKey: 'QTWAOYTTINDUT2QVKYUC', secretKey: 'MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc', securityToken: '' };
const SAMPLE_INSTANT = Date.UTC(2019, 10, 15, 3, 36, 55);

test('the published vector gives the published signature', () => {
  const query = canonicalQuery([
    ['marker', '13551d6b-755d-4757-b956-536f674975c0'],
    ['limit', '2'],
  ]);
  const url = new URL(`https://service.region.example.com/v1/77b6a44cba5143ab91d13ab9a8ff44fd/vpcs?${query}`);
  const headers = sign({ method: 'GET', url, headers: { 'Content-Type': 'application/json' }, body: '' }, SAMPLE, SAMPLE_INSTANT);
  expect(headers['X-Sdk-Date']).toBe('20191115T033655Z');
  expect(headers.Authorization).toBe(
    'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-sdk-date, Signature=7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
  );
});

/** Any text with a UTF-8 form, odd characters preferred. */
const text = fc.string({
  unit: fc.oneof(fc.constantFrom(...' !\'()*+,/:;=?@[]%&#~-_."<>'), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })),
  maxLength: 12,
});
/** The official signer encodes some raw characters of a path twice; ours never sends them. */
const segment = fc.stringMatching(/^[0-9A-Za-z_~-]{1,20}$/);
/** The official signer does not trim, and takes its own headers by exact spelling. */
const headerName = fc.stringMatching(/^[A-Z][a-z]{1,8}(-[A-Z][a-z]{1,8}){0,2}$/).filter((name) => !['Host', 'Authorization'].includes(name));
const headerValue = fc.stringMatching(/^[!-~]([ -~]{0,20}[!-~])?$/);

test('random requests are signed as the official signer signs them', () => {
  fc.assert(
    fc.property(
      fc.record({
        host: fc.constantFrom('metastudio.cn-north-4.myhuaweicloud.com', 'example.com:8443'),
        path: fc.array(segment, { minLength: 1, maxLength: 6 }),
        trailingSlash: fc.boolean(),
        query: fc.dictionary(text, fc.array(text, { minLength: 1, maxLength: 3 }), { maxKeys: 5, noNullPrototype: true }),
        headers: fc.dictionary(headerName, headerValue, { maxKeys: 4, noNullPrototype: true }),
        method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
        data: fc.option(fc.dictionary(text, text, { minKeys: 1, noNullPrototype: true }), { nil: null }),
        securityToken: fc.oneof(fc.constant(''), fc.stringMatching(/^[A-Za-z0-9+/=]{8,40}$/)),
        at: fc.date({ min: new Date('2000-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
      }),
      ({ host, path, trailingSlash, query, headers, method, data, securityToken, at }) => {
        const endpoint = `https://${host}/${path.join('/')}${trailingSlash ? '/' : ''}`;
        const canonical = canonicalQuery(Object.entries(query).flatMap(([name, values]) => values.map((value) => [name, value] as const)));
        const url = new URL(canonical === '' ? endpoint : `${endpoint}?${canonical}`);
        const body = data === null ? '' : JSON.stringify(data);
        const ours = sign({ method, url, headers, body }, { ...SAMPLE, securityToken }, at.getTime());

        const theirHeaders = { ...headers, 'X-Sdk-Date': ours['X-Sdk-Date'], ...(securityToken === '' ? {} : { 'X-Security-Token': securityToken }) };
        const request = { endpoint, method, headers: theirHeaders, queryParams: structuredClone(query), ...(data === null ? {} : { data }) };
        const credential = { getAk: () => SAMPLE.accessKey, getSk: () => SAMPLE.secretKey };
        const theirs: unknown = Reflect.apply(AKSKSigner.sign, AKSKSigner, [request, credential]);
        expect(theirs).toMatchObject({ Authorization: ours.Authorization });
        // What is sent is what was signed: a URL does not respell the query.
        expect(url.search.slice(1)).toBe(canonical);
      },
    ),
    { numRuns: 300 },
  );
});

test('a name or value of a query arrives as it was meant', () => {
  fc.assert(
    fc.property(text, text, (name, value) => {
      const url = new URL(`http://localhost/?${canonicalQuery([[name, value]])}`);
      expect([...url.searchParams]).toEqual([[name, value]]);
      expect(encodePart(value)).toMatch(/^([A-Za-z0-9\-_.~]|%[0-9A-F]{2})*$/);
    }),
  );
});
