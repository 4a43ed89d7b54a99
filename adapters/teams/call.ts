/** One call of the Bot Connector: made once, with its outcome as a value. */
import type { Clock } from '../../src/ports/clock.ts';
import { networkFailure, refusalOf, type TeamsFailure } from './failure.ts';
import type { Tokens } from './token.ts';

export type TeamsAnswer<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'failed'; readonly failure: TeamsFailure };

export type Call = { readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'; readonly url: string; readonly body: object | null; readonly signal: AbortSignal };
export type Members = Readonly<Record<string, unknown>>;
/** `list`: an answer that is a list comes as its one member. */
export const LIST = 'list';

export function createCall(tokens: Tokens, clock: Clock): (asked: Call) => Promise<TeamsAnswer<Members>> {
  const attempt = async ({ method, url, body, signal }: Call): Promise<TeamsAnswer<Members> & { readonly token: string | null }> => {
    const asked = await within(tokens.get(), signal);
    if (asked === null) return { ...failed({ kind: 'no-token', refused: false }), token: null };
    if (asked.kind !== 'token') return { ...failed({ kind: 'no-token', refused: asked.kind === 'refused' }), token: null };
    const { token } = asked;
    const headers = { 'content-type': 'application/json; charset=utf-8', ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
    try {
      const response = await fetch(url, { method, headers, redirect: 'manual', signal, ...(body === null ? {} : { body: JSON.stringify(body) }) });
      const text = await response.text();
      const read = membersIn(text);
      if (!response.ok) return { ...failed(refusalOf(response, read, clock.now())), token };
      if (read === null && text.trim() !== '') return { ...failed({ kind: 'unreadable' }), token };
      return { kind: 'ok', value: read ?? {}, token };
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      return { ...failed(networkFailure(error)), token };
    }
  };
  /** A refused token may only be an old one: nothing was done, so the call is made once more with a new one. */
  return async (asked) => {
    const first = await attempt(asked);
    if (first.kind === 'ok' || first.token === null || first.failure.kind !== 'refused' || first.failure.status !== 401) return first;
    tokens.forget(first.token);
    return attempt(asked);
  };
}

export function failed(failure: TeamsFailure): { readonly kind: 'failed'; readonly failure: TeamsFailure } {
  return { kind: 'failed', failure };
}

/** null when the signal came first. */
async function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T | null> {
  const { promise: over, resolve } = Promise.withResolvers<null>();
  const end = () => resolve(null);
  if (signal.aborted) return null;
  signal.addEventListener('abort', end, { once: true });
  try {
    return await Promise.race([work, over]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** null when the text is no JSON object or list. */
function membersIn(text: string): Members | null {
  try {
    const read: unknown = JSON.parse(text);
    if (Array.isArray(read)) return { [LIST]: read };
    return isMembers(read) ? read : null;
  } catch {
    return null;
  }
}

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
