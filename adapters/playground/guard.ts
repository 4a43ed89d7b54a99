/**
 * Who may talk to the playground, which asks nobody for a password: this machine's own browser, on the playground's own page.
 * Host keeps out pages whose name was pointed at this machine, Origin and Sec-Fetch-Site those that a browser was lured to, and
 * a forwarding header means that a proxy has put the playground on a network.
 */
import type { IncomingHttpHeaders } from 'node:http';

export type Asked = {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress: string;
  readonly localPort: number;
};

export type Refusal = { readonly status: 403 | 405 | 415; readonly problem: string };

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const LOOPBACK = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;
const FORWARDED = /^(forwarded|via|x-real-ip|x-forwarded-.*|x-original-.*|cf-connecting-ip|true-client-ip)$/;

/** Why a request is not served, or null. */
export function refusal({ method, headers, remoteAddress, localPort }: Asked): Refusal | null {
  const forwarded = Object.keys(headers).find((name) => FORWARDED.test(name));
  if (forwarded) return { status: 403, problem: `The playground refuses forwarded requests (header ${forwarded}). Open it on this machine, without a proxy.` };
  if (!LOOPBACK.test(remoteAddress)) return { status: 403, problem: 'The playground is for this machine only.' };
  const hosts = LOOPBACK_NAMES.flatMap((name) => (localPort === 80 ? [name, `${name}:80`] : [`${name}:${localPort}`]));
  const host = headers.host ?? '';
  if (!hosts.includes(host)) return { status: 403, problem: `The playground answers at http://localhost:${localPort} only.` };
  const site = headers['sec-fetch-site'];
  if (method === 'GET' || method === 'HEAD') {
    const opened = headers['sec-fetch-mode'] === 'navigate';
    const own = site === undefined || site === 'same-origin' || site === 'none';
    return own || opened ? null : { status: 403, problem: 'Another site asked for this.' };
  }
  if (method !== 'POST') return { status: 405, problem: 'Only GET, HEAD and POST are served.' };
  if (headers.origin !== `http://${host}` || (site !== undefined && site !== 'same-origin')) {
    return { status: 403, problem: "Requests must come from the playground's own page." };
  }
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') return { status: 415, problem: 'The body must be application/json.' };
  return null;
}
