/** What voicejob says in Teams: posts, edits, removals. What is there can't be looked up. */
import type { Address } from '../../src/domain/subscription.ts';
import type { ChatAdapter, Check, Outcome, Pace, Traits } from '../../src/ports/chat-adapter.ts';
import type { Log } from '../../src/ports/log.ts';
import type { TeamsAnswer } from './call.ts';
import type { Connector, OutgoingActivity, Spot } from './connector.ts';
import type { DmConversations, Opened } from './dms.ts';
import { type Asked, isKnown, outcomeOf } from './errors.ts';
import type { TeamsFailure } from './failure.ts';
import {
  CONVERSATION_BURST,
  CONVERSATION_EVERY_MS,
  CONVERSATION_HOUR_BURST,
  CONVERSATION_HOUR_EVERY_MS,
  REQUEST_TIMEOUT_MS,
  TENANT_BURST,
  TENANT_EVERY_MS,
  WAIT_MS,
} from './limits.ts';
import { isDm, messageOf, PLATFORM, type Route, refOf, routeOf, threadOf } from './places.ts';
import { renderTeams, type TeamsMessage } from './render.ts';
import type { TeamsSettings } from './settings.ts';
import type { Tokens } from './token.ts';

export type TeamsOutboundDeps = {
  readonly connector: Connector;
  readonly dms: DmConversations;
  readonly tokens: Tokens;
  readonly settings: TeamsSettings;
  readonly log: Log;
  readonly timeoutMs?: number;
};

export type TeamsOutbound = Pick<ChatAdapter, 'check' | 'traits' | 'post' | 'update' | 'remove' | 'find'>;

const NO_ROUTE: Outcome = { kind: 'dead', scope: 'destination', reason: 'not-found' };
const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

export function createTeamsOutbound(deps: TeamsOutboundDeps): TeamsOutbound {
  const { connector, dms, log, timeoutMs = REQUEST_TIMEOUT_MS } = deps;

  const refused = (failure: TeamsFailure, asked: Asked, address: Address): Outcome => {
    if (failure.kind === 'refused' && !isKnown(failure)) {
      log.error('teams refuses with an unknown code', { code: failure.code, status: failure.status, place: address.id });
    }
    return outcomeOf(failure, asked);
  };
  /** Where the address leads, or what came of looking: an address may come without its conversation although messages stand there. */
  const placeOf = async (address: Address, signal: AbortSignal): Promise<Opened | Outcome> => {
    const place = await dms.opened(address, signal);
    if (place === null) return NO_ROUTE;
    return place.kind === 'ok' ? place.value : beforeSaying(refused(place.failure, { call: 'post', dm: isDm(address) }, address));
  };
  /** A change to a message that is there. */
  const change = async (
    { address, ref }: { readonly address: Address; readonly ref: string },
    act: (message: Spot & { readonly id: string }, signal: AbortSignal) => Promise<TeamsAnswer<null>>,
  ): Promise<Outcome> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const place = await placeOf(address, signal);
    if ('kind' in place) return place;
    const { id, root } = messageOf(ref);
    const { serviceUrl, conversation } = place.route;
    const answer = await act({ serviceUrl, conversation: threadOf(conversation, root), onlyFor: null, id }, signal);
    return answer.kind === 'ok' ? { kind: 'delivered', ref, address: place.address } : refused(answer.failure, { call: 'change', dm: isDm(address) }, address);
  };

  return {
    check: () => check(deps),
    traits: (address) => traitsOf(address),
    post: async ({ address, card, root, raised }) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const dm = isDm(address);
      const place = await placeOf(address, signal);
      if ('kind' in place) return place;
      const { address: reached, route } = place;
      const spot = { serviceUrl: route.serviceUrl, conversation: threadOf(route.conversation, root), onlyFor: null };
      const answer = await connector.post(spot, activityOf(renderTeams(card), { important: raised, alert: dm || raised }), signal);
      if (answer.kind === 'failed') return refused(answer.failure, { call: 'post', dm }, address);
      return { kind: 'delivered', ref: refOf(answer.value, root), address: reached };
    },
    update: ({ address, ref, card }) =>
      change({ address, ref }, (message, signal) => connector.update(message, activityOf(renderTeams(card), { important: false, alert: false }), signal)),
    remove: ({ address, ref }) => change({ address, ref }, connector.remove),
    // reading a channel would take a permission over all that is said there, which nobody should grant for this
    find: async () => ({ kind: 'cannot-tell', reason: 'unreadable-answer' }),
  };
}

/** A chat that may or may not have been opened was not written to, so nothing was surely said. */
function beforeSaying(outcome: Outcome): Outcome {
  return outcome.kind === 'unknown' ? { kind: 'later', reason: 'unavailable', afterMs: WAIT_MS } : outcome;
}

/** The message of a drawn card. With words beside the card both would be shown; a summary is for the notification alone. */
export function activityOf(
  { text, card }: TeamsMessage | { readonly text: string; readonly card: object },
  look: { readonly important: boolean; readonly alert: boolean },
): OutgoingActivity {
  return {
    type: 'message',
    summary: text,
    attachments: [{ contentType: CARD_TYPE, content: card }],
    ...(look.important ? { importance: 'high' } : {}),
    ...(look.alert ? { channelData: { notification: { alert: true } } } : {}),
  };
}

/** Only a channel has threads: in a chat a reply stands below what was said last, whatever it answers. */
function traitsOf(address: Address): Traits {
  const route = routeOf(address);
  const pace: readonly Pace[] = [
    { bucket: `${PLATFORM}.place.${address.id}`, everyMs: CONVERSATION_EVERY_MS, burst: CONVERSATION_BURST },
    { bucket: `${PLATFORM}.hour.${address.id}`, everyMs: CONVERSATION_HOUR_EVERY_MS, burst: CONVERSATION_HOUR_BURST },
    { bucket: `${PLATFORM}.tenant.${tenantOf(route)}`, everyMs: TENANT_EVERY_MS, burst: TENANT_BURST },
  ];
  return { threads: route?.kind === 'channel', lookup: false, dm: isDm(address), pace: { post: pace, update: pace } };
}

function tenantOf(route: Route | null): string {
  return route?.tenant ?? '';
}

const GUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Whether the bot can sign in. That its address is known to Teams can't be seen from here. */
async function check({ tokens, settings }: TeamsOutboundDeps): Promise<Check> {
  const { allowUnauthenticated, appId, tenantId, appType, allowedTenants } = settings;
  if (allowUnauthenticated) return { ok: true, problem: null };
  if (!GUID.test(appId))
    return bad('TEAMS_APP_ID is no application (client) id, which has 32 digits in five groups: copy it from the app registration in Entra.');
  if (!GUID.test(tenantId))
    return bad('TEAMS_TENANT_ID is no directory (tenant) id, which has 32 digits in five groups: copy it from the app registration in Entra.');
  const named = allowedTenants.find((tenant) => !GUID.test(tenant));
  if (named !== undefined) {
    return bad(
      `TEAMS_ALLOWED_TENANTS (without it, TEAMS_TENANT_ID) names ${named}, but what Teams sends names tenants by id, so nobody there is served: put the id.`,
    );
  }
  const answer = await tokens.get();
  switch (answer.kind) {
    case 'token':
      return { ok: true, problem: null };
    case 'refused':
      return bad(
        `Microsoft refuses TEAMS_APP_ID with TEAMS_APP_PASSWORD (${answer.code}): look whether the secret has expired, and whether TEAMS_TENANT_ID and TEAMS_APP_TYPE (${appType}) are those of the app registration.`,
      );
    case 'unavailable':
      return bad(`Microsoft's login could not be asked for a token (${answer.why}): it is tried again in a few minutes; look at the way to it if it stays.`);
    default:
      return answer satisfies never;
  }
}

function bad(problem: string): Check {
  return { ok: false, problem };
}
