/** The delivery protocol's times, in ms. A lookup tells the truth about an attempt only after all that it may still do is over. */
export type Timing = {
  /** Longest time from asking for an intent to handing the request to the socket. */
  readonly handOver: number;
  /** Timeout of a request to a platform, connect included; below the lock duration of a queue's worker. */
  readonly request: number;
  /** How long an applied request may take to be seen by a lookup. */
  readonly visible: number;
  /** When a message that may have a twin is looked at again. */
  readonly late: number;
  /** A message that may have a twin and can't be looked at for so long is left alone. */
  readonly giveUp: number;
  /** Between two edits of one card. */
  readonly editGap: number;
};

export const TIMING: Timing = { handOver: 1_000, request: 8_000, visible: 3_000, late: 60_000, giveUp: 600_000, editGap: 4_000 };

/** After this an intent is ripe: whatever its attempt could do is done. */
export function ripeAfter(timing: Timing): number {
  return timing.handOver + timing.request + timing.visible;
}

/** Entries in one message at the most. */
export const BATCH = 20;
