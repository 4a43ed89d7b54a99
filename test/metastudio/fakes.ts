/** Everything a MetaStudio client needs beside a server: a budget without Redis, and a log and metrics that remember. */
import { createMetaStudio, type MetaStudioOptions } from '../../src/metastudio/client.ts';
import type { Budget, Gate, Permission, Priority } from '../../src/ports/budget.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type JobSource, type ReadOptions, UpstreamError } from '../../src/ports/job-source.ts';
import type { Log, LogFields } from '../../src/ports/log.ts';
import type { Metrics } from '../../src/ports/metrics.ts';

export const PROJECT = '70b76aaa34253880af501cdf08442342';
export const JOB_ID = '9b7e4c52-0e6d-4f0b-9a3c-2c7d5e8f1d14';
export const JOB = `${PROJECT}/${JOB_ID}`;
export const ACCESS_KEY = { kind: 'access-key', accessKey: 'AKAKAKAKAKAKAKAK', secretKey: 'sksksksk-secret-sksksk', securityToken: '' } as const;

export type Line = { readonly level: string; readonly message: string; readonly fields: LogFields };

export function memoryLog(lines: Line[]): Log {
  const at =
    (level: string) =>
    (message: string, fields: LogFields = {}) =>
      void lines.push({ level, message, fields });
  const log: Log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), with: () => log };
  return log;
}

/** Grants unless told otherwise, and remembers what it was asked and told. */
export function memoryBudget() {
  const asked: Priority[] = [];
  const told: Parameters<Budget['report']>[0][] = [];
  let permission: Permission = { kind: 'granted' };
  const budget: Budget = {
    acquire: async (priority) => {
      asked.push(priority);
      return permission;
    },
    report: async (result) => void told.push(result),
    gate: async (): Promise<Gate | null> => null,
  };
  return {
    budget,
    asked,
    told,
    deny: (denial: Permission) => {
      permission = denial;
    },
  };
}

/** A clock that a test moves; the wall clock starts at a real instant, for signatures. */
export function memoryClock(): Clock & { move(ms: number): void } {
  let passed = 0;
  const start = Date.now();
  return {
    now: () => start + passed,
    monotonic: () => passed,
    move: (ms) => {
      passed += ms;
    },
  };
}

export const silentMetrics: Metrics = { count: () => undefined, observe: () => undefined, set: () => undefined };

export function clientFor(endpoint: string, over: Partial<MetaStudioOptions> = {}) {
  const lines: Line[] = [];
  const counted: string[] = [];
  const accounts = memoryBudget();
  const clock = memoryClock();
  const metrics: Metrics = { ...silentMetrics, count: (name, labels = {}) => void counted.push([name, ...Object.values(labels)].join(' ')) };
  const source = createMetaStudio({
    endpoint,
    projectId: PROJECT,
    credentials: ACCESS_KEY,
    appUserId: '',
    budget: accounts.budget,
    clock,
    log: memoryLog(lines),
    metrics,
    timeouts: { requestMs: 20_000 },
    ...over,
  });
  return { source, lines, counted, clock, ...accounts };
}

export function read(over: Partial<ReadOptions> = {}): ReadOptions {
  return { priority: 'moved', signal: new AbortController().signal, ...over };
}

/** The UpstreamError that a call rejects with. */
export async function failureOf(call: Promise<unknown>): Promise<UpstreamError> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof UpstreamError)) throw new Error('expected an UpstreamError', { cause: error });
  return error;
}

/** All reads of a job, by name. */
export function reads(source: JobSource): Readonly<Record<string, () => Promise<unknown>>> {
  return {
    readLog: () => source.readLog(JOB, read()),
    readDetail: () => source.readDetail(JOB, read()),
    readAuditResult: () => source.readAuditResult(JOB, read()),
  };
}
