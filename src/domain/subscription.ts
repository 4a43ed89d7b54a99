/** Who follows what: one destination follows one job with one preset. */
import type { JobKey } from './job.ts';
import type { JournalEntry } from './journal.ts';
import { isMilestone, isProblem } from './journal.ts';

export const PRESETS = ['problems', 'milestones', 'everything'] as const;
export type Preset = (typeof PRESETS)[number];

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A place a platform can post to. `id` names it within the platform and stays while it is the same place; `route` is the adapter's own text, opaque to everyone else. */
export type Address = { readonly platform: string; readonly id: string; readonly route: string };

/** Somebody who acts, as the adapter found them at this event. */
export type Actor = {
  readonly platform: string;
  readonly id: string;
  readonly name: string;
  readonly language: Language | null;
  /** IANA name, such as Asia/Shanghai. */
  readonly zone: string | null;
  readonly dm: Address | null;
  /** Belongs to the home workspace or tenant. */
  readonly member: boolean;
  readonly guest: boolean;
};

/** A person named in a message (`--notify`). */
export type Person = { readonly platform: string; readonly id: string; readonly name: string };

export type Subscription = {
  readonly destination: string;
  readonly job: JobKey;
  readonly gen: string;
  readonly preset: Preset;
  /** Entries before it are told, skipped or old. */
  readonly cursor: number;
  readonly createdAt: number;
  /** Milliseconds since 1970; 0 = not muted. */
  readonly mutedUntil: number;
  readonly by: Person | null;
  readonly notify: Person | null;
};

/** Whether a preset tells an entry. Gone and back are told to everyone who follows. */
export function wants(preset: Preset, entry: JournalEntry): boolean {
  if (entry.kind === 'log' && entry.supersedes !== null && !entry.bringsReason) return false;
  if (entry.kind === 'gone' || entry.kind === 'back') return true;
  switch (preset) {
    case 'problems':
      return isProblem(entry);
    case 'milestones':
      return isProblem(entry) || isMilestone(entry);
    case 'everything':
      return true;
    default:
      return preset satisfies never;
  }
}
