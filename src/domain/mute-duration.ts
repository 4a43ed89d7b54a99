/** How long a mute lasts, as people write it: 30m, 2h, 1d12h, "2 hours", 2小时. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A longer silence is an unsubscribe that somebody forgot. */
const MAX_MUTE_MS = 30 * DAY;

const PART = /(\d{1,6}(?:\.\d{1,3})?)(days?|d|天|日|hours?|hrs?|h|个?小时|时|minutes?|mins?|m|分钟?)/gu;

/** Milliseconds, in whole minutes; null when it is no duration, is under a minute, or is longer than `MAX_MUTE_MS`. */
export function parseMute(text: string): number | null {
  const typed = text.normalize('NFKC').toLowerCase().replace(/\s+/gu, '');
  let sum = 0;
  let read = 0;
  for (const [part, amount, unit] of typed.matchAll(PART)) {
    read += part.length;
    sum += Number(amount) * unitMs(unit ?? '');
  }
  if (read === 0 || read !== typed.length) return null;
  const rounded = Math.round(sum / MINUTE) * MINUTE;
  return rounded >= MINUTE && rounded <= MAX_MUTE_MS ? rounded : null;
}

/** The shortest text that `parseMute` reads as this many milliseconds. */
export function formatMute(forMs: number): string {
  const minutes = Math.max(1, Math.round(forMs / MINUTE));
  const parts = [
    [Math.floor(minutes / 1440), 'd'],
    [Math.floor((minutes % 1440) / 60), 'h'],
    [minutes % 60, 'm'],
  ] as const;
  return parts.map(([amount, unit]) => (amount > 0 ? `${amount}${unit}` : '')).join('');
}

function unitMs(unit: string): number {
  if (/^(d|天|日)/u.test(unit)) return DAY;
  return /^(h|个|小|时)/u.test(unit) ? HOUR : MINUTE;
}
