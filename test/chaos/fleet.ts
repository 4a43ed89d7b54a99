/** The real program as processes, several of each role, under a supervisor that starts what ended again, as an operator's would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import packageJson from '../../package.json' with { type: 'json' };
import { eventually } from '../support/program.ts';

export const ROLES = ['web', 'watch', 'deliver'] as const;
export type Role = (typeof ROLES)[number];

type Member = {
  readonly role: Role;
  readonly name: string;
  readonly logPath: string;
  readonly clockPath: string;
  child: ChildProcess;
  /** Where in its log file this life begins. */
  logStart: number;
  startedAt: number;
  expected: boolean;
  /** By how many SIGSTOPs it is held. */
  holds: number;
  readonly memory: { readonly life: number; readonly atMs: number; readonly rssMb: number }[];
  lives: number;
};

export type Fleet = {
  pids(role?: Role): readonly number[];
  roleOf(pid: number): Role | null;
  /** Whether another process of the same role works. */
  isCovered(pid: number): boolean;
  /** kill -9 of one that runs; false when it is none of ours. */
  kill(pid: number): boolean;
  /** SIGSTOP, and SIGCONT after so long; false for one that is none of ours or has been asked to end. */
  stall(pid: number, ms: number): boolean;
  /** SIGTERM, waited for: how long the stop took, ms, and the exit code or signal. null: it can't be asked now. */
  stopOne(pid: number): Promise<{ readonly tookMs: number; readonly ended: number | string } | null>;
  /** Ends one process after the other in good order, each once the one before it runs again. */
  rollingRestart(stopOne: (pid: number) => Promise<boolean>): Promise<void>;
  /** The wall clock of one process jumps by so many seconds from now on. */
  shiftClock(pid: number, seconds: number): void;
  /** Ends all in good order and starts them with other settings, or the same. */
  restartAll(env: Readonly<Record<string, string>>): Promise<void>;
  /** Of a process with the role web that answers now. */
  webUrl(): Promise<string>;
  readonly kills: Record<Role, number>;
  /** Ends that nobody here brought about, each with the end of its log. */
  readonly crashes: readonly string[];
  /** Of each process's longest life: what it took at its beginning, at each quarter and at its end. */
  memory(): readonly { readonly name: string; readonly mb: readonly number[]; readonly overMs: number }[];
  /** All that was printed. */
  logs(): string;
  close(): Promise<void>;
};

/** What `npm start` gives node. */
const NODE_FLAGS = packageJson.scripts.start.match(/--\S+/g) ?? [];
const RESTART_MS = 400;
const MEMORY_MS = 5_000;
/** A process that has just started has not yet what it needs. */
const WARM_MS = 15_000;
/** The folder below /usr/lib is named after the machine's architecture (Debian's multiarch). */
const FAKETIME = 'faketime/libfaketime.so.1';

export async function startFleet(options: {
  readonly directory: string;
  readonly perRole: number;
  readonly env: Readonly<Record<string, string>>;
  readonly clocks: boolean;
}): Promise<Fleet> {
  let { env } = options;
  let stopping = false;
  const crashes: string[] = [];
  const kills: Record<Role, number> = { web: 0, watch: 0, deliver: 0 };

  const library = options.clocks ? faketime() : '';
  const launch = (member: Pick<Member, 'role' | 'logPath' | 'clockPath'>): ChildProcess => {
    const file = openSync(member.logPath, 'a');
    writeFileSync(member.clockPath, '+0\n');
    const clock = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: member.clockPath, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
    const child = spawn(process.execPath, [...NODE_FLAGS, 'src/main.ts', 'run'], {
      env: { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', ROLES: member.role, ...env, ...(options.clocks ? clock : {}) },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    return child;
  };

  const output = (member: Member): string => readFileSync(member.logPath, 'utf8').slice(member.logStart);

  const begin = (member: Member): void => {
    member.logStart = readFileSync(member.logPath, { encoding: 'utf8', flag: 'a+' }).length;
    member.child = launch(member);
    member.startedAt = Date.now();
    member.expected = false;
    member.holds = 0;
    member.lives += 1;
    const { child } = member;
    child.once('exit', (code, signal) => {
      if (stopping || member.child !== child) return;
      // without its Redis it does not start, and says so: the next try is the supervisor's
      const refused = code === 1 && /can't start|Redis does not answer/.test(output(member));
      if (!member.expected && !refused) crashes.push(`${member.name} ended with ${code ?? signal}:\n${output(member).slice(-3000)}`);
      setTimeout(() => {
        if (!stopping && member.child === child) begin(member);
      }, RESTART_MS);
    });
  };

  const members: Member[] = ROLES.flatMap((role) =>
    Array.from({ length: options.perRole }, (_, index) => {
      const name = `${role}-${index + 1}`;
      const paths = { logPath: join(options.directory, `${name}.log`), clockPath: join(options.directory, `${name}.clock`) };
      return { role, name, ...paths, child: null as unknown as ChildProcess, logStart: 0, startedAt: 0, expected: false, holds: 0, memory: [], lives: 0 };
    }),
  );
  for (const member of members) begin(member);
  const killNow = () => {
    for (const { child } of members) child.kill('SIGKILL');
  };
  process.once('exit', killNow);

  const runs = (member: Member): boolean => member.child.exitCode === null && member.child.signalCode === null;
  const ofPid = (pid: number): Member | undefined => members.find((member) => member.child.pid === pid && runs(member));
  const ready = (member: Member): string | null => /"url":"(http:[^"]+)"[^\n]*voicejob is running/.exec(output(member))?.[1] ?? null;
  const allReady = () => eventually(async () => members.every((member) => runs(member) && ready(member) !== null));

  const meter = setInterval(() => {
    for (const member of members) {
      if (!runs(member) || Date.now() - member.startedAt < WARM_MS) continue;
      const [, kb] = /VmRSS:\s+(\d+)/.exec(statusOf(member.child.pid ?? 0)) ?? [];
      if (kb) member.memory.push({ life: member.lives, atMs: Date.now(), rssMb: Math.round(Number(kb) / 1024) });
    }
  }, MEMORY_MS);

  await allReady();
  return {
    kills,
    crashes,
    pids: (role) => members.filter((member) => runs(member) && (role === undefined || member.role === role)).map(({ child }) => child.pid ?? 0),
    roleOf: (pid) => ofPid(pid)?.role ?? null,
    isCovered: (pid) => {
      const role = ofPid(pid)?.role;
      return members.some((member) => member.role === role && member.child.pid !== pid && runs(member) && !member.expected && ready(member) !== null);
    },
    kill: (pid) => {
      const member = ofPid(pid);
      if (!member || member.expected) return false;
      member.expected = true;
      kills[member.role] += 1;
      return member.child.kill('SIGKILL');
    },
    stall: (pid, ms) => {
      const member = ofPid(pid);
      if (!member || member.expected || !member.child.kill('SIGSTOP')) return false;
      const { child } = member;
      member.holds += 1;
      setTimeout(() => {
        if (member.child !== child) return;
        member.holds -= 1;
        if (member.holds === 0) child.kill('SIGCONT');
      }, ms);
      return true;
    },
    stopOne: async (pid) => {
      const member = ofPid(pid);
      // one that has only begun to start does not listen yet, one that is held can't
      if (!member || member.expected || ready(member) === null || member.holds > 0) return null;
      member.expected = true;
      const began = performance.now();
      const exit = once(member.child, 'exit');
      member.child.kill('SIGTERM');
      const [code, signal] = (await exit) as [number | null, string | null];
      return { tookMs: Math.round(performance.now() - began), ended: code ?? signal ?? '' };
    },
    rollingRestart: async (stopOne) => {
      for (const member of members) {
        const { lives } = member;
        // killed or held meanwhile: it is tried again, unless it has begun anew by itself
        while (member.lives === lives && !(await stopOne(member.child.pid ?? 0))) await pause(RESTART_MS);
        await eventually(async () => runs(member) && member.lives > lives && ready(member) !== null);
      }
    },
    shiftClock: (pid, seconds) => {
      const member = ofPid(pid);
      if (member) writeFileSync(member.clockPath, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    },
    restartAll: async (settings) => {
      const ends = members.filter(runs).map((member) => {
        member.expected = true;
        const exit = once(member.child, 'exit');
        member.child.kill('SIGCONT');
        member.child.kill('SIGTERM');
        return exit;
      });
      env = settings;
      await Promise.all(ends);
      // the supervisor has the new settings from here on
      await pause(RESTART_MS);
      await allReady();
    },
    webUrl: () =>
      eventually(async () => {
        for (const member of members.filter(({ role }) => role === 'web')) {
          const url = runs(member) ? ready(member) : null;
          if (url) return url;
        }
        return null;
      }),
    memory: () =>
      members.flatMap((member) => {
        const lives = Map.groupBy(member.memory, ({ life }) => life);
        const longest = [...lives.values()].toSorted((a, b) => b.length - a.length)[0] ?? [];
        const [first, last] = [longest[0], longest.at(-1)];
        const mb = [0, 0.25, 0.5, 0.75, 1].map((part) => longest[Math.floor(part * (longest.length - 1))]?.rssMb ?? 0);
        return first && last ? [{ name: member.name, mb, overMs: last.atMs - first.atMs }] : [];
      }),
    logs: () => members.map(({ logPath }) => readFileSync(logPath, 'utf8')).join('\n'),
    close: async () => {
      stopping = true;
      clearInterval(meter);
      await Promise.all(
        members.filter(runs).map((member) => {
          const exit = once(member.child, 'exit');
          member.child.kill('SIGCONT');
          member.child.kill('SIGKILL');
          return exit;
        }),
      );
      process.off('exit', killNow);
    },
  };
}

function faketime(): string {
  const found = readdirSync('/usr/lib')
    .map((folder) => join('/usr/lib', folder, FAKETIME))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error('libfaketime is not installed; leave the clocks alone, or install the package faketime');
  return found;
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}
