/** What a test or a side panel may do to the jobs of a simulator. Each call leaves what the real log, detail and audit result would show. */
import { randomUUID } from 'node:crypto';
import {
  type Act,
  type Audit,
  act,
  type Detail,
  type FailureCarrier,
  type FileError,
  inState,
  type LogItem,
  logged,
  newJob,
  type PlainAct,
  type SimulatedJob,
} from './job.ts';

export type Control = ReturnType<typeof openControl>;

/** `now` gives ms since 1970. Every function that takes a job's id throws a RangeError when there is no such job. */
export function openControl(jobs: Map<string, SimulatedJob>, earlier: Map<string, SimulatedJob>, now: () => number) {
  const deleted = new Map<string, SimulatedJob>();
  const growth: { readonly item: LogItem; left: number }[] = [];
  const seconds = () => Math.floor(now() / 1000);

  function change(jobId: string, how: (job: SimulatedJob) => SimulatedJob): void {
    const job = jobs.get(jobId);
    if (!job) throw new RangeError(`no job ${jobId}`);
    const after = how(job);
    if (after.detail !== job.detail) earlier.set(jobId, job);
    jobs.set(jobId, after);
  }

  const perform = (jobId: string, deed: Act) => change(jobId, (job) => act(job, deed, seconds()));
  const simple = (kind: PlainAct) => (jobId: string) => perform(jobId, { kind });

  return {
    /** Makes a job, with CREATE_JOB in its log, and answers its id. */
    createJob(job: { readonly voiceName: string; readonly jobType?: string; readonly id?: string }): string {
      const jobId = job.id ?? randomUUID();
      jobs.set(jobId, newJob({ jobId, voiceName: job.voiceName, jobType: job.jobType ?? 'BASIC' }, seconds()));
      return jobId;
    },
    submit: simple('submit'),
    passMachine: simple('passMachine'),
    approve: simple('approve'),
    startTraining: simple('startTraining'),
    finishTraining: simple('finishTraining'),
    upload: simple('upload'),
    complete: simple('complete'),
    rejectByMachine: (jobId: string, files: readonly FileError[] = [], reason = '') => perform(jobId, { kind: 'rejectByMachine', files, reason }),
    /** `attachment`: name of the file the reviewer left; '' or absent = none. `files`: what the machine had found before. */
    rejectByPerson(
      jobId: string,
      reason: string,
      more: { readonly files?: readonly FileError[]; readonly attachment?: string; readonly reviewIds?: readonly string[] } = {},
    ): void {
      perform(jobId, { kind: 'rejectByPerson', reason, reviewIds: more.reviewIds ?? [], attachment: more.attachment ?? '' });
      const errors = more.files;
      if (errors) change(jobId, (job) => ({ ...job, audit: { ...job.audit, system_audit_result: { audit_time: seconds(), errors } } }));
    },
    /** `carrier`: the log's entry that holds the reason; by default only the detail does. */
    failTraining: (jobId: string, reason: string, more: { readonly code?: string; readonly carrier?: FailureCarrier } = {}) =>
      perform(jobId, { kind: 'failTraining', code: more.code ?? 'MSS.60020007', reason, carrier: more.carrier ?? 'none' }),
    /** Adds an entry as it is and leaves the rest of the job alone; without a time it gets the present second, with `time: null` none. */
    append(jobId: string, item: Omit<LogItem, 'time'> & { readonly time?: number | null }): void {
      const { time = seconds(), ...rest } = item;
      change(jobId, (job) => logged(job, time === null ? rest : { time, ...rest }));
    },
    /** Replaces the whole log, for what no append can do: entries that change or vanish. */
    setLog: (jobId: string, log: readonly LogItem[]) => change(jobId, (job) => ({ ...job, log })),
    setState: (jobId: string, state: string, also: Partial<Pick<Detail, 'job_failed_code' | 'job_failed_reason' | 'asset_id' | 'reject_times'>> = {}) =>
      change(jobId, (job) => inState(job, state, { ...also, lastupdate_time: seconds() })),
    setAuditResult: (jobId: string, audit: Audit) => change(jobId, (job) => ({ ...job, audit })),
    deleteJob(jobId: string): void {
      change(jobId, (job) => {
        deleted.set(jobId, job);
        return job;
      });
      jobs.delete(jobId);
    },
    /** Brings a deleted job back as it was. */
    restoreJob(jobId: string): void {
      const job = deleted.get(jobId);
      if (!job) throw new RangeError(`no deleted job ${jobId}`);
      deleted.delete(jobId);
      jobs.set(jobId, job);
    },
    /** Appends the entry before each of the next `times` op-log pages that are not a first page: a log that grows while it is read. */
    growBetweenPages(item: LogItem, times = 1): void {
      growth.push({ item, left: times });
    },
    /** What `growBetweenPages` planned comes about. */
    grow(jobId: string): void {
      const next = growth[0];
      if (!next || !jobs.has(jobId)) return;
      next.left -= 1;
      if (next.left <= 0) growth.shift();
      change(jobId, (job) => logged(job, next.item));
    },
    /** A job as it is kept; null: there is none. */
    job: (jobId: string): SimulatedJob | null => jobs.get(jobId) ?? null,
    jobIds: (): readonly string[] => [...jobs.keys()],
  };
}
