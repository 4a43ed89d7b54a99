/** The commands people type. */
import type { Language, Person, Preset } from './subscription.ts';

/** What a person meant by `<job>`: an id, the start of one, or a voice name; resolved by commands/. */
export type JobArgument = string;

export type Command =
  | { readonly name: 'subscribe'; readonly job: JobArgument; readonly preset: Preset | null; readonly dm: boolean; readonly notify: Person | null }
  /** Without a job: the form. */
  | { readonly name: 'subscribe-form' }
  | { readonly name: 'unsubscribe'; readonly job: JobArgument }
  /** Asks first, unless `sure`. */
  | { readonly name: 'unsubscribe-all'; readonly sure: boolean }
  | { readonly name: 'list'; readonly page: number }
  | { readonly name: 'history'; readonly job: JobArgument; readonly page: number | null; readonly filter: 'all' | 'problems' }
  | { readonly name: 'status'; readonly job: JobArgument }
  | { readonly name: 'mute'; readonly job: JobArgument; readonly forMs: number }
  | { readonly name: 'unmute'; readonly job: JobArgument }
  | { readonly name: 'jobs'; readonly search: string }
  | { readonly name: 'test' }
  | { readonly name: 'language'; readonly language: Language }
  | { readonly name: 'help' };

/** One that is about a job. */
export type JobCommand = Extract<Command, { readonly job: JobArgument }>;
