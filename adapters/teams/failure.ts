/** What the Bot Connector's refusals and the network's say, as evidence. Told apart by statuses and codes, never by the words of a message. */
import { LONGEST_WAIT_MS } from './limits.ts';

export type TeamsFailure =
  /** An error status. `code` '' = none that could be read. `afterMs`: its Retry-After, if it gave one. */
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly afterMs: number | null }
  /** No connection came about, so that nothing was asked. */
  | { readonly kind: 'unreachable'; readonly code: string }
  /** We have no token to ask with: the login refused, or could not be asked. */
  | { readonly kind: 'no-token'; readonly refused: boolean }
  | { readonly kind: 'timeout' | 'connection-lost' | 'unreadable' };

/** Codes of the system's and of undici's errors from before a request is sent. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
const ERROR_CODE = /^[A-Za-z][\w.]{0,99}$/;

/** What a thrown error of fetch means. */
export function networkFailure(error: Error): TeamsFailure {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return { kind: 'timeout' };
  const code = codeOf(error.cause) ?? codeOf(error);
  return code !== null && NOT_CONNECTED.has(code) ? { kind: 'unreachable', code } : { kind: 'connection-lost' };
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** What an answer with an error status means; `body` is its JSON, if it had any. */
export function refusalOf(response: Response, body: unknown, now: number): TeamsFailure {
  return { kind: 'refused', status: response.status, code: errorCodeIn(body), afterMs: retryAfterMs(response.headers.get('retry-after'), now) };
}

/** `{"error":{"code":…}}`, as the connector answers, or `{"errorCode":…}`, as what stands before it does. */
function errorCodeIn(body: unknown): string {
  const top = membersOf(body);
  const code = membersOf(top.error).code ?? top.errorCode ?? top.code;
  return typeof code === 'string' && ERROR_CODE.test(code) ? code : '';
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** Seconds, or a date; null when it is neither. */
function retryAfterMs(header: string | null, now: number): number | null {
  const words = header?.trim() ?? '';
  if (words === '') return null;
  const afterMs = /^\d+(\.\d+)?$/.test(words) ? Number(words) * 1000 : Date.parse(words) - now;
  return Number.isFinite(afterMs) ? Math.min(Math.max(0, Math.ceil(afterMs)), LONGEST_WAIT_MS) : null;
}

/** Whether Teams surely did nothing and will not, so that something else may be tried. */
export function isRefusal(failure: TeamsFailure): boolean {
  return failure.kind === 'refused' && failure.status >= 400 && failure.status < 500 && ![401, 408, 412, 429].includes(failure.status);
}
