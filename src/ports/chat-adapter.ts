/**
 * What a chat platform must do for voicejob. One implementation a folder in adapters/. It speaks of cards, addresses and deliveries;
 * blocks and activities stay inside. Outcomes are values: an adapter throws only for bugs, and never retries on its own.
 */
import type { Card } from '../domain/card.ts';
import type { Address } from '../domain/subscription.ts';
import type { Inbound } from './inbound.ts';
import type { Routes } from './routes.ts';

export interface ChatAdapter {
  /** First member of every address: 'slack', 'teams', 'playground'. */
  readonly platform: string;
  /** What stands before a command in help, at this address: '/voicejob ', '@voicejob ' or ''. */
  commandPrefix(address: Address): string;
  /** Begins to receive. A process without the role `web` never calls it and only posts. */
  start(host: { readonly inbound: Inbound; readonly routes: Routes }): Promise<void>;
  stop(): Promise<void>;
  /** Credentials and scopes: at start, for `doctor`, and every 5 minutes to lift a platform's pause. */
  check(): Promise<Check>;
  traits(address: Address): Traits;
  post(post: Post): Promise<Outcome>;
  update(update: Update): Promise<Outcome>;
  remove(message: MessageAt): Promise<Outcome>;
  /** The deliveries of a subscription that are there, oldest first; empty = none is. */
  find(search: Search): Promise<Found>;
}

/** What an address can do: data, so that deliver can decide. */
export type Traits = {
  /** Replies below a root. Without, posts stand alone and name the voice. */
  readonly threads: boolean;
  /** `find` can tell. Without, a resend may be a duplicate. */
  readonly lookup: boolean;
  /** A person's own conversation with the bot. */
  readonly dm: boolean;
  /** Buckets that a post or an edit draws from, enforced in the store over all processes. */
  readonly pace: { readonly post: readonly Pace[]; readonly update: readonly Pace[] };
};

/** One request each `everyMs`, `burst` at once at the most, among all that share `bucket`. */
export type Pace = { readonly bucket: string; readonly everyMs: number; readonly burst: number };

/** The platform's id of a message; opaque. */
export type MessageRef = string;

export type MessageAt = { readonly address: Address; readonly ref: MessageRef };

/** Identifies a delivery for `find`: the subscription's life and the keys of what is told; ['root'] for the live card. At most 20 keys. */
export type DeliveryId = { readonly gen: string; readonly keys: readonly string[] };

export type Post = {
  readonly address: Address;
  readonly card: Card;
  readonly delivery: DeliveryId;
  /** The root to reply to, or null for a message of its own. */
  readonly root: MessageRef | null;
  /** Shown in the channel as well as in the thread. */
  readonly raised: boolean;
};

export type Update = MessageAt & { readonly card: Card; readonly delivery: DeliveryId };

/** `notBefore`: when the oldest looked-for entry happened, ms since 1970, or a time surely before it. */
export type Search = { readonly address: Address; readonly delivery: DeliveryId; readonly root: MessageRef | null; readonly notBefore: number };

export type FoundMessage = { readonly ref: MessageRef; readonly keys: readonly string[]; readonly at: number };
export type Found =
  | { readonly kind: 'found'; readonly messages: readonly FoundMessage[] }
  | { readonly kind: 'cannot-tell'; readonly reason: UnknownReason | LaterReason }
  /** The place or the platform refuses the bot, and will go on doing so. */
  | { readonly kind: 'dead'; readonly scope: 'destination' | 'platform'; readonly reason: DeadReason };

export type Outcome =
  | { readonly kind: 'delivered'; readonly ref: MessageRef; readonly address: Address }
  /** Surely not done; may be done later. */
  | { readonly kind: 'later'; readonly reason: LaterReason; readonly afterMs: number }
  /** Surely not done, and not by trying again. */
  | { readonly kind: 'dead'; readonly scope: DeadScope; readonly reason: DeadReason }
  /** The message to edit or remove is not there. */
  | { readonly kind: 'gone' }
  /** Perhaps done. */
  | { readonly kind: 'unknown'; readonly reason: UnknownReason };

export type DeadScope = 'destination' | 'payload' | 'platform';
export const LATER_REASONS = ['throttled', 'unavailable', 'pace'] as const;
export const DEAD_REASONS = [
  'archived',
  'not-found',
  'not-a-member',
  'forbidden',
  'blocked',
  'removed',
  'payload-refused',
  'payload-too-large',
  'unauthorized',
  'uninstalled',
  'disabled',
] as const;
export const UNKNOWN_REASONS = ['timeout', 'connection-lost', 'server-error', 'unreadable-answer'] as const;
export type LaterReason = (typeof LATER_REASONS)[number];
export type DeadReason = (typeof DEAD_REASONS)[number];
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

/** `problem` is a sentence that says what to mend; null = all is well. */
export type Check = { readonly ok: boolean; readonly problem: string | null };
