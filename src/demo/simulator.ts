/** A MetaStudio to try things with: an HTTP server that answers as the real API does, on jobs that are made up. */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import { type IamUser, openAccess } from './access.ts';
import type { Arrival } from './answer.ts';
import { type Control, openControl } from './control.ts';
import { type Fault, openFaults, send } from './faults.ts';
import { FIXTURE_PROJECT_ID, readFixtures } from './fixtures.ts';
import type { SimulatedJob } from './job.ts';
import { documentedList } from './listing.ts';
import { openLiving } from './living.ts';
import { DEMO_SPEED } from './plan.ts';
import { type Rules, type Served, serve } from './routes.ts';
import { documentedShape } from './shape.ts';

const LOCK_MS = 5 * 60 * 1000;
const TOKEN_LIFE_MS = 24 * 3600 * 1000;
/** Of the requests that came, so many are remembered. */
const REMEMBERED_REQUESTS = 10_000;
/** Larger than any request to the simulated calls. */
const LARGEST_BODY_BYTES = 64 * 1024;

export type SimulatorOptions = {
  readonly host?: string;
  /** 0 (default): any free port. */
  readonly port?: number;
  readonly projectId?: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Set for temporary credentials. */
  readonly securityToken?: string;
  readonly iam?: IamUser;
  /** fixtures: the composed samples. demo: these, and jobs that live by themselves. empty (default): none. */
  readonly scenario?: 'demo' | 'fixtures' | 'empty';
  /** Job-seconds that pass in a second, in the demo. */
  readonly speed?: number;
  readonly seed?: number;
  /** How long too many wrong signatures lock a key, and how long a token is good for. */
  readonly lockMs?: number;
  readonly tokenLifeMs?: number;
  readonly clock?: Pick<Clock, 'now'>;
  readonly log?: Log;
};

/** One request that came; `path` without the query, `status` as the caller saw it (0 = no answer). */
type SeenRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly at: number;
  readonly status: number;
  readonly authorized: boolean;
};

export type Simulator = Omit<Control, 'grow'> & {
  /** Without a slash at the end: what METASTUDIO_ENDPOINT wants. IAM is at the same address. */
  readonly url: string;
  readonly projectId: string;
  /** May be changed at any time. */
  readonly rules: Rules;
  /** Plans a fault for the next requests; the answer takes it away. */
  readonly fault: (fault: Fault) => () => void;
  /** While on, every connection breaks without an answer. */
  readonly outage: (on: boolean) => void;
  readonly revokeTokens: () => void;
  /** The latest requests, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Brings about what is due in the demo until now, without waiting for the loop; answers how much it was. */
  readonly advance: () => number;
  /** From now on the demo's plan leaves the job alone. */
  readonly takeOver: (jobId: string) => void;
  /** Stops everything; open requests break. */
  readonly close: () => Promise<void>;
};

/** Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = '127.0.0.1', port = 0, projectId = FIXTURE_PROJECT_ID, scenario = 'empty', log = null } = options;
  const now = () => options.clock?.now() ?? Date.now();
  const jobs = new Map<string, SimulatedJob>();
  const earlier = new Map<string, SimulatedJob>();
  if (scenario !== 'empty') for (const job of await readFixtures()) jobs.set(job.detail.job_id, job);

  const access = openAccess(
    {
      projectId,
      accessKey: options.accessKey,
      secretKey: options.secretKey,
      securityToken: options.securityToken ?? '',
      iam: options.iam ?? null,
      lockMs: options.lockMs ?? LOCK_MS,
      tokenLifeMs: options.tokenLifeMs ?? TOKEN_LIFE_MS,
    },
    now,
  );
  const { grow, ...control } = openControl(jobs, earlier, now);
  const faults = openFaults();
  const living = openLiving({ seed: options.seed ?? 1, speed: options.speed ?? DEMO_SPEED, jobs, now, log });
  const rules: Rules = {
    maxRps: Number.POSITIVE_INFINITY,
    unknownJob: { status: 404, code: 'MSS.00010404' },
    shape: documentedShape(),
    list: documentedList(),
  };
  const requests: SeenRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();
  const around = { jobs, earlier, access, rules, orders: new Map(), betweenPages: grow, linkKey: randomBytes(16).toString('hex'), origin: () => url, now };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const arrival = await readArrival(request);
    if (!arrival) return void response.destroy();
    response.setHeader('X-Request-Id', arrival.requestId);
    const fault = faults.take(arrival.path);
    const served = serve(arrival, around);
    if (!fault?.afterMs) return finish(arrival, served, { response, fault });
    const timer = setTimeout(() => {
      timers.delete(timer);
      finish(arrival, served, { response, fault });
    }, fault.afterMs);
    timers.add(timer);
  }

  function finish(arrival: Arrival, served: Served, out: { readonly response: ServerResponse; readonly fault: Fault | null }): void {
    const status = send(out.response, served.answer, out.fault);
    const { method, path, query } = arrival;
    requests.push({ method, path, query, at: now(), status, authorized: served.authorized });
    if (requests.length > REMEMBERED_REQUESTS) requests.shift();
    log?.debug('simulated request', { method, path, status, request_id: arrival.requestId });
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      log?.error('the simulator failed', { error: error instanceof Error ? error : new Error(String(error)) });
      response.destroy();
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  if (scenario === 'demo') living.start();

  async function close(): Promise<void> {
    living.stop();
    for (const timer of timers) clearTimeout(timer);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  const advance = () => (scenario === 'demo' ? living.advance() : 0);
  return {
    ...control,
    url,
    projectId,
    rules,
    fault: faults.add,
    outage: faults.setOutage,
    revokeTokens: access.revokeTokens,
    requests,
    advance,
    takeOver: living.takeOver,
    close,
  };
}

/** null: the body is too large, or the caller left. */
async function readArrival(request: IncomingMessage): Promise<Arrival | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request) {
      bytes += chunk.length;
      if (bytes > LARGEST_BODY_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  return {
    requestId: randomUUID().replaceAll('-', ''),
    method: request.method ?? 'GET',
    path,
    query: query.join('?'),
    headers: request.headers,
    body: Buffer.concat(chunks),
  };
}
