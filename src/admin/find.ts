/** What an operator means by an id: all of it, its unique start, or a name. */
import { jobIdOf } from '../domain/job.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Followed, OperatorStore, PlaceView } from '../ports/operator-store.ts';

export type Found<T> = { readonly kind: 'found'; readonly value: T } | { readonly kind: 'refused'; readonly says: string };

export type Subscribed = { readonly place: PlaceView; readonly followed: Followed };

const SHORT_JOB = 8;
/** Of what somebody may have meant, so many are named. */
const NAMED_MOST = 10;

/** `<destination>/<job>`: how a subscription is called on the command line. */
export function subscriptionId(place: PlaceView, followed: Followed): string {
  return `${place.destination.id}/${jobIdOf(followed.job)}`;
}

/** As `list` shows it: with the start of the job's id. */
export function shortId(place: PlaceView, followed: Followed): string {
  return `${place.destination.id}/${jobIdOf(followed.job).slice(0, SHORT_JOB)}`;
}

export async function readPlaces(store: Pick<OperatorStore, 'places'>): Promise<readonly PlaceView[]> {
  const places: PlaceView[] = [];
  for await (const place of store.places()) places.push(place);
  return places;
}

/** A destination by id, unique start of an id, name (with or without #), or `platform:person` for somebody's DM. `example`: a command that would have been right. */
export function findPlace(typed: string, places: readonly PlaceView[], example: string): Found<PlaceView> {
  const found = placesCalled(typed, places);
  const [first] = found;
  if (first && found.length === 1) return { kind: 'found', value: first };
  if (first) {
    const which = found.slice(0, NAMED_MOST).map(({ destination }) => `  ${destination.id}  ${destination.name}`);
    return { kind: 'refused', says: [`"${typed}" may be any of these ${found.length}; name one by its id:`, ...which].join('\n') };
  }
  const [nearest] = nearestOf(typed, places.flatMap(namesOf), 1);
  const meant = places.find((place) => nearest !== undefined && namesOf(place).includes(nearest)) ?? places[0];
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const shown = meant ? example.replace('<destination>', meant.destination.id) : 'npm run admin -- list';
  return { kind: 'refused', says: `No destination is called "${typed}".${hint}\nFor example: ${shown}` };
}

/**
 * One subscription by `<destination>/<job>`: the destination by the start of its id or its name, the job by the start of its id or its voice's name. By the voice's
 * name alone where one subscription has it. Or, without a slash, all of a destination. `example`: a command that would have been right, with `<subscription>` in it.
 */
export function findSubscriptions(typed: string, places: readonly PlaceView[], example: string): Found<readonly Subscribed[]> {
  const all = places.flatMap((place) => place.followed.map((followed) => ({ place, followed })));
  const word = typed.toLowerCase();
  const voiced = all.filter(({ followed }) => isVoice(followed, word));
  if (voiced.length > 0) {
    // Ending all of a place is not what a voice's name asks for, so a place of the same name is only offered.
    const namesakes = places.filter((place) => namesOf(place).includes(word)).map(({ destination }) => `  ${destination.id}  all of ${destination.name}`);
    return onlyOne(typed, voiced, namesakes);
  }
  const slash = typed.lastIndexOf('/');
  if (slash < 0) {
    if (placesCalled(typed, places).length === 0) return { kind: 'refused', says: noneCalled(typed, all, example) };
    const place = findPlace(typed, places, example);
    return place.kind === 'refused' ? place : { kind: 'found', value: all.filter((one) => one.place === place.value) };
  }
  const [start, job] = [typed.slice(0, slash), typed.slice(slash + 1)];
  const isThere = ({ destination }: PlaceView) => destination.id.startsWith(start) || destination.name.toLowerCase() === start.toLowerCase();
  const isIt = (followed: Followed) => jobIdOf(followed.job).startsWith(job) || isVoice(followed, job.toLowerCase());
  const found = all.filter(({ place, followed }) => isThere(place) && isIt(followed));
  return found.length > 0 ? onlyOne(typed, found, []) : { kind: 'refused', says: noneCalled(typed, all, example) };
}

function onlyOne(typed: string, found: readonly Subscribed[], others: readonly string[]): Found<readonly Subscribed[]> {
  if (found.length === 1 && others.length === 0) return { kind: 'found', value: found };
  const which = found.slice(0, NAMED_MOST).map(({ place, followed }) => `  ${subscriptionId(place, followed)}`);
  return { kind: 'refused', says: [`"${typed}" may be any of these ${found.length + others.length}:`, ...which, ...others].join('\n') };
}

/** The example is one subscription, never a whole place: it may be copied without a thought. */
function noneCalled(typed: string, all: readonly Subscribed[], example: string): string {
  const start = typed.slice(0, typed.lastIndexOf('/') + 1);
  const namesOne = ({ place, followed }: Subscribed) =>
    start === '' ? [followed.voiceName, ...namesOf(place)].filter((name) => name !== '') : [subscriptionId(place, followed)];
  const names = all.flatMap(namesOne);
  const nearest = nearestOf(typed, names, 1)[0] ?? names.find((name) => start !== '' && name.startsWith(start));
  const meant = all.find((one) => nearest !== undefined && namesOne(one).includes(nearest)) ?? all[0];
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const shown = meant ? example.replace('<subscription>', shortId(meant.place, meant.followed)) : 'npm run admin -- list';
  return `No destination or subscription is called "${typed}".${hint}\nFor example: ${shown}`;
}

function isVoice({ voiceName }: Followed, word: string): boolean {
  return voiceName !== '' && voiceName.toLowerCase() === word;
}

/** By name, and else by the start of an id. */
function placesCalled(typed: string, places: readonly PlaceView[]): readonly PlaceView[] {
  const named = places.filter((place) => namesOf(place).includes(typed.toLowerCase()));
  return named.length > 0 ? named : places.filter(({ destination }) => destination.id.startsWith(typed));
}

function namesOf({ destination, person }: PlaceView): string[] {
  const name = destination.name.toLowerCase();
  const names = [destination.id.toLowerCase(), name, name.replace(/^#/, ''), ...(person === null ? [] : [person.replace('|', ':').toLowerCase()])];
  return names.filter((one) => one !== '');
}
