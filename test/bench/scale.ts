/** 100,000 watches on one process. */
import { setTimeout as pause } from 'node:timers/promises';
import type { LogItem } from '../../src/demo/job.ts';
import { createWatchQueue } from '../../src/queue/watch-queue.ts';
import { systemRandom as random } from '../../src/system.ts';
import { silentLog, systemClock } from '../support/builders.ts';
import { type Bench, median, megabytes, times } from './report.ts';
import { breakGround, type Ground, makeWatches, PROJECT, type Service, startService, type Watch } from './rig.ts';
import { startStandIn } from './slack-stand-in.ts';
import { makeWorld } from './world.ts';

const JOBS = 100_000;
const CHANNELS = 1_000;
const ENTRIES = 10;
const MAX_RPS = 10;
/** Polls that fall due a second while it is measured: with the sweep and its census, what the ceiling allows. */
const DUE_PER_SECOND = 8;
const WARM_MS = 40_000;
const ROUND_MS = 60_000;
const ROUNDS = 3;
const MEASURED_MS = 2 * WARM_MS + ROUNDS * ROUND_MS;
const HOUR_MS = 3_600_000;
const WANTED = { lateSeconds: 1, lateShare: 0.99, redis: 300_000_000, rss: 300_000_000 };

const redisBytes = async ({ redis }: Ground) => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);

const ACTIONS = [
  'CREATE_JOB',
  'COMMIT_JOB',
  'AUDIT_NOT_PASS',
  'COMMIT_JOB',
  'SYSTEM_AUDIT_PASS',
  'AUDIT_NOT_PASS',
  'COMMIT_JOB',
  'SYSTEM_AUDIT_PASS',
  'ADMIN_AUDIT_PASS',
  'TRAINING_FINISH',
];

/** A log of ten entries, two of them rejections with a reason. */
function logOf(createdAt: number): LogItem[] {
  return ACTIONS.slice(0, ENTRIES).map((action, nth) => ({
    time: createdAt + 3_600 * nth,
    action,
    operator: action === 'AUDIT_NOT_PASS' ? 'ADMIN' : 'SYSTEM',
    ...(action === 'AUDIT_NOT_PASS' ? { external_info: { admin_audit_failure_reason: 'The letter of authorization is not signed' } } : {}),
  }));
}

/** Polls that started within a second of their time, of all: between two looks at the program's own histogram. */
async function punctuality(service: Service) {
  const figure = await service.scrape();
  const within = (bound: string) => figure('voicejob_poll_late_seconds_bucket', `le="${bound}"`);
  return { all: figure('voicejob_poll_late_seconds_count'), within1: within('1'), within025: within('0.25') };
}

export const scale: Bench = {
  name: 'scale',
  takes: '10 minutes',
  run: async (say) => {
    const world = await makeWorld(JOBS);
    for (const job of world.jobs) world.simulator.setLog(job.detail.job_id, logOf(job.detail.create_time));
    const [ground, chat] = [await breakGround(), await startStandIn()];
    const empty = await redisBytes(ground);
    const dueInMs = (nth: number) =>
      nth * 1000 < MEASURED_MS * DUE_PER_SECOND ? WARM_MS + (nth * 1000) / DUE_PER_SECOND : 6 * HOUR_MS + (nth * 6 * HOUR_MS) / JOBS;
    const watches: Watch[] = world.jobs.map(({ detail }, nth) => {
      const job = world.simulator.job(detail.job_id);
      if (!job) throw new RangeError(detail.job_id);
      return { job, channels: [`C${nth % CHANNELS}`], intervalMs: 24 * HOUR_MS, nextPollInMs: Math.round(dueInMs(nth)) };
    });
    await makeWatches(ground, watches, (made) => made % 20_000 === 0 && say(`${made} watches made`));
    const ours = (await redisBytes(ground)) - empty;
    // when they fall due is counted from now on
    const now = Date.now();
    const keys = watches.map(({ job }, nth) => ({ job: `${PROJECT}/${job.detail.job_id}`, dueInMs: Math.round(dueInMs(nth)) }));
    for (let from = 0; from < keys.length; from += 5_000) {
      await ground.redis.zadd('{vj}:polls', ...keys.slice(from, from + 5_000).flatMap(({ job, dueInMs: inMs }) => [now + inMs, job]));
    }
    const made = { connection: { path: ground.socketPath }, prefix: '{vj}', log: silentLog };
    const queue = createWatchQueue(made, { pollOnce: () => Promise.reject(new Error('nobody polls here')), concurrency: 1, clock: systemClock, random });
    // few at once: each delay counts from when it is added
    for (let from = 0; from < keys.length; from += 200) {
      const passed = Date.now() - now;
      await queue.addMissing(keys.slice(from, from + 200).map(({ job, dueInMs: inMs }) => ({ job, dueInMs: Math.max(0, inMs - passed) })));
    }
    await queue.close();
    const withBull = (await redisBytes(ground)) - empty;
    say(`Redis: ${megabytes(withBull)}, of which BullMQ ${megabytes(withBull - ours)}`);
    const service = await startService({
      dataDir: ground.dataDir,
      endpoint: world.simulator.url,
      maxRps: MAX_RPS,
      poll: { minMs: 15_000, maxMs: 300_000 },
      roles: ['web', 'watch', 'deliver'],
      slackApiUrl: chat.apiUrl,
      paced: true,
    });
    await pause(Math.max(0, now + 2 * WARM_MS - Date.now()));
    const rounds: { readonly within1: number; readonly within025: number; readonly polls: number; readonly rss: number }[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      const before = await punctuality(service);
      await pause(ROUND_MS);
      const after = await punctuality(service);
      const polls = after.all - before.all;
      const rss = (await service.scrape())('process_resident_memory_bytes');
      rounds.push({ polls, rss, within1: (after.within1 - before.within1) / polls, within025: (after.within025 - before.within025) / polls });
      say(`round ${round}: ${polls} polls, ${(100 * (rounds.at(-1)?.within1 ?? 0)).toFixed(1)} % within a second, RSS ${megabytes(rss)}`);
    }
    const redis = (await redisBytes(ground)) - empty;
    await service.stop();
    await ground.end();
    await chat.close();
    await world.simulator.close();
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const each = (values: readonly number[], write: (value: number) => string) => `${write(median(values))} (${values.map(write).join(', ')})`;
    const rss = rounds.map((round) => round.rss);
    const bull = withBull - ours;
    return {
      about: `${JOBS} watches with ${ENTRIES} entries each in their journals, followed from ${CHANNELS} channels; one process of all roles, the sweep on, ${MAX_RPS} requests/s, ${DUE_PER_SECOND} polls due each second. The baseline for memory are the bare BullMQ jobs alone.`,
      rows: [
        {
          what: 'polls that start within 1 s of their time',
          ours: each(
            rounds.map((round) => round.within1),
            percent,
          ),
          baseline: '',
          ratio: '',
          wanted: `at least ${percent(WANTED.lateShare)}`,
          holds: rounds.every((round) => round.within1 >= WANTED.lateShare),
        },
        {
          what: 'within 0.25 s',
          ours: each(
            rounds.map((round) => round.within025),
            percent,
          ),
          baseline: '',
          ratio: '',
          wanted: '',
          holds: null,
        },
        {
          what: 'Redis memory',
          ours: megabytes(redis),
          baseline: megabytes(bull),
          ratio: times(redis / bull),
          wanted: `at most ${megabytes(WANTED.redis)}`,
          holds: redis <= WANTED.redis,
        },
        {
          what: 'resident memory of the process',
          ours: each(rss, megabytes),
          baseline: '',
          ratio: '',
          wanted: `at most ${megabytes(WANTED.rss)}`,
          holds: rss.every((one) => one <= WANTED.rss),
        },
      ],
      notes: [
        `${ROUNDS} rounds of ${ROUND_MS / 1000} s with ${rounds.map(({ polls }) => polls).join(', ')} polls; in brackets each round. The lateness is the program's own metric, from when a poll was due to when it starts, before it waits for the budget.`,
      ],
    };
  },
};
