/** One HTTP request and its answer: time limit, size limit, classification, a log line for every failure. Never repeats and never follows a redirect. */
import ky, { isKyError } from 'ky';
import type { Clock } from '../ports/clock.ts';
import { UpstreamError } from '../ports/job-source.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import { type Answer, readFault } from './faults.ts';
import type { Unsigned } from './sign.ts';

/** What is asked, as it is called in logs and metrics. */
export type CallName = 'op-logs' | 'detail' | 'audit-result' | 'list' | 'token';

export type ExchangeParts = {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** From the request to the last byte of the answer. */
  readonly requestMs: number;
  /** Never to be repeated from an answer into an error or a log. Asked anew each time, for tokens come and go. */
  readonly secrets: () => readonly string[];
};

export type Received = { readonly headers: Headers; readonly body: unknown };
export type Exchange = (call: CallName, request: Unsigned, signal: AbortSignal) => Promise<Received>;

/** 100 op-log entries at their documented longest are about 1 MB. */
const LARGEST_BODY_BYTES = 5 * 1024 * 1024;

/**
 * Sends a request and answers the JSON of a 2xx. Anything else rejects with an UpstreamError, the caller's own abort with the signal's reason.
 * No error holds a request, a header or a body.
 */
export function createExchange(parts: ExchangeParts): Exchange {
  const { clock, log, metrics, requestMs } = parts;
  return async (call, request, signal) => {
    const start = clock.monotonic();
    const outcome = (kind: string) => {
      metrics.count('upstream_requests_total', { call, outcome: kind });
      metrics.observe('upstream_request_seconds', (clock.monotonic() - start) / 1000, { call, outcome: kind });
    };
    try {
      const answer = await transmit(request, signal, requestMs);
      const body = answer.status >= 200 && answer.status < 300 ? parseBody(answer.text) : undefined;
      if (body === undefined || isErrorBody(body)) {
        const { kind, evidence } = readFault(answer, parts.secrets(), clock.now());
        const skewMs = Date.parse(answer.headers.get('date') ?? '') - clock.now();
        log.warn('MetaStudio refused a request', { call, kind, ...evidence, path: request.url.pathname, clockSkewSeconds: Math.round(skewMs / 1000) || 0 });
        throw new UpstreamError(kind, evidence);
      }
      outcome('ok');
      return { headers: answer.headers, body };
    } catch (error) {
      if (error instanceof UpstreamError) {
        outcome(error.kind);
        throw error;
      }
      if (signal.aborted) {
        outcome('aborted');
        throw signal.reason;
      }
      const failure = error instanceof BrokenAnswer ? error : new BrokenAnswer('unavailable', 0, error);
      outcome(failure.kind);
      const evidence = { status: failure.status, code: '', words: '', requestId: failure.requestId, retryAfterMs: 0 };
      log.warn('MetaStudio gave no usable answer', { call, kind: failure.kind, ...evidence, path: request.url.pathname, fault: faultName(failure.cause) });
      throw new UpstreamError(failure.kind, evidence, { cause: failure.cause });
    }
  };
}

/** An answer that began and can't be used: cut off, too large, too slow. */
class BrokenAnswer extends Error {
  override readonly name = 'BrokenAnswer';
  readonly kind: 'unavailable' | 'unreadable';
  readonly status: number;
  readonly requestId: string;
  constructor(kind: 'unavailable' | 'unreadable', status: number, cause: unknown, requestId = '') {
    super(`an ${kind} answer`, { cause: root(cause) });
    this.kind = kind;
    this.status = status;
    this.requestId = requestId;
  }
}

async function transmit(request: Unsigned, signal: AbortSignal, requestMs: number): Promise<Answer> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(new DOMException('no complete answer in time', 'TimeoutError')), requestMs);
  try {
    const response = await ky(request.url.href, {
      method: request.method,
      headers: request.headers,
      ...(request.body === '' ? {} : { body: request.body }),
      signal: AbortSignal.any([signal, deadline.signal]),
      // Authorization is bound to the host, so a redirect is an answer like any other, and an error; 'manual' lets it be seen as what it is.
      redirect: 'manual',
      retry: 0,
      timeout: false,
      throwHttpErrors: false,
    });
    const requestId = (response.headers.get('x-request-id') ?? '').slice(0, 64);
    try {
      return { status: response.status, headers: response.headers, text: await readText(response) };
    } catch (error) {
      // The status of a failure says enough.
      if (response.status >= 400 && !signal.aborted) return { status: response.status, headers: response.headers, text: '' };
      throw new BrokenAnswer(deadline.signal.aborted ? 'unavailable' : 'unreadable', response.status, error, requestId);
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The body as text. Throws when it is cut off, or larger than the limit once unpacked. */
async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY_BYTES) throw new RangeError(`a body of more than ${LARGEST_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function parseBody(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A 2xx that carries an error all the same. */
function isErrorBody(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error_code' in body && typeof body.error_code === 'string' && body.error_code !== '';
}

/** ky's errors hold the request, and with it the credentials: only what is below them is kept. */
function root(error: unknown): unknown {
  if (isKyError(error)) return root(error.cause);
  return error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
}

/** ECONNREFUSED and the like, else the error's class. */
function faultName(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name;
}
