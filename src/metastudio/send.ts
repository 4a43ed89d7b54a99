/** A GET with permission: asks the budget, signs or carries a token, and reports how it ended, so that the bucket slows and the gate shuts for all. */
import type { Budget } from '../ports/budget.ts';
import type { Clock } from '../ports/clock.ts';
import { type ReadOptions, UpstreamError, type UpstreamErrorKind } from '../ports/job-source.ts';
import type { Log } from '../ports/log.ts';
import type { Metrics } from '../ports/metrics.ts';
import { type CallName, createExchange, type Received } from './exchange.ts';
import { createTokenSource, type IamUser } from './iam-token.ts';
import { type AccessKey, sign, type Unsigned } from './sign.ts';

export type Credentials = ({ readonly kind: 'access-key' } & AccessKey) | ({ readonly kind: 'iam' } & IamUser);

export type SendParts = {
  /** The project that a token is asked for. */
  readonly projectId: string;
  readonly credentials: Credentials;
  readonly budget: Budget;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** `requestMs`: from sending a request to the last byte of its answer. */
  readonly timeouts: { readonly requestMs: number };
};

export type Get = { readonly call: CallName; readonly projectId: string; readonly url: URL; readonly headers: Readonly<Record<string, string>> };
export type Send = (get: Get, read: ReadOptions) => Promise<Received>;

/**
 * Rejects with UpstreamError, with the signal's reason, or as the budget does when its store is lost.
 * One permission covers a request and, about once a day, the token for it: a probe of the gate is then a password and what it is good for.
 */
export function createSend(parts: SendParts): Send {
  const { credentials, budget, clock, log, metrics } = parts;
  const secrets = () =>
    credentials.kind === 'iam' ? [credentials.password, tokens?.held() ?? ''] : [credentials.secretKey, credentials.securityToken, credentials.accessKey];
  const exchange = createExchange({ clock, log, metrics, requestMs: parts.timeouts.requestMs, secrets });

  const report: Budget['report'] = async (result) => {
    try {
      await budget.report(result);
    } catch (error) {
      // Changes nothing for the caller; the next answer brings another report.
      log.warn('how a request ended could not be reported', { result: result.kind, error: error instanceof Error ? error : null });
    }
  };

  const reportFailure = async ({ kind, evidence }: UpstreamError): Promise<void> => {
    if (kind === 'unauthorized') {
      tokens?.drop(null);
      metrics.set('gate_closed', 1);
      return report({ kind, evidence });
    }
    if (kind === 'throttled') return report({ kind, retryAfterMs: evidence.retryAfterMs });
    if (kind === 'forbidden') return report({ kind, evidence });
    // The service behind the gateway has answered about a job, so the key was good.
    const known = (kind === 'not-found' || kind === 'invalid') && evidence.code.startsWith('MSS.');
    await report({ kind: known ? 'ok' : 'unsaid' });
  };

  const tokens =
    credentials.kind === 'iam' ? createTokenSource({ iam: credentials, projectId: parts.projectId, exchange, clock, failed: reportFailure }) : null;

  const permit = async ({ priority, signal }: ReadOptions): Promise<void> => {
    const permission = await budget.acquire(priority, signal);
    if (permission.kind === 'granted') return;
    // The token held may be what was refused: the next probe brings its own.
    if (permission.kind === 'closed') tokens?.drop(null);
    throw unanswered(permission.kind === 'closed' ? 'closed' : 'throttled', permission.afterMs);
  };

  const authorize = async ({ url, projectId, headers }: Get, signal: AbortSignal): Promise<{ readonly request: Unsigned; readonly cached: string | null }> => {
    const request: Unsigned = { method: 'GET', url, headers: { 'Content-Type': 'application/json', ...headers }, body: '' };
    if (credentials.kind === 'access-key') {
      const unsigned = { ...request, headers: { ...request.headers, 'X-Project-Id': projectId } };
      return { request: { ...unsigned, headers: sign(unsigned, credentials, clock.now()) }, cached: null };
    }
    const { token, fresh } = (await tokens?.get(signal)) ?? { token: '', fresh: true };
    return { request: { ...request, headers: { ...request.headers, 'X-Auth-Token': token } }, cached: fresh ? null : token };
  };

  return async (get, read) => {
    for (let renewed = false; ; renewed = true) {
      await permit(read);
      const { request, cached } = await authorize(get, read.signal);
      try {
        const received = await exchange(get.call, request, read.signal);
        metrics.set('gate_closed', 0);
        await report({ kind: 'ok' });
        return received;
      } catch (error) {
        if (!(error instanceof UpstreamError)) throw error;
        if (error.kind === 'unauthorized' && cached !== null && !renewed) {
          // A token dies early when rights or passwords change: a new one decides whether access is lost.
          tokens?.drop(cached);
          continue;
        }
        await reportFailure(error);
        throw error;
      }
    }
  };
}

/** An error about a request that was never answered, or never sent. */
export function unanswered(kind: UpstreamErrorKind, retryAfterMs: number, cause?: Error): UpstreamError {
  return new UpstreamError(kind, { status: 0, code: '', words: '', requestId: '', retryAfterMs }, { cause });
}
