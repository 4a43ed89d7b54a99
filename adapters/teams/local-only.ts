/** An unauthenticated trial is for this machine alone: a forwarding header means that a proxy has put it on a network, an Origin that a page in a browser asks. */
import type { IncomingMessage } from 'node:http';

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];
const LOOPBACK = /^(::1|(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;
const FORWARDED = /^(forwarded|via|x-real-ip|x-forwarded-.*|x-original-.*|cf-connecting-ip|true-client-ip)$/;

export function isLoopbackUrl(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && LOOPBACK_NAMES.includes(new URL(url).hostname);
}

/** Whether a program on this machine asks us, by our own name and directly. */
export function isLocalRequest({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const port = socket.localPort ?? 0;
  const hosts = LOOPBACK_NAMES.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]));
  const forwarded = Object.keys(headers).some((name) => FORWARDED.test(name));
  const fromPage = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return LOOPBACK.test(socket.remoteAddress ?? '') && hosts.includes(headers.host ?? '') && !forwarded && !fromPage;
}
