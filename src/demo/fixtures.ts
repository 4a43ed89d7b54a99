/** The composed samples in fixtures/, as jobs. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Audit, type Detail, type LogItem, personalData, type SimulatedJob } from './job.ts';

type Fixture = {
  readonly project_id: string;
  readonly job: Detail;
  readonly pages: readonly { readonly body: { readonly operations: readonly LogItem[] } }[];
  readonly audit_result?: Audit;
};

/** The project that the fixtures name. */
export const FIXTURE_PROJECT_ID = '70b76aaa34253880af501cdf08442342';

/** Every fixture, in the order of its file name; its log is all its pages, oldest first. Details also get made-up personal data. */
export async function readFixtures(): Promise<readonly SimulatedJob[]> {
  const folder = join(import.meta.dirname, 'fixtures');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    names.map(async (name) => {
      const fixture: Fixture = JSON.parse(await readFile(join(folder, name), 'utf8'));
      const detail = { ...fixture.job, ...personalData(fixture.job.job_id) };
      return { detail, log: fixture.pages.flatMap((page) => page.body.operations), audit: fixture.audit_result ?? {} };
    }),
  );
}
