/**
 * Verifies SDK-HMAC-SHA256 from what arrived, written apart from the client's signer so that each proves the other.
 * Source: support.huaweicloud.com/devg-apisign/api-sign-algorithm-001
 */
import { createHash, createHmac } from 'node:crypto';
import type { Arrival } from './answer.ts';

/** The gateway refuses a larger difference between X-Sdk-Date and its own clock. */
const LARGEST_SKEW_MS = 15 * 60 * 1000;

const AUTHORIZATION = /^SDK-HMAC-SHA256 Access=([^,\s]+), SignedHeaders=([^,\s]+), Signature=([0-9a-f]{64})$/;
const SDK_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

export type Verdict = { readonly kind: 'valid'; readonly accessKey: string } | { readonly kind: 'invalid'; readonly accessKey: string; readonly words: string };

/** Whether a request was signed with the secret of the access key it names, within 15 minutes of `nowMs`. `accessKey` is '' when none could be read. */
export function verifySignature(arrival: Arrival, secretOf: (accessKey: string) => string | null, nowMs: number): Verdict {
  const parts = AUTHORIZATION.exec(header(arrival, 'authorization') ?? '');
  const [, accessKey = '', signedHeaders = '', signature = ''] = parts ?? [];
  const invalid = (words: string): Verdict => ({ kind: 'invalid', accessKey, words });
  if (!parts) return invalid('Incorrect IAM authentication information: Authorization format is incorrect');

  const secret = secretOf(accessKey);
  if (secret === null) return invalid(`Incorrect IAM authentication information: ak ${accessKey} not exist`);

  const date = header(arrival, 'x-sdk-date') ?? '';
  const signedAt = readSdkDate(date);
  if (signedAt === null || Math.abs(nowMs - signedAt) > LARGEST_SKEW_MS)
    return invalid('Incorrect IAM authentication information: x-sdk-date is missing or expired');

  const names = signedHeaders.split(';');
  if (!names.includes('x-sdk-date')) return invalid('Incorrect IAM authentication information: x-sdk-date must be signed');
  const canonical = canonicalRequest(arrival, names);
  const expected =
    canonical === null
      ? ''
      : createHmac('sha256', secret)
          .update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
          .digest('hex');
  if (expected !== signature) return invalid('Incorrect IAM authentication information: verify aksk signature fail');
  return { kind: 'valid', accessKey };
}

/** null when a signed header did not arrive, or the address can't be decoded. */
function canonicalRequest(arrival: Arrival, names: readonly string[]): string | null {
  const values = names.map((name) => header(arrival, name));
  if (values.includes(null)) return null;
  const payload = header(arrival, 'x-sdk-content-sha256') ?? sha256(arrival.body);
  try {
    const headers = names.map((name, index) => `${name}:${values[index]?.trim()}\n`).join('');
    return [arrival.method, canonicalPath(arrival.path), canonicalQuery(arrival.query), headers, names.join(';'), payload].join('\n');
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** Ends with a slash in the signature, whatever was sent. */
function canonicalPath(path: string): string {
  const encoded = path
    .split('/')
    .map((segment) => encode(decodeURIComponent(segment)))
    .join('/');
  return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

function canonicalQuery(query: string): string {
  return parseQuery(query)
    .sort(([nameA, valueA], [nameB, valueB]) => compare(nameA, nameB) || compare(valueA, valueB))
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&');
}

/** A `+` is read as a blank: what the real gateway does with it is not documented. */
function parseQuery(query: string): [string, string][] {
  const decode = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    });
}

/** RFC 3986: everything but A-Z a-z 0-9 - _ . ~ */
function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function readSdkDate(text: string): number | null {
  const [, year, month, day, hour, minute, second] = SDK_DATE.exec(text) ?? [];
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(at) ? null : at;
}

function header(arrival: Arrival, name: string): string | null {
  const value = arrival.headers[name];
  return value === undefined ? null : String(value);
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
