/** What happens to a place: it is archived, renamed, moved, or the bot is thrown out. A place nobody follows anything in is not remembered. */
import type { Address } from '../domain/subscription.ts';
import type { DeadReason } from '../ports/chat-adapter.ts';
import type { DestinationChange } from '../ports/inbound.ts';
import type { Destination } from '../ports/store.ts';
import type { CommandDependencies } from './dependencies.ts';
import { nudge } from './target.ts';

export async function destinationChanged(address: Address, change: DestinationChange, deps: CommandDependencies): Promise<void> {
  if (change.kind === 'signed-out') return deps.store.pausePlatform(address.platform, 'uninstalled');
  const destination = await deps.store.destinationAt(address);
  if (!destination) return;
  switch (change.kind) {
    case 'archived':
    case 'removed':
    case 'uninstalled':
      await deps.store.pauseDestination(destination.id, change.kind);
      return;
    case 'restored':
      // A person's pause, or another reason why nothing arrives, outlives the archive.
      await deps.store.resume(destination.id, 'archived');
      await nudge(destination.id, deps);
      return;
    case 'joined':
      await resumeAfterAbsence(destination, deps);
      return;
    case 'renamed':
      await deps.store.rename(destination.id, change.name);
      return;
    case 'id-changed':
      await deps.store.readdress(destination.id, change.to);
      return;
    default:
      change satisfies never;
  }
}

/** How it looks to a bot that it is not in a place. An archive, or a person's pause, is not over when it is added. */
const ABSENCES: readonly DeadReason[] = ['removed', 'uninstalled', 'not-a-member', 'not-found'];

async function resumeAfterAbsence({ id, paused }: Destination, deps: CommandDependencies): Promise<void> {
  const reason = ABSENCES.find((absence) => absence === paused?.reason);
  if (!reason) return;
  await deps.store.resume(id, reason);
  await nudge(id, deps);
}

/** Keeps the route of a known place fresh: Teams moves its service addresses. Who blocked voicejob and speaks to it again has unblocked it. */
export async function placeSeen(address: Address, deps: CommandDependencies): Promise<void> {
  const known = await deps.store.destinationAt(address);
  if (!known) return;
  if (known.paused?.reason === 'blocked') {
    await deps.store.resume(known.id, 'blocked');
    await nudge(known.id, deps);
  }
  if (known.address.route === address.route) return;
  await deps.store.destination({ address, name: known.name, dm: known.dm, language: null, zone: known.zone });
}
