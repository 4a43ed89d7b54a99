/** The destination that a request is about: where it was said, or the asker's own DM. */
import type { Paused } from '../domain/message.ts';
import type { Actor, Language } from '../domain/subscription.ts';
import type { Destination } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import type { Request } from './request.ts';

export function isDm(request: Request): boolean {
  return request.ownDm || request.place.dm;
}

/** A channel's subscriptions belong to its members, a DM's to the one whose it is. */
export function mayChange(request: Request): boolean {
  return request.place.actorIsMember || (request.ownDm && !request.place.dm);
}

/** The destination if something is known of it, else null. Writes nothing. */
export async function knownTarget(request: Request, deps: CommandDependencies): Promise<Destination | null> {
  const address = request.ownDm && !request.place.dm ? request.actor.dm : request.place.address;
  return address ? deps.store.destinationAt(address) : null;
}

/** The destination, made where it was not known. null: the platform gave no way to write to the asker alone. */
export async function target(request: Request, deps: CommandDependencies): Promise<Destination | null> {
  const { actor, place } = request;
  if (request.ownDm && !place.dm) return ownDm(actor, request.language, deps);
  if (place.dm)
    return deps.store.destination({ address: place.address, name: place.name, dm: true, language: request.language, zone: actor.zone, person: actor });
  // A channel's plain text is in the zone of whoever brought the bot there; later askers don't move it.
  const known = await deps.store.destinationAt(place.address);
  return deps.store.destination({ address: place.address, name: place.name, dm: false, language: null, zone: known ? null : actor.zone });
}

export async function ownDm(actor: Actor, language: Language, deps: CommandDependencies): Promise<Destination | null> {
  return actor.dm ? deps.store.destination({ address: actor.dm, name: actor.name, dm: true, language, zone: actor.zone, person: actor }) : null;
}

/** Why nothing reaches a place now; null where messages arrive. */
export function pausedAt({ id, paused }: Destination, request: Request): Paused | null {
  const isHere = !request.ownDm || request.place.dm;
  return paused && { reason: paused.reason, since: paused.since, destination: isHere ? id : null };
}

/** How somebody wants to be spoken to: as they said, as their client says, or as the configuration says. */
export async function languageOf(actor: Actor, deps: CommandDependencies): Promise<Language> {
  const chosen = await deps.store.personLanguage({ platform: actor.platform, id: actor.id, name: actor.name });
  return chosen ?? actor.language ?? deps.defaultLanguage;
}

/** Starts a delivery now. The sweep would find it a second later, so a failure is a line in the log. */
export async function nudge(destination: string, deps: CommandDependencies): Promise<void> {
  await deps.scheduler.nudgeDestination(destination).catch((error: unknown) => {
    deps.log.warn('could not nudge a destination', { destination, error: error instanceof Error ? error : String(error) });
  });
}
