/** What the local page may look at beside its own chat: how other platforms draw a card, what is followed, and a simulator to play with. */
import type { Card } from '../domain/card.ts';
import type { Facts, JobKey } from '../domain/job.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { Address, Preset } from '../domain/subscription.ts';

/** Exactly what each platform would be sent for a card. */
export type Renderers = {
  readonly slack: (card: Card) => { readonly text: string; readonly blocks: readonly object[] };
  readonly teams: (card: Card) => { readonly card: object };
};

/** A job's journal and everybody's cursor into it, as the store has them now. Instants in ms since 1970. */
export type InspectedJob = {
  readonly job: JobKey;
  readonly facts: Facts | null;
  readonly journal: readonly JournalEntry[];
  /** Journal length at first sight, null before it. */
  readonly base: number | null;
  readonly ended: boolean;
  /** When upstream was last read in full; 0 = never. */
  readonly readAt: number;
  readonly subscriptions: readonly InspectedSubscription[];
};

export type InspectedSubscription = {
  readonly address: Address;
  /** Of the place, for people. */
  readonly name: string;
  readonly preset: Preset;
  /** Entries before it are told, skipped or old. */
  readonly cursor: number;
  /** 0 = not muted. */
  readonly mutedUntil: number;
  /** Why nothing is sent there now, or null. */
  readonly paused: string | null;
  /** A message is on its way. */
  readonly sending: boolean;
};

export interface Inspect {
  /** Jobs that are followed, at most `limit`, in the order in which they were first followed. Reads only. */
  followed(limit: number): Promise<readonly InspectedJob[]>;
  /** When a refused key is tried again; null = MetaStudio accepts it. */
  refusedUntil(): Promise<number | null>;
}

/** What may happen to a simulated job: what comes next in its life, or what a reviewer and the training do to it. */
export type Deed = 'next' | 'reject' | 'fail';
export const NEXT_ACTS = ['submit', 'passMachine', 'approve', 'startTraining', 'finishTraining', 'upload', 'complete'] as const;
export type NextAct = (typeof NEXT_ACTS)[number];

export type SimulatedJobView = {
  readonly jobId: string;
  readonly voiceName: string;
  /** What `next` would do, or null at the end of its life. */
  readonly next: NextAct | null;
  readonly canReject: boolean;
  readonly canFail: boolean;
};

/** A simulated MetaStudio, for whoever sits at the local page. It changes what upstream shows, never what voicejob remembers. */
export interface SimulatorControl {
  /** A job by its id; null: there is none. */
  job(jobId: string): SimulatedJobView | null;
  /** Makes a job and answers its id. */
  start(): string;
  /** Does something to a job, which then lives by hand. False when that can't happen to it now. `reason`: of a rejection or failure, '' = a usual one. */
  perform(jobId: string, deed: Deed, reason: string): boolean;
  /** While `outage`, no connection is answered; while `wrongKey`, every request is refused as unauthorized. */
  trouble(): { readonly outage: boolean; readonly wrongKey: boolean };
  setTrouble(trouble: { readonly outage: boolean; readonly wrongKey: boolean }): void;
}
