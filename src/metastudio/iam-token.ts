/** A token from IAM for a user's password, kept in this process's memory only (support.huaweicloud.com/api-iam/iam_30_0001.html). */
import { z } from 'zod';
import type { Clock } from '../ports/clock.ts';
import { UpstreamError } from '../ports/job-source.ts';
import type { Exchange } from './exchange.ts';
import { canonicalQuery } from './sign.ts';

export type IamUser = {
  /** As `https://iam.cn-north-4.myhuaweicloud.com`. */
  readonly endpoint: string;
  readonly user: string;
  readonly password: string;
  /** The account's name. */
  readonly domain: string;
};

export type TokenSource = {
  /** A token that is not about to expire. `fresh`: fetched during this call. Rejects with UpstreamError, or the signal's reason. */
  get(signal: AbortSignal): Promise<{ readonly token: string; readonly fresh: boolean }>;
  /** Forgets a token that was refused, or with null whatever is held. */
  drop(token: string | null): void;
  /** The token held, '' when there is none: to be kept out of logs. */
  held(): string;
};

export type TokenParts = {
  readonly iam: IamUser;
  readonly projectId: string;
  readonly exchange: Exchange;
  readonly clock: Clock;
  /** Told once of each failed fetch, before those who wait for it are. */
  readonly failed: (error: UpstreamError) => Promise<void>;
};

/** A token lives 24 h. Permissions and passwords can change meanwhile, so nothing is gained by stretching it. */
const RENEW_BEFORE_MS = 30 * 60_000;
/** When IAM does not say how long its token lives. */
const UNKNOWN_LIFE_MS = 3_600_000;
/** After a failed renewal, while the old token still holds. */
const RENEW_AGAIN_MS = 60_000;

const TOKEN = z.object({ token: z.object({ expires_at: z.string(), issued_at: z.string().optional() }) });

type Held = { readonly token: string; readonly renewAt: number; readonly expiresAt: number };
type Fetch = { readonly token: Promise<string>; readonly abort: AbortController; waiting: number };

/** One fetch at a time serves all who ask; it is given up when the last of them has left. */
export function createTokenSource(parts: TokenParts): TokenSource {
  const { iam, projectId, exchange, clock, failed } = parts;
  let held: Held | null = null;
  let underWay: Fetch | null = null;

  const fetchToken = async (signal: AbortSignal): Promise<string> => {
    const askedAt = clock.monotonic();
    try {
      const url = new URL(`${iam.endpoint.replace(/\/+$/, '')}/v3/auth/tokens?${canonicalQuery([['nocatalog', 'true']])}`);
      const answer = await exchange(
        'token',
        { method: 'POST', url, headers: { 'Content-Type': 'application/json;charset=utf8' }, body: requestBody(iam, projectId) },
        signal,
      );
      const token = answer.headers.get('x-subject-token') ?? '';
      if (token === '') throw new UpstreamError('unreadable', { status: 200, code: '', words: '', requestId: '', retryAfterMs: 0 });
      const lifeMs = lifeOf(answer.body, clock.now());
      held = { token, expiresAt: askedAt + lifeMs, renewAt: askedAt + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 4) };
      return token;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const meant = asIamFault(error);
      await failed(meant);
      throw meant;
    }
  };

  const begin = (): Fetch => {
    const abort = new AbortController();
    const token = fetchToken(abort.signal).finally(() => {
      if (underWay === fetch) underWay = null;
    });
    token.catch(() => undefined);
    const fetch: Fetch = { token, abort, waiting: 0 };
    return fetch;
  };

  const join = async (signal: AbortSignal): Promise<string> => {
    signal.throwIfAborted();
    underWay ??= begin();
    const fetch = underWay;
    const done = new AbortController();
    fetch.waiting += 1;
    try {
      const left = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: done.signal });
      });
      return await Promise.race([fetch.token, left]);
    } finally {
      done.abort();
      fetch.waiting -= 1;
      if (fetch.waiting === 0) {
        fetch.abort.abort();
        if (underWay === fetch) underWay = null;
      }
    }
  };

  return {
    get: async (signal) => {
      const current = held;
      if (current !== null && clock.monotonic() < current.renewAt) return { token: current.token, fresh: false };
      try {
        return { token: await join(signal), fresh: true };
      } catch (error) {
        const holds = current !== null && held === current && clock.monotonic() < current.expiresAt;
        if (!holds || !(error instanceof UpstreamError) || error.kind === 'unauthorized') throw error;
        held = { ...current, renewAt: clock.monotonic() + RENEW_AGAIN_MS };
        return { token: current.token, fresh: false };
      }
    },
    drop: (token) => {
      if (token === null || held?.token === token) held = null;
    },
    held: () => held?.token ?? '',
  };
}

/** MetaStudio is a service of a project, so the token is one of a project too. */
function requestBody({ user, password, domain }: IamUser, projectId: string): string {
  const identity = { methods: ['password'], password: { user: { name: user, password, domain: { name: domain } } } };
  return JSON.stringify({ auth: { identity, scope: { project: { id: projectId } } } });
}

/** Both instants are by IAM's clock, so that a wrong clock here does not matter. */
function lifeOf(body: unknown, now: number): number {
  const parsed = TOKEN.safeParse(body);
  if (!parsed.success) return UNKNOWN_LIFE_MS;
  const { expires_at: expires, issued_at: issued } = parsed.data.token;
  const lifeMs = Date.parse(expires) - (Date.parse(issued ?? '') || now);
  return Number.isFinite(lifeMs) ? Math.max(0, lifeMs) : UNKNOWN_LIFE_MS;
}

/** IAM knows nothing of jobs: what it can't find or take is the configuration (account, user or project). */
function asIamFault(error: UpstreamError): UpstreamError {
  if (error.kind !== 'not-found' && error.kind !== 'invalid') return error;
  return new UpstreamError('configuration', error.evidence, { cause: error });
}
