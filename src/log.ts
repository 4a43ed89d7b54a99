/** Logs as JSON lines on standard output, or as plain lines on a terminal. Nothing leaves that holds a secret. */
import { type Level, pino } from 'pino';
import { createRedactor } from './log/redact.ts';
import type { Log, LogFields } from './ports/log.ts';

/** A longer text is cut: an upstream may answer with a whole page. */
const LONGEST_TEXT = 8_000;
/** Causes of causes that are still written. */
const DEEPEST_CAUSE = 5;

export type LogOptions = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  /** Values that must not be seen; read at each line, so that more may be added later. */
  readonly secrets: Iterable<string>;
  /** Takes each finished line with its line break; standard output by default. */
  readonly write?: (line: string) => void;
};

type Written = string | number | boolean | null | undefined | ErrorFields;
type ErrorFields = { readonly type: string; readonly code?: string; readonly message: string; readonly stack?: string; readonly cause?: Written };

/** Makes the log. Writing is synchronous, so that the last line before an exit is there. */
export function createLog({ level, secrets, write }: LogOptions): Log {
  const redact = createRedactor(secrets);
  const clean = (text: string): string => {
    const redacted = redact(text);
    return redacted.length > LONGEST_TEXT ? `${redacted.slice(0, LONGEST_TEXT)}... (${redacted.length} characters)` : redacted;
  };
  const toStdout = (line: string): void => void process.stdout.write(line);
  const options = {
    level,
    base: null,
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  const terminal = write === undefined && process.stdout.isTTY === true;
  const target = pino(options, { write: terminal ? (line: string) => toStdout(plainLine(line)) : (write ?? toStdout) });

  const logWith = (bound: LogFields): Log => {
    const at = (name: Level) => (message: string, fields?: LogFields) => {
      if (!target.isLevelEnabled(name)) return;
      const written = Object.entries({ ...bound, ...fields }).map(([key, value]) => [key, clearOf(value, clean, 0)]);
      target[name](Object.fromEntries(written), clean(message));
    };
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), with: (fields) => logWith({ ...bound, ...fields }) };
  };
  return logWith({});
}

/** What is written of a value. Of an error: no property that may hold a request, a header or a body. */
function clearOf(value: unknown, clean: (text: string) => string, depth: number): Written {
  if (typeof value === 'string') return clean(value);
  if (value instanceof Error) {
    const { cause, code } = value as Error & { readonly code?: unknown };
    return {
      type: clean(value.name),
      ...(typeof code === 'string' ? { code: clean(code) } : {}),
      message: clean(value.message),
      ...(value.stack === undefined ? {} : { stack: clean(value.stack) }),
      ...(cause === undefined || depth >= DEEPEST_CAUSE ? {} : { cause: clearOf(cause, clean, depth + 1) }),
    };
  }
  if (typeof value === 'number' || typeof value === 'boolean' || value === null || value === undefined) return value;
  // A cause may be anything.
  return clean(`(${typeof value})`);
}

/** One line for people: time, level, message, fields. */
function plainLine(line: string): string {
  const { time, level, message, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return `${String(time).slice(11, 19)} ${String(level).toUpperCase().padEnd(5)} ${[message, ...rest].join('  ')}\n`;
}
