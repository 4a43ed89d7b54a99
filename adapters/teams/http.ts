/** Teams' side of the web server: /api/messages. Everything is refused that is not surely Teams' own, before anything else looks at it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../src/ports/log.ts';
import type { RouteHandler } from '../../src/ports/routes.ts';
import { type Activity, activityOf } from './activity.ts';
import { type Cloud, isServiceUrl } from './cloud.ts';
import type { Received } from './inbound.ts';
import { BODY_BYTES, TELL_MS } from './limits.ts';
import { isLocalRequest } from './local-only.ts';
import type { TeamsSettings } from './settings.ts';
import type { Verify } from './verify.ts';

export const MESSAGES_PATH = '/api/messages';

/** `verify` null: a trial, where nothing is signed. */
export type MessagesHost = { readonly verify: Verify | null; readonly receive: (activity: Activity) => Promise<Received> };

type Refusal = { readonly status: 400 | 401 | 403 | 405 | 413 | 503; readonly problem: string };

/** What Microsoft's tools on this machine call their channel. */
const TRIAL_CHANNELS: readonly string[] = ['msteams', 'emulator'];

/** Takes activities in; `host` answers null while the adapter is stopped. */
export function messagesHandler(options: {
  readonly settings: TeamsSettings;
  readonly cloud: Cloud;
  readonly log: Log;
  /** In ms. */
  readonly now: () => number;
  readonly host: () => MessagesHost | null;
}): RouteHandler {
  const { settings, host } = options;
  const tell = teller(options);
  return async (request, response) => {
    const current = host();
    if (settings.allowUnauthenticated && !isLocalRequest(request)) return refuse(response, NOT_LOCAL);
    if (request.method !== 'POST') return refuse(response, NOT_POSTED);
    if (!current) return refuse(response, STOPPED);
    const body = await readBody(request);
    if (body === null) return refuse(response, TOO_LARGE);
    const activity = activityOf(body);
    const refused = activity === null ? NO_ACTIVITY : await refusalOf(activity, request, { ...options, verify: current.verify });
    if (activity === null || refused) {
      if (refused && refused !== NO_ACTIVITY) tell(refused);
      return refuse(response, refused ?? NO_ACTIVITY);
    }
    const received = await current.receive(activity);
    answer(response, received);
  };
}

const NOT_LOCAL: Refusal = { status: 403, problem: 'A trial without authentication answers programs on this machine only, asked directly.' };
const NOT_POSTED: Refusal = { status: 405, problem: 'This takes POST only.' };
const STOPPED: Refusal = { status: 503, problem: 'The Teams adapter is not running.' };
const TOO_LARGE: Refusal = { status: 413, problem: `The body is larger than ${BODY_BYTES / 1024} KB.` };
const NO_ACTIVITY: Refusal = { status: 400, problem: 'The body is no activity.' };
const OTHER_CHANNEL: Refusal = { status: 403, problem: 'Only the channel msteams is served.' };
const OTHER_SERVICE: Refusal = { status: 403, problem: 'The serviceUrl is none of Teams.' };
const UNAUTHORIZED: Refusal = { status: 401, problem: 'The token is missing or not valid for this.' };
const CANNOT_VERIFY: Refusal = { status: 503, problem: 'The token cannot be checked now.' };
const OTHER_TENANT: Refusal = { status: 403, problem: 'The tenant is not one of TEAMS_ALLOWED_TENANTS.' };

/** Says why something was refused, each reason now and then only: anybody can send what fills a log. */
function teller({ cloud, log, now }: { readonly cloud: Cloud; readonly log: Log; readonly now: () => number }): (refused: Refusal) => void {
  const told = new Map<Refusal, number>();
  return (refused) => {
    const { status, problem } = refused;
    if (now() - (told.get(refused) ?? Number.NEGATIVE_INFINITY) < TELL_MS) return;
    told.set(refused, now());
    if (refused === CANNOT_VERIFY) log.error('the keys that Teams signs with cannot be fetched, so nothing from Teams is taken in', { url: cloud.metadataUrl });
    else log.warn('something that is not from Teams was refused', { status, problem });
  };
}

/** Channel and service address first, since the SDK takes their absence for consent (facts, teams, 3). The tenant last: who is no Teams learns nothing of it. */
async function refusalOf(
  { channelId, serviceUrl, tenant }: Activity,
  { headers }: IncomingMessage,
  { settings, cloud, verify }: { readonly settings: TeamsSettings; readonly cloud: Cloud; readonly verify: Verify | null },
): Promise<Refusal | null> {
  const isTrial = verify === null;
  if (isTrial ? !TRIAL_CHANNELS.includes(channelId) : channelId !== 'msteams') return OTHER_CHANNEL;
  if (!isServiceUrl(serviceUrl, isTrial || cloud.isLocal)) return OTHER_SERVICE;
  const verdict = isTrial ? 'good' : await verify({ channelId, serviceUrl }, headers.authorization ?? '');
  if (verdict !== 'good') return verdict === 'refused' ? UNAUTHORIZED : CANNOT_VERIFY;
  const { allowedTenants } = settings;
  return allowedTenants.includes(tenant.toLowerCase()) || (isTrial && allowedTenants.length === 0) ? null : OTHER_TENANT;
}

/** null when there is more than is taken; the rest is not read. What breaks off on the way is no activity. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      size += chunk.length;
      if (size > BODY_BYTES) return null;
      chunks.push(chunk);
    }
  } catch {
    return '';
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An invoke that nobody knows is answered as the SDK would: not implemented. */
const STATUS = { done: 200, unheard: 501, again: 503 } as const;

function answer(response: ServerResponse, received: Received): void {
  if (received.kind === 'invoke') sendJson(response, 200, received.answer);
  else response.writeHead(STATUS[received.kind]).end();
}

/** A body that was refused may be unread: the connection ends with the answer. */
function refuse(response: ServerResponse, { status, problem }: Refusal): void {
  response.setHeader('connection', 'close');
  if (status === 405) response.setHeader('allow', 'POST');
  sendJson(response, status, { problem });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body));
}
