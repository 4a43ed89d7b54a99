/** The fixtures as views of a job, at each point of its life. */
import { readdirSync, readFileSync } from 'node:fs';
import type { AuditResult, Facts } from '../../../src/domain/job.ts';
import { jobKey } from '../../../src/domain/job.ts';
import { difference, type JournalEntry } from '../../../src/domain/journal.ts';
import type { JobView } from '../../../src/domain/message.ts';
import { instantMs, type Operation } from '../../../src/domain/operation.ts';

const FOLDER = new URL('../../../src/demo/fixtures/', import.meta.url);
const DOCUMENTED = ['review_id_list', 'algorithm_failure_reason', 'admin_audit_failure_reason'];

type RawOperation = { time?: number; action?: string; operator?: string; external_info?: Record<string, string | string[] | null> };
type RawFile = { audio_name: string; text_name: string; error_code: string; error_message: string };
type RawFixture = {
  project_id: string;
  job_id: string;
  job: Record<string, string | number>;
  pages: { body: { operations: RawOperation[] } }[];
  audit_result?: {
    system_audit_result?: { audit_time: number; errors: RawFile[] };
    admin_audit_result?: { message: string; attachment_name: string; audit_time: number };
  };
};

export type Fixture = {
  readonly name: string;
  readonly operations: readonly Operation[];
  readonly facts: Facts;
  readonly projectId: string;
  readonly jobId: string;
};

export const FIXTURES: readonly Fixture[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .sort()
  .map(readFixture);

export function fixture(start: string): Fixture {
  const found = FIXTURES.find(({ name }) => name.startsWith(start));
  if (!found) throw new Error(`no fixture starts with ${start}`);
  return found;
}

function readFixture(file: string): Fixture {
  const raw: RawFixture = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  const text = (member: string): string => String(raw.job[member] ?? '');
  return {
    name: file.replace('.json', ''),
    projectId: raw.project_id,
    jobId: raw.job_id,
    operations: raw.pages.flatMap(({ body }) => body.operations).map(operation),
    facts: {
      voiceName: text('voice_name'),
      jobType: text('job_type'),
      state: text('state'),
      failedCode: text('job_failed_code'),
      failedReason: text('job_failed_reason'),
      assetId: text('asset_id'),
      rejectTimes: Number(raw.job.reject_times ?? 0),
      audit: raw.audit_result ? auditResult(raw.audit_result) : null,
    },
  };
}

function operation(raw: RawOperation): Operation {
  const info = raw.external_info ?? {};
  const ids = info.review_id_list;
  const other = Object.entries(info).filter(([name]) => !DOCUMENTED.includes(name));
  return {
    time: raw.time ?? null,
    action: raw.action ?? '',
    operator: raw.operator ?? '',
    reviewIds: Array.isArray(ids) ? ids : [],
    algorithmReason: String(info.algorithm_failure_reason ?? ''),
    adminReason: String(info.admin_audit_failure_reason ?? ''),
    other: Object.fromEntries(other.map(([name, value]) => [name, String(value)])),
  };
}

function auditResult(raw: NonNullable<RawFixture['audit_result']>): AuditResult {
  const { system_audit_result: system, admin_audit_result: admin } = raw;
  const files = (system?.errors ?? []).map((file) => ({ audio: file.audio_name, text: file.text_name, code: file.error_code, message: file.error_message }));
  return {
    system: system ? { time: system.audit_time, files } : null,
    admin: admin ? { time: admin.audit_time, message: admin.message, attachmentName: admin.attachment_name } : null,
  };
}

/** What the job's detail says of state and ends while only `length` entries are there. */
const STATE_AFTER: Readonly<Record<string, string>> = {
  CREATE_JOB: 'CREATING',
  COMMIT_JOB: 'SYSTEM_AUDITING',
  SYSTEM_AUDIT_PASS: 'AUDITING',
  ADMIN_AUDIT_PASS: 'WAITING',
  AUDIT_NOT_PASS: 'AUDIT_FAILED',
  TRAINING_FINISH: 'UPLOADING',
  UPLOADING_MODEL: 'UPLOADING',
};

/** The view when the log had `length` entries; the audit result has only what was there by then. */
export function viewAt(given: Fixture, length: number): JobView {
  const { entries } = difference([], given.operations);
  const journal = entries.slice(0, length);
  return {
    job: jobKey(given.projectId, given.jobId),
    shortId: given.jobId.slice(0, 8),
    link: null,
    journal,
    facts: factsAt(given, journal, length === entries.length),
  };
}

export function wholeView(given: Fixture): JobView {
  return viewAt(given, given.operations.length);
}

function factsAt(given: Fixture, journal: readonly JournalEntry[], whole: boolean): Facts {
  const { facts } = given;
  const last = journal.at(-1);
  const now = Math.max(0, ...journal.map((entry) => instantMs(entry.time) ?? 0));
  const was = (time: number | null): boolean => (instantMs(time) ?? 0) <= now;
  const { system = null, admin = null } = facts.audit ?? {};
  const audit = { system: system && was(system.time) ? system : null, admin: admin && was(admin.time) ? admin : null };
  if (whole) return { ...facts, audit };
  const rejections = journal.filter((entry) => entry.kind === 'log' && entry.action === 'AUDIT_NOT_PASS').length;
  const state = last?.kind === 'log' ? (STATE_AFTER[last.action] ?? facts.state) : 'CREATING';
  return { ...facts, state, audit, assetId: '', failedCode: '', failedReason: '', rejectTimes: rejections };
}
