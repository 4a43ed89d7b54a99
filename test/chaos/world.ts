/** Everything that a run needs, started: Redis, upstream, chats, the program's processes, and people who follow jobs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callerFinder } from './caller.ts';
import type { Chat } from './chat.ts';
import { type Dice, dice } from './dice.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { type ForeignRedis, startForeignRedis } from './foreign-redis.ts';
import { type Following, type Incident, judge, type Verdict } from './judge.ts';
import { followings } from './plan.ts';
import { ownRedis } from './private-redis.ts';
import { noRedisTap, type RedisTap, startRedisTap } from './redis-tap.ts';
import { startSlackChat } from './slack-chat.ts';
import { startTeamsChat } from './teams-chat.ts';
import { type Job, startUpstream, type Upstream } from './upstream.ts';

export type WorldOptions = {
  readonly seed: number;
  /** Processes of each role. */
  readonly perRole: number;
  /** Jobs whose logs grow now and then, and jobs for floods, which have one follower each. */
  readonly jobs: number;
  readonly floods: number;
  readonly slackChannels: number;
  readonly teamsChannels: number;
  readonly teamsGroups: number;
  /** Of each job. */
  readonly followers: number;
  /** private: the program's own, with every write on disk before it is answered. */
  readonly redis: 'always' | 'everysec' | 'private';
  /** Whether Slack grants its history scopes. */
  readonly history: boolean;
  /** Whether the processes' clocks can be set. */
  readonly clocks: boolean;
};

export type World = {
  readonly fleet: Fleet;
  readonly redis: ForeignRedis;
  readonly redisTap: RedisTap;
  readonly chats: readonly Chat[];
  readonly upstream: Upstream;
  readonly jobs: readonly Job[];
  readonly floods: readonly Job[];
  readonly following: readonly Following[];
  readonly luck: Dice;
  /** What processes are started with now. */
  env(): Readonly<Record<string, string>>;
  chatOf(following: Following): Chat;
  /** What the judge says of what stands in the chats now. */
  look(incidents: readonly Incident[]): Promise<Verdict>;
  /** What should be empty when all is told. */
  leftovers(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
};

const PROCESS_ENV = { LOG_LEVEL: 'info', POLL_MIN: '3s', POLL_MAX: '6s', METASTUDIO_MAX_RPS: '150' };
/** What the sweep has not come to for so long hangs. */
const OVERDUE_MS = 15_000;
/** A fifth of the jobs have logs of two pages. */
const LONG_SHARE = 5;

/** Resolves when every card stands. */
export async function startWorld(options: WorldOptions): Promise<World> {
  const luck = dice(options.seed);
  const directory = await mkdtemp(join(tmpdir(), 'vj-chaos-'));
  const endings: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const end of endings.splice(0).toReversed()) await end();
  };
  /** Its end is noted at birth. */
  const born = <T extends { close(): Promise<unknown> }>(made: T): T => {
    endings.push(() => made.close());
    return made;
  };
  try {
    let fleet: Fleet | null = null;
    const callerOf = callerFinder(() => fleet?.pids() ?? []);
    const redis = born(options.redis === 'private' ? ownRedis(directory) : await startForeignRedis(directory, options.redis));
    const redisTap = born(redis.port === null ? noRedisTap() : await startRedisTap(redis.port, callerOf));
    const upstream = born(await startUpstream({ jobs: options.jobs, long: Math.ceil(options.jobs / LONG_SHARE), floods: options.floods }));
    const slack = born(await startSlackChat({ channels: options.slackChannels, history: options.history, callerOf }));
    const teams = born(await startTeamsChat({ channels: options.teamsChannels, groups: options.teamsGroups, callerOf }));
    const chats: readonly Chat[] = [slack, teams];
    const env = () => ({
      ...PROCESS_ENV,
      ...(redis.port === null ? { DATA_DIR: directory } : { DATA_DIR: '/nonexistent', REDIS_URL: `redis://127.0.0.1:${redisTap.port}` }),
      ...upstream.env(),
      ...Object.assign({}, ...chats.map((chat) => chat.env())),
    });
    // the program's own redis-server would be started under the library that sets the clocks, and does not start so
    const clocks = options.clocks && options.redis !== 'private';
    const running = born(await startFleet({ directory, perRole: options.perRole, env: env(), clocks }));
    fleet = running;

    const places = chats.flatMap((chat) => chat.places);
    const jobs = upstream.jobs.slice(0, options.jobs);
    const floods = upstream.jobs.slice(options.jobs);
    const following: Following[] = [
      ...followings(luck, { places, jobs, each: options.followers }),
      ...floods.flatMap((job, index) => slack.places.slice(index, index + 1).map((place) => ({ place, job, preset: 'everything' as const }))),
    ];
    const chatOf = ({ place }: Following): Chat => (place.platform === 'teams' ? teams : slack);
    for (const one of following) {
      const status = await chatOf(one).command(await running.webUrl(), one.place, `subscribe ${one.job.id} ${one.preset}`);
      if (status !== 200) throw new Error(`a command at ${one.place.platform} was answered with ${status}`);
    }
    const look: World['look'] = async (incidents) =>
      judge({
        following,
        entries: (job) => upstream.entries(job),
        seen: (await Promise.all(chats.map((chat) => chat.seen()))).flat(),
        requests: chats.flatMap((chat) => chat.tap.requests),
        incidents,
      });
    while ((await look([])).lost.length > 0) await pause(200);

    const leftovers = async () => {
      const late = await redis.client.keys('{vj}:late:*');
      return {
        'due now': await redis.client.zcount('{vj}:due', '-inf', Date.now() - OVERDUE_MS),
        'late checks': late.length,
        'dead letters': await redis.client.llen('{vj}:dead'),
      };
    };
    return { fleet: running, redis, redisTap, chats, upstream, jobs, floods, following, luck, env, chatOf, look, leftovers, close };
  } catch (error) {
    await close();
    throw error;
  }
}
