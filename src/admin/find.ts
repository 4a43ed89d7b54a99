/** What an operator means by an id: all of it, its unique start, or a name. */
import { jobIdOf } from '../domain/job.ts';
import { nearestOf } from '../domain/nearest.ts';
import type { Followed, OperatorStore, PlaceView } from '../ports/operator-store.ts';

export type Found<T> = { readonly kind: 'found'; readonly value: T } | { readonly kind: 'refused'; readonly says: string };

export type Subscribed = { readonly place: PlaceView; readonly followed: Followed };

/** `<destination>/<job>`: how a subscription is called on the command line. */
export function subscriptionId(place: PlaceView, followed: Followed): string {
  return `${place.destination.id}/${jobIdOf(followed.job)}`;
}

export async function readPlaces(store: Pick<OperatorStore, 'places'>): Promise<readonly PlaceView[]> {
  const places: PlaceView[] = [];
  for await (const place of store.places()) places.push(place);
  return places;
}

/** A destination by id, unique start of an id, name (with or without #), or `platform:person` for somebody's DM. `example`: a command that would have been right. */
export function findPlace(typed: string, places: readonly PlaceView[], example: string): Found<PlaceView> {
  const named = places.filter((place) => namesOf(place).includes(typed.toLowerCase()));
  const started = places.filter(({ destination }) => destination.id.startsWith(typed));
  const found = named.length > 0 ? named : started;
  const [first] = found;
  if (first && found.length === 1) return { kind: 'found', value: first };
  if (first) {
    const which = found.slice(0, 10).map(({ destination }) => `  ${destination.id}  ${destination.name}`);
    return { kind: 'refused', says: [`"${typed}" may be any of these ${found.length}; name one by its id:`, ...which].join('\n') };
  }
  const [nearest] = nearestOf(typed, places.flatMap(namesOf), 1);
  const meant = places.find((place) => nearest !== undefined && namesOf(place).includes(nearest)) ?? places[0];
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  const shown = meant ? example.replace('<destination>', meant.destination.id) : 'npm run admin -- list';
  return { kind: 'refused', says: `No destination is called "${typed}".${hint}\nFor example: ${shown}` };
}

/** One subscription by `<destination>/<job>`, each by its unique start; or, without a slash, all of a destination. */
export function findSubscriptions(typed: string, places: readonly PlaceView[], example: string): Found<readonly Subscribed[]> {
  const slash = typed.lastIndexOf('/');
  const all = places.flatMap((place) => place.followed.map((followed) => ({ place, followed })));
  if (slash < 0) {
    const place = findPlace(typed, places, example);
    return place.kind === 'refused' ? place : { kind: 'found', value: all.filter((one) => one.place === place.value) };
  }
  const [start, job] = [typed.slice(0, slash), typed.slice(slash + 1)];
  const isThere = ({ destination }: PlaceView) => destination.id.startsWith(start) || destination.name.toLowerCase() === start.toLowerCase();
  const found = all.filter(({ place, followed }) => isThere(place) && jobIdOf(followed.job).startsWith(job));
  if (found.length === 1) return { kind: 'found', value: found };
  if (found.length > 1) {
    const which = found.slice(0, 10).map(({ place, followed }) => `  ${subscriptionId(place, followed)}`);
    return { kind: 'refused', says: [`"${typed}" may be any of these ${found.length}:`, ...which].join('\n') };
  }
  const ids = all.map(({ place, followed }) => subscriptionId(place, followed));
  const nearest = nearestOf(typed, ids, 1)[0] ?? ids.find((id) => id.startsWith(`${start}/`));
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}?`;
  return { kind: 'refused', says: `There is no subscription "${typed}".${hint}\nFor example: npm run admin -- list` };
}

function namesOf({ destination, person }: PlaceView): string[] {
  const name = destination.name.toLowerCase();
  const names = [destination.id.toLowerCase(), name, name.replace(/^#/, ''), ...(person === null ? [] : [person.replace('|', ':').toLowerCase()])];
  return names.filter((one) => one !== '');
}
