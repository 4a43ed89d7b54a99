/** MetaStudio's voice-training API as a JobSource. It only reads: nothing here can submit, change or delete a job. */
import { isJobId, type JobKey, jobIdOf, jobKey, projectIdOf } from '../domain/job.ts';
import { type JobList, type JobPage, type JobSource, type ReadOptions, UpstreamError } from '../ports/job-source.ts';
import { decodeAttachmentLink, decodeAuditResult, decodeDetail, decodeJobs, decodeLogPage } from './decode.ts';
import { PAGE_LIMIT, readWholeLog } from './read-log.ts';
import { createSend, type Get, type SendParts, unanswered } from './send.ts';
import { canonicalQuery, encodePart } from './sign.ts';

export type MetaStudioOptions = SendParts & {
  /** As `https://metastudio.cn-north-4.myhuaweicloud.com`, with or without a path. */
  readonly endpoint: string;
  /** Sent as X-App-UserId with detail and list, which take it; '' = not sent. */
  readonly appUserId: string;
};

type Query = readonly (readonly [name: string, value: string])[];

/** Builds the client; nothing is sent yet. Throws a RangeError for a project id that can't be one, and so do its methods for a job's ids. */
export function createMetaStudio(options: MetaStudioOptions): JobSource & JobList {
  const { projectId, appUserId, log, metrics } = options;
  if (!isJobId(projectId)) throw new RangeError('a project id is 1 to 64 letters, digits, _ or -');
  const base = baseOf(options.endpoint);
  const appUser: Record<string, string> = appUserId === '' ? {} : { 'X-App-UserId': appUserId };
  const send = createSend(options);

  /** Sends and decodes; what `decode` answers null for is unreadable. */
  const ask = async <T>(get: Get, decode: (body: unknown) => T | null, read: ReadOptions): Promise<T> => {
    try {
      const { headers, body } = await send(get, read);
      const decoded = decode(body);
      if (decoded !== null) return decoded;
      const evidence = { status: 200, code: '', words: '', requestId: (headers.get('x-request-id') ?? '').slice(0, 64), retryAfterMs: 0 };
      log.warn('MetaStudio answered something else', { call: get.call, kind: 'unreadable', ...evidence, path: get.url.pathname });
      throw new UpstreamError('unreadable', evidence);
    } catch (error) {
      // The caller's patience is over, which is an outcome; any other abort is the caller's own affair.
      if (error === read.signal.reason && error instanceof DOMException && error.name === 'TimeoutError') throw unanswered('unavailable', 0, error);
      throw error;
    }
  };

  const jobs = (project: string, tail: string, query: Query): URL =>
    new URL(`${base}/v1/${project}/voice-training-manage/user/jobs${tail}${query.length === 0 ? '' : `?${canonicalQuery(query)}`}`);
  const ofJob = (job: JobKey, tail: string, query: Query = []) => {
    if (jobKey(projectIdOf(job), jobIdOf(job)) !== job) throw new RangeError('a job key is <project id>/<job id>');
    return { projectId: projectIdOf(job), url: jobs(projectIdOf(job), `/${jobIdOf(job)}${tail}`, query) };
  };

  const list = async (query: Query, offset: number, read: ReadOptions): Promise<JobPage> => {
    const page = await ask({ call: 'list', projectId, url: jobs(projectId, '', query), headers: appUser }, decodeJobs, read);
    return { count: page.count ?? offset + page.jobs.length, jobs: page.jobs };
  };

  return {
    readLog: async (job, read) => {
      const page = async (offset: number) => {
        const query: Query = [
          ['limit', String(PAGE_LIMIT)],
          ['offset', String(offset)],
        ];
        const answer = await ask({ call: 'op-logs', ...ofJob(job, '/op-logs', query), headers: {} }, decodeLogPage, read);
        const skipped = answer.length - answer.operations.length;
        if (skipped > 0) log.warn('op-log entries that can not be read were left out', { job, skipped });
        return answer;
      };
      return readWholeLog(page, (pass) => {
        metrics.count('upstream_unstable_reads_total');
        log.info('the op-log did not hold still while it was read', { job, pass });
      });
    },
    readDetail: async (job, read) => ask({ call: 'detail', ...ofJob(job, ''), headers: appUser }, (body) => decodeDetail(body, jobIdOf(job)), read),
    readAuditResult: async (job, read) => ask({ call: 'audit-result', ...ofJob(job, '/audit-result'), headers: {} }, decodeAuditResult, read),
    attachmentLink: async (job, read) => {
      const decode = (body: unknown) => decodeAuditResult(body) && { link: decodeAttachmentLink(body) };
      return (await ask({ call: 'audit-result', ...ofJob(job, '/audit-result'), headers: {} }, decode, read)).link;
    },
    listJobs: async ({ name, offset, limit }, read) => {
      const filter: Query = name === '' ? [] : [['voice_name', name.toWellFormed()]];
      return list([['limit', String(Math.min(limit, PAGE_LIMIT))], ['offset', String(offset)], ...filter], offset, read);
    },
    // latest first: a job that moves between two pages goes to the front, so that others are seen twice and none is passed over
    listUpdated: async ({ sinceMs, offset }, read) => {
      const since: Query = sinceMs === null ? [] : [['update_since', listInstant(sinceMs)]];
      const order: Query = [
        ['sort_key', 'update_time'],
        ['sort_dir', 'desc'],
      ];
      return list([['limit', String(PAGE_LIMIT)], ['offset', String(offset)], ...order, ...since], offset, read);
    },
  };
}

/** The list's form of an instant is not documented; the SDKs allow it 20 characters, which is exactly this one. */
function listInstant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Scheme, host and path of the endpoint, the path spelled as it is signed. */
function baseOf(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  const path = pathname.replace(/\/+$/, '').split('/');
  return origin + path.map((part) => encodePart(decodeURIComponent(part))).join('/');
}
