/** SDK-HMAC-SHA256, the signature of Huawei Cloud's API gateway (support.huaweicloud.com/devg-apisign/api-sign-algorithm.html). */
import { createHash, createHmac } from 'node:crypto';

export type AccessKey = {
  readonly accessKey: string;
  readonly secretKey: string;
  /** Of temporary credentials; '' = permanent ones. */
  readonly securityToken: string;
};

/** `url`: path encoded by `encodePart`, query by `canonicalQuery`. What is signed is then what is sent. */
export type Unsigned = { readonly method: string; readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const ALGORITHM = 'SDK-HMAC-SHA256';

/** RFC 3986: all but letters, digits, - _ . ~ is encoded. Throws URIError on a lone surrogate. */
export function encodePart(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A query in the one order and spelling that is signed: by name, then value, by character code; `=` stays for an empty value. */
export function canonicalQuery(parameters: readonly (readonly [name: string, value: string])[]): string {
  const byCode = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  const sorted = [...parameters].sort(([a, x], [b, y]) => byCode(a, b) || byCode(x, y));
  return sorted.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join('&');
}

/**
 * All headers to send: those given, X-Sdk-Date, X-Security-Token if there is one, and Authorization. Each is signed, and so is Host, which `fetch` sets.
 * `at` in ms since 1970; the gateway refuses a difference of more than 15 minutes.
 */
export function sign(request: Unsigned, key: AccessKey, at: number): Record<string, string> {
  const { method, url, body } = request;
  const date = `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
  const headers: Record<string, string> = { ...request.headers, 'X-Sdk-Date': date };
  if (key.securityToken !== '') headers['X-Security-Token'] = key.securityToken;
  const signed = Object.entries({ ...headers, Host: url.host }).map(([name, value]) => [name.toLowerCase(), value.trim()] as const);
  signed.sort(([a], [b]) => (a < b ? -1 : 1));
  const names = signed.map(([name]) => name).join(';');
  // The signed path ends in a slash, also where the path that is sent does not.
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = [method, path, url.search.slice(1), lines, names, sha256(body)].join('\n');
  const signature = createHmac('sha256', key.secretKey)
    .update([ALGORITHM, date, sha256(canonical)].join('\n'))
    .digest('hex');
  return { ...headers, Authorization: `${ALGORITHM} Access=${key.accessKey}, SignedHeaders=${names}, Signature=${signature}` };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
