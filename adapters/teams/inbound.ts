/** What an activity that was let in becomes: events for the core, and answers. */
import type { Address } from '../../src/domain/subscription.ts';
import type { Activity } from './activity.ts';
import { invoked } from './click.ts';
import { commandOf } from './command-text.ts';
import type { InvokeAnswer } from './invoke-answer.ts';
import { placeChangeOf } from './lifecycle.ts';
import { eventId, meet, placeAddress, type Receiving, type Situation } from './meet.ts';
import { channelName } from './names.ts';
import { addressOf, type Route } from './places.ts';
import { show } from './show.ts';

/** done: 200 with nothing. unheard: an invoke that is none of ours. again: what happened could not be stored. */
export type Received = { readonly kind: 'done' | 'unheard' | 'again' } | { readonly kind: 'invoke'; readonly answer: InvokeAnswer };

const DONE: Received = { kind: 'done' };

/**
 * Takes one activity in. What happens to places is stored before Teams hears that it arrived; words are answered behind its back, since who gets no
 * answer asks again; a click is answered with its result, or without when that takes long.
 */
export async function receive(activity: Activity, host: Receiving): Promise<Received> {
  const route = routeOf(activity);
  const situation: Situation = { activity, route, isAnswered: () => activity.type !== 'invoke' };
  if (route.kind === 'dm') host.dms.learn(route);
  host.behind(host.inbound({ kind: 'seen', id: eventId(activity), address: placeAddress(situation, activity.from.aadObjectId || activity.from.id) }));
  if (placeChangeOf(activity)) return placeChanged(situation, host);
  if (activity.from.isBot) return DONE;
  switch (activity.type) {
    case 'message':
      if (isCommand(activity)) host.behind(converse(situation, host));
      return DONE;
    case 'invoke': {
      const answer = await invoked(situation, host);
      return answer === null ? { kind: 'unheard' } : { kind: 'invoke', answer };
    }
    default:
      return DONE;
  }
}

function routeOf({ conversation, serviceUrl, tenant, recipient, from }: Activity): Route & { readonly conversation: string } {
  const user = conversation.kind === 'dm' ? from.id : '';
  return { kind: conversation.kind, serviceUrl, tenant, bot: recipient.id, conversation: conversation.id, user };
}

async function placeChanged(situation: Situation, { inbound, names }: Receiving): Promise<Received> {
  const { activity, route } = situation;
  const found = placeChangeOf(activity);
  if (!found) return DONE;
  const { of, change } = found;
  const own = placeAddress(situation, activity.from.aadObjectId || activity.from.id);
  const channel = (id: string): Address => addressOf({ ...route, kind: 'channel', conversation: id, user: '' });
  // what is known of the team has changed too, and the next look at it must see that
  const channels = of === 'place' ? [] : await names.channelsNow(activity);
  const named = of === 'channel' && activity.channel.id !== '' ? channel(activity.channel.id) : own;
  const changes = new Map([[named.id, { address: named, change }]]);
  for (const { id, name } of of === 'team' ? channels : []) {
    const renamed = change.kind === 'renamed' ? { ...change, name: channelName(change.name, name) } : change;
    changes.set(id, { address: channel(id), change: renamed });
  }
  let received = DONE;
  for (const each of changes.values()) {
    const { kind } = await inbound({ kind: 'destination', id: `${eventId(activity)} ${each.address.id}`, ...each });
    if (kind === 'again') received = { kind };
  }
  return received;
}

/** Where others talk too, only what is said to the bot is. A message with a value and no words comes from a button of no card of ours. */
function isCommand(activity: Activity): boolean {
  const { conversation, isTargeted, text, value } = activity;
  if (text === '' && Object.keys(value).length > 0) return false;
  return conversation.kind === 'dm' || isTargeted || commandOf(activity).toBot;
}

async function converse(situation: Situation, host: Receiving): Promise<void> {
  const met = await meet(situation, null, host);
  const { activity, route, actor, place } = met;
  const { text, named } = commandOf(activity);
  const mentions = await host.people.named(named, activity, route);
  await show(await host.inbound({ kind: 'command', id: eventId(activity), actor, place, text, mentions }), met, host);
}
