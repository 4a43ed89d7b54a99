/** Who did something, and where: looked up in Teams before the core hears of it. */
import type { Address } from '../../src/domain/subscription.ts';
import type { Inbound, Place } from '../../src/ports/inbound.ts';
import type { Activity } from './activity.ts';
import type { Answers, Scene } from './answer.ts';
import type { DmConversations } from './dms.ts';
import type { PrivateKind } from './elements.ts';
import type { Click } from './form.ts';
import type { Names } from './names.ts';
import type { Known, People } from './people.ts';
import { addressOf, dmAddressOf, type Route } from './places.ts';

export type Receiving = {
  readonly inbound: Inbound;
  readonly people: People;
  readonly names: Names;
  readonly answers: Answers;
  readonly dms: DmConversations;
  /** Keeps work that goes on after the answer to Teams; a stop waits for it. */
  readonly behind: (work: Promise<unknown>) => void;
};

/** `isAnswered`: whether Teams has its answer already, so that what an answer would say now reaches nobody. */
export type Situation = { readonly activity: Activity; readonly route: Route & { readonly conversation: string }; readonly isAnswered: () => boolean };
/** `clicked`: the private message whose button it was. */
export type Met = Situation &
  Known & { readonly place: Place; readonly scene: Scene; readonly clicked: { readonly on: PrivateKind; readonly message: string } | null };

export function placeAddress({ route }: Situation, person: string): Address {
  return route.kind === 'dm' ? dmAddressOf(person, route) : addressOf(route);
}

/** An activity's id is unique in its conversation alone. */
export function eventId({ type, id, conversation }: Activity): string {
  return `${type} ${id} ${conversation.id}`;
}

/** Who it is, and where: asked of Teams at the same time. */
export async function meet(situation: Situation, click: Click | null, { people, names }: Receiving): Promise<Met> {
  const { activity, route } = situation;
  const clicked = click !== null && click.on !== null && activity.replyToId !== '' ? { on: click.on, message: activity.replyToId } : null;
  const [known, name] = await Promise.all([people.actor(activity, route), route.kind === 'dm' ? '' : names.nameOf(activity)]);
  const { actor, isHere } = known;
  const dm = route.kind === 'dm';
  const place: Place = { address: placeAddress(situation, actor.id), name: dm ? actor.name : name, dm, actorIsMember: isHere };
  const prompt = activity.isTargeted && activity.type === 'message' && !dm ? activity.id : null;
  return { ...situation, ...known, clicked, place, scene: { route, root: activity.root, user: activity.from.id, dm: actor.dm, prompt } };
}
