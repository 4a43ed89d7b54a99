/** What MetaStudio and IAM answer to a request, apart from faults. Changes nothing but a log that was asked to grow between two pages. */
import { createHmac } from 'node:crypto';
import { type Access, wrongProject } from './access.ts';
import { type Answer, type Arrival, gatewayError, ok, serviceError } from './answer.ts';
import type { SimulatedJob } from './job.ts';
import { filterJobs, type ListRules, listedRows, readPage, slicePage } from './listing.ts';
import { orderLog, type Shape, shapeBody } from './shape.ts';

const JOBS = /^\/v1\/([^/]+)\/voice-training-manage\/user\/jobs(?:\/([^/]+)(?:\/(op-logs|audit-result))?)?\/?$/;
const ATTACHMENT = /^\/attachments\/([^/]+)\/([^/]+)$/;
const JOB_ID_LENGTH = 64;
/** How long a link to an attachment is good for. */
const LINK_LIFE_S = 900;

export type Rules = {
  /** Requests a second before 429; Infinity = no ceiling. */
  maxRps: number;
  /** What an unknown job answers. Not documented: 404 here, 400 with an MSS code is as likely. */
  unknownJob: { status: number; code: string };
  readonly shape: Shape;
  readonly list: ListRules;
};

export type Surroundings = {
  readonly jobs: ReadonlyMap<string, SimulatedJob>;
  /** How each job looked before its latest change. */
  readonly earlier: ReadonlyMap<string, SimulatedJob>;
  readonly access: Access;
  readonly rules: Rules;
  /** By job: the order in which its log was last begun to be read. It stays for the further pages, whatever the rules become meanwhile. */
  readonly orders: Map<string, Shape['order']>;
  /** Called before a page of an op-log that is not its first is answered. */
  readonly betweenPages: (jobId: string) => void;
  /** Signs links to attachments. */
  readonly linkKey: string;
  readonly origin: () => string;
  /** ms since 1970 */
  readonly now: () => number;
};

export type Served = { readonly answer: Answer; readonly authorized: boolean };

export function serve(arrival: Arrival, around: Surroundings): Served {
  if (arrival.path === '/v3/auth/tokens' && arrival.method === 'POST') {
    const answer = around.access.issueToken(arrival);
    return { answer, authorized: answer.status === 201 };
  }
  const attachment = ATTACHMENT.exec(arrival.path);
  if (attachment) return { answer: serveAttachment(attachment, arrival, around), authorized: false };
  const route = JOBS.exec(arrival.path);
  if (!route)
    return {
      answer: gatewayError(arrival, 404, { code: 'APIG.0101', words: 'The API does not exist or has not been published in the environment.' }),
      authorized: false,
    };

  const caller = around.access.authenticate(arrival);
  if ('status' in caller) return { answer: caller, authorized: false };
  const throttled = around.access.throttle(arrival, around.rules.maxRps);
  if (throttled) return { answer: throttled, authorized: true };
  const [, projectId, jobId, part] = route;
  if (projectId !== caller.projectId) return { answer: wrongProject(), authorized: true };
  if (arrival.method !== 'GET') return { answer: serviceError(400, 'MSS.00010004', 'Method not allowed.'), authorized: true };
  const answer = answerJobs({ jobId: jobId ?? null, part: part ?? '', query: new URLSearchParams(arrival.query) }, around);
  return { answer: { ...answer, body: shapeBody(answer.body, around.rules.shape) }, authorized: true };
}

type JobsRequest = { readonly jobId: string | null; readonly part: string; readonly query: URLSearchParams };

function answerJobs(request: JobsRequest, around: Surroundings): Answer {
  if (request.jobId === null) return answerList(request.query, around);
  if (request.jobId.length > JOB_ID_LENGTH) return invalidParameter();
  const job = around.jobs.get(request.jobId);
  if (!job) return serviceError(around.rules.unknownJob.status, around.rules.unknownJob.code, 'The job does not exist.');
  if (request.part === 'op-logs') return answerLog(request.jobId, request.query, around);
  return ok(request.part === 'audit-result' ? signedAudit(job, around) : job.detail);
}

function answerLog(jobId: string, query: URLSearchParams, around: Surroundings): Answer {
  const page = readPage(query);
  if (!page) return invalidParameter();
  if (page.offset > 0) around.betweenPages(jobId);
  if (page.offset === 0) around.orders.set(jobId, around.rules.shape.order);
  const log = orderLog(around.jobs.get(jobId)?.log ?? [], around.orders.get(jobId) ?? around.rules.shape.order);
  return ok({ count: log.length, operations: slicePage(log, page) });
}

function answerList(query: URLSearchParams, around: Surroundings): Answer {
  const page = readPage(query);
  const { list } = around.rules;
  if (list.updateSince === 'refused' && query.has('update_since')) return invalidParameter();
  if (list.updateSince === 'ignored') for (const name of ['update_since', 'update_until', 'sort_key', 'sort_dir']) query.delete(name);
  const jobs = filterJobs(listedRows(around.jobs, around.earlier, { rules: list, now: around.now() }), query);
  if (!page || !jobs) return invalidParameter();
  return ok({ count: jobs.length, jobs: slicePage(jobs, page) });
}

function invalidParameter(): Answer {
  return serviceError(400, 'MSS.00000003', 'Invalid parameter.');
}

/** The audit result with a link that is fresh at each call. */
function signedAudit(job: SimulatedJob, around: Surroundings): unknown {
  const admin = job.audit.admin_audit_result;
  if (admin?.attachment_url === undefined) return job.audit;
  const path = `/attachments/${job.detail.job_id}/${encodeURIComponent(admin.attachment_name ?? 'attachment')}`;
  const expires = String(Math.floor(around.now() / 1000) + LINK_LIFE_S);
  const signed = `${admin.attachment_url || around.origin() + path}?Expires=${expires}&Signature=${linkSignature(around.linkKey, path, expires)}`;
  return { ...job.audit, admin_audit_result: { ...admin, attachment_url: signed } };
}

/** The file behind a link, as object storage would serve it: no other credentials are asked. */
function serveAttachment(match: RegExpExecArray, arrival: Arrival, around: Surroundings): Answer {
  const query = new URLSearchParams(arrival.query);
  const expires = query.get('Expires') ?? '';
  const good = query.get('Signature') === linkSignature(around.linkKey, arrival.path, expires) && Number(expires) * 1000 > around.now();
  const admin = around.jobs.get(match[1] ?? '')?.audit.admin_audit_result;
  if (!good || !admin) return { status: 403, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'The link is not valid or no longer valid.' };
  return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${admin.message}\n` };
}

function linkSignature(key: string, path: string, expires: string): string {
  return createHmac('sha256', key).update(`${path}\n${expires}`).digest('base64url');
}
