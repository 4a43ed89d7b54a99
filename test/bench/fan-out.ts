/** How fast what is new reaches many channels. */
import { setTimeout as pause } from 'node:timers/promises';
import { canonical, entryKey, type Operation } from '../../src/domain/operation.ts';
import { TIMING } from '../../src/domain/timing.ts';
import { createQueue, type Queue } from '../../src/queue/queue.ts';
import { createWatchStore } from '../../src/store/watch-store.ts';
import { systemRandom as random } from '../../src/system.ts';
import { noMetrics, silentLog, systemClock, UNSWEPT } from '../support/builders.ts';
import type { BarePosts } from './bare-posts-process.ts';
import { type Bench, median, ms, perSecond, spread, times } from './report.ts';
import { breakGround, type Ground, makeWatches, PROJECT, startChild, startService } from './rig.ts';
import { type Arrival, type StandIn, startStandIn } from './slack-stand-in.ts';
import { makeWorld, type World } from './world.ts';

const CHANNELS = 1_000;
const JOBS = 10;
const ROUNDS = 3;
/** As many as drain at once. */
const AT_ONCE = 50;
const RATIO_WANTED = 0.7;
const THROTTLED_S = 30;
/** About what Slack takes for a post. */
const DISTANT_MS = 100;
/** Posts, and as many edits, of the bare loop: its rate does not depend on how many there are. */
const BARE_CALLS = 1_000;

type Stage = { readonly ground: Ground; readonly chat: StandIn; readonly world: World; readonly queue: Queue; readonly jobs: readonly string[] };

async function setStage(jobs: number): Promise<Stage> {
  const [ground, chat, world] = [await breakGround(), await startStandIn(), await makeWorld(jobs)];
  const channels = Array.from({ length: CHANNELS }, (_, nth) => `C${nth}`);
  await makeWatches(
    ground,
    world.jobs.map((job) => ({ job, channels, intervalMs: 300_000, nextPollInMs: 300_000 })),
  );
  const queue = createQueue({
    connection: { path: ground.socketPath },
    prefix: '{vj}',
    roles: { watch: false, deliver: false },
    pollOnce: () => Promise.reject(new Error('nobody polls here')),
    deliverOnce: async () => undefined,
    dueDestinations: async () => [],
    roster: { overdue: async () => [], all: async () => ({ watches: [], cursor: '0' }), everyMs: 1_000, fullEveryMs: 1_000 },
    sweepEveryMs: 1_000,
    concurrency: { watch: 1, deliver: 1 },
    ...{ log: silentLog, metrics: noMetrics, clock: systemClock, random },
  });
  return { ground, chat, world, queue, jobs: world.jobs.map((job) => `${PROJECT}/${job.detail.job_id}`) };
}

const serve = ({ ground, chat, world }: Stage, paced: boolean) =>
  startService({
    dataDir: ground.dataDir,
    endpoint: world.simulator.url,
    maxRps: 2,
    poll: { minMs: 15_000, maxMs: 300_000 },
    roles: ['deliver'],
    slackApiUrl: chat.apiUrl,
    paced,
  });

async function leave({ ground, chat, world, queue }: Stage): Promise<void> {
  await queue.stop();
  await ground.end();
  await chat.close();
  await world.simulator.close();
}

let written = 0;

/** New entries in each job's journal, as a poll appends them: the followers are due and nudged. */
async function append({ ground, queue, jobs }: Stage, entries: number): Promise<void> {
  const store = createWatchStore(ground.redis, ground.scripts);
  for (const job of jobs) {
    const watched = await store.readWatch(job);
    if (!watched) throw new Error(`nobody follows ${job}`);
    const fresh = Array.from({ length: entries }, () => {
      written += 1;
      const operation: Operation = {
        time: 1_800_000_000 + written,
        action: 'ADMIN_AUDIT_PASS',
        operator: 'ADMIN',
        reviewIds: [],
        algorithmReason: '',
        adminReason: '',
        other: {},
      };
      return { ...operation, kind: 'log', key: entryKey(canonical(operation), 1), supersedes: null, bringsReason: false, late: false } as const;
    });
    const { epoch, runId, journal } = watched;
    const wanted = {
      job,
      epoch,
      runId,
      length: journal.length,
      entries: fresh,
      facts: null,
      factsRead: false,
      ended: false,
      intervalMs: 300_000,
      nextPollInMs: 300_000,
    };
    const answer = await store.append({ ...wanted, ...UNSWEPT });
    if (answer.kind !== 'appended') throw new Error(answer.kind);
    await Promise.all(answer.destinations.map((destination) => queue.nudgeDestination(destination)));
  }
}

const calls = (arrivals: readonly Arrival[], method: string) => arrivals.filter((one) => one.method === method);

/** Until so many calls have come; answers them. */
async function arrived(chat: StandIn, wanted: Readonly<Record<string, number>>): Promise<readonly Arrival[]> {
  while (!Object.entries(wanted).every(([method, count]) => calls(chat.arrivals, method).length >= count)) await pause(20);
  return chat.arrivals;
}

/** Calls a second from the first to the last. */
function rateOf(arrivals: readonly Arrival[]): number {
  const at = arrivals.map((one) => one.at);
  return ((arrivals.length - 1) * 1000) / (Math.max(...at) - Math.min(...at));
}

const formOf = (arrival: Arrival | undefined) => Object.fromEntries(new URLSearchParams(arrival?.body ?? ''));

/** One entry in each of the jobs, followed by 1,000 channels, without pace; nothing can be grouped. Beside it the bare loop with calls of the same sort. */
async function ungrouped(stage: Stage, say: (line: string) => void, answerMs = 0): Promise<{ readonly ours: number[]; readonly bare: number[] }> {
  const { chat, jobs } = stage;
  const [ours, bare]: [number[], number[]] = [[], []];
  chat.answerMs = answerMs;
  const service = await serve(stage, false);
  // round 0 warms it and counts for nothing
  for (let round = 0; round <= ROUNDS; round += 1) {
    await pause(TIMING.editGap);
    chat.arrivals.length = 0;
    await append(stage, 1);
    const all = await arrived(chat, { 'chat.postMessage': jobs.length * CHANNELS, 'chat.update': jobs.length * CHANNELS });
    if (round === 0) continue;
    ours.push(rateOf(all));
    const sample: BarePosts = {
      apiUrl: chat.apiUrl,
      post: formOf(calls(all, 'chat.postMessage')[0]),
      update: formOf(calls(all, 'chat.update')[0]),
      ...{ posts: BARE_CALLS, updates: BARE_CALLS, atOnce: AT_ONCE },
    };
    const { first } = await startChild('bare-posts-process.ts', sample);
    bare.push((first as { perSecond: number }).perSecond);
    say(`${jobs.length * CHANNELS} posts and as many edits, round ${round}: ${perSecond(ours.at(-1) ?? 0)}, bare ${perSecond(bare.at(-1) ?? 0)}`);
  }
  await service.stop();
  chat.answerMs = 0;
  return { ours, bare };
}

/** The same with one channel that Slack throttles: when the others had their last post, and the throttled one its first. */
async function throttled(stage: Stage, say: (line: string) => void): Promise<{ readonly othersMs: number; readonly itselfMs: number }> {
  const { chat, jobs } = stage;
  const service = await serve(stage, false);
  chat.arrivals.length = 0;
  const start = performance.now();
  const isIt = (body: string) => new URLSearchParams(body).get('channel') === 'C0';
  chat.refuse = (_, body) =>
    isIt(body) && performance.now() < start + THROTTLED_S * 1_000
      ? {
          status: 429,
          headers: { 'retry-after': String(Math.ceil(THROTTLED_S - (performance.now() - start) / 1_000)) },
          body: { ok: false, error: 'ratelimited' },
        }
      : null;
  await append(stage, 1);
  const posts = calls(await arrived(chat, { 'chat.postMessage': jobs.length * CHANNELS }), 'chat.postMessage');
  chat.refuse = () => null;
  const at = (post: Arrival) => post.at - start;
  const found = {
    othersMs: Math.max(...posts.filter(({ body }) => !isIt(body)).map(at)),
    itselfMs: Math.min(...posts.filter(({ body }) => isIt(body)).map(at)),
  };
  await service.stop();
  say(`one throttled: the others after ${ms(found.othersMs)}, itself after ${ms(found.itselfMs)}`);
  return found;
}

/** Ten entries of one job at once, with the declared pace: each channel gets them in one message. */
async function grouped(say: (line: string) => void): Promise<number[]> {
  const stage = await setStage(1);
  const rates: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    const service = await serve(stage, true);
    stage.chat.arrivals.length = 0;
    await append(stage, JOBS);
    const posts = calls(await arrived(stage.chat, { 'chat.postMessage': CHANNELS }), 'chat.postMessage');
    rates.push(rateOf(posts) * JOBS);
    await service.stop();
    say(`grouped and paced, round ${round}: ${perSecond(rates.at(-1) ?? 0)} entries`);
  }
  await leave(stage);
  return rates;
}

export const fanOut: Bench = {
  name: 'fan-out',
  takes: '8 minutes',
  run: async (say) => {
    const single = await setStage(1);
    const one = await ungrouped(single, say);
    const distant = await ungrouped(single, say, DISTANT_MS);
    // the throttled channel is looked for where nothing else takes so long as it
    const { othersMs, itselfMs } = await throttled(single, say);
    await leave(single);
    const entries = await grouped(say);
    const stage = await setStage(JOBS);
    const many = await ungrouped(stage, say);
    await leave(stage);
    const row = (what: string, { ours, bare }: { readonly ours: readonly number[]; readonly bare: readonly number[] }) => {
      const ratio = median(ours) / median(bare);
      return {
        what,
        ours: spread(ours, perSecond),
        baseline: spread(bare, perSecond),
        ratio: times(ratio),
        wanted: `at least ${RATIO_WANTED}`,
        holds: ratio >= RATIO_WANTED,
      };
    };
    return {
      about: `Calls that the chat server accepts a second, from the first to the last. The baseline is a bare loop with the same Slack client, the same messages and as many calls at once (${AT_ONCE}), which remembers nothing.`,
      rows: [
        row(`one entry to ${CHANNELS} channels: posts and edits of their cards`, one),
        row(`the same, where the chat takes ${DISTANT_MS} ms to answer, as over a network`, distant),
        row(`${JOBS * CHANNELS} pending entries over ${CHANNELS} channels: posts and edits`, many),
        {
          what: `${JOBS} entries at once to ${CHANNELS} channels, grouped and paced: entries told`,
          ours: spread(entries, perSecond),
          baseline: spread(many.bare, perSecond),
          ratio: times(median(entries) / median(many.bare)),
          wanted: '',
          holds: null,
        },
        {
          what: `one channel throttled for ${THROTTLED_S} s: the last post to the others`,
          ours: ms(othersMs),
          baseline: `${ms(itselfMs)} (the first post to itself)`,
          ratio: '',
          wanted: 'none of them waits for it',
          holds: othersMs < itselfMs / 2,
        },
      ],
      notes: [
        `Medians of ${ROUNDS} rounds in one process, after one that warmed it; the bare loop is warmed with as many calls. In brackets the least and the most. Grouping is off in the first three rows because each pending entry is of another job, pacing by taking the declared pace away. Each post is followed by an edit of that job's card in the channel.`,
        'Around each call voicejob writes to Redis, on disk before the call is made, what it is about to do, and afterwards that it was done: that is what the ratio shows. Fourth row: one message holds ten entries, which is why it can be more than the bare loop; there the edits keep their pace and come later.',
      ],
    };
  },
};
