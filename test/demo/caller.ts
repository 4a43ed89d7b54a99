/** Calls a simulator as a client would, signed by the official signer, so that the simulator's own verification is proved against it. */
import signer from '@huaweicloud/huaweicloud-sdk-core/auth/AKSKSigner.js';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/demo/simulator.ts';

export const KEYS = { accessKey: 'AKTESTAKTESTAKTEST00', secretKey: 'sk-test' };

/** A wall clock that stands still until it is moved. */
export function handClock(at = Date.parse('2026-11-22T10:00:00Z')) {
  let now = at;
  return {
    now: () => now,
    move: (ms: number) => {
      now += ms;
    },
  };
}

/** A simulator that is closed at the end of the block: `await using`. */
export async function simulate(options: Partial<SimulatorOptions> = {}): Promise<Simulator & AsyncDisposable> {
  const simulator = await startSimulator({ ...KEYS, ...options });
  return { ...simulator, [Symbol.asyncDispose]: simulator.close };
}

export type Call = {
  readonly query?: Readonly<Record<string, string>>;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly projectId?: string;
  readonly method?: string;
  /** ms since 1970 */
  readonly signedAt?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Changes what was signed on its way. */
  readonly tamper?: (request: { readonly url: string; readonly headers: Record<string, string> }) => {
    readonly url: string;
    readonly headers: Record<string, string>;
  };
};

export type Reply = { readonly status: number; readonly headers: Headers; readonly body: Record<string, unknown> };

/** A signed request to `/jobs<path>` of the simulator's project. */
export async function call(simulator: Simulator, path: string, how: Call = {}): Promise<Reply> {
  return reply(await signedFetch(simulator, path, how));
}

/** Same, with the answer unread. */
export async function signedFetch(simulator: Simulator, path: string, how: Call = {}): Promise<Response> {
  const url = jobsUrl(simulator, path);
  const method = how.method ?? 'GET';
  const date = new Date(how.signedAt ?? Date.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const headers = { 'X-Sdk-Date': date, 'X-Project-Id': how.projectId ?? simulator.projectId, ...how.headers };
  const signed: Record<string, string> = signer.AKSKSigner.sign(
    { endpoint: url, method, headers, queryParams: how.query ?? {} },
    {
      getAk: () => how.accessKey ?? KEYS.accessKey,
      getSk: () => how.secretKey ?? KEYS.secretKey,
      processAuthRequest: () => Promise.reject(new Error('not used')),
      processAuthParams: () => Promise.reject(new Error('not used')),
    },
  );
  const query = Object.entries(how.query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  const request = { url: query.length > 0 ? `${url}?${query.join('&')}` : url, headers: signed };
  const sent = how.tamper?.(request) ?? request;
  return fetch(sent.url, { method, headers: sent.headers, ...(how.signal ? { signal: how.signal } : {}) });
}

export function jobsUrl(simulator: Simulator, path: string): string {
  return `${simulator.url}/v1/${simulator.projectId}/voice-training-manage/user/jobs${path}`;
}

export async function reply(response: Response): Promise<Reply> {
  return { status: response.status, headers: response.headers, body: Object(await response.json()) };
}

/** The actions of an op-log answer, in its order. */
export function actionsOf(body: Record<string, unknown>): string[] {
  const operations = Array.isArray(body.operations) ? body.operations : [];
  return operations.map((operation) => String(Object(operation).action));
}
