/**
 * Upstream's answers as inner types. Every member is optional upstream, so what is missing, null or of another type counts as absent where nothing is
 * lost by that; only a body that is not the documented thing at all is refused (null). Members that are not named here are dropped, and with
 * them the phone number and the addresses of recordings and authorizations.
 */
import { z } from 'zod';
import { type AuditResult, isJobId, type JobDetail } from '../domain/job.ts';
import type { Operation } from '../domain/operation.ts';

/** Longest texts, as the official SDKs document them: action and operator; reasons; names and codes of audit results. */
const LONGEST = { name: 256, reason: 4096, audit: 1024, other: 500 } as const;

/** Members of external_info that are never shown, should upstream ever add them: personal data, addresses and keys. */
const PRIVATE_NAME = /phone|mobile|e-?mail|url|link|token|secret|password|credential|signature/i;
/** The query of a link that carries a signature opens the file to whoever reads it, and differs on each read. */
const SIGNED_QUERY = /(https?:\/\/[^\s?"'<>]+)\?[^\s"'<>]*(?:signature|accesskeyid|token|credential)=[^\s"'<>]*/gi;

/** A member that may be absent, null or anything. */
const anything = z.unknown().default(null);

/** Any JSON value as text: '' for null and for what is empty. Words are never lost to a wrong type. */
function text(longest: number) {
  return anything.transform((value) => {
    if (value === undefined || value === null) return '';
    const written = typeof value === 'object' ? writeObject(value) : String(value);
    return cut(written.replace(SIGNED_QUERY, '$1'), longest);
  });
}

function writeObject(value: object): string {
  if (Object.keys(value).length === 0) return '';
  return JSON.stringify(value, (name, member: unknown) => (PRIVATE_NAME.test(name) ? undefined : member));
}

/** Cuts between characters, not within one. */
function cut(written: string, longest: number): string {
  return written.length <= longest ? written : written.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '');
}

/** A positive number, also written as text; anything else is null. 0 means "unset". */
const time = anything.transform((value) => {
  const number = typeof value === 'string' && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null;
});

const count = anything.transform((value) => {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
});

const list = anything.transform((value): readonly unknown[] => (Array.isArray(value) ? value : []));
const idList = list.transform((ids) => ids.filter((id) => typeof id === 'string' || typeof id === 'number').map((id) => cut(String(id), LONGEST.name)));

const object = z.record(z.string(), z.unknown());

/** Not a page at all: no list of operations. `count: 0` without a list is an empty page. */
const page = object.refine((body) => Array.isArray(body.operations) || (absent(body.operations) && (body.count === 0 || body.count === '0')));

const documented = z.object({ review_id_list: idList, algorithm_failure_reason: text(LONGEST.reason), admin_audit_failure_reason: text(LONGEST.reason) });
const operation = z.object({ time, action: text(LONGEST.name), operator: text(LONGEST.name), external_info: anything });

export type LogPage = {
  /** As upstream says; null = it does not. */
  readonly count: number | null;
  /** How many entries the page has, unreadable ones included. */
  readonly length: number;
  readonly operations: readonly Operation[];
};

/** One page of the op-log; null = not one. An entry that is no object is left out. */
export function decodeLogPage(body: unknown): LogPage | null {
  const parsed = page.safeParse(body);
  if (!parsed.success) return null;
  const entries = list.parse(parsed.data.operations);
  return { count: count.parse(parsed.data.count), length: entries.length, operations: entries.flatMap((entry) => decodeOperation(entry) ?? []) };
}

function decodeOperation(entry: unknown): Operation | null {
  const parsed = operation.safeParse(entry);
  if (!parsed.success) return null;
  const { external_info: external, ...rest } = parsed.data;
  const isObject = typeof external === 'object' && external !== null && !Array.isArray(external);
  const members = isObject ? object.parse(external) : { external_info: external };
  const known = documented.parse(members);
  return {
    ...rest,
    reviewIds: known.review_id_list,
    algorithmReason: known.algorithm_failure_reason,
    adminReason: known.admin_audit_failure_reason,
    other: decodeOther(members),
  };
}

function decodeOther(members: Readonly<Record<string, unknown>>): Record<string, string> {
  const undocumented = Object.entries(members).filter(([name]) => !Object.hasOwn(documented.shape, name) && !PRIVATE_NAME.test(name));
  const written = undocumented.map(([name, value]) => [cut(name, LONGEST.name), text(LONGEST.other).parse(value)] as const);
  return Object.fromEntries(written.filter(([, value]) => value !== ''));
}

const detail = z
  .object({
    job_id: text(LONGEST.name),
    voice_name: text(LONGEST.name),
    job_type: text(LONGEST.name),
    state: text(LONGEST.name),
    job_failed_code: text(LONGEST.name),
    job_failed_reason: text(LONGEST.reason),
    asset_id: text(LONGEST.name),
    reject_times: count,
    create_time: time,
    lastupdate_time: time,
  })
  .transform(
    (job): JobDetail => ({
      jobId: job.job_id,
      voiceName: job.voice_name,
      jobType: job.job_type,
      state: job.state,
      failedCode: job.job_failed_code,
      failedReason: job.job_failed_reason,
      assetId: job.asset_id,
      rejectTimes: job.reject_times ?? 0,
      createdAt: job.create_time,
      updatedAt: job.lastupdate_time,
    }),
  );

/** A job's detail; null when the body is no job, or another one. */
export function decodeDetail(body: unknown, jobId: string): JobDetail | null {
  const parsed = detail.safeParse(body);
  if (!parsed.success) return null;
  const job = parsed.data;
  if (job.jobId === '' && job.state === '' && job.voiceName === '') return null;
  if (job.jobId !== '' && job.jobId.toLowerCase() !== jobId.toLowerCase()) return null;
  return { ...job, jobId };
}

/** A page of the job list; null = not one. Jobs whose id can't be used are left out. */
export function decodeJobs(body: unknown): { readonly count: number | null; readonly jobs: readonly JobDetail[] } | null {
  const parsed = object.refine(({ jobs, count: total }) => Array.isArray(jobs) || (absent(jobs) && (total === 0 || total === '0'))).safeParse(body);
  if (!parsed.success) return null;
  const jobs = list.parse(parsed.data.jobs).flatMap((job) => detail.safeParse(job).data ?? []);
  return { count: count.parse(parsed.data.count), jobs: jobs.filter(({ jobId }) => isJobId(jobId)) };
}

const file = z
  .object({ audio_name: text(LONGEST.audit), text_name: text(LONGEST.audit), error_code: text(LONGEST.audit), error_message: text(LONGEST.audit) })
  .transform((problem) => ({ audio: problem.audio_name, text: problem.text_name, code: problem.error_code, message: problem.error_message }));

const systemResult = z
  .object({ audit_time: time, errors: list })
  .transform(({ audit_time, errors }) => ({ time: audit_time, files: errors.flatMap((problem) => file.safeParse(problem).data ?? []) }));

const adminResult = z
  .object({ audit_time: time, message: text(LONGEST.reason), attachment_name: text(LONGEST.audit) })
  .transform((result) => ({ time: result.audit_time, message: result.message, attachmentName: result.attachment_name }));

/** The review results without the attachment's address; null when the body is no object. A job that was never reviewed has neither result. */
export function decodeAuditResult(body: unknown): AuditResult | null {
  const parsed = object.safeParse(body);
  if (!parsed.success) return null;
  return {
    system: systemResult.safeParse(parsed.data.system_audit_result).data ?? null,
    admin: adminResult.safeParse(parsed.data.admin_audit_result).data ?? null,
  };
}

/** The attachment's address, if it is one that a browser can be sent to: https, or http on this machine. */
export function decodeAttachmentLink(body: unknown): string | null {
  const parsed = z.object({ admin_audit_result: z.object({ attachment_url: z.string().max(4096) }) }).safeParse(body);
  const address = parsed.success ? parsed.data.admin_audit_result.attachment_url : '';
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname));
  return safe && url.username === '' && url.password === '' ? url.href : null;
}

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}
