/** All that is known of a job's log, for people or for a spreadsheet. */
import { isJobId, type JobKey, jobIdOf, jobKey, projectIdOf } from '../domain/job.ts';
import { difference, type JournalEntry } from '../domain/journal.ts';
import { nearestOf } from '../domain/nearest.ts';
import { instantMs } from '../domain/operation.ts';
import { UpstreamError } from '../ports/job-source.ts';
import { type AdminDeps, type Answer, done, refused, type Typed, table } from './answer.ts';
import { csvRecord } from './csv.ts';
import { type Found, readPlaces } from './find.ts';

/** Spreadsheets take a file for UTF-8 only when it begins so. */
const UTF8_MARK = '\ufeff';
const READ_MS = 60_000;
const HEAD = ['time', 'event', 'operator', 'reason', 'reviewer_reason', 'review_ids', 'late', 'supersedes', 'key'];

export async function history({ words: [typed = ''], flags }: Typed, deps: AdminDeps): Promise<Answer> {
  const found = await findJob(typed, deps);
  if (found.kind === 'refused') return refused(found.says);
  const watched = await deps.subscriptions.readWatch(found.value);
  const journal = watched?.base == null ? await readUpstream(found.value, deps) : { kind: 'found' as const, value: watched.journal };
  if (journal.kind === 'refused') return refused(journal.says);
  const rows = journal.value.map(cells);
  if (flags.has('--csv')) return done(UTF8_MARK + [HEAD, ...rows].map(csvRecord).join(''));
  return done(rows.length === 0 ? 'The log of this job is empty.' : table(HEAD, rows));
}

/** A followed job by id, unique start of an id, or voice name; else any full id. */
async function findJob(typed: string, { operator, upstream }: AdminDeps): Promise<Found<JobKey>> {
  const followed = (await readPlaces(operator)).flatMap((place) => place.followed);
  const names = new Map(followed.map(({ job, voiceName }) => [job, voiceName]));
  const jobs = [...names.keys()];
  const exact = jobs.filter((job) => job === typed || jobIdOf(job) === typed || names.get(job) === typed);
  const found = exact.length > 0 ? exact : jobs.filter((job) => jobIdOf(job).startsWith(typed));
  const [first] = found;
  if (first && found.length === 1) return { kind: 'found', value: first };
  if (first)
    return { kind: 'refused', says: [`"${typed}" may be any of these:`, ...found.slice(0, 10).map((job) => `  ${job}  ${names.get(job)}`)].join('\n') };
  const [project = '', id = typed] = typed.includes('/') ? [projectIdOf(typed), jobIdOf(typed)] : [upstream?.projectId, typed];
  // Full ids upstream have 32 letters or more; what is shorter is a start or a name that nobody follows.
  if (isJobId(project) && isJobId(id) && id.length >= 32) return { kind: 'found', value: jobKey(project, id) };
  const nearest = nearestOf(typed, [...jobs.map(jobIdOf), ...names.values()], 1)[0];
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const shown = first ?? jobs[0];
  const example = `npm run admin -- history ${shown ? jobIdOf(shown) : '<job id>'} --csv`;
  return { kind: 'refused', says: `No followed job is called "${typed}".${hint}\nFor example: ${example}` };
}

async function readUpstream(job: JobKey, { upstream }: AdminDeps): Promise<Found<readonly JournalEntry[]>> {
  if (!upstream) return { kind: 'refused', says: 'Nobody follows this job, and MetaStudio is not configured here, so its log can not be read.' };
  try {
    const operations = await upstream.jobs.readLog(job, { priority: 'command', signal: AbortSignal.timeout(READ_MS) });
    return { kind: 'found', value: difference([], operations).entries };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const { code, words } = error.evidence;
    return { kind: 'refused', says: `Nobody follows this job, and MetaStudio does not give its log: ${[error.kind, code, words].filter(Boolean).join(' ')}` };
  }
}

function cells(entry: JournalEntry): string[] {
  const at = instantMs(entry.time);
  const time = at === null ? '' : new Date(at).toISOString();
  switch (entry.kind) {
    case 'log': {
      const { action, operator, algorithmReason, adminReason, reviewIds, late, supersedes, key } = entry;
      return [time, action, operator, algorithmReason, adminReason, reviewIds.join(' '), late ? 'yes' : '', supersedes ?? '', key];
    }
    case 'state':
      return [time, entry.state, '', [entry.code, entry.reason].filter(Boolean).join(' '), '', '', '', '', entry.key];
    case 'gone':
    case 'back':
      return [time, entry.kind, '', '', '', '', '', '', entry.key];
    default:
      return entry satisfies never;
  }
}
