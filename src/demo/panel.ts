/** The simulator in the hands of whoever sits at the local page: their own jobs, and those of the demo, which then live by hand. */
import { EXAMPLE_JOB } from '../domain/command-words.ts';
import type { NextAct, SimulatorControl } from '../ports/inspect.ts';
import type { SimulatedJob } from './job.ts';
import type { Simulator } from './simulator.ts';
import { MACHINE_FINDINGS, PERSON_REASONS, TRAINING_FAILURES } from './texts.ts';

/** What comes next in each state, in a life without trouble. Training that is over leaves the state as it is: the log tells. */
const NEXT: ReadonlyMap<string, NextAct> = new Map([
  ['CREATING', 'submit'],
  ['AUDIT_FAILED', 'submit'],
  ['SYSTEM_AUDITING', 'passMachine'],
  ['AUDITING', 'approve'],
  ['WAITING', 'startTraining'],
  ['PROCESSING', 'finishTraining'],
  ['UPLOADING', 'complete'],
]);
const REVIEWS: ReadonlySet<string> = new Set(['SYSTEM_AUDITING', 'AUDITING']);
const TRAININGS: ReadonlySet<string> = new Set(['WAITING', 'PROCESSING']);

export function openPanel(simulator: Simulator): SimulatorControl {
  let started = 0;
  let heal: (() => void) | null = null;
  let trouble = { outage: false, wrongKey: false };

  return {
    job: (jobId) => {
      const job = simulator.job(jobId);
      if (!job) return null;
      const { state, voice_name: voiceName } = job.detail;
      return { jobId, voiceName, next: nextAct(job), canReject: REVIEWS.has(state), canFail: TRAININGS.has(state) };
    },
    start: () => {
      started += 1;
      return simulator.createJob({ voiceName: started === 1 ? EXAMPLE_JOB : `${EXAMPLE_JOB}-${started}` });
    },
    perform: (jobId, deed, reason) => {
      const job = simulator.job(jobId);
      if (!job) return false;
      const { state } = job.detail;
      const next = nextAct(job);
      if (deed === 'next' && next) simulator[next](jobId);
      else if (deed === 'reject' && state === 'SYSTEM_AUDITING') simulator.rejectByMachine(jobId, MACHINE_FINDINGS[0] ?? [], reason);
      else if (deed === 'reject' && state === 'AUDITING') simulator.rejectByPerson(jobId, reason || (PERSON_REASONS[0] ?? ''));
      else if (deed === 'fail' && TRAININGS.has(state)) simulator.failTraining(jobId, reason || (TRAINING_FAILURES[0]?.reason ?? ''));
      else return false;
      simulator.takeOver(jobId);
      return true;
    },
    trouble: () => trouble,
    setTrouble: (wished) => {
      trouble = wished;
      simulator.outage(wished.outage);
      if (!wished.wrongKey) heal?.();
      if (!wished.wrongKey) heal = null;
      else heal ??= simulator.fault({ kind: 'status', status: 401, body: UNAUTHORIZED, times: Number.POSITIVE_INFINITY });
    },
  };
}

/** As the API's gateway words a signature that does not match. */
const UNAUTHORIZED = { error_code: 'APIGW.0301', error_msg: 'Incorrect IAM authentication information: verify aksk signature fail' };

function nextAct(job: SimulatedJob): NextAct | null {
  const next = NEXT.get(job.detail.state) ?? null;
  return next === 'finishTraining' && job.log.at(-1)?.action === 'TRAINING_FINISH' ? 'upload' : next;
}
