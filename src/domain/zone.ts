/** Time zones as platforms name them. */
import { remembering } from './remember.ts';

/** IANA has some 600 names, aliases included. */
const ZONES = 1_000;

/** The zone's canonical IANA name, or null where this ICU knows none of this name. */
export function knownZone(name: string): string | null {
  return canonical(name) || null;
}

const canonical = remembering(ZONES, (name) => {
  try {
    return name === '' ? '' : new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return '';
  }
});
