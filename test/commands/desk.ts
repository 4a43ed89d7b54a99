/** The commands with everything around them in memory: a store, a list of jobs upstream, a clock that stands still, and people who type. */
import { clicked } from '../../src/commands/action.ts';
import type { CommandDependencies } from '../../src/commands/dependencies.ts';
import { createInbound } from '../../src/commands/handle-inbound.ts';
import { type Answer, personOf, type Request } from '../../src/commands/request.ts';
import { runCommand } from '../../src/commands/run-command.ts';
import type { Card } from '../../src/domain/card.ts';
import { type Action, encodeAction } from '../../src/domain/card-actions.ts';
import type { AuditResult, JobDetail, JobKey } from '../../src/domain/job.ts';
import { jobIdOf, jobKey } from '../../src/domain/job.ts';
import type { CommandError, ReplyMessage } from '../../src/domain/message.ts';
import type { Operation } from '../../src/domain/operation.ts';
import { parseCommand } from '../../src/domain/parse-command.ts';
import type { Actor, Address } from '../../src/domain/subscription.ts';
import type { Gate } from '../../src/ports/budget.ts';
import type { InboundEvent, InboundResult, Place } from '../../src/ports/inbound.ts';
import { type JobSource, UpstreamError, type UpstreamErrorKind } from '../../src/ports/job-source.ts';
import type { LogFields } from '../../src/ports/log.ts';
import { counterRandom, PROJECT } from '../support/builders.ts';
import { type MemoryStore, memoryStore } from './memory-store.ts';

export const NOW = Date.UTC(2025, 11, 2, 1, 0);
export const JOB_A = jobKey(PROJECT, '26f06524-4f75-4b3a-a853-b649a21aaf66');
export const JOB_B = jobKey(PROJECT, '0f3d6a58-9c1c-4f0e-8f5f-1f8f0a6f9b02');
/** Shares its first ten characters with JOB_A. */
export const JOB_A2 = jobKey(PROJECT, '26f06524-4a00-4b3a-a853-b649a21aaf00');
export const UNKNOWN_ID = '00000000-4f75-4b3a-a853-b649a21aaf66';

export function address(id: string): Address {
  return { platform: 'test', id, route: `route:${id}` };
}

export function person(id: string, over: Partial<Actor> = {}): Actor {
  return { platform: 'test', id, name: id, language: null, zone: 'Asia/Shanghai', dm: address(`dm-${id}`), member: true, guest: false, ...over };
}

export const ann = person('ann');
export const bob = person('bob');
export const channel: Place = { address: address('C1'), name: '#voice-lab', dm: false, actorIsMember: true };
export const dmOfAnn: Place = { address: address('dm-ann'), name: 'ann', dm: true, actorIsMember: true };

function detail(job: JobKey, over: Partial<JobDetail> = {}): JobDetail {
  return {
    jobId: jobIdOf(job),
    voiceName: 'narrator-01',
    jobType: 'BASIC',
    state: 'PROCESSING',
    failedCode: '',
    failedReason: '',
    assetId: '',
    rejectTimes: 0,
    createdAt: null,
    updatedAt: null,
    ...over,
  };
}

class FakeUpstream implements JobSource {
  readonly jobs = new Map<JobKey, { detail: JobDetail; log: readonly Operation[]; audit: AuditResult | null; link: string | null }>();
  readonly calls: string[] = [];
  /** What every request fails with; 'hang' never answers. */
  failing: UpstreamErrorKind | 'hang' | null = null;
  words = 'job not found';

  add(job: JobKey, over: Partial<JobDetail> = {}, more: { log?: readonly Operation[]; audit?: AuditResult; link?: string } = {}): void {
    this.jobs.set(job, { detail: detail(job, over), log: more.log ?? [], audit: more.audit ?? null, link: more.link ?? null });
  }

  async readLog(job: JobKey) {
    return (await this.#request('log', job)).log;
  }

  async readDetail(job: JobKey) {
    return (await this.#request('detail', job)).detail;
  }

  async readAuditResult(job: JobKey) {
    return (await this.#request('audit', job)).audit ?? { system: null, admin: null };
  }

  async attachmentLink(job: JobKey) {
    return (await this.#request('attachment', job)).link;
  }

  async listJobs(query: { readonly name: string; readonly offset: number; readonly limit: number }) {
    this.calls.push(`list ${query.name}`.trim());
    await this.#fail();
    // Upstream's filter is taken as exact here, the least helpful that it can be.
    const all = [...this.jobs.values()].map((one) => one.detail).filter((one) => query.name === '' || one.voiceName === query.name);
    return { count: all.length, jobs: all.slice(query.offset, query.offset + query.limit) };
  }

  async #request(call: string, job: JobKey) {
    this.calls.push(call);
    await this.#fail();
    const found = this.jobs.get(job);
    if (!found) throw this.error('not-found');
    return found;
  }

  async #fail(): Promise<void> {
    if (this.failing === 'hang') await new Promise(() => {});
    else if (this.failing) throw this.error(this.failing);
  }

  error(kind: UpstreamErrorKind): UpstreamError {
    return new UpstreamError(kind, { status: 400, code: 'MSS.00000001', words: this.words, requestId: 'req-1', retryAfterMs: 0 });
  }
}

export type Desk = {
  readonly store: MemoryStore;
  readonly upstream: FakeUpstream;
  readonly woken: string[];
  readonly nudged: string[];
  readonly counted: Record<string, string>[];
  readonly timed: string[];
  readonly errors: { readonly message: string; readonly fields: LogFields | undefined }[];
  gate: Gate | null;
  stretchedTo: number | null;
  now: number;
  readonly deps: CommandDependencies;
  /** The whole way: an event in, a result out. */
  send(event: InboundEvent): Promise<InboundResult>;
  type(text: string, over?: Saying): Promise<Card>;
  /** What a typed command answers, before it is worded. */
  ask(text: string, over?: Saying): Promise<ReplyMessage>;
  /** What a typed command is refused with. */
  refusal(text: string, over?: Saying): Promise<CommandError>;
  /** What a click answers, before it is worded. */
  click(action: Action, over?: Saying): Promise<Answer>;
};

export type Saying = { readonly actor?: Actor; readonly place?: Place; readonly mentions?: readonly Actor[] };

export function desk(): Desk {
  let events = 0;
  const clock = { now: () => parts.now, monotonic: () => parts.now };
  const store = memoryStore(clock);
  const upstream = new FakeUpstream();
  const log = {
    debug: () => {},
    info: () => {},
    warn: () => {},
    error: (message: string, fields?: LogFields) => void parts.errors.push({ message, fields }),
    with: () => log,
  };
  const parts: Desk = {
    store,
    upstream,
    woken: [],
    nudged: [],
    counted: [],
    timed: [],
    errors: [],
    gate: null,
    stretchedTo: null,
    now: NOW,
    get deps() {
      return deps;
    },
    send: (event) => inbound(event),
    async type(text, over = {}) {
      events += 1;
      return cardIn(await inbound({ kind: 'command', id: `e${events}`, actor: ann, place: channel, mentions: [], text, ...over }));
    },
    async ask(text, over = {}) {
      const request = requestFrom(over, deps);
      const parsed = parseCommand(text, request.mentions, personOf(request.actor));
      return parsed.kind === 'ok' ? messageIn(await runCommand(parsed.command, request, deps)) : { kind: 'error', error: parsed.error };
    },
    async refusal(text, over = {}) {
      const message = await parts.ask(text, over);
      if (message.kind !== 'error') throw new Error(`not refused but ${message.kind}`);
      return message.error;
    },
    async click(action, over = {}) {
      return clicked(encodeAction(action), requestFrom(over, deps), deps);
    },
  };
  const deps: CommandDependencies = {
    store,
    jobs: upstream,
    scheduler: {
      wakeWatch: async (job) => void parts.woken.push(job),
      nudgeDestination: async (destination) => void parts.nudged.push(destination),
    },
    budget: { gate: async () => parts.gate },
    clock,
    random: counterRandom(),
    log,
    metrics: {
      count: (name, labels) => void parts.counted.push({ name, ...labels }),
      observe: (name, _, labels) => void parts.timed.push(`${name} ${labels?.command}`),
      set: () => {},
    },
    projectId: PROJECT,
    defaultLanguage: 'en',
    admins: [{ platform: 'test', id: 'root' }],
    patience: { withFallbackMs: 40, withoutFallbackMs: 80 },
    jobLink: (job) => `https://console.example/${jobIdOf(job)}`,
    commandPrefix: () => '/voicejob ',
    effectiveIntervalMs: () => parts.stretchedTo,
  };
  const inbound = createInbound(deps);
  return parts;
}

function requestFrom({ actor = ann, place = channel, mentions = [] }: Saying, { patience }: CommandDependencies): Request {
  const [soon, late] = [AbortSignal.timeout(patience.withFallbackMs), AbortSignal.timeout(patience.withoutFallbackMs)];
  return { actor, place, language: 'en', mentions, ownDm: false, soon, late };
}

export function messageIn(answer: Answer): ReplyMessage {
  if (answer.kind !== 'reply' && answer.kind !== 'share') throw new Error(`no message but ${answer.kind}`);
  return answer.message;
}

export function cardIn(result: InboundResult): Card {
  if (result.kind !== 'reply' && result.kind !== 'share') throw new Error(`no card but ${result.kind}`);
  return result.card;
}
