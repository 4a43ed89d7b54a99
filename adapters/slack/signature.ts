/** Whether a request comes from Slack (verifying requests from Slack). */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SIGNATURE_AGE_S } from './limits.ts';

const VERSION = 'v0';

/**
 * Why a request is not to be believed, or null. A time ahead of ours is refused as an old one is: what was signed for later could be sent twice.
 * @param now ms since 1970
 */
export function distrust(
  body: Buffer,
  headers: IncomingHttpHeaders,
  { secret, now }: { readonly secret: string; readonly now: number },
): 'unsigned' | 'old' | 'future' | 'forged' | null {
  const at = headers['x-slack-request-timestamp'];
  const signature = headers['x-slack-signature'];
  if (typeof at !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(at)) return 'unsigned';
  const ageS = now / 1000 - Number(at);
  if (ageS > SIGNATURE_AGE_S) return 'old';
  if (ageS < -SIGNATURE_AGE_S) return 'future';
  const expected = Buffer.from(`${VERSION}=${createHmac('sha256', secret).update(`${VERSION}:${at}:`).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected) ? null : 'forged';
}
