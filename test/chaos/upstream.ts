/** MetaStudio for the suite: jobs whose entries each carry a mark of their own, by which the judge knows them wherever they show up. */

import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { PROJECT } from '../support/builders.ts';
import type { Dice } from './dice.ts';

const KEY = { accessKey: 'CHAOS-ACCESS-KEY', secretKey: 'chaos-secret-key-93ab' };
/** Entries that a long job has before anybody follows it: its log takes two pages, so that it can grow between them. */
const PAST_OF_LONG_JOB = 120;
const PROBLEM_SHARE = 0.2;
const MARK = /mk\d{6}z/g;

export type Job = { readonly id: string; readonly voice: string };
/** An entry that somebody must be told. `loose`: where it stands among its neighbours is not said. */
export type Entry = { readonly mark: string; readonly bornAt: number; readonly problem: boolean; readonly loose: boolean; readonly place: number };

export type Upstream = {
  readonly simulator: Simulator;
  readonly jobs: readonly Job[];
  env(): Readonly<Record<string, string>>;
  /** The log of a job grows by so many entries. */
  grow(job: Job, count: number, dice: Dice): void;
  /** So many at once, with older times. */
  flood(job: Job, count: number): void;
  /** The next reads of a second page find the log longer than the first page said. */
  growBetweenPages(times: number): void;
  /** What the log says now, apart from the past. */
  entries(job: Job): readonly Entry[];
  close(): Promise<void>;
};

/** Marks in a text, in their order, each as often as it is there. */
export function marksIn(text: string): readonly string[] {
  return text.match(MARK) ?? [];
}

export async function startUpstream(options: { readonly jobs: number; readonly long: number; readonly floods: number }): Promise<Upstream> {
  const simulator = await startSimulator({ ...KEY, projectId: PROJECT });
  const bornAt = new Map<string, number>();
  const loose = new Set<string>();
  const lastTime = new Map<string, number>();
  let marks = 0;
  const newMark = (): string => `mk${String(++marks).padStart(6, '0')}z`;
  const now = () => Math.floor(Date.now() / 1000);

  const jobs = Array.from({ length: options.jobs + options.floods }, (_, index) => {
    const voice = `voice-${String(index + 1).padStart(3, '0')}`;
    const id = simulator.createJob({ voiceName: voice });
    const long = index < options.long ? PAST_OF_LONG_JOB : 0;
    const start = now() - 100_000;
    simulator.setLog(id, [
      { time: start, action: 'CREATE_JOB', operator: 'USER' },
      ...Array.from({ length: long }, (_past, n) => ({ time: start + 1 + n, action: `PAST_${n}`, operator: 'SYSTEM' })),
    ]);
    return { id, voice };
  });

  const item = (mark: string, time: number, problem: boolean) =>
    problem
      ? { time, action: 'AUDIT_NOT_PASS', operator: mark, external_info: { admin_audit_failure_reason: `${mark} the recording is noisy & <too> *short*` } }
      : { time, action: `STEP_${mark}`, operator: mark };

  return {
    simulator,
    jobs,
    env: () => ({
      METASTUDIO_ENDPOINT: simulator.url,
      METASTUDIO_PROJECT_ID: PROJECT,
      METASTUDIO_ACCESS_KEY: KEY.accessKey,
      METASTUDIO_SECRET_KEY: KEY.secretKey,
    }),
    grow: ({ id }, count, dice) => {
      for (let n = 0; n < count; n += 1) {
        const mark = newMark();
        // one entry a second and job, so that there is one right order
        const time = Math.max((lastTime.get(id) ?? 0) + 1, now());
        lastTime.set(id, time);
        bornAt.set(mark, Date.now());
        simulator.append(id, item(mark, time, dice.chance(PROBLEM_SHARE)));
      }
    },
    flood: ({ id }, count) => {
      const log = simulator.job(id)?.log ?? [];
      const start = now() - count - 10;
      const added = Array.from({ length: count }, (_, n) => {
        const mark = newMark();
        bornAt.set(mark, Date.now());
        return item(mark, start + n, false);
      });
      simulator.setLog(id, [...log, ...added]);
    },
    growBetweenPages: (times) => {
      for (let n = 0; n < times; n += 1) {
        const mark = newMark();
        loose.add(mark);
        simulator.growBetweenPages(item(mark, now(), false));
      }
    },
    entries: ({ id }) =>
      (simulator.job(id)?.log ?? []).flatMap((entry, place) => {
        const [mark] = marksIn(entry.operator ?? '');
        if (mark === undefined) return [];
        const born = bornAt.get(mark) ?? (entry.time ?? 0) * 1000;
        return [{ mark, bornAt: born, problem: entry.action === 'AUDIT_NOT_PASS', loose: loose.has(mark), place }];
      }),
    close: () => simulator.close(),
  };
}
