/** Questions to MetaStudio on behalf of a person: bounded in time, and a failure is a value. */
import type { CommandError } from '../domain/message.ts';
import { type ReadOptions, UpstreamError, type UpstreamErrorKind } from '../ports/job-source.ts';
import type { CommandDependencies } from './dependencies.ts';

export type Asked<T> = { readonly kind: 'ok'; readonly value: T } | { readonly kind: 'failed'; readonly error: UpstreamError };

const NO_ANSWER = { status: 0, code: '', words: '', requestId: '', retryAfterMs: 0 };

/** Asks with the highest priority until `signal` ends it; a question without an answer in time counts as unavailable. Bugs are thrown on. */
export async function ask<T>(read: (options: ReadOptions) => Promise<T>, signal: AbortSignal): Promise<Asked<T>> {
  const over = Promise.withResolvers<never>();
  const stop = () => over.reject(new UpstreamError('unavailable', NO_ANSWER, { cause: signal.reason }));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return { kind: 'ok', value: await Promise.race([over.promise, read({ priority: 'command', signal })]) };
  } catch (error) {
    if (error instanceof UpstreamError) return { kind: 'failed', error };
    if (signal.aborted) return { kind: 'failed', error: new UpstreamError('unavailable', NO_ANSWER, { cause: error }) };
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Upstream understood the question, and the answer is no. */
export function isRefusal(error: UpstreamError): boolean {
  return error.kind === 'not-found' || error.kind === 'invalid';
}

/** It may well know the job, but can't be asked now. What is misconfigured or unreadable does not pass by waiting. */
export function passesByWaiting(error: UpstreamError): boolean {
  return WAITABLE.has(error.kind);
}

const WAITABLE: ReadonlySet<UpstreamErrorKind> = new Set(['unavailable', 'closed', 'throttled', 'unauthorized', 'forbidden']);
const CREDENTIALS: ReadonlySet<UpstreamErrorKind> = new Set(['closed', 'unauthorized', 'forbidden']);
const SHUT: ReadonlySet<UpstreamErrorKind> = new Set([...CREDENTIALS, 'configuration']);

/** Why an answer is not fresh, as cards know it. */
export function staleReason(error: UpstreamError): 'closed' | 'unavailable' {
  return SHUT.has(error.kind) ? 'closed' : 'unavailable';
}

export function refusalOf(error: UpstreamError, input: string): CommandError {
  return { kind: 'upstream-refused', input, code: error.evidence.code, message: error.evidence.words };
}

/**
 * Upstream can't be asked: it does not answer, or it refuses our credentials.
 * @param byId a full id would have been accepted unread
 */
export async function upstreamDown(error: UpstreamError, deps: CommandDependencies, byId = false): Promise<CommandError> {
  const gate = await deps.budget.gate();
  const refuses = gate !== null || CREDENTIALS.has(error.kind);
  return { kind: refuses ? 'upstream-refuses' : 'upstream-down', since: gate?.since ?? null, byId };
}
