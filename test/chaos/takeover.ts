/** How long it takes until what a killed process had under way is taken up again, and until it is settled: once for each named step, all else calm. */
import { setTimeout as pause } from 'node:timers/promises';
import { PROJECT } from '../support/builders.ts';
import type { ChatOp, Place } from './chat.ts';
import type { Following } from './judge.ts';
import { startWorld, type World } from './world.ts';

export type Takeover = {
  readonly step: string;
  /** From the kill until another process polls the job, or changes something of its delivery, ms. */
  readonly takenUpMs: number;
  /** From the kill until the entry is told, the card shows it, and nothing is under way, ms. */
  readonly settledMs: number;
};

type Step = { readonly name: string; readonly platform: Place['platform']; readonly arm: (fate: (pid: number) => void, one: Following) => () => void };

const LOOK_MS = 50;
const SCRIPTS = ['read-watch', 'append', 'intent', 'settle'] as const;
const CHAT_STEPS: readonly (readonly [Place['platform'], ChatOp])[] = [
  ['slack', 'post'],
  ['slack', 'edit'],
  ['teams', 'post'],
  ['teams', 'edit'],
];
const WHEN = { lost: 'on the way to', before: 'just before', after: 'just after' } as const;

export async function takeovers(seed: number, say: (line: string) => void): Promise<readonly Takeover[]> {
  const shape = { perRole: 2, jobs: 8, floods: 0, slackChannels: 2, teamsChannels: 2, teamsGroups: 0, followers: 1 };
  const world = await startWorld({ seed, ...shape, redis: 'always', history: true, clocks: false });
  try {
    const results: Takeover[] = [];
    for (const step of stepsOf(world)) {
      const one = world.following.find(({ place }) => place.platform === step.platform);
      if (!one) throw new Error(`nobody follows at ${step.platform}: take another seed`);
      results.push(await takeover(world, step, one));
      say(`${step.name}: taken up after ${results.at(-1)?.takenUpMs} ms, settled after ${results.at(-1)?.settledMs} ms`);
    }
    return results;
  } finally {
    await world.close();
  }
}

function stepsOf({ redisTap, fleet, chatOf }: World): readonly Step[] {
  const atScript = (script: string, when: 'before' | 'after'): Step => ({
    name: `${when} ${script}`,
    platform: 'slack',
    arm: (fate) => redisTap.arm({ script, when }, fate),
  });
  const atChat = (platform: Place['platform'], op: ChatOp, when: keyof typeof WHEN): Step => ({
    name: `${WHEN[when]} the ${op} (${platform})`,
    platform,
    arm: (fate, one) =>
      chatOf(one).tap.arm((request) => chatOf(one).opOf(request) === op && fleet.roleOf(request.pid) !== null, {
        kind: 'strike',
        when,
        strike: ({ pid }) => fate(pid),
      }),
  });
  return [
    ...SCRIPTS.flatMap((script) => [atScript(script, 'before'), atScript(script, 'after')]),
    ...CHAT_STEPS.flatMap(([platform, op]) => (['lost', 'before', 'after'] as const).map((when) => atChat(platform, op, when))),
  ];
}

async function takeover(world: World, step: Step, one: Following): Promise<Takeover> {
  const { fleet, upstream } = world;
  const { length } = await until(world, one, isSettled);
  let killedAt = 0;
  const disarm = step.arm((pid) => {
    if (killedAt === 0 && fleet.kill(pid)) killedAt = Date.now();
  }, one);
  upstream.grow(one.job, 1, world.luck);
  await until(world, one, () => killedAt > 0);
  disarm();
  const before = await stateOf(world, one);
  let takenUpAt = 0;
  await until(world, one, (state) => {
    const polled = upstream.simulator.requests.some(({ at, path }) => at > killedAt && path.includes(one.job.id));
    const isWatch = step.name.endsWith('read-watch') || step.name.endsWith('append');
    if (takenUpAt === 0 && (isWatch ? polled : JSON.stringify(state) !== JSON.stringify(before))) takenUpAt = Date.now();
    return isSettled(state) && state.length > length;
  });
  return { step: step.name, takenUpMs: takenUpAt - killedAt, settledMs: Date.now() - killedAt };
}

/** What the store says of a subscription: how long its journal is, how far it was told and drawn, and who is at it. */
type State = { readonly length: number; readonly cursor: number; readonly shown: number; readonly tok: string | null };

function isSettled({ length, cursor, shown, tok }: State): boolean {
  return tok === null && cursor === length && shown === length;
}

async function stateOf({ redis }: World, { job }: Following): Promise<State> {
  const id = `${PROJECT}/${job.id}`;
  const [key = ''] = await redis.client.keys(`{vj}:sub:*|${id}`);
  const [cursor, shown, tok] = await redis.client.hmget(key, 'cursor', 'shown', 'intentTok');
  const [length, base] = [await redis.client.llen(`{vj}:log:${id}`), await redis.client.hget(`{vj}:job:${id}`, 'base')];
  return { length, cursor: Math.max(Number(cursor), Number(base)), shown: Number(shown), tok: tok ?? null };
}

async function until(world: World, one: Following, condition: (state: State) => boolean): Promise<State> {
  for (;;) {
    const state = await stateOf(world, one);
    if (condition(state)) return state;
    await pause(LOOK_MS);
  }
}
