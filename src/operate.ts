/** The composition root of the operator's commands: what they need, built, used once and ended. */
import { existsSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { loadAdapters } from '../adapters/index.ts';
import type { Answer } from './admin/answer.ts';
import { chooseCommand, DOCTOR } from './admin/commands.ts';
import { type DoctorParts, doctor } from './admin/doctor.ts';
import { readPlaces } from './admin/find.ts';
import { type Config, type Problem, readConfig } from './config.ts';
import type { Person } from './domain/subscription.ts';
import { createLifecycle } from './lifecycle.ts';
import { createMetaStudio } from './metastudio/client.ts';
import { openRedis, UnfitDataError } from './open-redis.ts';
import type { Budget } from './ports/budget.ts';
import type { Finding } from './ports/finding.ts';
import type { JobSource } from './ports/job-source.ts';
import type { Log } from './ports/log.ts';
import type { Metrics } from './ports/metrics.ts';
import { createOperatorStore } from './store/operator-store.ts';
import { createSubscriptionStore } from './store/subscription-store.ts';
import { systemClock as clock, systemRandom as random } from './system.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Life = ReturnType<typeof createLifecycle>;

const UPSTREAM_REQUEST_MS = 10_000;
const UNCOUNTED: Metrics = { count: () => {}, observe: () => {}, set: () => {} };
/** One person asks for one thing: no bucket is needed, and what is found is nobody else's affair. */
const UNLIMITED: Budget = { acquire: async () => ({ kind: 'granted' }), report: async () => {}, gate: async () => null };

/**
 * Runs one operator's command on the Redis that the environment names; a private Redis that no voicejob holds is started for it, and stopped after it.
 * `logTo` makes the log once the secrets are known; it must not write where the answer goes.
 */
export async function operate(argv: readonly string[], env: Environment, logTo: (config: Config) => Log): Promise<Answer> {
  const chosen = chooseCommand(argv);
  if (chosen.kind === 'wrong') return chosen.answer;
  const isDoctor = chosen.name === DOCTOR;
  const read = readConfig(env, (path) => readFileSync(path, 'utf8'), isDoctor ? 'run' : 'admin');
  if (read.kind === 'problems') {
    const findings = read.problems.map(findingOf);
    if (isDoctor) return doctor(findings, null);
    const lines = findings.map(({ says, mend }) => `- ${says}: ${mend}`);
    return { exit: 1, text: ['The configuration has problems (every variable is described in .env.example):', ...lines].join('\n') };
  }
  const { config } = read;
  const log = logTo(config);
  const life = createLifecycle(log);
  try {
    if (isDoctor) return await doctor([], await doctorParts(config, log, life));
    if (config.redis.kind === 'private' && !existsSync(join(config.dataDir, 'redis'))) {
      return {
        exit: 1,
        text: `There is no data in DATA_DIR ${config.dataDir}. Run this where voicejob runs, with its environment, or set REDIS_URL to its Redis.`,
      };
    }
    const { redis, scripts, health } = await openRedis(config, log, life);
    const by = operatorPerson();
    const subscriptions = createSubscriptionStore(redis, scripts, { random, defaultLanguage: config.language, waitForDisk: health.waitsOnRequest, by });
    const operator = createOperatorStore(redis, scripts, { random, by, waitForDisk: health.waitsOnRequest });
    const upstream = config.metastudio && { jobs: jobsOf(config.metastudio, log), projectId: config.metastudio.projectId };
    return await chosen.run({ operator, subscriptions, upstream, clock });
  } finally {
    await life.stop();
  }
}

async function doctorParts(config: Config, log: Log, life: Life): Promise<DoctorParts> {
  const { metastudio, playground, slack, teams, dataDir, language: defaultLanguage } = config;
  return {
    http: config.http,
    dataDir: config.redis.kind === 'private' || playground ? dataDir : null,
    checkStore: () => lookAtStore(config, log, life),
    metastudio: metastudio && { endpoint: metastudio.endpoint, jobs: jobsOf(metastudio, log) },
    chats: await loadAdapters({ playground, slack, teams, dataDir, defaultLanguage }, { clock, random, log, inspect: null, simulator: null }),
    clock,
  };
}

/** What is wrong with Redis is a finding, like all else. */
async function lookAtStore(config: Config, log: Log, life: Life): ReturnType<DoctorParts['checkStore']> {
  try {
    const { redis, scripts, health } = await openRedis(config, log, life);
    const { version, durable, warnings, waitsOnRequest: waitForDisk } = health;
    const says = `Redis ${version} answers${durable ? ', and has every change on disk before it answers' : ''}`;
    const places = await readPlaces(createOperatorStore(redis, scripts, { random, by: operatorPerson(), waitForDisk }));
    return { findings: [{ level: 'ok', says, mend: '' }, ...warnings], places };
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    const problem = (mend: string) => ({ findings: [{ level: 'problem' as const, says, mend }], places: [] });
    if (error instanceof UnfitDataError) return problem(error.mend);
    const mend =
      config.redis.kind === 'private'
        ? 'see redis.log in DATA_DIR, or set REDIS_URL to a Redis that runs elsewhere'
        : 'look at REDIS_URL, and whether that server runs';
    return problem(mend);
  }
}

function jobsOf(metastudio: NonNullable<Config['metastudio']>, log: Log): JobSource {
  return createMetaStudio({ ...metastudio, budget: UNLIMITED, clock, log, metrics: UNCOUNTED, timeouts: { requestMs: UPSTREAM_REQUEST_MS } });
}

function findingOf({ oneOf, expected, got }: Problem): Finding {
  const names = oneOf.map((together) => together.replaceAll(' + ', ' and ')).join(oneOf.some((one) => one.includes(' + ')) ? ', or ' : ' or ');
  if (got !== null) return { level: 'problem', says: `${names} is wrong: ${got}`, mend: `set ${names} to ${expected}` };
  // Of alternatives, what is expected is what they are for: it ends the sentence.
  if (oneOf.length > 1) return { level: 'problem', says: `none of these is set: ${names}`, mend: `set one of them, ${expected}` };
  return { level: 'problem', says: `${names} is missing`, mend: `set ${names}: ${expected}` };
}

/** Who the trail says it was: the user of this machine, who may have no name in a container. */
function operatorPerson(): Person {
  try {
    const { username } = userInfo();
    return { platform: 'admin', id: username, name: username };
  } catch {
    const id = String(process.getuid?.() ?? 'unknown');
    return { platform: 'admin', id, name: `user ${id}` };
  }
}
