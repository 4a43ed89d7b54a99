/** Who somebody is: name, home and standing, as the roster of the place says. Who acts is asked for each time; who is only named or typing, every few minutes. */
import { type Actor, LANGUAGES, type Language } from '../../src/domain/subscription.ts';
import type { Account, Activity } from './activity.ts';
import type { Connector, RosterEntry } from './connector.ts';
import type { DmConversations } from './dms.ts';
import { KNOWN_FOR_MS, LOOKUP_TIMEOUT_MS, NAMED_PEOPLE } from './limits.ts';
import { createMemory } from './memory.ts';
import { PLATFORM, type Route } from './places.ts';

export type PeopleOptions = {
  readonly connector: Connector;
  readonly dms: DmConversations;
  readonly now: () => number;
  /** Empty: any, in a trial. */
  readonly allowedTenants: readonly string[];
  /** A trial's people are made up, and its roster may be lacking. */
  readonly isTrial: boolean;
};

export type Known = { readonly actor: Actor; readonly isHere: boolean };

export type People = {
  /** Who acts: somebody may have left, or become a guest, a moment ago. */
  actor(activity: Activity, route: Route): Promise<Known>;
  /** Who types into a search field, which changes nothing: as remembered, since each letter asks. */
  searcher(activity: Activity, route: Route): Promise<Known>;
  /** Who is named in a command. */
  named(accounts: readonly Account[], activity: Activity, route: Route): Promise<readonly Actor[]>;
};

/** absent: the roster does not have them; unknown: it could not be asked. */
type Standing = { readonly kind: 'there'; readonly entry: RosterEntry } | { readonly kind: 'absent' | 'unknown' };

export function createPeople({ connector, dms, now, allowedTenants, isTrial }: PeopleOptions): People {
  const known = createMemory<Standing>(now, KNOWN_FOR_MS);

  const asked = async (account: Account, { conversation: { id: conversation } }: Activity, { serviceUrl }: Route): Promise<Standing> => {
    const key = `${conversation} ${account.id}`;
    const answer = await connector.member({ serviceUrl, conversation, user: account.id }, AbortSignal.timeout(LOOKUP_TIMEOUT_MS));
    if (answer.kind === 'failed' && !(answer.failure.kind === 'refused' && answer.failure.status === 404)) return { kind: 'unknown' };
    const standing: Standing = answer.kind === 'failed' ? { kind: 'absent' } : { kind: 'there', entry: answer.value };
    known.set(key, standing);
    return standing;
  };
  const remembered = async (account: Account, activity: Activity, route: Route): Promise<Standing> => {
    const standing = known.get(`${activity.conversation.id} ${account.id}`);
    // who was not there may be by now
    return standing?.kind === 'there' ? standing : asked(account, activity, route);
  };

  const find = async (look: typeof asked, account: Account, { activity, route }: { readonly activity: Activity; readonly route: Route }): Promise<Known> => {
    const standing = await look(account, activity, route);
    const entry = standing.kind === 'there' ? standing.entry : null;
    const person = entry?.aadObjectId || account.aadObjectId || account.id;
    const isAtHome = allowedTenants.length === 0 || allowedTenants.includes((entry?.tenantId || activity.tenant).toLowerCase());
    // who can't be looked up is treated as a stranger: neither would an answer reach them
    const isKnown = entry !== null || isTrial;
    const actor: Actor = {
      platform: PLATFORM,
      id: person,
      name: account.name || entry?.name || person,
      language: null,
      zone: null,
      dm: dms.addressFor(person, { ...route, user: account.id }),
      member: isKnown && isAtHome,
      guest: entry !== null && isGuest(entry),
    };
    return { actor, isHere: isKnown };
  };

  const sender = async (look: typeof asked, activity: Activity, route: Route): Promise<Known> => {
    const { actor, isHere } = await find(look, activity.from, { activity, route });
    return { actor: { ...actor, language: languageOf(activity.locale), zone: zoneOf(activity.zone) }, isHere };
  };

  return {
    actor: (activity, route) => sender(asked, activity, route),
    searcher: (activity, route) => sender(remembered, activity, route),
    named: async (accounts, activity, route) => {
      const found = accounts.map(async (account, index) =>
        index < NAMED_PEOPLE ? (await find(remembered, account, { activity, route })).actor : stranger(account),
      );
      return Promise.all(found);
    },
  };
}

const GUEST_ROLES = new Set(['guest', 'anonymous']);

/** Guests of a tenant have a role that says so, and a name with this mark; people of another tenant have theirs. */
function isGuest({ userRole, userPrincipalName }: RosterEntry): boolean {
  return GUEST_ROLES.has(userRole.toLowerCase()) || userPrincipalName.toUpperCase().includes('#EXT#');
}

/** One too many to be looked up. */
function stranger({ id, aadObjectId, name }: Account): Actor {
  return { platform: PLATFORM, id: aadObjectId || id, name: name || id, language: null, zone: null, dm: null, member: false, guest: true };
}

/** A language as far as voicejob speaks it. */
export function languageOf(locale: string): Language | null {
  const first = locale.toLowerCase().split(/[-_]/)[0] ?? '';
  return LANGUAGES.find((language) => language.split('-')[0] === first) ?? null;
}

/** null: no zone of IANA's. */
export function zoneOf(name: string): string | null {
  if (name === '') return null;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
