/** A Teams adapter in a trial, with a connector, people and a core whose answers a test writes. */
import { createTeams } from '../../adapters/teams/adapter.ts';
import { addressOf, dmAddressOf, type Route } from '../../adapters/teams/places.ts';
import type { TeamsSettings } from '../../adapters/teams/settings.ts';
import type { Address } from '../../src/domain/subscription.ts';
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import type { InboundEvent, InboundResult } from '../../src/ports/inbound.ts';
import { silentLog, systemClock } from './builders.ts';
import { type RoutesServer, startRoutesServer } from './routes-server.ts';
import { type TeamsClient, teamsClient } from './teams-client.ts';
import { startTeamsConnector, type TeamsConnector } from './teams-connector.ts';
import { TEAMS_TENANT } from './teams-identity.ts';
import type { TeamsConversation } from './teams-places.ts';

export const TRIAL: TeamsSettings = {
  allowUnauthenticated: true,
  appId: '',
  appPassword: null,
  tenantId: '',
  appType: 'SingleTenant',
  allowedTenants: [],
  openIdMetadataUrl: null,
};

export type TeamsBench = {
  readonly bot: ChatAdapter;
  readonly connector: TeamsConnector;
  readonly client: TeamsClient;
  readonly server: RoutesServer;
  readonly channel: TeamsConversation;
  readonly group: TeamsConversation;
  /** Ann's own. */
  readonly personal: TeamsConversation;
  /** As the core stores it. */
  addressOf(place: TeamsConversation): Address;
  /** All that reached the core but that places were seen. */
  readonly events: readonly InboundEvent[];
  readonly seen: readonly Address[];
  /** From now on, the core answers so. */
  answer(respond: (event: InboundEvent) => InboundResult | Promise<InboundResult>): void;
  close(): Promise<void>;
};

export async function startTeamsBench(settings: Partial<TeamsSettings> = {}): Promise<TeamsBench> {
  const connector = await startTeamsConnector(null);
  const server = await startRoutesServer();
  const { ann } = connector.people;
  const events: InboundEvent[] = [];
  const seen: Address[] = [];
  let respond: (event: InboundEvent) => InboundResult | Promise<InboundResult> = () => ({ kind: 'none' });
  const bot = createTeams({ settings: { ...TRIAL, ...settings }, clock: systemClock, log: silentLog, timeoutMs: 1_000 });
  await bot.start({
    routes: server.routes,
    inbound: async (event) => {
      if (event.kind === 'seen') {
        seen.push(event.address);
        return { kind: 'none' };
      }
      events.push(event);
      return respond(event);
    },
  });
  return {
    bot,
    connector,
    client: teamsClient(connector, { identity: null, endpoint: `${server.url}/api/messages` }),
    server,
    channel: connector.conversation('channel', 'training'),
    group: connector.conversation('groupChat', 'voices'),
    personal: connector.personal(ann),
    addressOf: ({ id, kind }) => {
      const route = { serviceUrl: connector.serviceUrl, tenant: TEAMS_TENANT, bot: '28:00000000-0000-0000-0000-000000000000', conversation: id };
      if (kind === 'personal') return dmAddressOf(ann.aadObjectId, { ...route, kind: 'dm', user: ann.id } satisfies Route);
      return addressOf({ ...route, kind: kind === 'channel' ? 'channel' : 'group', user: '' });
    },
    events,
    seen,
    answer: (next) => {
      respond = next;
    },
    close: async () => {
      await bot.stop();
      await server.close();
      await connector.close();
    },
  };
}
