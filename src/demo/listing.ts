/** The job list's parameters and filters, and paging. Source: ListVoiceTrainingJob and ListJobOperationLog. */
import type { Detail, SimulatedJob } from './job.ts';

const LARGEST_OFFSET = 2147483647;
const LARGEST_LIMIT = 100;
const DEFAULT_LIMIT = 10;
/** No filter by time may be longer in the SDKs, which is exactly this form; the documents do not name it. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const STATES_LENGTH = 128;
/** The page spells one of them so. */
const SORT_KEYS: readonly string[] = ['create_time', 'ceate_time', 'update_time'];

export type Page = { readonly offset: number; readonly limit: number };

/** What the documents leave open about the list, or what rights may do to it. May be changed at any time. */
export type ListRules = {
  /** The filter is missing in copies of the page of 2024. */
  updateSince: 'ok' | 'refused' | 'ignored';
  /** Jobs that the caller may read and that the list does not show, as IAM user isolation may have it. */
  readonly hidden: Set<string>;
  /** Update times are whole multiples of so many seconds. */
  updateStepS: number;
  /** A change is seen in the list so many seconds after it is in the log and the detail. */
  lagS: number;
};

export function documentedList(): ListRules {
  return { updateSince: 'ok', hidden: new Set(), updateStepS: 1, lagS: 0 };
}

/** The jobs as the list has them. `now` in ms since 1970. */
export function listedRows(
  jobs: ReadonlyMap<string, SimulatedJob>,
  earlier: ReadonlyMap<string, SimulatedJob>,
  { rules, now }: { readonly rules: ListRules; readonly now: number },
): Detail[] {
  const rows: Detail[] = [];
  for (const [jobId, job] of jobs) {
    if (rules.hidden.has(jobId)) continue;
    const isLate = rules.lagS > 0 && job.detail.lastupdate_time > now / 1000 - rules.lagS;
    const detail = isLate ? earlier.get(jobId)?.detail : job.detail;
    if (!detail) continue;
    const lastupdate_time = Math.floor(detail.lastupdate_time / rules.updateStepS) * rules.updateStepS;
    rows.push(rules.updateStepS === 1 ? detail : { ...detail, lastupdate_time });
  }
  return rows;
}

/** null: a parameter is out of range. */
export function readPage(query: URLSearchParams): Page | null {
  const offset = integer(query.get('offset') ?? '0');
  const limit = integer(query.get('limit') ?? String(DEFAULT_LIMIT));
  if (offset === null || offset > LARGEST_OFFSET || limit === null || limit < 1 || limit > LARGEST_LIMIT) return null;
  return { offset, limit };
}

export function slicePage<T>(items: readonly T[], page: Page): readonly T[] {
  return items.slice(page.offset, page.offset + page.limit);
}

/** The jobs that pass the filters, sorted; null: a parameter is invalid. `voice_name` matches a part of a name (undocumented whether the real one does). */
export function filterJobs(jobs: readonly Detail[], query: URLSearchParams): readonly Detail[] | null {
  const times = ['create_since', 'create_until', 'update_since', 'update_until'].map((name) => readInstant(query.get(name)));
  const sortKey = query.get('sort_key') ?? 'create_time';
  const direction = query.get('sort_dir') ?? 'desc';
  const states = query.get('state') ?? '';
  const wellFormed = !times.includes(null) && SORT_KEYS.includes(sortKey) && ['asc', 'desc'].includes(direction) && states.length <= STATES_LENGTH;
  if (!wellFormed) return null;

  const [createSince, createUntil, updateSince, updateUntil] = times;
  const within = (time: number, since: number | null | undefined, until: number | null | undefined) =>
    time >= (since ?? 0) && time <= (until ?? Number.POSITIVE_INFINITY);
  const equals = (name: string, value: unknown) => query.get(name) === null || query.get(name) === value;
  const found = jobs.filter(
    (job) =>
      (states === '' || states.split(',').includes(job.state)) &&
      equals('job_id', job.job_id) &&
      equals('job_type', job.job_type) &&
      equals('tag', job.tag) &&
      equals('batch_name', job.batch_name) &&
      job.voice_name.includes(query.get('voice_name') ?? '') &&
      within(job.create_time, createSince, createUntil) &&
      within(job.lastupdate_time, updateSince, updateUntil),
  );
  const time = (job: Detail) => (sortKey === 'update_time' ? job.lastupdate_time : job.create_time);
  return found.sort((a, b) => (direction === 'asc' ? time(a) - time(b) : time(b) - time(a)));
}

/** Seconds; undefined: not given; null: not an instant. */
function readInstant(text: string | null): number | null | undefined {
  if (text === null) return undefined;
  const at = Date.parse(text);
  return INSTANT.test(text) && !Number.isNaN(at) ? at / 1000 : null;
}

function integer(text: string): number | null {
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}
