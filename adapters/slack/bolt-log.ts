/** Bolt's and the Socket Mode client's words in our log. */
import type { Logger } from '@slack/bolt';
import { LogLevel } from '@slack/web-api';
import type { Log } from '../../src/ports/log.ts';

const NOTHING = (): void => {};
/** A socket's address has its ticket, a response URL is a secret in itself. */
const ADDRESS = /\b(?:wss?|https?):\/\/\S+/g;

/** Warnings and errors only: what is below holds whole payloads. Of an error its name and words, since its members can hold headers. */
export function boltLog(log: Log): Logger {
  const tell = (parts: readonly unknown[]): void => log.warn('Bolt warns', { said: parts.map(wordsOf).join(' ').replaceAll(ADDRESS, '[address]') });
  return {
    debug: NOTHING,
    info: NOTHING,
    warn: (...parts: unknown[]) => tell(parts),
    error: (...parts: unknown[]) => tell(parts),
    setLevel: NOTHING,
    getLevel: () => LogLevel.WARN,
    setName: NOTHING,
  };
}

function wordsOf(part: unknown): string {
  if (part instanceof Error) return `${part.name}: ${part.message}`;
  return typeof part === 'string' ? part : typeof part;
}
