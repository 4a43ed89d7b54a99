/** Who may see /metrics and /admin: whoever has the admin token, as a bearer token or as the password of HTTP Basic. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RouteHandler } from '../ports/routes.ts';
import { answerError, answerNotFound } from './answers.ts';

/**
 * Puts a handler behind the admin token.
 * @param adminToken null: the path does not exist.
 */
export function behindAdminToken(adminToken: string | null, handler: RouteHandler): RouteHandler {
  if (adminToken === null) return answerNotFound;
  return (request, response) => {
    const given = givenToken(request);
    if (given !== null && isSame(given, adminToken)) return handler(request, response);
    response.setHeader('www-authenticate', 'Basic realm="voicejob", charset="UTF-8"');
    return answerError(request, response, { status: 401, words: 'the admin token is needed' });
  };
}

function givenToken(request: IncomingMessage): string | null {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+)\s*$/.exec(request.headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  if (scheme.toLowerCase() !== 'basic') return null;
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : null;
}

/** Digests are of one length, so neither length nor content shows in the time it takes. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
