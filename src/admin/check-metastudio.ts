/** Whether MetaStudio is reached, takes the credentials and knows the project; and whether this machine's clock is right enough to sign. */
import type { Clock } from '../ports/clock.ts';
import type { Finding } from '../ports/finding.ts';
import { type JobSource, MEND_ACCESS, UpstreamError } from '../ports/job-source.ts';

const ANSWER_MS = 10_000;
/** The gateway refuses signatures that are further off (Huawei Cloud API signing guide: X-Sdk-Date, 15 minutes). */
const REFUSED_SKEW_MS = 15 * 60_000;
/** A clock that drifts gets there sooner or later; an answer under way takes seconds at most. */
const NOTED_SKEW_MS = 60_000;

/** Error codes that speak of the project (MetaStudio's error list; the signing guide's for APIG). */
const PROJECT_CODES: ReadonlySet<string> = new Set(['MSS.00010009', 'APIG.0310', 'APIGW.0310']);

type MetaStudio = { readonly endpoint: string; readonly jobs: Pick<JobSource, 'listJobs'> };

/** Sends one request without credentials, for the clock, and one with them. */
export async function checkMetaStudio({ endpoint, jobs }: MetaStudio, clock: Clock): Promise<readonly Finding[]> {
  const skewMs = await clockSkewMs(endpoint, clock);
  return [...skewFinding(skewMs), await accessFinding(jobs, skewMs ?? 0)];
}

/** By how much this machine's clock is ahead of the server's; null: no answer, or one without a date. */
async function clockSkewMs(endpoint: string, clock: Clock): Promise<number | null> {
  try {
    const answer = await fetch(endpoint, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) });
    const at = Date.parse(answer.headers.get('date') ?? '');
    return Number.isNaN(at) ? null : clock.now() - at;
  } catch {
    return null;
  }
}

function skewFinding(skewMs: number | null): Finding[] {
  if (skewMs === null || Math.abs(skewMs) < NOTED_SKEW_MS) return [];
  const minutes = Math.round(Math.abs(skewMs) / 60_000);
  const says = `the clock of this machine is ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} ${skewMs > 0 ? 'ahead' : 'behind'}; signatures are refused beyond 15`;
  const level = Math.abs(skewMs) > REFUSED_SKEW_MS ? 'problem' : 'warning';
  return [{ level, says, mend: 'let the machine keep its time by NTP (timedatectl set-ntp true, or chrony)' }];
}

async function accessFinding(jobs: MetaStudio['jobs'], skewMs: number): Promise<Finding> {
  try {
    const { count } = await jobs.listJobs({ name: '', offset: 0, limit: 1 }, { priority: 'command', signal: AbortSignal.timeout(ANSWER_MS) });
    return { level: 'ok', says: `takes the credentials; the project has ${count} ${count === 1 ? 'job' : 'jobs'}`, mend: '' };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return refusal(error, skewMs);
  }
}

function refusal({ kind, evidence }: UpstreamError, skewMs: number): Finding {
  const { status, code, words } = evidence;
  const said = [status === 0 ? '' : `HTTP ${status}`, code, words].filter((part) => part !== '').join(' ');
  const problem = (says: string, mend: string): Finding => ({ level: 'problem', says: said === '' ? says : `${says} (${said})`, mend });
  const address = 'look at METASTUDIO_REGION or METASTUDIO_ENDPOINT';
  if (PROJECT_CODES.has(code)) return problem('does not know the project', 'set METASTUDIO_PROJECT_ID to the id shown under My Credentials for this region');
  switch (kind) {
    case 'unauthorized':
      if (Math.abs(skewMs) > REFUSED_SKEW_MS) return problem('refuses the signature', 'set the clock right first, as above');
      return problem('refuses the credentials', MEND_ACCESS.unauthorized);
    case 'forbidden':
      return problem('does not allow this user to read jobs', MEND_ACCESS.forbidden);
    case 'not-found':
    case 'invalid':
      return problem('does not know the project', 'set METASTUDIO_PROJECT_ID to the id shown under My Credentials for this region');
    case 'configuration':
    case 'unreadable':
      return problem('is not what answers at this address', address);
    case 'unavailable':
      if (status === 0) return problem('can not be reached', `${address}, and whether this machine may connect there (DNS, proxy, firewall)`);
      return problem('does not work now', 'wait; voicejob goes on by itself when it answers again');
    case 'throttled':
    case 'closed':
    case 'unstable':
      return { level: 'warning', says: `is busy (${said})`, mend: 'ask again in a minute; lower METASTUDIO_MAX_RPS if it stays so' };
    default:
      return kind satisfies never;
  }
}
