/** A job as the simulator keeps it, and what may happen to it. Pure: an act makes a new job. Times are seconds, as the API gives them. */
import { createHash } from 'node:crypto';

/** Members as the API names them; fixtures may leave any of them out or add others. */
export type LogItem = {
  readonly time?: number;
  readonly action?: string;
  readonly operator?: string;
  readonly external_info?: Readonly<Record<string, unknown>>;
};
export type FileError = { readonly audio_name: string; readonly text_name: string; readonly error_code: string; readonly error_message: string };
type SystemAudit = { readonly audit_time: number; readonly errors: readonly FileError[] };
/** `attachment_url` is kept without a signature; the answer signs it anew each time. '' = the simulator serves the file itself. */
type AdminAudit = { readonly message: string; readonly attachment_name?: string; readonly attachment_url?: string; readonly audit_time: number };
export type Audit = { readonly system_audit_result?: SystemAudit; readonly admin_audit_result?: AdminAudit };
export type Detail = {
  readonly job_id: string;
  readonly voice_name: string;
  readonly job_type: string;
  readonly state: string;
  readonly create_time: number;
  readonly lastupdate_time: number;
  readonly reject_times?: number;
  readonly job_failed_code?: string;
  readonly job_failed_reason?: string;
  readonly asset_id?: string;
  readonly tag?: string;
  readonly batch_name?: string;
  readonly [other: string]: unknown;
};
export type SimulatedJob = { readonly detail: Detail; readonly log: readonly LogItem[]; readonly audit: Audit };

/** Where the reason of a failed training is written in the log; no action for it is documented, so it may be nowhere. */
export type FailureCarrier = 'none' | 'TRAINING_FINISH' | 'AUDIT_NOT_PASS';

/** Acts that need no more words. */
export type PlainAct = 'submit' | 'passMachine' | 'approve' | 'startTraining' | 'finishTraining' | 'upload' | 'complete';

export type Act =
  | { readonly kind: PlainAct }
  /** `reason` '': the files are all that is said. */
  | { readonly kind: 'rejectByMachine'; readonly files: readonly FileError[]; readonly reason: string }
  | { readonly kind: 'rejectByPerson'; readonly reason: string; readonly reviewIds: readonly string[]; readonly attachment: string }
  | { readonly kind: 'failTraining'; readonly code: string; readonly reason: string; readonly carrier: FailureCarrier };

/** Made up, so that a test can prove that none of it leaves the bot. Every address of user material is on this host. */
export const PERSONAL = { phone: '+8613900001111', host: 'private-recordings.example.com' };

/** reject_times is documented as 1..10. */
const MOST_REJECTIONS = 10;
/** Documented length of admin_audit_result.message; the log's reason may have 4096. */
const MESSAGE_LENGTH = 256;

/** A job that was just created: CREATE_JOB by USER is its log. */
export function newJob(seed: { readonly jobId: string; readonly voiceName: string; readonly jobType: string }, time: number): SimulatedJob {
  const detail = {
    job_id: seed.jobId,
    job_type: seed.jobType,
    voice_name: seed.voiceName,
    sex: 'FEMALE',
    language: 'CN',
    state: 'CREATING',
    create_time: time,
    lastupdate_time: time,
    create_type: 'PACKAGE',
    tag: 'CUSTOMER',
  };
  return { detail: { ...detail, ...personalData(seed.jobId) }, log: [{ time, action: 'CREATE_JOB', operator: 'USER' }], audit: {} };
}

/** What the real detail holds of the customer and the speaker. */
export function personalData(jobId: string): Readonly<Record<string, string>> {
  const signed = `${jobId}?AccessKeyId=made-up&Signature=made-up`;
  return {
    app_user_id: 'app-user-7',
    phone: PERSONAL.phone,
    voice_authorization_url: `https://${PERSONAL.host}/authorization/${signed}`,
    training_input_source_url: `https://${PERSONAL.host}/recording/${signed}`,
  };
}

/** The job after an act at `time`: its log as the real one would read, its state, failure, asset, rejections and audit result. */
export function act(job: SimulatedJob, deed: Act, time: number): SimulatedJob {
  const moved = { ...job, detail: { ...job.detail, lastupdate_time: time } };
  switch (deed.kind) {
    case 'submit':
      return logged(inState(moved, 'SYSTEM_AUDITING'), { time, action: 'COMMIT_JOB', operator: 'USER' });
    case 'passMachine':
      return logged(
        { ...inState(moved, 'AUDITING'), audit: { ...job.audit, system_audit_result: { audit_time: time, errors: [] } } },
        { time, action: 'SYSTEM_AUDIT_PASS', operator: 'SYSTEM' },
      );
    case 'rejectByMachine':
      return logged(
        { ...rejected(moved), audit: { ...job.audit, system_audit_result: { audit_time: time, errors: deed.files } } },
        { time, action: 'AUDIT_NOT_PASS', operator: 'SYSTEM', ...(deed.reason === '' ? {} : { external_info: { algorithm_failure_reason: deed.reason } }) },
      );
    case 'approve':
      return logged(inState(moved, 'WAITING'), { time, action: 'ADMIN_AUDIT_PASS', operator: 'ADMIN' });
    case 'rejectByPerson': {
      const attachment = deed.attachment === '' ? {} : { attachment_name: deed.attachment, attachment_url: '' };
      const admin = { message: deed.reason.slice(0, MESSAGE_LENGTH), ...attachment, audit_time: time };
      const external_info = { ...(deed.reviewIds.length > 0 ? { review_id_list: deed.reviewIds } : {}), admin_audit_failure_reason: deed.reason };
      return logged(
        { ...rejected(moved), audit: { ...job.audit, admin_audit_result: admin } },
        { time, action: 'AUDIT_NOT_PASS', operator: 'ADMIN', external_info },
      );
    }
    case 'startTraining':
      return inState(moved, 'PROCESSING');
    case 'finishTraining':
      return logged(moved, { time, action: 'TRAINING_FINISH', operator: 'SYSTEM' });
    case 'upload':
      return logged(inState(moved, 'UPLOADING'), { time, action: 'UPLOADING_MODEL', operator: 'SYSTEM' });
    case 'complete':
      return logged(inState(moved, 'SUCCEED', { asset_id: assetId(job.detail.job_id) }), { time, action: 'COMPLETE_JOB', operator: 'SYSTEM' });
    case 'failTraining': {
      const failed = inState(moved, 'FAILED', { job_failed_code: deed.code, job_failed_reason: deed.reason.slice(0, MESSAGE_LENGTH) });
      if (deed.carrier === 'none') return failed;
      return logged(failed, { time, action: deed.carrier, operator: 'SYSTEM', external_info: { algorithm_failure_reason: deed.reason } });
    }
    default:
      return deed satisfies never;
  }
}

export function logged(job: SimulatedJob, item: LogItem): SimulatedJob {
  return { ...job, log: [...job.log, item] };
}

export function inState(job: SimulatedJob, state: string, also: Readonly<Record<string, unknown>> = {}): SimulatedJob {
  return { ...job, detail: { ...job.detail, state, ...also } };
}

function rejected(job: SimulatedJob): SimulatedJob {
  return inState(job, 'AUDIT_FAILED', { reject_times: Math.min(MOST_REJECTIONS, (job.detail.reject_times ?? 0) + 1) });
}

/** An id that looks like upstream's and is the same at each run. */
function assetId(jobId: string): string {
  return createHash('sha256').update(`asset ${jobId}`).digest('hex').slice(0, 32);
}
