import { afterAll, beforeAll, expect } from 'vitest';
import { createTeams } from '../../adapters/teams/adapter.ts';
import type { AdaptiveCard } from '../../adapters/teams/elements.ts';
import { addressOf, dmAddressOf, messageOf, type Route, refOf } from '../../adapters/teams/places.ts';
import type { Address } from '../../src/domain/subscription.ts';
import type { Inbound } from '../../src/ports/inbound.ts';
import { asSeen, unescaped, writtenIn } from '../adapters/teams/as-teams.ts';
import { silentLog, systemClock } from '../support/builders.ts';
import { eventually } from '../support/program.ts';
import { startRoutesServer } from '../support/routes-server.ts';
import { teamsClient } from '../support/teams-client.ts';
import { startTeamsConnector, type TeamsFault } from '../support/teams-connector.ts';
import { startTeamsIdentity, TEAMS_TENANT, type TeamsIdentity } from '../support/teams-identity.ts';
import type { TeamsConversation, TeamsMessage } from '../support/teams-places.ts';
import { describeAdapterContract } from './adapter-contract.ts';
import type { AdapterHarness, PlatformFault } from './adapter-harness.ts';

/** Long beside what this machine takes, short beside a person's patience. */
const TIMEOUT_MS = 1_000;

async function makeHarness(identity: TeamsIdentity | null): Promise<AdapterHarness> {
  const connector = await startTeamsConnector(identity && ((token) => identity.isIssued(token)));
  const server = await startRoutesServer();
  const client = teamsClient(connector, { identity, endpoint: `${server.url}/api/messages` });
  const { ann } = connector.people;
  const channel = connector.conversation('channel', 'training');
  const personal = connector.personal(ann);
  const settings = {
    allowUnauthenticated: identity === null,
    appId: identity?.appId ?? '',
    appPassword: identity?.appPassword ?? null,
    tenantId: identity?.tenantId ?? '',
    appType: 'SingleTenant' as const,
    allowedTenants: identity ? [identity.tenantId] : [],
    openIdMetadataUrl: identity?.metadataUrl ?? null,
  };
  const adapter = createTeams({ settings, clock: systemClock, log: silentLog, timeoutMs: TIMEOUT_MS });
  const route: Route = { kind: 'channel', serviceUrl: connector.serviceUrl, tenant: TEAMS_TENANT, bot: '28:bot', conversation: null, user: '' };
  const place = ({ id }: Address): TeamsConversation => (id.startsWith('dm:') ? personal : channel);
  const there = (address: Address): readonly TeamsMessage[] => connector.seen(place(address).id, ann).filter(({ from }) => from === 'bot');
  const where = (address: Address, id: string) => ({ who: ann, at: place(address), id });

  /** What the handler made of an event; fulfilled once its answer is there. */
  let handled: Promise<unknown>[] = [];
  const settled = async (address: Address, cause: () => Promise<{ readonly status: number }>): Promise<void> => {
    const before = there(address).length;
    handled = [];
    expect((await cause()).status).toBe(200);
    const result = await await eventually(async () => handled[0]);
    if (typeof result === 'object' && result !== null && 'kind' in result && result.kind !== 'none') {
      await eventually(async () => there(address).length > before);
    }
  };
  const watching =
    (inbound: Inbound): Inbound =>
    (event) => {
      // that a place was seen is told beside everything, and no part of what is looked at here
      if (event.kind === 'seen') return Promise.resolve({ kind: 'none' });
      const result = inbound(event);
      handled.push(result);
      return result;
    };

  return {
    adapter,
    channel: addressOf({ ...route, conversation: channel.id }),
    dm: dmAddressOf(ann.aadObjectId, { ...route, kind: 'dm', user: ann.id }),
    nowhere: addressOf({ ...route, conversation: '19:nowhere@thread.tacv2' }),
    start: (inbound) => adapter.start({ inbound: watching(inbound), routes: server.routes }),
    // Teams shows a reply in its post, in the channel; one that is raised is marked as important there
    seen: async (address) =>
      there(address)
        .filter(({ targetedTo }) => targetedTo === null)
        .map((message) => ({
          ref: refOf(message.id, message.root),
          text: readable(message),
          root: message.root,
          inChannel: message.root === null || ('importance' in message.activity && message.activity.importance === 'high'),
        })),
    plainTextThere: async (address) => there(address).map(readable).join('\n'),
    failNext: (call, fault) => connector.fail(call, connectorFault(fault)),
    archive: async () => {
      channel.state = 'archived';
    },
    deleteByHand: async (_, ref) => connector.deleteByHand(messageOf(ref).id),
    command: (address, text, id) =>
      settled(address, () => (address.id.startsWith('dm:') ? client.message({ ...where(address, id), text }) : client.slash({ ...where(address, id), text }))),
    press: (address, { ref, name, value }, id) =>
      settled(address, async () => {
        const message = there(address).find((one) => one.id === messageOf(ref).id);
        if (!message) throw new Error(`no message ${ref}`);
        return client.press({ ...where(address, id), message, verb: name, value });
      }),
    close: async () => {
      await adapter.stop();
      await server.close();
      await connector.close();
    },
  };
}

function readable({ activity }: TeamsMessage): string {
  const cards = (activity.attachments ?? []).map(({ content }) => content as unknown as AdaptiveCard);
  return cards
    .flatMap(({ body }) => writtenIn(body))
    .map((written) => asSeen(unescaped(written)))
    .join('\n');
}

function connectorFault(fault: PlatformFault): TeamsFault {
  if (fault.kind === 'throttled') return { kind: 'throttled', retryAfter: String(fault.afterMs / 1000) };
  return { kind: fault.kind === 'lost' ? 'reset' : 'hang', applied: fault.applied };
}

let identity: TeamsIdentity;
beforeAll(async () => {
  identity = await startTeamsIdentity();
});
afterAll(() => identity.close());

describeAdapterContract('Teams, with tokens,', () => makeHarness(identity));
describeAdapterContract('Teams, in a trial without,', () => makeHarness(null));
