/** Forgets places and people that nothing has been told for long, and admins whom no configuration has named for long. */
import type { Redis } from 'ioredis';
import { texts } from './reply.ts';
import { KEY_PREFIX } from './script.ts';
import type { Scripts } from './scripts.ts';

const PAGE = 200;
/** A language or a zone that was chosen is worth a month. */
const IDLE_MS = 30 * 24 * 3_600_000;

export type TidyOptions = {
  /** `platform|id` of everybody whom the configuration names as admin. */
  readonly admins: readonly string[];
  readonly idleMs?: number;
};

/**
 * One pass over all destinations: one where nobody follows anything, that has nothing to hear, is nobody's ear and was so at a pass a month ago, is forgotten.
 * Answers how many were. Any process may run it at any time, others beside it.
 */
export async function tidy(
  redis: Redis,
  scripts: Pick<Scripts, 'owners' | 'tidy' | 'tidy-admins'>,
  { admins, idleMs = IDLE_MS }: TidyOptions,
): Promise<number> {
  await scripts['tidy-admins'](idleMs, ...admins);
  const owners = new Set<string>();
  for await (const page of pages(redis)) for (const owner of texts(await scripts.owners(...page))) owners.add(owner);
  let forgotten = 0;
  for await (const page of pages(redis)) {
    const unheard = page.filter((id) => !owners.has(id));
    if (unheard.length > 0) forgotten += texts(await scripts.tidy(idleMs, ...unheard)).length;
  }
  return forgotten;
}

/** All destinations; one may come twice. */
async function* pages(redis: Redis): AsyncGenerator<readonly string[]> {
  for (let cursor = ''; cursor !== '0'; ) {
    const [next, found] = await redis.sscan(`${KEY_PREFIX}dests`, cursor === '' ? '0' : cursor, 'COUNT', PAGE);
    if (found.length > 0) yield found;
    cursor = next;
  }
}
