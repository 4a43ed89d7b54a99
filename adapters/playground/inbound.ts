/** What the page sends, checked and turned into events for the core. */

import type { Actor } from '../../src/domain/subscription.ts';
import { LANGUAGES, type Language } from '../../src/domain/subscription.ts';
import { knownZone } from '../../src/domain/zone.ts';
import type { InboundEvent, Place } from '../../src/ports/inbound.ts';
import { actor, addressOf, type ChatPlace, PEOPLE, personNamed, placeOf, speakerIn } from './places.ts';

export const ASKED = ['command', 'action', 'form', 'form-options', 'home'] as const;
type AskedKind = (typeof ASKED)[number];

/** An event that a person at the page caused; each has a place. */
export type PersonEvent = Extract<InboundEvent, { kind: AskedKind }>;

export type Asked =
  | { readonly kind: 'event'; readonly event: PersonEvent; readonly place: ChatPlace; readonly said: string }
  | { readonly kind: 'bad'; readonly problem: string };

/** Made by the page; a repeated request has the same. */
const EVENT_ID = /^[0-9A-Za-z_-]{8,64}$/;
const TEXT_LENGTH = 4_000;

/** Reads one request body. `said` is what the person typed, for a command. */
export function askedOf(kind: AskedKind, body: unknown): Asked {
  if (typeof body !== 'object' || body === null) return bad('The body must be a JSON object.');
  const text = textsOf(body);
  const id = text('id');
  if (!EVENT_ID.test(id)) return bad('id must be 8 to 64 letters, digits, _ or -.');
  const chatPlace = placeOf(text('place'));
  if (!chatPlace) return bad('place is not one of the playground.');
  const browser = { language: languageOf(text('language')), zone: knownZone(text('zone')) };
  const who = actor(speakerIn(chatPlace), browser);
  const place: Place = {
    address: addressOf(chatPlace),
    name: chatPlace.owner === null ? chatPlace.name : who.name,
    dm: chatPlace.owner !== null,
    actorIsMember: true,
  };
  const event = (made: PersonEvent, said = ''): Asked => ({ kind: 'event', event: made, place: chatPlace, said });
  switch (kind) {
    case 'command': {
      const said = text('text').trim();
      if (said === '') return bad('text is empty.');
      return event({ kind, id, actor: who, place, ...commandOf(said) }, said);
    }
    case 'action':
      return event({ kind, id, actor: who, place, name: text('name'), value: text('value'), message: text('message') || null });
    case 'form':
      return event({ kind, id, actor: who, place, form: text('form'), values: valuesOf('values' in body ? body.values : null) });
    case 'form-options':
      return event({ kind, id, actor: who, form: text('form'), field: text('field'), typed: text('typed') });
    case 'home':
      return event({ kind, id, actor: who, place });
    default:
      return kind satisfies never;
  }
}

/** Reads a text of a request body by its name; '' = there is none. */
export function textsOf(body: object): (name: string) => string {
  const fields = new Map<string, unknown>(Object.entries(body));
  return (name) => {
    const value = fields.get(name);
    return typeof value === 'string' ? value.slice(0, TEXT_LENGTH) : '';
  };
}

function bad(problem: string): Asked {
  return { kind: 'bad', problem };
}

/** `/voicejob list`, `@voicejob list` and `list` are the same; `@Lin` becomes `<@0>`, and nobody can type such a mark themselves. */
export function commandOf(said: string): { readonly text: string; readonly mentions: readonly Actor[] } {
  const mentions: Actor[] = [];
  const text = said
    .replace(/^[/@]voicejob(?=\s|$)/i, '')
    .trim()
    .replaceAll(/<(?=@\d+>)/g, '<\u2060')
    .replaceAll(NAMED, (mark, name: string) => {
      const person = personNamed(name);
      if (!person) return mark;
      const known = mentions.findIndex((mention) => mention.id === person.id);
      if (known >= 0) return `<@${known}>`;
      mentions.push(actor(person.id, { language: null, zone: null }));
      return `<@${mentions.length - 1}>`;
    });
  return { text, mentions };
}

const NAMED = new RegExp(String.raw`(?<![\w@])@(${PEOPLE.map(({ name }) => name).join('|')})(?!\w)`, 'gi');

function valuesOf(value: unknown): Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text.slice(0, TEXT_LENGTH)]] : [])));
}

/** The browser's language as far as voicejob speaks it. */
export function languageOf(tag: string): Language | null {
  return LANGUAGES.find((language) => tag.toLowerCase().startsWith(language.slice(0, 2))) ?? null;
}
