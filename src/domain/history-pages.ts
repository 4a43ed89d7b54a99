/** How a job's history is cut into pages. */

/** Entries on a page: what a phone shows without scrolling far (cards reference, history of a long log). */
export const HISTORY_PAGE = 10;
