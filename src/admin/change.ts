/** What an operator may change: pause, resume, move, remove, hand over. The sweep of any running voicejob takes it up within a second. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Followed, PlaceView } from '../ports/operator-store.ts';
import { type AdminDeps, type Answer, BY_HAND, done, refused } from './answer.ts';
import { findPlace, findSubscriptions, readPlaces, type Subscribed, subscriptionId } from './find.ts';

/** As people in a place read it, where a change there is announced. */
const ANNOUNCED_AS = 'voicejob admin';
/** A message that is being sent is settled within seconds; what can't be settled keeps its subscription where it is. */
const BUSY_PATIENCE_MS = 20_000;
const BUSY_EVERY_MS = 500;

export async function pausePlace(typed: string, { operator, subscriptions }: AdminDeps): Promise<Answer> {
  const found = findPlace(typed, await readPlaces(operator), 'npm run admin -- pause <destination>');
  if (found.kind === 'refused') return refused(found.says);
  const { id, name } = found.value.destination;
  await subscriptions.pausePerson(id);
  return done(`${name} is paused: nothing is lost, and what waits is told once it is resumed.\nTo resume: npm run admin -- resume ${id}`);
}

export async function resumePlace(typed: string, { operator, subscriptions }: AdminDeps): Promise<Answer> {
  const found = findPlace(typed, await readPlaces(operator), 'npm run admin -- resume <destination>');
  if (found.kind === 'refused') return refused(found.says);
  const { id, name, paused } = found.value.destination;
  if (paused === null) return done(`${name} is not paused.`);
  await subscriptions.resume(id, null);
  return done(`${name} is told again; it was paused${paused.reason === BY_HAND ? ' by hand' : `: ${paused.reason}`}.`);
}

export async function movePlace(from: string, to: string, deps: AdminDeps): Promise<Answer> {
  const places = await readPlaces(deps.operator);
  const example = `npm run admin -- move <destination> ${places[1]?.destination.id ?? 'slack.…'}`;
  const source = findPlace(from, places, example);
  if (source.kind === 'refused') return refused(source.says);
  const target = findPlace(to, places, example);
  if (target.kind === 'refused') return refused(target.says);
  if (source.value === target.value) return refused('That is the same place.');
  const left: string[] = [];
  const moved: Followed[] = [];
  for (const followed of source.value.followed) {
    const outcome = await moveOne(source.value, followed, { to: target.value, deps });
    if (outcome === 'moved') moved.push(followed);
    else left.push(`  ${subscriptionId(source.value, followed)}: ${LEFT[outcome]}`);
  }
  if (moved.length > 0) {
    await announce(source.value, moved, { kind: 'unfollowed', deps });
    await announce(target.value, moved, { kind: 'followed', deps });
  }
  const text = `${moved.length} of ${source.value.followed.length} went from ${source.value.destination.name} to ${target.value.destination.name}.`;
  return left.length === 0 ? done(text) : refused([text, 'Left where they are:', ...left].join('\n'));
}

const LEFT = { none: 'is no more', busy: 'a message is being sent; try again in a minute', taken: 'the other place follows the job already' } as const;

async function moveOne(
  from: PlaceView,
  followed: Followed,
  { to, deps }: { readonly to: PlaceView; readonly deps: AdminDeps },
): Promise<'moved' | keyof typeof LEFT> {
  const giveUpAt = deps.clock.monotonic() + BUSY_PATIENCE_MS;
  for (;;) {
    const outcome = await deps.subscriptions.move(from.destination.id, followed.job, to.destination.id);
    if (outcome !== 'busy' || deps.clock.monotonic() > giveUpAt) return outcome;
    await pause(BUSY_EVERY_MS);
  }
}

export async function remove(typed: string, deps: AdminDeps): Promise<Answer> {
  const found = findSubscriptions(typed, await readPlaces(deps.operator), 'npm run admin -- remove <subscription>');
  if (found.kind === 'refused') return refused(found.says);
  const removed: Subscribed[] = [];
  let onItsWay = false;
  for (const one of found.value) {
    const outcome = await deps.subscriptions.unsubscribe(one.place.destination.id, one.followed.job);
    onItsWay ||= outcome === 'onItsWay';
    if (outcome !== 'none') removed.push(one);
  }
  const [first] = removed;
  if (!first) return done('Nothing was followed there.');
  const followed = removed.map((one) => one.followed);
  await announce(first.place, followed, { kind: 'unfollowed', deps });
  const last = onItsWay ? ' A message that was being sent may still arrive within 9 seconds.' : '';
  return done(`${removed.length} ${removed.length === 1 ? 'subscription' : 'subscriptions'} of ${first.place.destination.name} removed.${last}`);
}

export async function handOver(typed: string, owner: string, { operator }: AdminDeps): Promise<Answer> {
  const places = await readPlaces(operator);
  const found = findSubscriptions(typed, places, 'npm run admin -- hand-over <subscription> slack:U123');
  if (found.kind === 'refused') return refused(found.says);
  const people = places.filter(({ destination }) => destination.dm);
  const heir = findPlace(owner, people, `npm run admin -- hand-over ${typed} <destination>`);
  if (heir.kind === 'refused') return refused(`${heir.says}\nWho shall own it must have written to voicejob once, so that it can write to them.`);
  let count = 0;
  for (const { place, followed } of found.value) {
    const outcome = await operator.handOver(place.destination.id, followed.job, heir.value.destination.id);
    if (outcome === 'own') return refused('A DM belongs to the person whose it is. To take what is followed there elsewhere: npm run admin -- move');
    if (outcome === 'done') count += 1;
  }
  return done(`${heir.value.destination.name} now hears when ${count === 1 ? 'this subscription' : `these ${count} subscriptions`} can't be delivered.`);
}

/** What a channel hears changes: everyone there is told, in one message. */
async function announce(
  place: PlaceView,
  changed: readonly Followed[],
  { kind, deps }: { readonly kind: 'followed' | 'unfollowed'; readonly deps: AdminDeps },
): Promise<void> {
  const [first] = changed;
  if (!first || place.destination.dm) return;
  const name = changed.map(({ voiceName, job }) => voiceName || job).join(', ');
  const notice = { kind, subject: first.job, since: deps.clock.now(), by: ANNOUNCED_AS, name, preset: first.preset, completed: false };
  await deps.subscriptions.notice(place.destination.id, notice);
}
