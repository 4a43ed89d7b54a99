/** MetaStudio as the core needs it. Failures are `UpstreamError`s. Requests draw from the shared budget with the priority given. */
import type { AuditResult, JobDetail, JobKey } from '../domain/job.ts';
import type { Operation } from '../domain/operation.ts';
import type { Priority } from './budget.ts';

export interface JobSource {
  /** The whole op-log, every page of one consistent read, in the order upstream answered. */
  readLog(job: JobKey, options: ReadOptions): Promise<readonly Operation[]>;
  readDetail(job: JobKey, options: ReadOptions): Promise<JobDetail>;
  readAuditResult(job: JobKey, options: ReadOptions): Promise<AuditResult>;
  /** A link to the reviewer's attachment, fresh and short-lived, or null. Never stored. */
  attachmentLink(job: JobKey, options: ReadOptions): Promise<string | null>;
  listJobs(query: JobQuery, options: ReadOptions): Promise<JobPage>;
}

/** The job list as the sweep reads it. */
export interface JobList extends Pick<JobSource, 'listJobs'> {
  /** A page of jobs whose update time is `sinceMs` (ms since 1970, whole seconds) or later, latest first; null: of all jobs. */
  listUpdated(query: { readonly sinceMs: number | null; readonly offset: number }, options: ReadOptions): Promise<JobPage>;
}

export type ReadOptions = { readonly priority: Priority; readonly signal: AbortSignal };

/** `name` filters by voice name upstream ('' = all). Newest first. */
export type JobQuery = { readonly name: string; readonly offset: number; readonly limit: number };
export type JobPage = { readonly count: number; readonly jobs: readonly JobDetail[] };

/**
 * not-found: no such job. unauthorized: key, token or clock (401 and its like). forbidden: rights, account. configuration: wrong host, region
 * or project. invalid: upstream refuses the request as such. throttled: 429, or our own budget has nothing left in time. closed: the auth gate is
 * shut. unavailable: 5xx, network, timeout. unreadable: an answer that is not what the API documents. unstable: the log grew during every try.
 */
export type UpstreamErrorKind =
  | 'not-found'
  | 'unauthorized'
  | 'forbidden'
  | 'configuration'
  | 'invalid'
  | 'throttled'
  | 'closed'
  | 'unavailable'
  | 'unreadable'
  | 'unstable';

/** How an operator mends what keeps every request from being answered: said by the log and by the doctor. */
export const MEND_ACCESS = {
  unauthorized:
    'look at METASTUDIO_ACCESS_KEY and METASTUDIO_SECRET_KEY (or METASTUDIO_IAM_*): whole, of this account, not disabled; and at the clock of this machine',
  forbidden:
    'give the IAM user of METASTUDIO_ACCESS_KEY (or METASTUDIO_IAM_USER) the right to read MetaStudio in METASTUDIO_PROJECT_ID, and see that the account is verified and not in arrears',
} as const;

export type UpstreamEvidence = {
  /** HTTP status, 0 when there was no answer. */
  readonly status: number;
  /** error_code, '' when there was none. */
  readonly code: string;
  /** error_msg as upstream wrote it, cut to 300 characters, without secrets. */
  readonly words: string;
  readonly requestId: string;
  /** How long to wait at least, ms; 0 = no word of it. */
  readonly retryAfterMs: number;
};

export class UpstreamError extends Error {
  override readonly name = 'UpstreamError';
  readonly kind: UpstreamErrorKind;
  readonly evidence: UpstreamEvidence;
  constructor(kind: UpstreamErrorKind, evidence: UpstreamEvidence, options?: ErrorOptions) {
    super(`MetaStudio: ${kind} (HTTP ${evidence.status}${evidence.code ? ` ${evidence.code}` : ''})`, options);
    this.kind = kind;
    this.evidence = evidence;
  }
}
