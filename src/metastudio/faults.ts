/** What a failed answer of MetaStudio, IAM or the gateway before them means. Codes speak first, then the status: faults of auth and routing come as 400 too. */
import type { UpstreamErrorKind, UpstreamEvidence } from '../ports/job-source.ts';

export type Answer = { readonly status: number; readonly headers: Headers; readonly text: string };
export type Fault = { readonly kind: UpstreamErrorKind; readonly evidence: UpstreamEvidence };

/** Error codes with one meaning (MetaStudio's error list; the signing guide's for APIG). The gateway writes APIG and APIGW alike. */
const BY_CODE: Readonly<Record<string, UpstreamErrorKind>> = {
  'APIG.0101': 'configuration', // no such API: wrong host, region or path
  'APIG.0301': 'unauthorized', // signature, key, token, clock, or a frozen account
  'APIG.0302': 'forbidden',
  'APIG.0307': 'unauthorized', // the token must be updated
  'APIG.0308': 'throttled',
  'APIG.0310': 'forbidden', // project unavailable
  'MSS.00010003': 'configuration', // API not found
  'MSS.00010004': 'configuration', // method not allowed
  'MSS.00010008': 'unauthorized', // invalid token in the header, sent as 400
  'MSS.00010009': 'configuration', // the project is not the token's
  'MSS.00021014': 'unavailable', // IAM call failed
  'MSS.00021016': 'unavailable', // token check failed, sent as 500: the service's own trouble
  'MSS.00022009': 'forbidden', // account frozen
  'MSS.00022010': 'forbidden', // no real-name verification
  'MSS.00024001': 'forbidden', // no privilege
};

const LONGEST_WORDS = 300;
const LONGEST_CODE = 64;
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Reads a failed answer. `secrets` are blanked in the words; `now` (ms since 1970) is for a Retry-After that is a date.
 * Lenient as the official SDKs are: several spellings, one level of nesting, plain text.
 */
export function readFault(answer: Answer, secrets: readonly string[], now: number): Fault {
  const json = parse(answer.text);
  const said = json === null ? { code: '', words: plainText(answer.text), requestId: '' } : readBody(json);
  const kind = classify(answer.status, said.code, json !== null);
  return {
    kind,
    evidence: {
      status: answer.status,
      code: said.code.slice(0, LONGEST_CODE),
      words: blank(said.words, secrets).slice(0, LONGEST_WORDS),
      requestId: (said.requestId || answer.headers.get('x-request-id') || '').slice(0, LONGEST_CODE),
      retryAfterMs: Math.min(LONGEST_WAIT_MS, retryAfterMs(answer.headers.get('retry-after'), now) || (kind === 'throttled' ? windowMs(said.words) : 0)),
    },
  };
}

function classify(status: number, code: string, isJson: boolean): UpstreamErrorKind {
  const known = BY_CODE[code.replace(/^APIGW\./, 'APIG.')];
  if (known) return known;
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'forbidden';
  // Only the service itself can say that a job is unknown; a gateway or a strange web server says that the address is wrong.
  if (status === 404) return isJson && !/^APIGW?\./.test(code) ? 'not-found' : 'configuration';
  if (status === 405 || status === 407 || (status >= 300 && status < 400)) return 'configuration';
  if (status === 429) return 'throttled';
  if (status === 408 || status >= 500) return 'unavailable';
  if (status >= 400) return 'invalid';
  return 'unreadable';
}

/** The JSON object or array in a text, or null. */
function parse(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** The error in a body: {error_code, error_msg}, {errorCode, errorMsg}, {code, message}, {error: {code, message}} and their like. */
function readBody(body: object): { readonly code: string; readonly words: string; readonly requestId: string } {
  const nested = Object.values(body).filter((value): value is object => typeof value === 'object' && value !== null && !Array.isArray(value));
  const candidates = [body, ...nested].map((holder) => ({
    code: member(holder, ['error_code', 'errorCode', 'code']),
    words: member(holder, ['error_msg', 'errorMsg', 'error_message', 'message', 'error']),
    requestId: member(holder, ['request_id', 'requestId']),
  }));
  const said = candidates.find(({ code, words }) => code !== '' || words !== '');
  return { code: said?.code ?? '', words: said?.words ?? '', requestId: candidates.find(({ requestId }) => requestId !== '')?.requestId ?? '' };
}

function member(holder: object, names: readonly string[]): string {
  for (const name of names) {
    const value: unknown = Object.hasOwn(holder, name) ? Reflect.get(holder, name) : undefined;
    if (typeof value === 'string' && value !== '') return value;
    if (typeof value === 'number') return String(value);
  }
  return '';
}

/** A page of markup says nothing a person could use. */
function plainText(text: string): string {
  return text.trimStart().startsWith('<') ? '' : text.slice(0, 4 * LONGEST_WORDS);
}

function blank(words: string, secrets: readonly string[]): string {
  let result = words;
  for (const secret of secrets) {
    if (secret !== '') result = result.replaceAll(secret, '***').replaceAll(JSON.stringify(secret).slice(1, -1), '***');
  }
  return result.replace(/\p{Cc}+/gu, ' ').trim();
}

/** Seconds or an HTTP date, in ms from now; 0 = nothing usable. */
function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const ms = /^\s*\d+\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return ms > 0 ? ms : 0;
}

/** The gateway names the throttling window in its words alone ("over ratelimit,limit:20,time:1 minute"): after its length there is room again. */
function windowMs(words: string): number {
  const [, amount, unit] = /\btime:\s*(\d+)\s*(second|minute|hour|day)/i.exec(words) ?? [];
  const unitMs = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000 }[unit?.toLowerCase() ?? ''];
  return unitMs === undefined ? 0 : Number(amount) * unitMs;
}
