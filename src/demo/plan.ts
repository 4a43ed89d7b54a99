/**
 * What happens in the demo, and when: pure data, made of a seed, without an end. Times are job-seconds since the demo began; at `DEMO_SPEED` of them
 * a second, three seconds are an hour, so that reviews that take hours and trainings that take days can be watched. Waits are stretched or
 * shortened against reality so that each step can be seen.
 */
import { createHash } from 'node:crypto';
import type { Act } from './job.ts';
import { ATTACHMENTS, MACHINE_FINDINGS, PERSON_REASONS, TRAINING_FAILURES, VOICE_NAMES } from './texts.ts';

/** Job-seconds that pass in a second: a life takes one to two minutes. */
export const DEMO_SPEED = 1200;
const HOUR = 3600;

/** The two jobs that live from the start and have ids that never change, so that a channel can follow them at once. */
export const DEMO_JOBS: readonly { readonly jobId: string; readonly voiceName: string }[] = [
  { jobId: '7d1c52f0-3b7e-4a55-9c7e-2f6b8a410001', voiceName: 'narrator-02' },
  { jobId: '5e90ab34-61d2-4c0b-8e1f-90d7c3b20002', voiceName: '客服-小禾' },
];

export type PlannedEvent = { readonly atS: number; readonly jobId: string } & (
  | { readonly kind: 'create'; readonly voiceName: string; readonly jobType: string }
  | { readonly kind: 'act'; readonly act: Act }
);

/** Hours until a step, counted from the step before it. */
type Step = { readonly hours: number; readonly act: Act };

/** First of the later jobs, and hours from one to the next: 39 s at demo speed. */
const FIRST_BIRTH_H = 1;
const BIRTH_EVERY_H = 13;
/** No later job lives longer; a test holds it. */
const LONGEST_LIFE_H = 80;
/** Waits differ by this share, up or down. */
const JITTER = 0.2;
const JOB_TYPES: readonly string[] = ['BASIC', 'MIDDLE', 'ADVANCE'];

/** What happens after `afterS` and no later than `untilS`, in order of time. The same seed gives the same answer, however the time is cut into pieces. */
export function due(seed: number, afterS: number, untilS: number): readonly PlannedEvent[] {
  const firstBirth = Math.max(0, Math.floor((afterS / HOUR - FIRST_BIRTH_H - LONGEST_LIFE_H) / BIRTH_EVERY_H));
  const lastBirth = Math.floor((untilS / HOUR - FIRST_BIRTH_H) / BIRTH_EVERY_H);
  const lives = [narrator(), customerService()];
  for (let birth = firstBirth; birth <= lastBirth; birth += 1) lives.push(laterLife(seed, birth));
  return lives
    .flat()
    .filter(({ atS }) => atS > afterS && atS <= untilS)
    .sort((a, b) => a.atS - b.atS);
}

/** Rejected by a person, submitted again, completed after a minute and a half. */
function narrator(): PlannedEvent[] {
  return life(DEMO_JOBS[0], 'BASIC', -8, [
    { hours: 4, act: { kind: 'submit' } },
    { hours: 6.7, act: { kind: 'passMachine' } },
    { hours: 4.6, act: byPerson(0) },
    { hours: 4.7, act: { kind: 'submit' } },
    { hours: 2.7, act: { kind: 'passMachine' } },
    { hours: 4.6, act: { kind: 'approve' } },
    { hours: 0.7, act: { kind: 'startTraining' } },
    { hours: 8.7, act: { kind: 'finishTraining' } },
    { hours: 0.3, act: { kind: 'upload' } },
    { hours: 2, act: { kind: 'complete' } },
  ]);
}

/** Rejected by the machine, then by people again and again, so that the channel of the demo has something to say for nine minutes. */
function customerService(): PlannedEvent[] {
  const round = (reason: number): Step[] => [
    { hours: 6, act: { kind: 'submit' } },
    { hours: 6, act: { kind: 'passMachine' } },
    { hours: 8, act: byPerson(reason) },
  ];
  return life(DEMO_JOBS[1], 'ADVANCE', -10, [
    { hours: 4, act: { kind: 'submit' } },
    { hours: 11, act: { kind: 'rejectByMachine', files: pick(MACHINE_FINDINGS, 1), reason: '' } },
    { hours: 4.7, act: { kind: 'submit' } },
    { hours: 7, act: { kind: 'passMachine' } },
    { hours: 5.3, act: byPerson(1) },
    { hours: 2.3, act: { kind: 'submit' } },
    { hours: 2.4, act: { kind: 'passMachine' } },
    { hours: 8, act: byPerson(2) },
    ...[3, 4, 5, 6, 7].flatMap(round),
    { hours: 8, act: { kind: 'submit' } },
    { hours: 6, act: { kind: 'passMachine' } },
    ...training(() => 0),
    ...delivery(),
  ]);
}

/** The nth of the jobs that come and go for ever: the four kinds of life in turn, the names one after the other. */
function laterLife(seed: number, birth: number): PlannedEvent[] {
  const fraction = (purpose: string) => fractionOf(`${seed} ${birth} ${purpose}`);
  const nth = Math.floor(fractionOf(`${seed}`) * VOICE_NAMES.length) + birth;
  const version = Math.floor(nth / VOICE_NAMES.length) + 1;
  const voiceName = version === 1 ? pick(VOICE_NAMES, nth) : `${pick(VOICE_NAMES, nth)}-v${version}`;
  const steps = pick(LIVES, birth)(fraction).map((step, index) => ({ ...step, hours: step.hours * (1 + JITTER * (2 * fraction(`wait ${index}`) - 1)) }));
  const jobType = pick(JOB_TYPES, Math.floor(fraction('type') * JOB_TYPES.length));
  return life({ jobId: uuidOf(`${seed} job ${birth}`), voiceName }, jobType, FIRST_BIRTH_H + birth * BIRTH_EVERY_H, steps);
}

type Fraction = (purpose: string) => number;

const LIVES: readonly ((fraction: Fraction) => Step[])[] = [
  function trainingFails(fraction) {
    const failure = pick(TRAINING_FAILURES, Math.floor(fraction('failure') * TRAINING_FAILURES.length));
    // No action is documented for it: most often the detail alone says it, sometimes the log does.
    const carrier = fraction('carrier') < 0.6 ? 'none' : 'TRAINING_FINISH';
    return [...submission(), ...training(fraction).slice(0, 2), { hours: 7, act: { kind: 'failTraining', ...failure, carrier } }];
  },
  function goesWell(fraction) {
    return [...submission(), ...training(fraction), ...delivery()];
  },
  function machineRejects(fraction) {
    const files = pick(MACHINE_FINDINGS, Math.floor(fraction('files') * MACHINE_FINDINGS.length));
    return [
      { hours: 2, act: { kind: 'submit' } },
      { hours: 2, act: { kind: 'rejectByMachine', files, reason: '' } },
      { hours: 3, act: { kind: 'submit' } },
      ...submission().slice(1),
      ...training(fraction),
      ...delivery(),
    ];
  },
  function personRejects(fraction) {
    const reason = Math.floor(fraction('reason') * PERSON_REASONS.length);
    return [
      ...submission(),
      { hours: 4, act: byPerson(reason) },
      { hours: 4, act: { kind: 'submit' } },
      ...submission().slice(1),
      ...training(fraction),
      ...delivery(),
    ];
  },
];

function submission(): Step[] {
  return [
    { hours: 2, act: { kind: 'submit' } },
    { hours: 2, act: { kind: 'passMachine' } },
  ];
}

function training(fraction: Fraction): Step[] {
  return [
    { hours: 4, act: { kind: 'approve' } },
    { hours: 1, act: { kind: 'startTraining' } },
    { hours: 7 + 2 * fraction('training'), act: { kind: 'finishTraining' } },
  ];
}

function delivery(): Step[] {
  return [
    { hours: 0.3, act: { kind: 'upload' } },
    { hours: 2, act: { kind: 'complete' } },
  ];
}

function byPerson(reason: number): Act {
  return { kind: 'rejectByPerson', reason: pick(PERSON_REASONS, reason), reviewIds: [`rv-${1001 + reason}`], attachment: pick(ATTACHMENTS, reason) };
}

function life(job: (typeof DEMO_JOBS)[number] | undefined, jobType: string, startH: number, steps: readonly Step[]): PlannedEvent[] {
  if (!job) throw new RangeError('a demo job is missing');
  let atS = startH * HOUR;
  const events: PlannedEvent[] = [{ kind: 'create', atS, ...job, jobType }];
  for (const { hours, act } of steps) {
    atS += hours * HOUR;
    events.push({ kind: 'act', atS, jobId: job.jobId, act });
  }
  return events;
}

function pick<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

/** 0 <= x < 1, the same for the same text. */
function fractionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
