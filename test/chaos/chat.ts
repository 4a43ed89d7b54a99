/** What the suite wants of a chat platform that it stands in for. */
import type { Dice } from './dice.ts';
import type { HttpTap, TapRequest } from './http-tap.ts';

export type Place = {
  readonly platform: 'slack' | 'teams';
  readonly id: string;
  /** Whether messages there can be looked up: only then is a duplicate never excused. */
  readonly lookup: boolean;
};

/** A message as it stands in the chat. */
export type Seen = {
  readonly place: string;
  readonly ref: string;
  /** ms since 1970. */
  readonly at: number;
  /** A job's card, which the others stand below. */
  readonly isRoot: boolean;
  /** All that a reader sees, in the order of the drawing. */
  readonly words: string;
};

export type ChatOp = 'post' | 'edit' | 'remove' | 'find';
export type Preset = 'everything' | 'problems';

export type Chat = {
  readonly platform: Place['platform'];
  readonly places: readonly Place[];
  /** Whether it can be asked what is there. */
  readonly looks: boolean;
  readonly tap: HttpTap;
  /** What the product is started with; changes with `replaceToken`. */
  env(): Readonly<Record<string, string>>;
  /** A person types a command there, which the program at `url` hears; answers the status that the platform was given. */
  command(url: string, place: Place, text: string): Promise<number>;
  opOf(request: TapRequest): ChatOp | null;
  /** Everything that is there now, oldest first. */
  seen(): Promise<readonly Seen[]>;
  /** An answer of the platform's that refuses, and did nothing. */
  throttled(dice: Dice): { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** The place refuses everything from now on, or no longer; the program at `url` hears of both as the platform tells it. */
  archive(url: string, place: Place, archived: boolean): Promise<void>;
  /** The credentials are refused from now on. */
  revokeToken(): void;
  /** There are new ones: see `env`. */
  replaceToken(): void;
  close(): Promise<void>;
};
