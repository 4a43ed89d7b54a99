/** People's own conversations with the bot: made when they are first written to, and remembered here and in the address. */
import type { Address } from '../../src/domain/subscription.ts';
import type { TeamsAnswer } from './call.ts';
import type { Connector } from './connector.ts';
import { createMemory } from './memory.ts';
import { dmAddressOf, isDm, type Route, routeOf } from './places.ts';

export type Opened = { readonly address: Address; readonly route: Route & { readonly conversation: string } };

export type DmConversations = {
  /** The address with its conversation; a dm's is made if need be. null: the address has no route of ours. */
  opened(address: Address, signal: AbortSignal): Promise<TeamsAnswer<Opened> | null>;
  /** A person's dm, with its conversation if that is known. `route` says where they were met. */
  addressFor(person: string, route: Route): Address;
  /** A personal conversation was seen. */
  learn(route: Route & { readonly conversation: string }): void;
};

export function createDms(connector: Connector, now: () => number): DmConversations {
  const conversations = createMemory<string>(now, Number.POSITIVE_INFINITY);
  const keyOf = ({ serviceUrl, user }: Route): string => `${user} ${serviceUrl}`;
  return {
    opened: async (address, signal) => {
      const route = routeOf(address);
      if (route === null) return null;
      const known = route.conversation ?? conversations.get(keyOf(route)) ?? null;
      if (known !== null) return { kind: 'ok', value: reached(address, { ...route, conversation: known }) };
      if (!isDm(address)) return null;
      const answer = await connector.openDm(route, signal);
      if (answer.kind === 'failed') return answer;
      conversations.set(keyOf(route), answer.value);
      return { kind: 'ok', value: reached(address, { ...route, conversation: answer.value }) };
    },
    addressFor: (person, met) => {
      const route: Route = { ...met, kind: 'dm', conversation: null };
      return dmAddressOf(person, { ...route, conversation: conversations.get(keyOf(route)) ?? null });
    },
    learn: (route) => conversations.set(keyOf(route), route.conversation),
  };
}

function reached(address: Address, route: Route & { readonly conversation: string }): Opened {
  return { address: isDm(address) ? dmAddressOf(address.id.slice('dm:'.length), route) : address, route };
}
