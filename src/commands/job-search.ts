/** Looks for jobs in upstream's job list, which filters by voice name; how exactly is not documented, so its answer is filtered again. */
import { foldedName, ID_START, isJobId, type JobDetail } from '../domain/job.ts';
import type { JobPage, UpstreamError } from '../ports/job-source.ts';
import { type Asked, ask } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import type { Request } from './request.ts';

/** Largest page of the job list (facts of ListVoiceTrainingJob: limit 1 to 100). */
const PAGE = 100;

/** Pages that one search reads: a search is bounded, whatever the project holds. */
const PAGES = 5;

/** `seen`: names met on the way, for the nearest. */
export type Search =
  | { readonly kind: 'found'; readonly jobs: readonly JobDetail[]; readonly seen: readonly string[] }
  | { readonly kind: 'down'; readonly error: UpstreamError };

/** Jobs of exactly this voice name; where none is, of this name in other letters' case. */
export async function findByName(name: string, request: Request, deps: CommandDependencies): Promise<Search> {
  const asked = await page(name, 0, { request, deps });
  if (asked.kind === 'failed') return { kind: 'down', error: asked.error };
  const { jobs } = asked.value;
  const exact = jobs.filter((job) => job.voiceName.trim() === name);
  return {
    kind: 'found',
    jobs: exact.length > 0 ? exact : jobs.filter((job) => foldedName(job.voiceName) === foldedName(name)),
    seen: jobs.map((job) => job.voiceName),
  };
}

/** Jobs whose id starts so, among the newest. Where the words are no start of an id, only the first page's names are seen. */
export async function findByIdStart(start: string, request: Request, deps: CommandDependencies): Promise<Search> {
  const small = start.toLowerCase();
  const isStart = isJobId(start) && start.length >= ID_START;
  return scan(isStart ? PAGES : 1, (job) => isStart && job.jobId.toLowerCase().startsWith(small), { request, deps });
}

/** Jobs of which a part of the name or the start of the id is this, among the newest. */
export async function findByPart(part: string, request: Request, deps: CommandDependencies): Promise<Search> {
  const folded = part.toLowerCase();
  const matches = (job: JobDetail) => job.voiceName.toLowerCase().includes(folded) || job.jobId.toLowerCase().startsWith(folded);
  return scan(PAGES, matches, { request, deps });
}

type Asking = { readonly request: Request; readonly deps: CommandDependencies };

async function scan(pages: number, matches: (job: JobDetail) => boolean, asking: Asking): Promise<Search> {
  const found = new Map<string, JobDetail>();
  const seen: string[] = [];
  let offset = 0;
  for (let read = 0; read < pages; read += 1) {
    const asked = await page('', offset, asking);
    if (asked.kind === 'failed') return found.size > 0 ? { kind: 'found', jobs: [...found.values()], seen } : { kind: 'down', error: asked.error };
    for (const job of asked.value.jobs) {
      seen.push(job.voiceName);
      if (matches(job)) found.set(job.jobId, job);
    }
    offset += asked.value.jobs.length;
    if (asked.value.jobs.length === 0 || offset >= asked.value.count) break;
  }
  return { kind: 'found', jobs: [...found.values()], seen };
}

function page(name: string, offset: number, { request, deps }: Asking): Promise<Asked<JobPage>> {
  return ask((options) => deps.jobs.listJobs({ name, offset, limit: PAGE }, options), request.late);
}
