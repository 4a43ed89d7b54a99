/** All subscriptions, or those that a text is found in. */
import { jobIdOf } from '../domain/job.ts';
import type { Followed, PlaceView } from '../ports/operator-store.ts';
import { type AdminDeps, type Answer, BY_HAND, done, instant, json, type Typed, table } from './answer.ts';
import { shortId, subscriptionId } from './find.ts';

/** `search` '' = all. */
export async function list({ flags }: Typed, search: string, { operator, clock }: AdminDeps): Promise<Answer> {
  const wanted = search.toLowerCase();
  const rows: { readonly place: PlaceView; readonly followed: Followed }[] = [];
  const now = clock.now();
  for await (const place of operator.places()) {
    for (const followed of place.followed) if (textOf(place, followed, now).includes(wanted)) rows.push({ place, followed });
  }
  rows.sort((a, b) => a.place.destination.name.localeCompare(b.place.destination.name) || a.followed.createdAt - b.followed.createdAt);
  if (flags.has('--json')) return json(rows.map(({ place, followed }) => asJson(place, followed, now)));
  if (rows.length === 0) return done(search === '' ? 'Nobody follows anything yet.' : `No subscription has "${search}" in it.`);
  const lines = rows.map(({ place, followed }) => [
    shortId(place, followed),
    place.destination.name,
    followed.voiceName || jobIdOf(followed.job),
    followed.preset,
    ownerOf(followed),
    stateOf(place, followed, now),
    healthOf(place, followed),
    instant(followed.deliveredAt),
  ]);
  const head = ['SUBSCRIPTION', 'PLACE', 'VOICE', 'PRESET', 'OWNER', 'STATE', 'HEALTH', 'LAST DELIVERY'];
  const places = new Set(rows.map(({ place }) => place)).size;
  const count = `${rows.length} ${rows.length === 1 ? 'subscription' : 'subscriptions'} in ${places} ${places === 1 ? 'place' : 'places'}`;
  return done(`${table(head, lines)}\n\n${count}`);
}

function ownerOf({ owner, by }: Followed): string {
  return owner?.name || by?.name || '-';
}

/** What was asked for. */
export function stateOf(place: PlaceView, followed: Followed, now: number): string {
  if (place.destination.paused?.reason === BY_HAND) return 'paused';
  if (followed.mutedUntil > now) return `muted until ${instant(followed.mutedUntil)}`;
  return followed.ended ? 'job completed' : 'active';
}

/** Whether it works. */
export function healthOf(place: PlaceView, followed: Followed): string {
  const { paused } = place.destination;
  const waiting = followed.waiting > 0 ? `, ${followed.waiting} waiting` : '';
  if (place.platformPaused !== null) return `platform refused: ${place.platformPaused}${waiting}`;
  if (paused !== null && paused.reason !== BY_HAND) {
    return `unreachable: ${paused.reason}${paused.retryAt === null ? '' : `, next try ${instant(paused.retryAt)}`}${waiting}`;
  }
  if (!followed.seen) return 'not read yet';
  return followed.waiting > 0 ? `${followed.waiting} waiting` : 'ok';
}

function asJson(place: PlaceView, followed: Followed, now: number): object {
  const { destination } = place;
  return {
    subscription: subscriptionId(place, followed),
    destination: destination.id,
    platform: destination.address.platform,
    place: destination.name,
    dm: destination.dm,
    job: followed.job,
    voice: followed.voiceName,
    preset: followed.preset,
    owner: followed.owner,
    by: followed.by,
    state: stateOf(place, followed, now),
    health: healthOf(place, followed),
    waiting: followed.waiting,
    createdAt: new Date(followed.createdAt).toISOString(),
    lastDelivery: followed.deliveredAt === 0 ? null : new Date(followed.deliveredAt).toISOString(),
  };
}

function textOf(place: PlaceView, followed: Followed, now: number): string {
  const { destination, person } = place;
  const parts = [
    destination.id,
    destination.name,
    destination.address.id,
    person ?? '',
    followed.job,
    followed.voiceName,
    followed.preset,
    stateOf(place, followed, now),
    healthOf(place, followed),
  ];
  return [...parts, followed.by?.name ?? '', followed.by?.id ?? '', followed.owner?.name ?? ''].join('\n').toLowerCase();
}
