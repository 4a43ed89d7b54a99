/** What the SDK's errors and the network's say, as evidence. Told apart by classes and codes, never by the words of a message. */
import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';

export type SlackFailure =
  /** Slack answered `ok: false` with this code. `afterMs`: its Retry-After, if it gave one. */
  | { readonly kind: 'refused'; readonly code: string; readonly afterMs: number | null }
  | { readonly kind: 'throttled'; readonly afterMs: number }
  | { readonly kind: 'status'; readonly status: number }
  /** No connection came about, so that nothing was asked. */
  | { readonly kind: 'unreachable'; readonly code: string }
  | { readonly kind: 'timeout' | 'connection-lost' | 'unreadable' };

/** Thrown by the client's fetch when what came with status 200 is no answer of Slack's. */
export class UnreadableAnswerError extends Error {
  override readonly name = 'UnreadableAnswerError';
}

/** Codes of the system's and of undici's errors from before a request is sent. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);
const ERROR_CODE = /^[a-z][a-z0-9_]*$/;

/** The evidence in what a call of the SDK threw, or null: then it is a bug, to be thrown on. */
export function failureOf(error: unknown): SlackFailure | null {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'throttled', afterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIHTTPError) return { kind: 'status', status: error.statusCode };
  if (error instanceof WebAPIRequestError) return networkFailure(error.original);
  if (!(error instanceof WebAPIPlatformError)) return null;
  const { error: code, response_metadata: more } = error.data;
  if (typeof code !== 'string' || !ERROR_CODE.test(code)) return { kind: 'unreadable' };
  return { kind: 'refused', code, afterMs: more?.retryAfter === undefined ? null : more.retryAfter * 1000 };
}

function networkFailure(original: Error): SlackFailure {
  if (original instanceof UnreadableAnswerError) return { kind: 'unreadable' };
  if (original.name === 'TimeoutError') return { kind: 'timeout' };
  const code = codeOf(original.cause) ?? codeOf(original);
  return code !== null && NOT_CONNECTED.has(code) ? { kind: 'unreachable', code } : { kind: 'connection-lost' };
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
