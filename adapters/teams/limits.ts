/** What Teams takes, all of it, each with its source. Bytes are of the JSON in UTF-8; characters are code points. */

/** A card as JSON. Teams refuses messages near 100 KB; older pages say 28 KB for the same kind of card, so this stays below them all (facts, teams, 4). */
export const CARD_BYTES = 25_000;

/** What is always kept of the plain text in `fallbackText`, before the card itself is cut. */
export const FALLBACK_BYTES = 1_000;

/** Plain text beside the card: a notification shows two lines of it. */
export const SUMMARY_LENGTH = 300;

/** Buttons: Teams shows six (facts, teams, 5). */
export const ACTIONS = 6;

/** Buttons in sight; the others are behind "…" (cards reference, principle 7). */
export const ACTIONS_IN_SIGHT = 3;

/** A button's label. Nothing is documented; ours are 75 at the most. */
export const LABEL_LENGTH = 100;

/** A link: what browsers and proxies surely pass on. */
export const URL_LENGTH = 2_048;

/** People mentioned by one card. Nothing is documented; ours mention one. */
export const MENTIONS = 10;

/** A person's id; longer is none of Teams (an Entra id has 36 characters, a 29: id about 90). */
export const MENTION_ID_LENGTH = 200;

/** A person's name in a mention. */
export const MENTION_NAME_LENGTH = 60;

/** One step of cutting a card: how long a line or quote, how many items of a list, how many blocks, how many bytes of a button are kept. */
export type Cut = { readonly piece: number; readonly items: number; readonly blocks: number; readonly action: number };

/**
 * How a card that is too large is cut, step by step until it fits; before the first step, the plain text in `fallbackText` gives way.
 * Long pieces go before whole items, items before blocks; title and buttons are kept longest. The last step fits whatever the card holds.
 */
export const CUTS: readonly Cut[] = [
  { piece: 4_000, items: 100, blocks: 100, action: 6_000 },
  { piece: 2_500, items: 60, blocks: 60, action: 6_000 },
  { piece: 1_500, items: 40, blocks: 40, action: 3_000 },
  { piece: 1_000, items: 30, blocks: 40, action: 3_000 },
  { piece: 600, items: 20, blocks: 30, action: 3_000 },
  { piece: 300, items: 20, blocks: 30, action: 3_000 },
  { piece: 150, items: 15, blocks: 20, action: 1_500 },
  { piece: 150, items: 8, blocks: 10, action: 1_000 },
  { piece: 100, items: 3, blocks: 4, action: 700 },
  { piece: 60, items: 1, blocks: 1, action: 700 },
];

/** Pieces of a line that are kept once a card must be cut: each costs some hundred bytes, however short. */
export const SPANS = 12;
