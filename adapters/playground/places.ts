/** Who and what the playground has: two channels, three people, and each person's own conversation with voicejob. */
import type { Actor, Address, Language, Person } from '../../src/domain/subscription.ts';

export const PLATFORM = 'playground';

/** `owner`: the person whose conversation with voicejob it is; null for a channel. */
export type ChatPlace = { readonly id: string; readonly name: string; readonly owner: string | null };

/** The first one sits at the browser; the others can be named in a command, and hear of it in their own conversation. */
export const PEOPLE: readonly { readonly id: string; readonly name: string }[] = [
  { id: 'you', name: 'You' },
  { id: 'lin', name: 'Lin' },
  { id: 'sam', name: 'Sam' },
];

export const LOCAL_PERSON = 'you';

export const PLACES: readonly ChatPlace[] = [
  { id: 'voice-lab', name: '#voice-lab', owner: null },
  { id: 'studio-ops', name: '#studio-ops', owner: null },
  ...PEOPLE.map(({ id, name }) => ({ id: `dm-${id}`, name, owner: id })),
];

export function placeOf(id: string): ChatPlace | null {
  return PLACES.find((place) => place.id === id) ?? null;
}

export function personName(id: string): string {
  return PEOPLE.find((person) => person.id === id)?.name ?? id;
}

export function addressOf(place: ChatPlace): Address {
  return { platform: PLATFORM, id: place.id, route: '' };
}

/** Whoever speaks in a place: the owner of a conversation, in a channel the local person. */
export function speakerIn(place: ChatPlace): string {
  return place.owner ?? LOCAL_PERSON;
}

/** A person as the core wants them; language and zone are known only of who sits at the browser. */
export function actor(id: string, browser: { readonly language: Language | null; readonly zone: string | null }): Actor {
  const dm = PLACES.find((place) => place.owner === id);
  return { platform: PLATFORM, id, name: personName(id), ...browser, dm: dm ? addressOf(dm) : null, member: true, guest: false };
}

/** Everybody a text can name, for resolving `@Lin`. */
export function personNamed(name: string): Person | null {
  const found = PEOPLE.find((person) => person.name.toLowerCase() === name.toLowerCase());
  return found ? { platform: PLATFORM, ...found } : null;
}
