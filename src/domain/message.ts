/** What there is to say: one member per kind of message, holding facts only. `cardOf` (domain/card-of.ts) turns it into a card. */
import type { Command, JobCommand } from './command.ts';
import type { Facts, JobDetail, JobKey } from './job.ts';
import type { JournalEntry } from './journal.ts';
import type { Language, Person, Preset } from './subscription.ts';

/** A job as a message needs it. */
export type JobView = {
  readonly job: JobKey;
  /** Shortest start of the job id that is unique here, 8 characters or more. */
  readonly shortId: string;
  /** From JOB_LINK_TEMPLATE, or null. */
  readonly link: string | null;
  readonly journal: readonly JournalEntry[];
  readonly facts: Facts | null;
};

/** Why a destination is paused: one of the closed list of reasons (ports/chat-adapter.ts), or a person's wish. */
export type PauseReason = string;

export type FollowedJob = {
  readonly view: JobView;
  readonly preset: Preset;
  readonly mutedUntil: number;
  /** Entries after the cursor that the preset wants. */
  readonly waiting: number;
  /** No snapshot has been read yet. */
  readonly pending: boolean;
};

/** Nothing reaches a place now. `destination`: which one a click on this answer may try again; null = it is not for whoever reads it here. */
export type Paused = { readonly reason: PauseReason; readonly since: number; readonly destination: string | null };

export type DestinationHealth = { readonly paused: PauseReason | null; readonly since: number };

/** Posted to a destination. */
export type PostMessage =
  /** The root: one per subscription, edited in place. */
  | { readonly kind: 'live'; readonly view: JobView; readonly preset: Preset }
  /** The root's last edit after unsubscribe. */
  | { readonly kind: 'no-longer-followed'; readonly view: JobView }
  /**
   * Entries that are told, in journal order, at most 20.
   * `threads` false: no root above it, so it names the voice and how to stop. `summary`: entries this catch-up spans in all (0 = no catch-up).
   */
  | {
      readonly kind: 'news';
      readonly view: JobView;
      readonly entries: readonly JournalEntry[];
      readonly threads: boolean;
      readonly dm: boolean;
      readonly summary: number;
      readonly notify: Person | null;
    }
  | { readonly kind: 'test' }
  | { readonly kind: 'notice'; readonly notice: Notice; readonly jobs: readonly FollowedJob[] };

/** Sent at least once, deduplicated by (kind, subject, since). Instants in ms since 1970. */
export type Notice =
  /** To the owner of a destination that can't be reached. */
  | { readonly kind: 'paused'; readonly subject: string; readonly since: number; readonly place: string; readonly reason: PauseReason }
  | { readonly kind: 'resumed'; readonly subject: string; readonly since: number; readonly place: string }
  /** MetaStudio refuses the credentials; `operator` null for followers. */
  | { readonly kind: 'access-lost'; readonly subject: string; readonly since: number; readonly operator: AccessProblem | null }
  | { readonly kind: 'access-back'; readonly subject: string; readonly since: number }
  /** A whole platform refuses the bot; to the admins, on another platform. */
  | { readonly kind: 'platform-paused'; readonly subject: string; readonly since: number; readonly reason: PauseReason }
  /** Somebody asked whether messages arrive: it goes the way a real update goes. */
  | { readonly kind: 'test'; readonly subject: string; readonly since: number }
  /** The last edit of a root nobody follows any more. */
  | {
      readonly kind: 'farewell';
      readonly subject: JobKey;
      readonly since: number;
      readonly root: string;
      readonly gen: string;
      readonly journal: readonly JournalEntry[];
      readonly facts: Facts | null;
    }
  /** A change to a channel's subscriptions, announced there. */
  | {
      readonly kind: 'followed' | 'unfollowed';
      readonly subject: JobKey;
      readonly since: number;
      readonly by: string;
      readonly name: string;
      readonly preset: Preset;
      /** The job was so before it was followed: its card comes, and hardly anything after it. */
      readonly completed: boolean;
    }
  /** To somebody whom another named with --notify. */
  | { readonly kind: 'opt-in'; readonly subject: JobKey; readonly since: number; readonly by: string; readonly name: string; readonly place: string };

export type AccessProblem = {
  readonly status: number;
  readonly code: string;
  readonly requestId: string;
  readonly message: string;
  readonly nextTry: number;
  readonly jobs: number;
  readonly destinations: number;
};

/** Answered to one person, who alone sees it. */
export type ReplyMessage =
  | {
      readonly kind: 'subscribed';
      readonly view: JobView;
      readonly preset: Preset;
      readonly dm: boolean;
      /** In the asker's DM, though asked in another place, where a typed command would mean that place. */
      readonly elsewhere: boolean;
      readonly pending: boolean;
      readonly already: Preset | null;
      readonly notify: Person | null;
      readonly paused: Paused | null;
    }
  /** Asked before all that is followed is left. */
  | { readonly kind: 'unsubscribe-all'; readonly views: readonly JobView[]; readonly dm: boolean }
  /** `onItsWay`: a message that was being sent may still arrive within 9 seconds. */
  | { readonly kind: 'unsubscribed'; readonly views: readonly JobView[]; readonly onItsWay: boolean; readonly dm: boolean }
  /** `stale` as in a history: why nothing new is heard of any of them, or null. */
  | {
      readonly kind: 'list';
      readonly jobs: readonly FollowedJob[];
      readonly health: DestinationHealth;
      readonly stale: string | null;
      readonly dm: boolean;
      readonly page: number;
    }
  /** The head of the bot's own page; a card for each job follows it. */
  | { readonly kind: 'home'; readonly jobs: readonly FollowedJob[]; readonly health: DestinationHealth; readonly stale: string | null }
  /** One job there, with what can be done about it. */
  | { readonly kind: 'home-job'; readonly job: FollowedJob }
  | {
      readonly kind: 'history';
      readonly view: JobView;
      readonly page: number;
      readonly filter: 'all' | 'problems';
      readonly readAt: number;
      readonly stale: string | null;
      readonly dm: boolean;
    }
  | {
      readonly kind: 'status';
      readonly view: JobView;
      readonly here: FollowedJob | null;
      /** Where it is followed here and nothing arrives. */
      readonly paused: Paused | null;
      readonly readAt: number;
      readonly stale: string | null;
      readonly now: number;
      readonly stretchedTo: number | null;
    }
  | { readonly kind: 'files'; readonly view: JobView }
  | { readonly kind: 'reason'; readonly view: JobView; readonly key: string }
  | { readonly kind: 'attachment'; readonly view: JobView; readonly name: string; readonly url: string | null }
  | { readonly kind: 'muted'; readonly view: JobView; readonly until: number }
  | { readonly kind: 'unmuted'; readonly view: JobView; readonly waiting: number; readonly wasMuted: boolean }
  | {
      readonly kind: 'jobs';
      readonly search: string;
      readonly jobs: readonly JobDetail[];
      readonly total: number;
      readonly followed: ReadonlySet<string>;
      readonly projectId: string;
    }
  | { readonly kind: 'test-sent'; readonly dm: boolean; readonly paused: Paused | null }
  | { readonly kind: 'language-set'; readonly language: Language; readonly dm: boolean }
  | { readonly kind: 'opted-out' }
  | { readonly kind: 'help'; readonly prefix: string }
  | { readonly kind: 'error'; readonly error: CommandError };

/** What an argument has to be, where one sentence says it; 'other': the example has to do. */
export type Expected = 'preset' | 'one-job' | 'duration' | 'language' | 'other';

/** What was wrong with a command, with what is needed to say what to do. */
export type CommandError =
  | { readonly kind: 'unknown-command'; readonly input: string; readonly nearest: string | null }
  | { readonly kind: 'missing-job'; readonly command: string; readonly example: string }
  | { readonly kind: 'bad-argument'; readonly command: string; readonly input: string; readonly example: string; readonly expected: Expected }
  | { readonly kind: 'no-such-job'; readonly input: string; readonly nearest: readonly string[]; readonly command: JobCommand }
  | {
      readonly kind: 'ambiguous-job';
      readonly input: string;
      readonly candidates: readonly { readonly job: JobKey; readonly shortId: string; readonly name: string; readonly state: string }[];
      readonly command: Command;
    }
  /** Upstream refused a full id; its code and words are text. */
  | { readonly kind: 'upstream-refused'; readonly input: string; readonly code: string; readonly message: string }
  /** `byId`: a full id would have been accepted unread. */
  | { readonly kind: 'upstream-down'; readonly since: number | null; readonly byId: boolean }
  /** It answers, but refuses voicejob's credentials. */
  | { readonly kind: 'upstream-refuses'; readonly since: number | null; readonly byId: boolean }
  | { readonly kind: 'not-followed'; readonly view: JobView }
  | { readonly kind: 'nothing-followed'; readonly dm: boolean }
  | { readonly kind: 'not-a-member' }
  | { readonly kind: 'guests-refused' }
  | { readonly kind: 'cannot-notify'; readonly input: string; readonly why: 'unknown' | 'channels-only' }
  | { readonly kind: 'opted-out-person'; readonly name: string }
  | { readonly kind: 'too-old' }
  | { readonly kind: 'internal'; readonly reference: string };

export type Message = PostMessage | ReplyMessage;

/** How and for whom a message is worded. */
export type Wording = {
  readonly language: Language;
  /** IANA zone for instants in plain text and private replies; null = UTC. */
  readonly zone: string | null;
  /** What stands before a command here, such as '/voicejob ', '@voicejob ' or ''. */
  readonly prefix: string;
};
