/** A voice-training job: its ids and what is known of it beside its op-log. */

/** `<project id>/<job id>`: names a job in the store, in queues and in buttons. */
export type JobKey = string;

/** Both ids go into URLs and keys; nothing else is accepted. */
const ID = /^[0-9A-Za-z_-]{1,64}$/;

/** The shortest start of an id that names a job. */
export const ID_START = 6;

export function isJobId(text: string): boolean {
  return ID.test(text);
}

/** A voice name as names are compared: who types one does not mind its capitals, nor whether its letters are wide. */
export function foldedName(name: string): string {
  return name.trim().normalize('NFKC').toLowerCase();
}

export function jobKey(projectId: string, jobId: string): JobKey {
  if (!isJobId(projectId) || !isJobId(jobId)) throw new RangeError('a project id and a job id are 1 to 64 letters, digits, _ or -');
  return `${projectId}/${jobId}`;
}

export function projectIdOf(job: JobKey): string {
  return job.slice(0, job.indexOf('/'));
}

export function jobIdOf(job: JobKey): string {
  return job.slice(job.indexOf('/') + 1);
}

/** One file named by the machine review. */
export type FileProblem = { readonly audio: string; readonly text: string; readonly code: string; readonly message: string };

/** The latest review results; upstream keeps one of each kind. Times are as upstream gave them. Links are never kept. */
export type AuditResult = {
  readonly system: { readonly time: number | null; readonly files: readonly FileProblem[] } | null;
  readonly admin: { readonly time: number | null; readonly message: string; readonly attachmentName: string } | null;
};

/** What a job's detail and audit result add to its journal. Absent text is ''. No phone number, address or link is ever in it. */
export type Facts = {
  readonly voiceName: string;
  readonly jobType: string;
  readonly state: string;
  readonly failedCode: string;
  readonly failedReason: string;
  readonly assetId: string;
  readonly rejectTimes: number;
  readonly audit: AuditResult | null;
};

/** A job as the job list and the job detail give it. */
export type JobDetail = {
  readonly jobId: string;
  readonly voiceName: string;
  readonly jobType: string;
  readonly state: string;
  readonly failedCode: string;
  readonly failedReason: string;
  readonly assetId: string;
  readonly rejectTimes: number;
  /** As upstream gave them. */
  readonly createdAt: number | null;
  readonly updatedAt: number | null;
};
