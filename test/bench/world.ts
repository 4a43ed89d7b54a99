/** A project's jobs and what happens to them, on the simulator, and when each entry should reach its channel. */
import type { SimulatedJob } from '../../src/demo/job.ts';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { canonical, entryKey } from '../../src/domain/operation.ts';
import { netIntervalMs } from '../../src/domain/sweep.ts';
import { decodeLogPage } from '../../src/metastudio/decode.ts';
import { KEY, PROJECT, type Watch } from './rig.ts';

/** moved: an entry that moved the update time. unmoved: one that did not. silent: a failure that no entry tells. */
export type Happened = { readonly kind: 'moved' | 'unmoved' | 'silent'; readonly jobId: string; readonly key: string; readonly at: number };

export type World = {
  readonly simulator: Simulator;
  readonly jobs: readonly SimulatedJob[];
  /** Lets the next thing happen to some job; null: something that no message tells (a change of state alone). */
  happen(moves: boolean): Happened | null;
};

const DAY_MS = 86_400_000;

/** Jobs in every state of their lives, which nothing has happened to for days. The same at each run. */
export async function makeWorld(count: number): Promise<World> {
  let past = 30 * DAY_MS;
  const clock = { now: () => Date.now() - past };
  const simulator = await startSimulator({ ...KEY, projectId: PROJECT, clock });
  const chance = chances(1);
  const ids = Array.from({ length: count }, (_, nth) =>
    simulator.createJob({ voiceName: `voice-${nth}`, id: `job-${String(nth).padStart(8, '0')}-of-the-bench` }),
  );
  const life = ['submit', 'passMachine', 'approve', 'startTraining'] as const;
  for (const [nth, id] of ids.entries()) {
    for (const act of life.slice(0, nth % (life.length + 1))) {
      past -= (20 * DAY_MS) / (life.length * count);
      simulator[act](id);
    }
  }
  past = 0;
  let notes = 0;

  /** The job after its next step; answers what should be told. */
  const next = (id: string): Happened['kind'] | null => {
    const job = simulator.job(id);
    if (!job) throw new RangeError(id);
    const { state } = job.detail;
    switch (state) {
      case 'CREATING':
      case 'AUDIT_FAILED':
        simulator.submit(id);
        return 'moved';
      case 'SYSTEM_AUDITING':
        if (chance() < 0.1) simulator.rejectByMachine(id, [{ audio_name: '3.wav', text_name: '3.txt', error_code: 'MSS.1', error_message: 'too short' }]);
        else simulator.passMachine(id);
        return 'moved';
      case 'AUDITING':
        if (chance() < 0.15) simulator.rejectByPerson(id, 'The letter of authorization is not signed');
        else simulator.approve(id);
        return 'moved';
      case 'WAITING':
        simulator.startTraining(id);
        return null;
      case 'PROCESSING':
        if (job.log.at(-1)?.action === 'TRAINING_FINISH') simulator.upload(id);
        else if (chance() < 0.05) {
          simulator.failTraining(id, 'loss did not converge', { carrier: 'none' });
          return 'silent';
        } else simulator.finishTraining(id);
        return 'moved';
      case 'UPLOADING':
        simulator.complete(id);
        return 'moved';
      default:
        return null;
    }
  };

  return {
    simulator,
    jobs: ids.map((id) => simulator.job(id)).filter((job) => job !== null),
    happen: (moves) => {
      const alive = ids.filter((id) => !['FAILED', 'SUCCEED'].includes(simulator.job(id)?.detail.state ?? ''));
      const jobId = alive[Math.floor(chance() * alive.length)] ?? '';
      const at = performance.now();
      if (!moves) {
        notes += 1;
        simulator.append(jobId, { action: `NOTE_${notes}`, operator: 'ADMIN' });
        return { kind: 'unmoved', jobId, key: lastKey(simulator.job(jobId)), at };
      }
      const kind = next(jobId);
      if (kind === null) return null;
      return { kind, jobId, key: kind === 'silent' ? failureKey(simulator.job(jobId)) : lastKey(simulator.job(jobId)), at };
    },
  };
}

/** A channel for each job, and polls as the sweep leaves them: each within the safety net's interval, evenly spread. */
export function watchesOf(jobs: readonly SimulatedJob[], load: { readonly maxMs: number; readonly maxRps: number }): readonly Watch[] {
  const intervalMs = netIntervalMs({ ...load, watches: jobs.length, missed: 0 });
  return jobs.map((job, nth) => ({ job, channels: [`C${nth}`], intervalMs, nextPollInMs: Math.round(((nth + 0.5) * intervalMs) / jobs.length) }));
}

/** `rate` events a second for `forMs`, evenly; `moving` of them move the update time. */
export async function letHappen(
  world: World,
  plan: { readonly perSecond: number; readonly forMs: number; readonly moving: number },
): Promise<{ told: Happened[]; count: number }> {
  const told: Happened[] = [];
  const count = Math.round((plan.perSecond * plan.forMs) / 1000);
  const start = performance.now();
  for (let nth = 0; nth < count; nth += 1) {
    await new Promise((go) => setTimeout(go, Math.max(0, start + (nth * 1000) / plan.perSecond - performance.now())));
    // every fifth one stays where it is
    const happened = world.happen(Math.floor((nth + 1) * plan.moving) > Math.floor(nth * plan.moving));
    if (happened) told.push(happened);
  }
  return { told, count };
}

function lastKey(job: SimulatedJob | null): string {
  const operation = decodeLogPage({ count: 1, operations: job?.log.slice(-1) })?.operations[0];
  return operation ? entryKey(canonical(operation), 1) : '';
}

function failureKey(job: SimulatedJob | null): string {
  const attempt = job?.log.filter(({ action }) => action === 'COMMIT_JOB').length ?? 0;
  return entryKey(JSON.stringify(['state', 'FAILED', job?.detail.job_failed_code ?? '', attempt]), 1);
}

/** Numbers from 0 to 1 that are the same at each run (a linear congruence; nothing here needs better ones). */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
