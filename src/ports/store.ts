/**
 * What voicejob remembers, as each consumer needs it. One implementation (store/, Redis); every method is one atomic script.
 * Instants are ms since 1970 by Redis' own clock. A lost connection rejects with an Error: the caller ends its poll, drain or command.
 */
import type { Facts, JobDetail, JobKey } from '../domain/job.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { Notice } from '../domain/message.ts';
import type { Actor, Address, Language, Person, Preset, Subscription } from '../domain/subscription.ts';
import type { Gate } from './budget.ts';
import type { DeadReason, MessageRef, Pace } from './chat-adapter.ts';

// ---- watch ------------------------------------------------------------------------------------------------------------------

export type Watched = {
  /** Changes when the last follower leaves and another comes. */
  readonly epoch: string;
  /** Which life of the Redis server answered. */
  readonly runId: string;
  readonly journal: readonly JournalEntry[];
  /** Journal length at first sight; null before it. */
  readonly base: number | null;
  readonly ended: boolean;
  readonly facts: Facts | null;
  /** When something was last appended, when upstream was last read in full, when its facts were (0 = never). */
  readonly changedAt: number;
  readonly readAt: number;
  readonly factsAt: number;
  readonly followers: number;
  /** How much all watches together ask of the budget, in polls a second. */
  readonly demand: number;
  /** How long ago this poll was due, ms (negative: it comes early); null = it was not. */
  readonly lateMs: number | null;
  readonly sweep: SweepSight;
};

/** What the sweep of the job list knows of a watch. */
export type SweepSight = {
  /** What the list showed when the job last moved, until a poll has read its log; `raw` names it. */
  readonly row: { readonly raw: string; readonly detail: JobDetail } | null;
  /** It moved within the last minute: what is found now says nothing about the sweep. */
  readonly justMoved: boolean;
  /** The sweep works and the list shows this job. */
  readonly covered: boolean;
  /** When the whole list was last asked what had moved; 0 = never. */
  readonly sweptAt: number;
  /** Share of the latest entries that the sweep missed, 0 to 1. */
  readonly missed: number;
  /** How many jobs are watched. */
  readonly watches: number;
};

export type Append = {
  readonly job: JobKey;
  readonly epoch: string;
  readonly runId: string;
  /** Journal length that was read. */
  readonly length: number;
  readonly entries: readonly JournalEntry[];
  /** null = keep what is stored. */
  readonly facts: Facts | null;
  /** The facts were read anew (equal or not). */
  readonly factsRead: boolean;
  readonly ended: boolean;
  /** Wished interval until the next poll, and when it starts. */
  readonly intervalMs: number;
  readonly nextPollInMs: number;
  /** The list's row that this poll has followed up ('' = none): it is done with. */
  readonly rowRead: string;
  /** The next poll is the safety net's, and may be pulled forward. */
  readonly net: boolean;
  /** right: the sweep brought this poll, which found entries. doubt: the safety net found entries; whether the sweep would have is seen soon. */
  readonly verdict: 'right' | 'doubt' | 'none';
};

/** movedAgain: the list has shown another move meanwhile, and the next poll is due at once. conflict: the journal grew meanwhile; stale: another epoch or another Redis; gone: nobody follows the job. Nothing is written in these cases. */
export type Appended =
  | { readonly kind: 'appended'; readonly movedAgain: boolean; readonly destinations: readonly string[] }
  | { readonly kind: 'conflict' | 'stale' | 'gone' };

export type DueWatch = { readonly job: JobKey; readonly dueInMs: number };

export interface WatchStore {
  /** null: nobody follows the job. */
  readWatch(job: JobKey): Promise<Watched | null>;
  append(append: Append): Promise<Appended>;
  /** After a poll that read nothing: when the next one is due, so that the roster leaves it alone until then. `intervalMs` 0 = its wish stays. */
  postpone(job: JobKey, next: { readonly inMs: number; readonly intervalMs: number }): Promise<void>;
  /** Jobs whose poll should have started more than `overdueMs` ago, at most `limit`. */
  overdue(query: { readonly overdueMs: number; readonly limit: number }): Promise<readonly JobKey[]>;
  /** Every watched job and in how long its next poll is due, page by page: '0' begins, and an answered '0' is the end. */
  roster(cursor: string): Promise<{ readonly watches: readonly DueWatch[]; readonly cursor: string }>;
  /** Tells every destination once that access is lost (gate shut for `afterMs`), and once that it is back (null). Answers what was told now. */
  tellAccess(gate: Gate | null, afterMs: number): Promise<'lost' | 'back' | 'nothing'>;
}

/** A turn of the sweep, or for how long there is none. `now` and `sinceMs`: Redis' clock, and the largest update time that was seen. */
export type SweepTurn =
  | { readonly kind: 'wait'; readonly state: SweepState }
  | {
      readonly kind: 'turn';
      readonly state: SweepState;
      readonly now: number;
      readonly sinceMs: number | null;
      /** Where the census goes on, if a page of it is due; null = not now. */
      readonly censusOffset: number | null;
    };

export type SweepState = {
  readonly watches: number;
  readonly missed: number;
  /** A sweep has ended well a short while ago. */
  readonly works: boolean;
  /** When one last did, ms ago; null = never. */
  readonly sweptAgoMs: number | null;
};

/**
 * The sweep's memory. One turn at a time over all processes, by a lease; nothing rests on it but freshness.
 * A move that `page` answers is stored with it: the job's poll is due, whoever dies next.
 */
export interface SweepStore {
  take(leaseMs: number): Promise<SweepTurn>;
  /** Takes a page of the list to heart; answers the watched jobs that have moved. first: all of it is old. census: every job in turn, for who is listed and in which state. */
  page(kind: 'first' | 'window' | 'census', rows: readonly JobDetail[], leaseMs: number): Promise<readonly JobKey[]>;
  /** The whole window was read. Answers how many entries the safety net found at least `graceMs` before this turn and the list has not shown since. */
  done(turn: { readonly startedAt: number; readonly largestMs: number | null; readonly everyMs: number; readonly graceMs: number }): Promise<number>;
  /** `nextOffset` null: the list has ended. Every watched job that it did not show is polled as if there were no sweep. */
  censusPage(nextOffset: number | null | 'failed', pauseMs: number): Promise<void>;
  later(inMs: number): Promise<void>;
  /** Watches that wait for the safety net although their last look is `olderThanMs` ago: due now, at most `limit` each `everyMs`. */
  pull(pull: { readonly olderThanMs: number; readonly limit: number; readonly everyMs: number }): Promise<readonly JobKey[]>;
}

// ---- deliver ----------------------------------------------------------------------------------------------------------------

export type IntentKind = 'root' | 'post' | 'edit';

export type Intent = {
  readonly kind: IntentKind;
  /** Journal range of a post. */
  readonly from: number;
  readonly to: number;
  readonly keys: readonly string[];
  /** Entries that a catch-up spans in all, told in its first message; 0 = none, or not the first. */
  readonly summary: number;
  /** Journal length when it was decided, which is what a root or edit shows; and facts version. */
  readonly v: number;
  readonly f: number;
  /** The root that an edit changes or a post answers. */
  readonly root: MessageRef | null;
  readonly attempt: number;
  /** runId under which the platform was asked already; '' = not yet. */
  readonly looked: string;
};

export type OpenIntent = Intent & { readonly tok: string; readonly at: number };

export type LateCheck = {
  readonly at: number;
  readonly kind: IntentKind;
  readonly keys: readonly string[];
  readonly ref: MessageRef | null;
  readonly raw: string;
};

export type Destination = {
  readonly id: string;
  readonly address: Address;
  readonly name: string;
  readonly dm: boolean;
  readonly language: Language;
  /** IANA zone for plain text here, or null. */
  readonly zone: string | null;
  readonly paused: { readonly reason: string; readonly since: number; readonly retryAt: number | null } | null;
  readonly notBefore: number;
};

/** One subscription as `decide` sees it. */
export type Work = {
  readonly now: number;
  readonly destination: Destination;
  readonly job: JobKey;
  readonly gen: string;
  readonly preset: Preset;
  readonly mutedUntil: number;
  readonly notify: Person | null;
  readonly createdAt: number;
  /** max(cursor, base) */
  readonly cursor: number;
  /** Up to where a summary line has announced what waited. */
  readonly announced: number;
  /** Journal length; base null before the first sight. */
  readonly length: number;
  readonly base: number | null;
  readonly ended: boolean;
  readonly root: MessageRef | null;
  readonly shown: number;
  readonly editedAt: number;
  readonly editNotBefore: number;
  readonly intent: OpenIntent | null;
  readonly late: LateCheck | null;
  readonly journal: readonly JournalEntry[];
  readonly facts: Facts | null;
  readonly factsVersion: number;
  /** Which life of the Redis server answered. */
  readonly runId: string;
};

/** closed: paused, held back (notBefore) or its platform is paused; nothing may be sent now. */
export type DueWork =
  | { readonly kind: 'work'; readonly work: Work }
  | { readonly kind: 'notice'; readonly now: number; readonly destination: Destination; readonly notice: Notice; readonly raw: string }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'closed' };

export type IntentAnswer = { readonly kind: 'ok'; readonly look: boolean; readonly runId: string } | { readonly kind: 'wait' | 'taken' | 'moved' | 'gone' };

/** Names the subscription whose life (gen) a step belongs to. */
export type SubRef = { readonly destination: string; readonly job: JobKey; readonly gen: string };

/** An intent and the token it was opened with. */
export type Attempt = { readonly tok: string; readonly intent: Intent };

export type Settlement = {
  readonly ref: MessageRef;
  readonly address: Address;
  /** The message was found there, not sent now. */
  readonly adopted: boolean;
  /** A repeated settle whose first answer was lost. */
  readonly retry: boolean;
  readonly lookup: boolean;
};

export type Release = {
  readonly notBeforeInMs: number;
  readonly editNotBeforeInMs: number;
  readonly pause: DeadReason | null;
  readonly rootGone: boolean;
  readonly ripeEdit: boolean;
};

export interface DeliverStore {
  /** Destinations that are due now and whose platform is not paused, earliest first. */
  dueDestinations(limit: number): Promise<readonly string[]>;
  dueWork(destination: string): Promise<DueWork>;
  /** Opens the one intent of a subscription (`previous` ''), or takes over the one found under `previous`. */
  intent(sub: SubRef, toks: { readonly previous: string; readonly mine: string }, intent: Intent): Promise<IntentAnswer>;
  settle(sub: SubRef, attempt: Attempt, settlement: Settlement): Promise<'ok' | 'refused' | 'gone'>;
  release(sub: SubRef, tok: string, release: Release): Promise<void>;
  /** An unknown outcome of a worker that may have been replaced. */
  doubt(sub: SubRef, attempt: Attempt, lookup: boolean): Promise<void>;
  skip(sub: SubRef, from: number, to: number): Promise<void>;
  /** Gives up on a message that the platform will never take: the cursor moves on, the entry is in the dead letters. */
  bury(sub: SubRef, attempt: Attempt, reason: DeadReason): Promise<void>;
  lateDone(sub: SubRef, raw: string, redo: boolean): Promise<void>;
  /** An intent (its `tok`) or a late check (its `late`, raw) that the platform could not be asked about: asked again in a while, and nothing else waits for it. */
  putOff(sub: SubRef, what: { readonly tok: string; readonly late: string }, inMs: number): Promise<void>;
  /** Lets the others of a destination go first. */
  defer(destination: string, job: JobKey, inMs: number): Promise<void>;
  /** Rewrites the subscription's due time from its state. */
  refresh(destination: string, job: JobKey): Promise<void>;
  pauseDestination(destination: string, reason: DeadReason): Promise<void>;
  /** `delivered`: it arrived, so a pause that is tried again ends. */
  noticeDone(destination: string, raw: string, delivered: boolean): Promise<void>;
  /** Holds back the notices, or everything, for a while. */
  holdBack(destination: string, what: 'notices' | 'everything', inMs: number): Promise<void>;
  pausePlatform(platform: string, reason: DeadReason): Promise<void>;
  resumePlatform(platform: string): Promise<void>;
  /** 0 = go; otherwise ms to wait, and nothing was taken. All buckets or none. */
  takePace(paces: readonly Pace[]): Promise<number>;
}

// ---- commands ---------------------------------------------------------------------------------------------------------------

export type NewDestination = {
  readonly address: Address;
  readonly name: string;
  readonly dm: boolean;
  readonly language: Language | null;
  readonly zone: string | null;
  /** Whose DM it is. */
  readonly person?: { readonly platform: string; readonly id: string };
};

export type FollowedView = { readonly subscription: Subscription; readonly length: number; readonly base: number | null };

export interface SubscriptionStore {
  /** The same store; changes made through it are in the trail as this person's. */
  by(person: Person): SubscriptionStore;
  /** False when this event id was handled before (kept for a day). */
  firstTime(platform: string, eventId: string): Promise<boolean>;
  /** The same, without taking it for handled from now on. */
  wasHandled(platform: string, eventId: string): Promise<boolean>;
  /** Finds or makes the destination of an address and refreshes its route and name; its language once set stays. */
  destination(place: NewDestination): Promise<Destination>;
  /** null: nothing is known of that address. */
  destinationAt(address: Address): Promise<Destination | null>;
  readWatch(job: JobKey): Promise<Watched | null>;
  /** Follows a job from now on; on a followed job only preset and notify change. `owner`: the DM that hears when the destination dies. On disk when answered. */
  subscribe(request: {
    readonly destination: string;
    readonly job: JobKey;
    readonly preset: Preset;
    readonly by: Person;
    readonly owner: string | null;
    readonly notify: Person | null;
  }): Promise<{ readonly kind: 'new' } | { readonly kind: 'kept'; readonly before: Preset }>;
  unsubscribe(destination: string, job: JobKey): Promise<'done' | 'onItsWay' | 'none'>;
  /** `until` ms since 1970; 0 ends the mute. False when not followed. */
  mute(destination: string, job: JobKey, forMs: number): Promise<{ readonly until: number } | null>;
  subscriptions(destination: string): Promise<readonly FollowedView[]>;
  subscription(destination: string, job: JobKey): Promise<FollowedView | null>;
  /** Watched jobs of a project whose id starts so, at most `limit`. */
  watchedByPrefix(projectId: string, prefix: string, limit: number): Promise<readonly JobKey[]>;
  /** Of this voice name, in whatever letters' case. */
  watchedByName(projectId: string, name: string, limit: number): Promise<readonly JobKey[]>;
  /** Stops naming a person on this job here, and refuses to name them again anywhere when `everywhere`. */
  optOut(person: Person): Promise<void>;
  /** Ends that: somebody named themself. */
  optIn(person: Person): Promise<void>;
  hasOptedOut(person: Person): Promise<boolean>;
  setLanguage(destination: string, language: Language): Promise<void>;
  personLanguage(person: Person): Promise<Language | null>;
  setPersonLanguage(person: Person, language: Language): Promise<void>;
  notice(destination: string, notice: Notice): Promise<void>;
  /** Remembers where an admin hears of faults. */
  adminSeen(actor: Actor, destination: string): Promise<void>;
  pausePerson(destination: string): Promise<void>;
  /** Ends a pause; with `only`, only a pause for that reason. */
  resume(destination: string, only: DeadReason | null): Promise<void>;
  pauseDestination(destination: string, reason: DeadReason): Promise<void>;
  /** Until the platform's check says that it is well. */
  pausePlatform(platform: string, reason: DeadReason): Promise<void>;
  rename(destination: string, name: string): Promise<void>;
  /** The platform gave the place another id: the destination stays, and takes over what was made of the new id before. */
  readdress(destination: string, address: Address): Promise<void>;
  /** Takes a subscription elsewhere, with its cursor. busy: a message is on its way; taken: the other place follows the job already. */
  move(destination: string, job: JobKey, to: string): Promise<'moved' | 'none' | 'busy' | 'taken'>;
}
