/** Looks at everything voicejob stands on, and says of each how to mend it. Nothing is changed, and no message is sent. */
import type { ChatAdapter, Check } from '../ports/chat-adapter.ts';
import type { Clock } from '../ports/clock.ts';
import type { Finding } from '../ports/finding.ts';
import type { JobSource } from '../ports/job-source.ts';
import type { PlaceView } from '../ports/operator-store.ts';
import type { Answer } from './answer.ts';
import { checkDataDir, checkPort } from './check-machine.ts';
import { checkMetaStudio } from './check-metastudio.ts';
import { checkPlaces } from './check-places.ts';

export type DoctorParts = {
  readonly http: { readonly host: string; readonly port: number };
  /** Where this machine's files go, or null when none are needed. */
  readonly dataDir: string | null;
  /** Opens Redis and says what is found, with the places it knows; never rejects. */
  readonly checkStore: () => Promise<{ readonly findings: readonly Finding[]; readonly places: readonly PlaceView[] }>;
  /** null: not configured, or not needed by the roles. */
  readonly metastudio: { readonly endpoint: string; readonly jobs: Pick<JobSource, 'listJobs'> } | null;
  readonly chats: readonly Pick<ChatAdapter, 'platform' | 'check'>[];
  readonly clock: Clock;
};

type About = { readonly about: string; readonly findings: readonly Finding[] };

/** All findings: in `text` a line for each; exit 1 when one of them is a problem. `configuration`: what is wrong with it. `parts` null: the rest can't be looked at. */
export async function doctor(configuration: readonly Finding[], parts: DoctorParts | null): Promise<Answer> {
  const fine: Finding = { level: 'ok', says: 'complete', mend: '' };
  const found: About[] = [{ about: 'configuration', findings: configuration.length === 0 ? [fine] : configuration }];
  if (parts) found.push(...(await examine(parts)));
  const levels = found.flatMap(({ findings }) => findings.map(({ level }) => level));
  const problems = levels.filter((level) => level === 'problem').length;
  const warned = levels.includes('warning') ? 'No problem was found, but see the warnings.' : 'No problem was found.';
  const rest = parts ? '' : ' The rest is looked at once the configuration is mended.';
  const sum = problems === 0 ? warned : `${problems} ${problems === 1 ? 'problem' : 'problems'} to mend.${rest}`;
  return { exit: problems === 0 ? 0 : 1, text: [...found.flatMap(linesOf), '', sum].join('\n') };
}

/** One after the other, so that a slow machine's checks do not time out each other. */
async function examine({ http, dataDir, checkStore, metastudio, chats, clock }: DoctorParts): Promise<About[]> {
  const found: About[] = [{ about: 'web server', findings: [await checkPort(http)] }];
  if (dataDir !== null) found.push({ about: 'DATA_DIR', findings: [await checkDataDir(dataDir)] });
  const store = await checkStore();
  found.push({ about: 'Redis', findings: store.findings }, { about: 'places', findings: checkPlaces(store.places) });
  if (metastudio) found.push({ about: 'MetaStudio', findings: await checkMetaStudio(metastudio, clock) });
  for (const chat of chats) found.push({ about: chat.platform, findings: [chatFinding(await checked(chat))] });
  return found;
}

async function checked(chat: Pick<ChatAdapter, 'check'>): Promise<Check> {
  try {
    return await chat.check();
  } catch (error) {
    return { ok: false, problem: `the check itself failed: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** An adapter's problem is a sentence that says what to mend. It may be said of credentials that are well, of something smaller. */
function chatFinding({ ok, problem }: Check): Finding {
  if (problem === null)
    return ok ? { level: 'ok', says: 'takes its credentials', mend: '' } : { level: 'problem', says: 'refuses its credentials', mend: 'renew them' };
  return { level: ok ? 'warning' : 'problem', says: problem, mend: '' };
}

function linesOf({ about, findings }: About): string[] {
  return findings.flatMap(({ level, says, mend }) => {
    const line = `${level.padEnd(8)} ${about.padEnd(14)} ${says}`;
    return mend === '' ? [line] : [line, `${' '.repeat(24)}to mend it: ${mend}`];
  });
}
