/** Slack's limits, all of them. What counts characters here counts UTF-16 units, which are never fewer than Slack's own. */

/** Blocks of a message (block kit reference, "Blocks"). */
export const MESSAGE_BLOCKS = 50;

/**
 * All blocks of a message as JSON. Undocumented: msg_blocks_too_long was seen from 13,172 to 13,297 characters (bolt-js#2509), and with
 * 11,341 characters of text in rich_text (bolt-js#2867), so that the JSON around the text counts too.
 */
export const MESSAGE_JSON = 12_000;

/** `text` beside blocks. Slack takes 40,000, but has split and doubled what is over 4,000 (chainloop#272, bolt-python#764). */
export const MESSAGE_TEXT = 3000;

/** Header (block kit reference, "Header block"). */
export const HEADER_TEXT = 150;

/** A plain_text object, as in a context (block kit reference, "Text object"). */
export const PLAIN_TEXT = 3000;

/** Elements of an actions block (block kit reference, "Actions block"). */
export const ACTIONS_ELEMENTS = 25;

/** Button (block kit reference, "Button element"). */
export const BUTTON_TEXT = 75;
export const BUTTON_VALUE = 2000;
export const BUTTON_URL = 3000;
export const ACTION_ID = 255;

/** The question before a click (block kit reference, "Confirmation dialog object"). */
export const CONFIRM_TITLE = 100;
export const CONFIRM_TEXT = 300;
export const CONFIRM_BUTTON = 30;

/** Ours: what all buttons together may take of MESSAGE_JSON. The rest is for words. */
export const ACTIONS_JSON = 5500;

/** Ours: the plain text that stands for a card that fits in no other way. Escaped as JSON it can double. */
export const LAST_RESORT_TEXT = 3000;

/** A date element later than this, the end of year 9999, is not sent: what Slack makes of it is not known. */
export const LAST_TIMESTAMP_S = 253_402_300_799;

/** Ours: a request is given up after this, the T of the delivery protocol. */
export const REQUEST_TIMEOUT_MS = 8000;

/** Posts in one channel: one a second, "short bursts" promised to nobody (rate limits, "Posting messages"). */
export const POST_EVERY_MS = 1000;

/** chat.update, tier 3: more than 50 a minute for the whole workspace (rate limits). 40 a minute and 5 at once stay below. */
export const UPDATE_EVERY_MS = 1500;
export const UPDATE_BURST = 5;

/** conversations.history and .replies: at most 999 messages a page (api reference). Where Slack grants fewer, it answers fewer. */
export const PAGE_MESSAGES = 999;

/** Ours: pages of one search, a part of tier 3's 50 calls a minute. */
export const SEARCH_PAGES = 10;

/** Ours: when to try again where Slack does not say: throttled or away; the workspace is moved into an organisation; its message limit is reached. */
export const WAIT_MS = 30_000;
export const LONG_WAIT_MS = 600_000;
export const HARD_WAIT_MS = 3_600_000;

/** Ours: after a refusal that no list of Slack's has. */
export const UNKNOWN_CODE_WAIT_MS = 600_000;

/** Blocks of the Home and of a window (block kit reference, "Blocks"). */
export const VIEW_BLOCKS = 100;

/** Views (views reference, "Modal view object"): title, submit and close; private_metadata. */
export const VIEW_TITLE = 24;
export const VIEW_METADATA = 3000;

/** Input (block kit reference, "Input block"). */
export const FIELD_LABEL = 2000;
export const FIELD_HINT = 2000;

/** Select menus (block kit reference, "Option object", "Select menu element"). */
export const OPTION_TEXT = 75;
export const OPTION_VALUE = 150;
export const OPTIONS = 100;

/** Slack waits 3 s for an answer (interactivity, "Acknowledgment response"). Ours: what is answered in it must be ready before, its way not counted. */
export const ANSWER_MS = 2600;

/** Ours: the largest request that is read. A click brings the whole message with it, up to MESSAGE_JSON several times encoded. */
export const BODY_BYTES = 1024 * 1024;

/** How old or how far ahead a signed request may be (verifying requests from Slack). */
export const SIGNATURE_AGE_S = 300;

/** conversations.members: at most 1000 a page (api reference). Ours: in larger channels than 10 pages nobody past them counts as a member. */
export const MEMBERS_PAGE = 1000;
export const MEMBERS_PAGES = 10;

/** Ours: people whose mention in one command is looked up. */
export const MENTIONS = 5;

/** Ours: how long what Slack said of a person or a channel's name counts, and how many are remembered. */
export const PERSON_MS = 30_000;
export const CHANNEL_MS = 60_000;
export const REMEMBERED = 2000;

/** Ours: Socket Mode's waits between attempts to connect; a connection that stood for so long was a good one, and the next is opened at once. */
export const RECONNECT_FIRST_MS = 1000;
export const RECONNECT_MOST_MS = 30_000;
export const STEADY_MS = 5000;
