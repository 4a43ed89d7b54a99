/** What the operator's commands want of the store, beside what people's commands have. Every change is one atomic script. Instants are ms since 1970. */
import type { JobKey } from '../domain/job.ts';
import type { Person, Preset } from '../domain/subscription.ts';
import type { Destination, IntentKind } from './store.ts';

/** One subscription as an operator sees it. */
export type Followed = {
  readonly job: JobKey;
  readonly voiceName: string;
  readonly preset: Preset;
  /** Who made it, and the DM that hears when its destination dies (null = the maker's own, or nobody's). */
  readonly by: Person | null;
  readonly owner: { readonly id: string; readonly name: string } | null;
  readonly createdAt: number;
  readonly mutedUntil: number;
  /** 0 = nothing yet. */
  readonly deliveredAt: number;
  /** Journal entries after the cursor, wanted or not. */
  readonly waiting: number;
  /** The job was read at least once. */
  readonly seen: boolean;
  readonly ended: boolean;
};

export type PlaceView = {
  readonly destination: Destination;
  /** `platform|id` of the person whose DM it is, where that is known. */
  readonly person: string | null;
  /** Why all of its platform is paused, or null. */
  readonly platformPaused: string | null;
  readonly followed: readonly Followed[];
};

/** A message that a platform refused for good. */
export type DeadLetter = {
  readonly id: string;
  readonly at: number;
  readonly destination: string;
  readonly job: JobKey;
  readonly kind: IntentKind;
  /** Of the journal entries it told. */
  readonly keys: readonly string[];
  readonly reason: string;
};

/** One change, and who made it; nobody's id where a subscription ended with its job. `place` is what the destination was called then, '' for a DM. */
export type TrailEntry = {
  readonly at: number;
  readonly by: Person;
  readonly what: string;
  readonly destination: string;
  readonly place: string;
  readonly job: string;
  readonly detail: string;
};

/** How much of a person was removed, and how often their name was replaced. */
export type Forgotten = {
  readonly pseudonym: string;
  readonly places: number;
  readonly subscriptions: number;
  readonly names: number;
  readonly wishes: number;
  readonly admin: number;
  readonly trail: number;
  readonly letters: number;
};

export interface OperatorStore {
  /** Every destination with what it follows, page by page. */
  places(): AsyncIterable<PlaceView>;
  /** Another DM hears when the destination dies. no-owner: that is no DM; own: a DM belongs to its person. On disk when answered, as all below. */
  handOver(destination: string, job: JobKey, owner: string): Promise<'done' | 'none' | 'no-owner' | 'own'>;
  /** At most 1000, oldest first. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** Sends it again through the protocol: nothing that is there already. gone: the subscription it belonged to is no more; busy: a message is on its way. */
  replay(id: string): Promise<'done' | 'none' | 'gone' | 'busy'>;
  /** False: there is none. */
  dropDeadLetter(id: string): Promise<boolean>;
  /** The last 2000 changes, newest first. */
  trail(): Promise<readonly TrailEntry[]>;
  /** Removes a person's DM and all that was followed there, their wishes and their name elsewhere. May be repeated. */
  forget(person: Pick<Person, 'platform' | 'id'>): Promise<Forgotten>;
}
