/** What arrives from a chat platform, and what is answered. A closed union: the core handles each event id once. */
import type { Card } from '../domain/card.ts';
import type { Actor, Address, Language } from '../domain/subscription.ts';
import type { MessageRef } from './chat-adapter.ts';

export type Inbound = (event: InboundEvent) => Promise<InboundResult>;

/** Where something was said or clicked. */
export type Place = {
  readonly address: Address;
  /** For people: '#voice-lab', or a person's name for a DM. */
  readonly name: string;
  readonly dm: boolean;
  /** The actor belongs to it. */
  readonly actorIsMember: boolean;
};

/** `id` is unique per platform and repeats when the platform sends an event again. */
export type InboundEvent =
  /** `text` without the command's own name; a mention in it is `<@n>` with n its place in `mentions`, resolved by the adapter. */
  | { readonly kind: 'command'; readonly id: string; readonly actor: Actor; readonly place: Place; readonly text: string; readonly mentions: readonly Actor[] }
  /** A button of one of our cards. */
  | {
      readonly kind: 'action';
      readonly id: string;
      readonly actor: Actor;
      readonly place: Place;
      readonly name: string;
      readonly value: string;
      readonly message: MessageRef | null;
    }
  | {
      readonly kind: 'form';
      readonly id: string;
      readonly actor: Actor;
      readonly place: Place;
      readonly form: string;
      readonly values: Readonly<Record<string, string>>;
    }
  /** What a search field offers for what was typed so far. */
  | { readonly kind: 'form-options'; readonly id: string; readonly actor: Actor; readonly form: string; readonly field: string; readonly typed: string }
  | { readonly kind: 'home'; readonly id: string; readonly actor: Actor; readonly place: Place }
  | { readonly kind: 'destination'; readonly id: string; readonly address: Address; readonly change: DestinationChange }
  /** Keeps a stored route fresh. */
  | { readonly kind: 'seen'; readonly id: string; readonly address: Address };

export type DestinationChange =
  /** `restored`: from the archive; `joined`: the bot was added, perhaps again. */
  | { readonly kind: 'archived' | 'restored' | 'removed' | 'joined' | 'uninstalled' }
  /** Of the whole platform: nothing can be told there until its check says otherwise. The address names no place. */
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'renamed'; readonly name: string }
  | { readonly kind: 'id-changed'; readonly to: Address };

export type InboundResult =
  /** Seen by the actor alone. `replaces` true: takes the place of the private message that was clicked, where the platform can. */
  | { readonly kind: 'reply'; readonly card: Card; readonly replaces: boolean }
  /** Posted where it was asked, for everyone: somebody pressed "share". */
  | { readonly kind: 'share'; readonly card: Card }
  | { readonly kind: 'form'; readonly form: Form }
  | { readonly kind: 'form-errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'options'; readonly options: readonly FormOption[] }
  | { readonly kind: 'home'; readonly cards: readonly Card[] }
  /** A change of a place that could not be stored: the platform is told to send it again. */
  | { readonly kind: 'again' }
  /** Handled before, or nothing to say. */
  | { readonly kind: 'none' };

/** The search field for jobs: `form-options` for it may be asked without the form, by whoever completes a typed line. */
export const JOB_SEARCH = { form: 'subscribe', field: 'job' } as const;

export type FormOption = { readonly value: string; readonly label: string };

export type Form = {
  readonly id: string;
  readonly language: Language;
  readonly title: string;
  readonly submit: string;
  readonly cancel: string;
  readonly fields: readonly FormField[];
};

export type FormField =
  /** Offers what `form-options` answers. */
  | { readonly kind: 'search'; readonly name: string; readonly label: string; readonly hint: string; readonly value: string }
  | { readonly kind: 'choice'; readonly name: string; readonly label: string; readonly options: readonly FormOption[]; readonly value: string }
  | { readonly kind: 'check'; readonly name: string; readonly label: string; readonly value: boolean };
