/** Brings planned mishaps about, and counts what really happened. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chat, ChatOp } from './chat.ts';
import type { Role } from './fleet.ts';
import type { Fate } from './http-tap.ts';
import type { Incident } from './judge.ts';
import type { Mishap, RedisTrouble } from './plan.ts';
import type { RedisTap } from './redis-tap.ts';
import { chatFate, troubleRedis, troubleUpstream } from './servers-trouble.ts';
import type { World } from './world.ts';

export type Trouble = {
  /** Starts a mishap; some only wait for their moment. */
  befall(mishap: Mishap): void;
  /** Takes back what has not come to pass, and waits for what has. */
  end(): Promise<void>;
  readonly counts: ReadonlyMap<string, number>;
  readonly incidents: readonly Incident[];
  /** Of processes asked to end: ms. */
  readonly stopsMs: readonly number[];
  readonly badStops: readonly string[];
};

const QUEUE_KEYS = ['{vj}:watch:*', '{vj}:deliver:*'];
const AGAIN_MS = 500;
const HEARD = [() => true, () => false] as const;
const REVOKED_MS = 8_000;
/** Of a flood, what goes to the first job; the others share the rest. */
const LARGEST_SHARE = 0.4;

export function openTrouble(world: World): Trouble {
  const { fleet, redis, redisTap, chats, upstream, luck } = world;
  const counts = new Map<string, number>();
  const incidents: Incident[] = [];
  const stopsMs: number[] = [];
  const badStops: string[] = [];
  /** Takes back what waits for its moment. */
  const undo = new Set<() => void>();
  const underWay = new Set<Promise<void>>();
  let redisWork: Promise<void> = Promise.resolve();

  const happened = (what: string): void => void counts.set(what, (counts.get(what) ?? 0) + 1);
  const incident = (kind: Incident['kind'], pid: number, ms = 0): void => {
    incidents.push({ kind, pid, from: Date.now(), to: Date.now() + ms });
  };
  const wait = (work: Promise<void>): void => {
    const settled = work.finally(() => underWay.delete(settled));
    underWay.add(settled);
  };
  const someone = (role: Role): number => {
    const pids = fleet.pids(role);
    return pids.length === 0 ? 0 : luck.of(pids);
  };
  const kill = (pid: number, what: string): void => {
    if (!fleet.kill(pid)) return;
    incident('kill', pid);
    happened(what);
  };
  const stall = (pid: number, ms: number): void => {
    if (!fleet.stall(pid, ms)) return;
    incident('stall', pid, ms);
    happened('process stopped (SIGSTOP)');
    wait(pause(ms));
  };

  const killAtScript = (step: Parameters<RedisTap['arm']>[0]): void => {
    const fate = (pid: number): void => {
      undo.delete(takeBack);
      kill(pid, `kill -9 ${step.when} ${step.script}`);
    };
    // those that wait for their moment must not take one process after the other, or nothing is under way that could be broken
    const takeBack = redisTap.arm(step, fate, (pid) => fleet.isCovered(pid));
    undo.add(takeBack);
  };

  /** `what` is counted when the request comes; a strike counts itself. */
  const atChat = (op: ChatOp, what: string | null, make: (chat: Chat) => Fate): void => {
    const meant = chats.filter(({ looks }) => op !== 'find' || looks);
    if (meant.length === 0) return;
    const chat = luck.of(meant);
    const fate = make(chat);
    const takeBack = chat.tap.arm((request) => {
      if (chat.opOf(request) !== op || fleet.roleOf(request.pid) === null) return false;
      if (fate.kind === 'strike' && !fleet.isCovered(request.pid)) return false;
      undo.delete(takeBack);
      if (what !== null) happened(what);
      if (fate.kind === 'late') wait(pause(fate.afterMs));
      return true;
    }, fate);
    undo.add(takeBack);
  };

  const redisTrouble = async (how: RedisTrouble): Promise<void> => {
    const from = Date.now();
    happened(`Redis: ${how}`);
    const lost = await troubleRedis(how, { redis, redisTap });
    incidents.push({ kind: lost ? 'redis-loss' : 'redis-away', pid: 0, from, to: Date.now() });
  };

  const replaceToken = async (): Promise<void> => {
    const chat = luck.of(chats);
    happened(`${chat.platform}: token revoked and replaced`);
    chat.revokeToken();
    await pause(REVOKED_MS);
    chat.replaceToken();
    await fleet.restartAll(world.env());
  };

  const archive = async (ms: number): Promise<void> => {
    const chat = luck.of(chats);
    const place = luck.of(chat.places);
    happened(`${chat.platform}: archived and back`);
    for (const archived of [true, false]) {
      // a platform says it again until somebody has heard it
      while (
        !(await fleet
          .webUrl()
          .then((url) => chat.archive(url, place, archived))
          .then(...HEARD))
      )
        await pause(AGAIN_MS);
      if (archived) await pause(ms);
    }
  };

  const stopOne = async (pid: number): Promise<boolean> => {
    const role = fleet.roleOf(pid);
    const stopped = role === null ? null : await fleet.stopOne(pid);
    if (stopped === null) return false;
    const { tookMs, ended } = stopped;
    happened(`${role}: ended in good order`);
    stopsMs.push(tookMs);
    if (ended !== 0) badStops.push(`a ${role} asked to end ended with ${ended} after ${tookMs} ms`);
    return true;
  };

  const rollingRestart = async (): Promise<void> => {
    await fleet.rollingRestart(stopOne);
    happened('rolling restart of all processes');
  };

  const flood = (entries: number): void => {
    happened(`flood of ${entries} entries`);
    for (const [index, job] of world.floods.entries()) {
      upstream.flood(job, Math.round(entries * (index === 0 ? LARGEST_SHARE : (1 - LARGEST_SHARE) / (world.floods.length - 1))));
    }
  };

  const wipe = async (): Promise<void> => {
    happened('BullMQ’s keys wiped');
    for (const pattern of QUEUE_KEYS) {
      // Redis may be away: then there is nothing to wipe
      const keys = await redis.client.keys(pattern).catch(() => []);
      if (keys.length > 0) await redis.client.del(...keys).catch(() => 0);
    }
  };

  const befall = (mishap: Mishap): void => {
    switch (mishap.kind) {
      case 'kill':
        kill(someone(mishap.role), `kill -9 of ${mishap.role} at random`);
        break;
      case 'kill at a script':
        killAtScript(mishap.step);
        break;
      case 'kill at the chat': {
        const { op, when } = mishap;
        const words = { lost: `on the way to a ${op}`, before: `just before a ${op}`, after: `just after a ${op}` }[when];
        atChat(op, null, () => ({ kind: 'strike', when, strike: ({ pid }) => kill(pid, `kill -9 ${words}`) }));
        break;
      }
      case 'stall at the chat':
        atChat(mishap.op, null, () => ({ kind: 'strike', when: mishap.when, strike: ({ pid }) => stall(pid, mishap.ms) }));
        break;
      case 'stall':
        stall(someone(mishap.role), mishap.ms);
        break;
      case 'stop':
        wait(stopOne(someone(mishap.role)).then(() => undefined));
        break;
      case 'rolling restart':
        wait(rollingRestart());
        break;
      case 'clock':
        happened('clock of a process stepped');
        fleet.shiftClock(someone(mishap.role), mishap.seconds);
        break;
      case 'redis':
        redisWork = redisWork.then(() => redisTrouble(mishap.how));
        wait(redisWork);
        break;
      case 'upstream':
        happened(`upstream: ${mishap.how}`);
        wait(troubleUpstream(mishap.how, { upstream, luck }));
        break;
      case 'chat':
        atChat(mishap.op, `chat: ${mishap.how} (${mishap.op})`, (chat) => chatFate(mishap.how, chat, luck));
        break;
      case 'archive':
        wait(archive(mishap.ms));
        break;
      case 'token':
        wait(replaceToken());
        break;
      case 'flood':
        flood(mishap.entries);
        break;
      case 'wipe the queues':
        wait(wipe());
        break;
      default:
        mishap satisfies never;
    }
  };

  return {
    counts,
    incidents,
    stopsMs,
    badStops,
    befall,
    end: async () => {
      for (const takeBack of undo) takeBack();
      undo.clear();
      for (const pid of fleet.pids()) fleet.shiftClock(pid, 0);
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
