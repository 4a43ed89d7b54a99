/** Numbers, durations, lists and instants in a language, by Intl. */
import { remembering } from '../remember.ts';
import type { Language } from '../subscription.ts';

/** Below this, seconds are told. */
const TEN_MINUTES = 600_000;

/** One for each language. */
const LANGUAGES_KEPT = 10;
/** One for each language, zone and format that people read in. */
const FORMATTERS_KEPT = 200;

const numbers = remembering(LANGUAGES_KEPT, (language) => new Intl.NumberFormat(language));
const plurals = remembering(LANGUAGES_KEPT, (language) => new Intl.PluralRules(language));
const durations = remembering(LANGUAGES_KEPT, (language) => new Intl.DurationFormat(language, { style: 'narrow' }));

export function number(value: number, language: Language): string {
  return numbers(language).format(value);
}

/** The form for a count, with `#` replaced by the number. */
export function plural(count: number, forms: { readonly one: string; readonly other: string }, language: Language): string {
  const form = plurals(language).select(count) === 'one' ? forms.one : forms.other;
  return form.replace('#', number(count, language));
}

/** Two largest units, seconds under 10 minutes; '' for less than a second. */
export function duration(ms: number, language: Language): string {
  const seconds = Math.floor(ms / 1000);
  const units: readonly (readonly [Intl.DurationFormatUnit, number])[] = [
    ['days', Math.floor(seconds / 86_400)],
    ['hours', Math.floor(seconds / 3600) % 24],
    ['minutes', Math.floor(seconds / 60) % 60],
    ['seconds', ms < TEN_MINUTES ? seconds % 60 : 0],
  ];
  const largest = units.findIndex(([, value]) => value > 0);
  if (largest < 0) return '';
  const shown = units.slice(largest, largest + 2).filter(([, value]) => value > 0);
  return durations(language).format(Object.fromEntries(shown));
}

/** Names after each other: `a, b, c`. File names, so no word before the last. */
export function listed(names: readonly string[]): string {
  return names.join(', ');
}

/** Date and time of day in a zone; null = UTC. */
export function instantText(at: number, format: 'short' | 'time', place: { readonly language: Language; readonly zone: string | null }): string {
  const date: Intl.DateTimeFormatOptions = format === 'short' ? { month: 'short', day: 'numeric' } : {};
  return formatter(place, { ...date, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

/** A zone's offset at an instant, such as UTC+8, UTC+5:30 or UTC. */
export function offsetName(at: number, zone: string | null): string {
  const parts = formatter({ language: 'en', zone }, { timeZoneName: 'shortOffset' }).formatToParts(at);
  return (parts.find((part) => part.type === 'timeZoneName')?.value ?? 'UTC').replace(/^GMT(\+0)?/, 'UTC');
}

function formatter(place: { readonly language: Language; readonly zone: string | null }, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return formatters(JSON.stringify([place, options]));
}

const formatters = remembering(FORMATTERS_KEPT, (wanted) => {
  const [place, options] = JSON.parse(wanted) as [{ language: Language; zone: string | null }, Intl.DateTimeFormatOptions];
  try {
    return new Intl.DateTimeFormat(place.language, { ...options, timeZone: place.zone ?? 'UTC' });
  } catch (error) {
    // A platform's zone name that this ICU does not know: the time is still told, and named as UTC.
    if (error instanceof RangeError) return new Intl.DateTimeFormat(place.language, { ...options, timeZone: 'UTC' });
    throw error;
  }
});
