/** How much one address may ask for, and how large a request may be. What is behind a proxy is one address, so the limits are generous: they end floods, not use. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../ports/clock.ts';

/** Slack sends an app at most 30,000 events an hour and workspace (docs.slack.dev/apis/events-api); people's clicks come on top. */
const PER_SECOND = 200;
const BURST = 1_000;
/** Addresses that are remembered; the one that came first is forgotten first. */
const ADDRESSES = 10_000;

/** Slack's and Teams' largest requests are some 100 KB. Handlers may take less. */
export const LARGEST_BODY_BYTES = 1024 * 1024;
/** So long the rest is thrown away: who is cut off while sending may never read the answer. */
const LINGER_MS = 500;

/** A token bucket for each address. Answers false when the address must wait. */
export function createRateLimit({
  clock,
  perSecond = PER_SECOND,
  burst = BURST,
}: {
  readonly clock: Clock;
  readonly perSecond?: number;
  readonly burst?: number;
}) {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return (address: string): boolean => {
    const now = clock.monotonic();
    const who = networkOf(address);
    const known = buckets.get(who);
    const tokens = known ? Math.min(burst, known.tokens + ((now - known.at) / 1000) * perSecond) : burst;
    if (!known && buckets.size >= ADDRESSES) {
      const oldest = buckets.keys().next();
      if (!oldest.done) buckets.delete(oldest.value);
    }
    buckets.set(who, { tokens: Math.max(0, tokens - 1), at: now });
    return tokens >= 1;
  };
}

/** One subscriber has 2^64 addresses of IPv6. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':');
  return (tail === undefined ? groups : [...groups, '0', '0', '0', '0']).slice(0, 4).join(':');
}

/** True when the request says itself that it is too large. */
export function isAnnouncedTooLarge(request: IncomingMessage): boolean {
  return Number(request.headers['content-length'] ?? 0) > LARGEST_BODY_BYTES;
}

/**
 * Counts a body that comes in chunks while its handler reads it, for it says nothing of its size. One that grows too large is answered 413 and cut off;
 * its handler then sees a request that ended before its time. Answers whether that happened.
 */
export function watchBody(request: IncomingMessage, response: ServerResponse): () => boolean {
  let left = LARGEST_BODY_BYTES;
  const push = request.push.bind(request);
  const cutOff = (): void => void request.destroy();
  request.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (left < 0) {
      if (chunk === null) cutOff();
      return true;
    }
    if (chunk instanceof Uint8Array) left -= chunk.byteLength;
    if (left >= 0) return push(chunk, encoding);
    if (!response.headersSent) response.writeHead(413, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' }).end('the request is too large\n');
    setTimeout(cutOff, LINGER_MS).unref();
    return true;
  };
  return () => left < 0;
}
