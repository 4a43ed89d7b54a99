/** The playground's own limits, all of them. Nothing outside forces these numbers; each says what it is for. */

/** A request to the platform is given up after this: the T of the delivery protocol. */
export const REQUEST_TIMEOUT_MS = 8_000;

/** Largest JSON body of a request from the page. A form or a command is under 2 KB. */
export const BODY_BYTES = 64 * 1024;

/** Largest card that is taken, as JSON. */
export const CARD_BYTES = 128 * 1024;

/** How often a process looks for what other processes wrote to the chat's file. */
export const LOOK_MS = 250;

/** A comment line keeps an event stream open through anything that drops silent connections. */
export const HEARTBEAT_MS = 15_000;

/** A tab that reads so slowly that this much waits for it is cut off; it reconnects and is told what it missed. */
export const STREAM_BACKLOG_BYTES = 4 * 1024 * 1024;

/** Messages of one place that a page is given, newest first; edits of older ones still arrive. */
export const SHOWN_MESSAGES = 200;

/** Private messages that are remembered, over all places. They live in memory only. */
export const PRIVATE_MESSAGES = 200;

/** After an outage, when to try again. */
export const RETRY_AFTER_MS = 2_000;

/** Messages that are drawn as another platform's in one request: more than a place shows. */
export const DRAWN_AT_ONCE = 500;

/** Followed jobs that the side panel shows. */
export const INSPECTED_JOBS = 30;

/** A chat's file that is longer is made shorter at the next start: most of it is edits of cards that live on. */
export const LONG_LOG_BYTES = 4 * 1024 * 1024;
