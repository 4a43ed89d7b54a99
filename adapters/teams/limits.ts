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

// ---- requests

/** Ours: everything that one delivery does (a token, a new conversation, the message) is given up after this, so that nothing is sent after the delivery protocol's 8 s. */
export const REQUEST_TIMEOUT_MS = 7_500;

/** Ours: looking up a person or a channel's name while somebody waits for an answer. */
export const LOOKUP_TIMEOUT_MS = 3_000;

/** Ours: fetching the keys that tokens are checked with. */
export const VERIFY_TIMEOUT_MS = 8_000;

/** Ours: what is read of a request. Teams' own messages end near 100 KB (facts, teams, 4). */
export const BODY_BYTES = 256 * 1024;

/** Ours: when a click is answered at the latest, whatever is still under way. Teams repeats what is not answered in 5 s (dialogs, "Respond to the submit action"). */
export const INVOKE_ANSWER_MS = 4_000;

/** Ours: how often a request that was refused is worth a line in the log. */
export const TELL_MS = 60_000;

/** Ours: of the 5 s in which a process must end. */
export const STOP_MS = 2_000;

// ---- pace

/**
 * One conversation takes 7 messages a second, 8 in 2 s, 60 in 30 s and 1,800 an hour; edits are not listed, so they count (facts, teams, 4).
 * A bucket lets through its burst and what came in since: 4 + 1.7, 4 + 3.4, 4 + 50 by the first one; 900 + 900 by the second.
 */
export const CONVERSATION_EVERY_MS = 600;
export const CONVERSATION_BURST = 4;
export const CONVERSATION_HOUR_EVERY_MS = 4_000;
export const CONVERSATION_HOUR_BURST = 900;

/** One app in one tenant: 30 requests a second (facts, teams, 4). 10 + 16 leave some for answers and look-ups. */
export const TENANT_EVERY_MS = 60;
export const TENANT_BURST = 10;

/** Ours: when to try again where Teams does not say, and after a refusal that no list has. */
export const WAIT_MS = 30_000;
export const UNKNOWN_CODE_WAIT_MS = 600_000;

/** Ours: after a 412, which says that something else was just being done there. */
export const CONFLICT_WAIT_MS = 3_000;

/** Ours: the longest Retry-After that is believed. */
export const LONGEST_WAIT_MS = 3_600_000;

// ---- what is remembered in a process

/** Ours: how long it is believed that somebody who is named or typing is a member, or that a place has a name. */
export const KNOWN_FOR_MS = 300_000;
export const KNOWN_ENTRIES = 2_000;

// ---- what arrives

/** Ours: ids are about 100 characters, words of a command some hundred. */
export const ID_LENGTH = 1_000;
export const TEXT_LENGTH = 4_000;
export const NAME_LENGTH = 200;
/** Ours: members whose names stand for a group chat without a topic. */
export const NAMING_MEMBERS = 3;
/** Ours: people named in one command who are looked up. */
export const NAMED_PEOPLE = 5;
/** A search field shows 15 results (dynamic search, "Implement typeahead search"). */
export const OPTIONS = 15;
