/** How long to leave a job alone after upstream failed: pure, by what failed and for how long it has. */
import type { UpstreamError } from '../ports/job-source.ts';
import type { Poll } from './poll.ts';

const NET_SHARE_WAITED = 20;

function isNet({ watched }: Pick<Poll, 'watched'>): boolean {
  return watched.sweep.row === null && watched.base !== null;
}

export function afterFailure(
  poll: Pick<Poll, 'watched' | 'poll' | 'clock'>,
  netMs: number | null,
  error: UpstreamError,
): { readonly delayMs: number; readonly reason: UpstreamError['kind'] } {
  const { minMs, maxMs } = poll.poll;
  const named = error.evidence.retryAfterMs;
  const reason = error.kind;
  switch (error.kind) {
    case 'closed':
    case 'unauthorized':
      // the gate lets one probe through; all others come back when it may be open
      return { delayMs: Math.max(named, minMs), reason };
    case 'throttled':
      // a look that only the safety net wants can wait a share of its interval, or 1,000 of them would come again every few seconds
      return { delayMs: Math.max(named, Math.min(minMs, 5_000), isNet(poll) ? (netMs ?? 0) / NET_SHARE_WAITED : 0), reason };
    case 'forbidden':
    case 'configuration':
    case 'invalid':
    case 'not-found':
      return { delayMs: maxMs, reason };
    case 'unavailable':
    case 'unreadable':
    case 'unstable': {
      // half of the time it has failed already: an exponential wait that needs no counter
      const since = poll.watched.readAt > 0 ? poll.clock.now() - poll.watched.readAt : 0;
      return { delayMs: Math.max(named, Math.min(Math.max(since / 2, minMs), maxMs)), reason };
    }
    default:
      return error.kind satisfies never;
  }
}
