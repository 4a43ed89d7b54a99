/** The composition root: builds everything in one straight function, and is the only file that knows everybody. */

import { loadAdapters } from '../adapters/index.ts';
import packageJson from '../package.json' with { type: 'json' };
import { PATIENCE } from './commands/dependencies.ts';
import { createInbound } from './commands/handle-inbound.ts';
import type { Config } from './config.ts';
import { deliverOnce } from './deliver/deliver-once.ts';
import type { DrainDeps } from './deliver/drain.ts';
import { cadence, stretch } from './domain/cadence.ts';
import { type JobKey, jobIdOf, projectIdOf } from './domain/job.ts';
import { TIMING } from './domain/timing.ts';
import { behindAdminToken } from './http/admin-gate.ts';
import { mountHealth } from './http/health.ts';
import { createScrape } from './http/scrape.ts';
import { createHttp } from './http/server.ts';
import { createLifecycle } from './lifecycle.ts';
import { createMetaStudio } from './metastudio/client.ts';
import { tellForbidden } from './metastudio/tell-forbidden.ts';
import { createMetrics } from './metrics.ts';
import { makeDataDir, openRedis } from './open-redis.ts';
import type { ChatAdapter } from './ports/chat-adapter.ts';
import type { SimulatorControl } from './ports/inspect.ts';
import { MEND_ACCESS } from './ports/job-source.ts';
import type { Log } from './ports/log.ts';
import type { DeliverStore, Watched } from './ports/store.ts';
import { startLoop } from './queue/loop.ts';
import { createQueue } from './queue/queue.ts';
import { createBudget } from './store/budget.ts';
import { createDeliverStore } from './store/deliver-store.ts';
import { readFigures } from './store/figures.ts';
import { createInspectStore } from './store/inspect-store.ts';
import { createJournalCache } from './store/journal-cache.ts';
import { openPrivateRedis } from './store/private-redis.ts';
import { KEY_PREFIX } from './store/script.ts';
import { createSubscriptionStore } from './store/subscription-store.ts';
import { createSweepStore } from './store/sweep-store.ts';
import { tidy } from './store/tidy.ts';
import { createWatchStore } from './store/watch-store.ts';
import { systemClock as clock, systemRandom as random } from './system.ts';
import { pollOnce } from './watch/poll-once.ts';
import { sweepOnce } from './watch/sweep.ts';

export type App = {
  /** Of the web server, without a slash at the end. */
  readonly url: string;
  /** Ends everything within 5 seconds. May be called twice. */
  stop(): Promise<void>;
};

const VERSION = packageJson.version;
const BOARD_PATH = '/admin/queues';
const SWEEP_MS = 1_000;
/** How often a process asks whether it is its turn to sweep the job list. */
const SWEEP_TURN_MS = 500;
const ROSTER_MS = 5_000;
const ROSTER_FULL_MS = 60_000;
const OVERDUE_MS = 10_000;
const OVERDUE_LIMIT = 1_000;
/** A key that is refused for so long is told to everyone who follows anything. */
const ACCESS_LOST_MS = 15 * 60_000;
const TIDY_MS = 6 * 3_600_000;
const CHECK_MS = 5 * 60_000;
/** A simulator locks no key: whoever plays with a wrong one need not wait long for the right one. */
const SIMULATED_PROBE_MS = 3_000;
const UPSTREAM_REQUEST_MS = 10_000;
/** BullMQ's hash tag: the keys' prefix without its colon. */
const QUEUE_PREFIX = KEY_PREFIX.slice(0, -1);
/** Polls wait for the budget most of their time, drains for a platform. */
const CONCURRENCY = { watch: 50, deliver: 50 };
/** Of the 5 s in which a process must end. */
const QUEUE_STOP_MS = 4_700;

/** What may stand in the place of the real thing. `simulator`: a simulated MetaStudio that the local page may play with. */
export type Parts = { readonly loadAdapters: typeof loadAdapters; readonly simulator: SimulatorControl | null };

/** Starts what the configuration's roles ask for. Rejects when it can't, with everything ended that it began. */
export async function startApp(config: Config, log: Log, parts: Partial<Parts> = {}): Promise<App> {
  const life = createLifecycle(log);
  try {
    return await build(config, { log, life, loadAdapters, simulator: null, ...parts });
  } catch (error) {
    await life.stop();
    throw error;
  }
}

type Around = Parts & { readonly log: Log; readonly life: ReturnType<typeof createLifecycle> };

async function build(config: Config, { log, life, simulator, loadAdapters }: Around): Promise<App> {
  const { metrics, render, contentType, replace } = createMetrics();
  metrics.set('build_info', 1, { version: VERSION, node: process.version });

  if (config.playground) makeDataDir(config.dataDir, false);
  const { connection, redis, scripts, health } = await openRedis(config, log, life);
  for (const { says, mend } of health.warnings) log.warn(`Redis: ${says}`, { mend });

  const watchStore = createWatchStore(redis, scripts);
  const deliverStore = createDeliverStore(redis, scripts, { cache: createJournalCache(redis), durable: health.durable });
  const subscriptions = createSubscriptionStore(redis, scripts, { random, defaultLanguage: config.language, waitForDisk: health.waitsOnRequest });
  const budget = createBudget(redis, { maxRps: config.maxRps, clock, random, ...(simulator ? { probeMs: SIMULATED_PROBE_MS } : {}) });
  const upstream = config.metastudio;
  const telling = tellForbidden(budget, { clock, log });
  const jobs = upstream && createMetaStudio({ ...upstream, ...{ budget: telling, clock, log, metrics }, timeouts: { requestMs: UPSTREAM_REQUEST_MS } });

  const { playground, slack, teams, dataDir, language: defaultLanguage } = config;
  const inspect = createInspectStore(redis, () => budget.gate());
  const adapters = await loadAdapters({ playground, slack, teams, dataDir, defaultLanguage }, { clock, random, log, inspect, simulator });
  const byPlatform = new Map(adapters.map((adapter) => [adapter.platform, adapter]));
  const jobLink = linkMaker(config);

  const drain: DrainDeps = { store: deliverStore, adapters: byPlatform, jobLink, timing: TIMING, clock, random, log, metrics };
  const queue = createQueue({
    connection,
    prefix: QUEUE_PREFIX,
    roles: { watch: config.roles.has('watch') && jobs !== null, deliver: config.roles.has('deliver') },
    pollOnce: (job, signal) => {
      if (!jobs || !upstream) throw new Error('a process without MetaStudio was given a poll');
      const poll = { ...config.poll, maxRps: config.maxRps };
      return pollOnce({ store: watchStore, jobs, scheduler: queue, projectId: upstream.projectId, poll, clock, random, log, metrics }, job, signal);
    },
    deliverOnce: (destination, signal) => deliverOnce(drain, destination, signal),
    dueDestinations: (limit) => deliverStore.dueDestinations(limit),
    roster: {
      overdue: () => watchStore.overdue({ overdueMs: OVERDUE_MS, limit: OVERDUE_LIMIT }),
      all: (cursor) => watchStore.roster(cursor),
      everyMs: ROSTER_MS,
      fullEveryMs: ROSTER_FULL_MS,
    },
    sweepEveryMs: SWEEP_MS,
    concurrency: CONCURRENCY,
    log,
    metrics,
    clock,
    random,
  });
  life.defer('the queues', () => queue.stop(), QUEUE_STOP_MS);

  const http = createHttp({ ...config.http, log, clock });
  const ready = async () => {
    const answers = (await redis.ping()) === 'PONG';
    const reasons = [...(answers ? [] : ['Redis does not answer']), ...(queue.healthy() ? [] : ['the workers are not running'])];
    return { ready: reasons.length === 0, reasons };
  };
  const scrape = createScrape({ sources: [() => readFigures(scripts), () => queue.figures()], replace, render, clock, log });
  mountHealth(http.routes, { ready, metrics: { render: scrape, contentType }, adminToken: config.adminToken, log });
  const board = behindAdminToken(config.adminToken, queue.board(BOARD_PATH));
  for (const path of [BOARD_PATH, `${BOARD_PATH}/`]) http.routes.mount(path, board);
  life.defer('the web server', () => http.close());

  if (config.roles.has('web') && jobs && upstream) {
    const inbound = createInbound({
      store: subscriptions,
      jobs,
      scheduler: queue,
      budget,
      projectId: upstream.projectId,
      defaultLanguage: config.language,
      admins: config.admins,
      patience: PATIENCE,
      jobLink,
      commandPrefix: (address) => byPlatform.get(address.platform)?.commandPrefix(address) ?? '',
      effectiveIntervalMs: intervals(config),
      ...{ clock, random, log, metrics },
    });
    for (const adapter of adapters) {
      await adapter.start({ inbound, routes: http.routes });
      life.defer(`the ${adapter.platform} adapter`, () => adapter.stop());
    }
  }

  const { url } = await http.listen().catch((error: unknown) => {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken ? new Error(`port ${config.http.port} is taken by another program; set PORT to a free one`) : error;
  });
  queue.start();
  const loop = (name: string, everyMs: number, once: (signal: AbortSignal) => Promise<unknown>) => {
    const started = startLoop(name, { everyMs, once: async (signal) => void (await once(signal)), log });
    life.defer(name, () => started.stop());
  };
  if (config.roles.has('web')) {
    const admins = config.admins.map(({ platform, id }) => `${platform}|${id}`);
    loop('tidying', TIDY_MS, async () => {
      const forgotten = await tidy(redis, scripts, { admins });
      if (forgotten > 0) log.info('places that nobody used for long were forgotten', { forgotten });
    });
  }
  const told = new Map<string, string | null>();
  loop('the chats’ check', CHECK_MS, () => checkChats(adapters, deliverStore, { log, told }));
  if (jobs && upstream && config.roles.has('watch')) {
    const poll = { ...config.poll, maxRps: config.maxRps };
    const sweep = { store: createSweepStore(scripts, upstream.projectId), list: jobs, scheduler: queue, poll, clock, log, metrics };
    loop('the sweep of the job list', Math.min(SWEEP_TURN_MS, config.poll.minMs), (signal) => sweepOnce(sweep, signal));
  }
  if (jobs) {
    let refused = false;
    loop('the watch of access', ROSTER_MS, async () => {
      const gate = await budget.gate();
      if (gate && !refused) {
        const { status, code, requestId, words } = gate;
        log.error(`MetaStudio refuses the credentials: ${MEND_ACCESS.unauthorized}`, { status, code, requestId, words });
      }
      if (!gate && refused) log.info('MetaStudio accepts the credentials again');
      refused = gate !== null;
      await watchStore.tellAccess(gate, ACCESS_LOST_MS);
    });
  }
  log.info('voicejob is running', {
    url,
    roles: [...config.roles].join(','),
    chats: adapters.map(({ platform }) => platform).join(','),
    redis: health.version,
  });
  return {
    url,
    stop: async () => {
      // what takes longest begins first
      const working = queue.stop();
      await life.stop();
      await working;
    },
  };
}

/** Ends a private Redis that lost its program, and whatever it still holds may then be deleted. */
export async function endPrivateRedis(dataDir: string, log: Log): Promise<void> {
  const server = await openPrivateRedis({ dataDir, log, clock });
  await server.close();
}

function linkMaker(config: Config): (job: JobKey) => string | null {
  const template = config.jobLinkTemplate;
  return (job) => template?.replaceAll('{project_id}', projectIdOf(job)).replaceAll('{job_id}', jobIdOf(job)) ?? null;
}

/** What a watch's interval has become, ms, when all watches together ask for more than the ceiling allows. */
function intervals(config: Config): (watched: Watched) => number | null {
  return ({ journal, facts, changedAt, demand, sweep }) => {
    if (sweep.covered || stretch(demand, config.maxRps) <= 1) return null;
    const now = clock.now();
    return cadence({ now, journal, facts, changedAt, suspected: false, expecting: false, netMs: null, ...config.poll, demand, allowed: config.maxRps }).delayMs;
  };
}

/** A platform whose credentials are good again is no longer paused; one whose are not says what to mend, and so does one that lacks a part: that once. */
async function checkChats(
  adapters: readonly ChatAdapter[],
  store: DeliverStore,
  { log, told }: { readonly log: Log; readonly told: Map<string, string | null> },
): Promise<void> {
  for (const adapter of adapters) {
    const { platform } = adapter;
    const { ok, problem } = await adapter.check();
    if (ok) await store.resumePlatform(platform);
    else log.error(problem ?? 'the chat refuses its credentials', { platform });
    if (ok && problem !== null && told.get(platform) !== problem) log.warn(problem, { platform });
    told.set(platform, problem);
  }
}
