/** Ways in which an answer goes wrong, and which of them the next request meets. */
import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';

/**
 * The request that meets a fault is verified and counted all the same. `times`: how many requests meet it (Infinity until removed).
 * `afterMs`: how long the answer waits before that.
 */
export type Fault = { readonly match?: (path: string) => boolean; readonly times?: number; readonly afterMs?: number } & (
  | { readonly kind: 'status'; readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** No answer at all, until the caller gives up or the simulator closes. */
  | { readonly kind: 'hang' }
  /** The right answer, late. */
  | { readonly kind: 'delay'; readonly afterMs: number }
  /** Half of the right body, then the connection breaks. */
  | { readonly kind: 'half-body' }
  /** A page of some proxy instead of JSON. */
  | { readonly kind: 'html'; readonly status?: number }
  /** The connection breaks without an answer. */
  | { readonly kind: 'reset' }
);

export function openFaults() {
  const planned: { readonly fault: Fault; left: number }[] = [];
  let out = false;

  /** Plans a fault for the next requests that match; the answer takes it away again. Earlier ones go first. */
  function add(fault: Fault): () => void {
    const entry = { fault, left: fault.times ?? 1 };
    planned.push(entry);
    return () => discard(entry);
  }

  /** The fault that this request meets, which uses it up once; null = none. */
  function take(path: string): Fault | null {
    if (out) return { kind: 'reset' };
    const entry = planned.find(({ fault }) => fault.match?.(path) ?? true);
    if (!entry) return null;
    entry.left -= 1;
    if (entry.left <= 0) discard(entry);
    return entry.fault;
  }

  function discard(entry: { readonly fault: Fault; left: number }): void {
    const index = planned.indexOf(entry);
    if (index >= 0) planned.splice(index, 1);
  }

  function setOutage(on: boolean): void {
    out = on;
  }

  return { add, take, setOutage };
}

const HTML = '<!DOCTYPE html><html><head><title>Bad gateway</title></head><body><h1>The upstream server is not reachable</h1></body></html>';

/** Sends an answer the way the fault has it. Returns the status that the caller sees, 0 for none. */
export function send(response: ServerResponse, answer: Answer, fault: Fault | null): number {
  switch (fault?.kind) {
    case undefined:
    case 'delay':
      return write(response, answer);
    case 'status':
      return write(response, {
        status: fault.status,
        headers: fault.headers ?? {},
        body: fault.body ?? { error_code: 'MSS.00021014', error_msg: 'The service is not available.' },
      });
    case 'html':
      return write(response, { status: fault.status ?? 200, headers: { 'content-type': 'text/html' }, body: HTML });
    case 'half-body': {
      const text = Buffer.from(JSON.stringify(answer.body));
      response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': text.length });
      response.write(text.subarray(0, Math.floor(text.length / 2)), () => response.destroy());
      return answer.status;
    }
    case 'reset':
      response.destroy();
      return 0;
    case 'hang':
      return 0;
    default:
      return fault satisfies never;
  }
}

function write(response: ServerResponse, answer: Answer): number {
  const text = Buffer.from(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
  response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers, 'content-length': text.length });
  response.end(text);
  return answer.status;
}
