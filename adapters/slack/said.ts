/** What somebody did in Slack, before anything is asked about them. */

/** Where something happened, as the payload says. */
export type Spot = {
  /** '' = nowhere in particular: the person's own conversation is meant. */
  readonly channel: string;
  readonly name: string;
  /** It happened there right now, so that Slack let the person in. False: it was noted in a form that they opened there. */
  readonly now: boolean;
};

export type Speaker = { readonly id: string; readonly name: string /** The workspace they act in. */; readonly team: string };

/** Somebody's doing, and the ways to answer it. */
export type Source = {
  readonly id: string;
  readonly speaker: Speaker;
  readonly spot: Spot;
  /** '' where there is none. */
  readonly responseUrl: string;
  readonly triggerId: string;
  /** A message that they alone see was clicked, so that an answer may take its place. */
  readonly onPrivate: boolean;
  /** Where no message is: the Home, or a card's own window with its id. */
  readonly view: { readonly kind: 'home' | 'card'; readonly id: string } | null;
};

export type Said =
  /** `text` as Slack writes it: escaped, with marks for people and channels. */
  | { readonly kind: 'command'; readonly source: Source; readonly text: string }
  | { readonly kind: 'action'; readonly source: Source; readonly name: string; readonly value: string; readonly message: string | null }
  | { readonly kind: 'form'; readonly source: Source; readonly form: string; readonly values: Readonly<Record<string, string>> }
  | { readonly kind: 'form-options'; readonly source: Source; readonly form: string; readonly field: string; readonly typed: string }
  | { readonly kind: 'home'; readonly source: Source };
