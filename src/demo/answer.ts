/** What arrives at the simulator and what it answers, before faults get at it. Errors have the two shapes that facts tell of: gateway or service, and IAM. */
import type { IncomingHttpHeaders } from 'node:http';

export type Arrival = {
  readonly requestId: string;
  readonly method: string;
  /** As it arrived, still encoded, without the query. */
  readonly path: string;
  /** As it arrived, without the question mark; '' when there was none. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

export type Answer = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: unknown };

export function ok(body: unknown): Answer {
  return { status: 200, headers: {}, body };
}

/** An error of the API gateway: its body carries the request id too. */
export function gatewayError(arrival: Arrival, status: number, error: { readonly code: string; readonly words: string }): Answer {
  return { status, headers: {}, body: { error_code: error.code, error_msg: error.words, request_id: arrival.requestId } };
}

/** An error of MetaStudio behind the gateway. */
export function serviceError(status: number, code: string, words: string): Answer {
  return { status, headers: {}, body: { error_code: code, error_msg: words } };
}

/** An error of IAM, in Keystone's form. */
export function iamError(status: number, title: string, words: string): Answer {
  return { status, headers: {}, body: { error: { code: status, message: words, title } } };
}
