/**
 * A card: one message, without a platform. Its sentences are finished (domain/text made them); an adapter draws it, formats its instants
 * in the reader's zone, and adds no words of its own. All text is text: an adapter escapes it, whoever wrote it.
 */
import type { Language } from './subscription.ts';

export type Severity = 'progress' | 'good' | 'bad' | 'warning' | 'info';

/** A piece of a line. */
export type Span =
  /** Our words. */
  | { readonly kind: 'text'; readonly text: string; readonly bold: boolean }
  /** Somebody else's words: a voice name, an unknown action, a file name. Never parsed, mentioned or translated. */
  | { readonly kind: 'foreign'; readonly text: string; readonly bold: boolean }
  /** An id or a code. */
  | { readonly kind: 'code'; readonly text: string }
  /** A moment, ms since 1970. 'short' = date and time, 'time' = time of day alone. */
  | { readonly kind: 'instant'; readonly at: number; readonly format: 'short' | 'time' }
  /** A person to be notified. */
  | { readonly kind: 'mention'; readonly id: string; readonly name: string };

export type Line = readonly Span[];

export type StepMark = 'done' | 'current' | 'failed' | 'open';

export type Block =
  | { readonly kind: 'line'; readonly spans: Line }
  /** Small print. */
  | { readonly kind: 'note'; readonly spans: Line }
  /** Quoted words with a label before them; line breaks in the text are kept. */
  | { readonly kind: 'quote'; readonly label: Line; readonly text: string }
  | { readonly kind: 'progress'; readonly caption: Line; readonly steps: readonly { readonly label: string; readonly mark: StepMark }[] }
  | { readonly kind: 'facts'; readonly facts: readonly { readonly label: string; readonly value: Line }[] }
  /** A bulleted list; an item's first line is the item, the others stand below it. */
  | { readonly kind: 'list'; readonly title: Line; readonly items: readonly (readonly Line[])[] }
  /** Entries in order: a mark and a line each, and what was quoted of it ('' = nothing). */
  | { readonly kind: 'timeline'; readonly items: readonly { readonly mark: StepMark | 'none'; readonly line: Line; readonly quote: string }[] };

/** A button. `name` and `value` come back in the inbound action; `url` buttons open a page instead and have name ''. */
export type CardAction = {
  readonly name: string;
  readonly value: string;
  readonly label: string;
  readonly url: string | null;
  readonly style: 'default' | 'primary' | 'danger';
  /** A question to ask first, or null. */
  readonly confirm: { readonly question: string; readonly yes: string; readonly no: string } | null;
};

export type Card = {
  readonly language: Language;
  readonly severity: Severity;
  /** One emoji, or ''. It decorates the title and says nothing that the words do not. */
  readonly emoji: string;
  /** Empty for an answer or entry of a line or two: the first block says it then. */
  readonly title: Line;
  readonly blocks: readonly Block[];
  readonly actions: readonly CardAction[];
  /** All that the card says, in plain text, for notifications, screen readers and clients that draw nothing; its first line is a preview. */
  readonly text: string;
};
