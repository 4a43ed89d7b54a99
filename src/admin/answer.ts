/** What an operator's command is given, and what it answers. */
import type { Clock } from '../ports/clock.ts';
import type { JobSource } from '../ports/job-source.ts';
import type { OperatorStore } from '../ports/operator-store.ts';
import type { SubscriptionStore } from '../ports/store.ts';

export type AdminDeps = {
  readonly operator: OperatorStore;
  /** Its changes are in the trail as the operator's. */
  readonly subscriptions: SubscriptionStore;
  /** MetaStudio, or null where it is not configured. */
  readonly upstream: { readonly jobs: JobSource; readonly projectId: string } | null;
  readonly clock: Clock;
};

/** `text` goes to standard output, or to standard error when the exit code is not 0 (the doctor's always to standard output). 1: it could not be done; 2: the command was wrong. */
export type Answer = { readonly exit: 0 | 1 | 2; readonly text: string };

/** What was typed after the command's name; flags begin with two dashes. */
export type Typed = { readonly words: readonly string[]; readonly flags: ReadonlySet<string> };

/** The reason of a pause that somebody asked for. */
export const BY_HAND = 'person';

export const WHERE_IDS_ARE =
  'audit and list --json show the id. Slack has it in the menu of a profile (Copy member ID); for Teams it is the object ID of the user in Microsoft Entra.';

export function done(text: string): Answer {
  return { exit: 0, text: harmless(text) };
}

export function refused(text: string): Answer {
  return { exit: 1, text: harmless(text) };
}

/** Names are what people chose: nothing in them may steer the operator's terminal. */
function harmless(text: string): string {
  return text.replace(/[^\P{Cc}\t\n\r]/gu, '');
}

export function json(value: unknown): Answer {
  return done(JSON.stringify(value, null, 2));
}

/** An instant as UTC to the minute; '-' for 0. */
export function instant(ms: number): string {
  return ms === 0 ? '-' : `${new Date(ms).toISOString().slice(0, 16)}Z`;
}

/** Rows in columns. What people wrote is in them, so nothing that steers a terminal passes. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const clean = [head, ...rows].map((row) => row.map(oneLine));
  const widths = head.map((_, column) => clean.reduce((widest, row) => Math.max(widest, widthOf(row[column] ?? '')), 0));
  const line = (row: readonly string[]) => row.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell))).join('  ');
  return clean.map((row) => line(row).trimEnd()).join('\n');
}

/** What people wrote, without what would break a line or steer a terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}

/** Columns of a terminal: Chinese letters take two. */
function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\uffe0-\uffe6]/u.test(letter) ? 2 : 1), 0);
}
