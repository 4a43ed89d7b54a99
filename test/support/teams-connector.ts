/**
 * The Bot Connector of Microsoft Teams for tests: an HTTP server that answers as the facts about Teams say (targeted messages, kinds of refusal,
 * sizes) and breaks on demand. What stands there (teams-places.ts) is what people would see: `seen`, also through one person's eyes.
 *
 * One assumption: no document says what a post to an archived team is answered with; here it is 403 MessageWritesBlocked.
 */
import type { ServerResponse } from 'node:http';
import { type ReceivedRequest, sendHalf, sendJson, startHttpServer } from './http-server.ts';
import { TEAMS_TENANT } from './teams-identity.ts';
import { type Answer, type CreateBody, refused, TEAM, type TeamsActivity, type TeamsPlaces, teamsPlaces } from './teams-places.ts';

export type TeamsCall = 'post' | 'update' | 'remove' | 'create' | 'members';

export type TeamsFault =
  | { readonly kind: 'throttled'; readonly retryAfter: string | null }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string }
  /** A status without a code, before or after the call was done. */
  | { readonly kind: 'status'; readonly status: number; readonly applied: boolean }
  /** No answer; a cut connection; half an answer; a page instead of an answer. */
  | { readonly kind: 'hang' | 'reset' | 'half' | 'page'; readonly applied: boolean };

export type TeamsConnector = TeamsPlaces & {
  /** As activities name it, with the slash at the end. */
  readonly serviceUrl: string;
  readonly requests: readonly ReceivedRequest[];
  /** What befalls the next calls of a kind, one after the other. */
  fail(call: TeamsCall, fault: TeamsFault): void;
  close(): Promise<void>;
};

/** About 100 KB, UTF-16 (facts, teams, 4). */
const MESSAGE_BYTES = 100 * 1024;

/** `accepts` says whether a bearer token is good; null takes calls without one, as in an unauthenticated trial. */
export async function startTeamsConnector(accepts: ((token: string) => boolean) | null): Promise<TeamsConnector> {
  const { places, calls } = teamsPlaces();
  const faults: { readonly call: TeamsCall; readonly fault: TeamsFault }[] = [];
  const hanging = new Set<ServerResponse>();

  /** What is asked: which call it is, and what doing it answers. */
  const understand = ({ method, path, query, body: text }: ReceivedRequest): { readonly call: TeamsCall; readonly apply: () => Answer } | null => {
    const [version, things, id = '', what, rest = ''] = path.split('/').filter(Boolean).map(decodeURIComponent);
    const body: unknown = text === '' ? {} : JSON.parse(text);
    const activity = body as TeamsActivity;
    const targeted = query.get('isTargetedActivity') === 'true';
    switch (`${method} ${version}/${things}${id === '' ? '' : '/id'}${what === undefined ? '' : `/${what}`}`) {
      case 'POST v3/conversations':
        return { call: 'create', apply: () => calls.create(body as CreateBody) };
      case 'POST v3/conversations/id/activities':
        return { call: 'post', apply: () => calls.post(id, { answers: rest, activity, targeted }) };
      case 'PUT v3/conversations/id/activities':
        return { call: 'update', apply: () => calls.change(id, { message: rest, activity, targeted }) };
      case 'DELETE v3/conversations/id/activities':
        return { call: 'remove', apply: () => calls.change(id, { message: rest, activity: null, targeted }) };
      case 'GET v3/conversations/id/members':
        return { call: 'members', apply: () => calls.members(id, rest) };
      case 'GET v3/conversations/id/pagedmembers':
        return { call: 'members', apply: () => pageOf(calls.members(id, '')) };
      case 'GET v3/teams/id':
        return { call: 'members', apply: () => [200, { ...TEAM, tenantId: TEAMS_TENANT }] };
      case 'GET v3/teams/id/conversations':
        return { call: 'members', apply: calls.channels };
      default:
        return null;
    }
  };

  const server = await startHttpServer((request, response) => {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (accepts !== null && !accepts(token)) return send(response, refused(401, 'Unauthorized'));
    const understood = understand(request);
    if (!understood) return send(response, refused(405, 'MethodNotAllowed'));
    const { call, apply } = understood;
    const next = faults.findIndex((one) => one.call === call);
    const fault = next < 0 ? undefined : faults.splice(next, 1)[0]?.fault;
    if (fault !== undefined) return broken(fault, { apply, response, hanging });
    send(response, request.body.length * 2 > MESSAGE_BYTES ? refused(413, 'MessageSizeTooBig') : apply());
  });

  return {
    ...places,
    serviceUrl: `${server.url}/`,
    requests: server.requests,
    fail: (call, fault) => void faults.push({ call, fault }),
    close: async () => {
      for (const response of hanging) response.destroy();
      await server.close();
    },
  };
}

function pageOf([status, all]: Answer): Answer {
  return status === 200 ? [200, { members: all }] : [status, all];
}

function send(response: ServerResponse, [status, body]: Answer, headers: Readonly<Record<string, string>> = {}): void {
  if (body === null) response.writeHead(status).end();
  else sendJson(response, status, body, headers);
}

type Done = { readonly apply: () => Answer; readonly response: ServerResponse; readonly hanging: Set<ServerResponse> };

function broken(fault: TeamsFault, { apply, response, hanging }: Done): void {
  if ('applied' in fault && fault.applied) apply();
  switch (fault.kind) {
    case 'throttled':
      send(response, refused(429, 'Throttled'), fault.retryAfter === null ? {} : { 'retry-after': fault.retryAfter });
      return;
    case 'refused':
      send(response, refused(fault.status, fault.code));
      return;
    case 'status':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<h1>no</h1>');
      return;
    case 'hang':
      hanging.add(response);
      return;
    case 'reset':
      response.destroy();
      return;
    case 'half':
      sendHalf(response, { id: '1764000000000' });
      return;
    case 'page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>welcome</h1>');
      return;
    default:
      fault satisfies never;
  }
}
