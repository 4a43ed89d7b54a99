/** What a variable's text may be, and what it becomes. Each kind says in words what it expects; the words of zod are not shown. */
import { z } from 'zod';

export type Kind<T> = { readonly schema: z.ZodType<T, string>; readonly expected: string };

const SECOND = 1000;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: SECOND, m: 60 * SECOND, h: 3600 * SECOND };
const SHORTEST_INTERVAL_MS = 100;
const LONGEST_INTERVAL_MS = 24 * 3600 * SECOND;
const DEFAULT_SENTINEL_PORT = 26379;

/** Parses by a function that answers undefined for what it does not take. */
function by<T>(parse: (text: string) => T | undefined): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });
}

function urlOf(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/** True for names and addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1');
  return name === 'localhost' || name === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(name);
}

export const text: Kind<string> = { schema: z.string(), expected: 'a text' };

export const flag: Kind<boolean> = { schema: z.enum(['0', '1']).transform((value) => value === '1'), expected: '1, or 0 for no' };

export const port: Kind<number> = {
  schema: by((given) => (/^\d{1,5}$/.test(given) && Number(given) <= 65_535 ? Number(given) : undefined)),
  expected: 'a port number from 0 (any free one) to 65535',
};

export const host: Kind<string> = { schema: z.string().regex(/^[\w.:-]+$/), expected: 'a host name or address to listen on' };

export const rate: Kind<number> = { schema: z.coerce.number<string>().positive().max(1000), expected: 'requests a second, above 0 and up to 1000' };

/** `15s`, `5m`, `1h` in ms. */
export const duration: Kind<number> = {
  schema: by((given) => {
    const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(given) ?? [];
    const ms = Math.round(Number(amount) * (UNIT_MS[unit] ?? Number.NaN));
    return ms >= SHORTEST_INTERVAL_MS && ms <= LONGEST_INTERVAL_MS ? ms : undefined;
  }),
  expected: 'a duration such as 15s, 5m or 1h, from 100ms to 24h',
};

export function oneOf<const T extends string>(...words: readonly [T, ...T[]]): Kind<T> {
  return { schema: by((given) => words.find((word) => word === given)), expected: `one of ${words.join(', ')}` };
}

/** A comma-separated list without empty places. */
function list(given: string): string[] | undefined {
  const items = given.split(',').map((item) => item.trim());
  return items.includes('') ? undefined : items;
}

export type Role = 'web' | 'watch' | 'deliver';
const ROLES: readonly Role[] = ['web', 'watch', 'deliver'];

export const roles: Kind<ReadonlySet<Role>> = {
  schema: by((given) => {
    const found = list(given)?.map((item) => ROLES.find((role) => role === item));
    return found?.every((role) => role !== undefined) ? new Set(found) : undefined;
  }),
  expected: 'a list of web, watch and deliver, separated by commas',
};

export type Admin = { readonly platform: string; readonly id: string };

export const admins: Kind<readonly Admin[]> = {
  schema: by((given) => {
    const found = list(given)?.map((item) => /^(slack|teams|playground):([\w.-]+)$/.exec(item));
    return found?.every((match) => match !== null) ? found.map(([, platform = '', id = '']) => ({ platform, id })) : undefined;
  }),
  expected: 'platform:id, separated by commas, as slack:U123,teams:<aad id>; platforms are slack, teams and playground',
};

export const ids: Kind<readonly string[]> = {
  schema: by((given) => (list(given)?.every((id) => /^[\w.-]+$/.test(id)) ? list(given) : undefined)),
  expected: 'ids, separated by commas',
};

/** As domain/job takes it: the id goes into URLs and keys. */
export const projectId: Kind<string> = { schema: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/), expected: 'a project id of 1 to 64 letters, digits, _ or -' };

/** The known ones are cn-north-4, cn-east-3 and ap-southeast-3; a new one needs no new voicejob. */
export const region: Kind<string> = {
  schema: z.string().regex(/^[a-z]{2,3}(-[a-z]+)+-\d{1,2}$/),
  expected: 'a region such as cn-north-4, cn-east-3 or ap-southeast-3',
};

/** An address of an API: its origin, without a slash at the end. */
export const endpoint: Kind<string> = {
  schema: by((given) => {
    const url = urlOf(given);
    if (url?.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '' || url.pathname !== '/') return undefined;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url.origin : undefined;
  }),
  expected: 'https://host or https://host:port (http on this machine only), without path or user',
};

/** As `endpoint`, with a path; ends as given. */
export const address: Kind<string> = {
  schema: by((given) => {
    const url = urlOf(given);
    if (url?.username !== '' || url.password !== '') return undefined;
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? url.href : undefined;
  }),
  expected: 'an https address (http on this machine only)',
};

const PLACEHOLDERS: Readonly<Record<string, string>> = { '{region}': 'cn-north-4', '{project_id}': 'p', '{job_id}': 'j' };

export const linkTemplate: Kind<string> = {
  schema: by((given) => {
    const url = urlOf(given.replace(/\{[^}]*\}/g, (name) => PLACEHOLDERS[name] ?? '{}'));
    const known = (given.match(/\{[^}]*\}/g) ?? []).every((name) => name in PLACEHOLDERS);
    return known && url?.protocol === 'https:' && !/[\s<>|"]/.test(given) ? given : undefined;
  }),
  expected: 'an https address with {region}, {project_id} and {job_id} for its parts',
};

export type RedisAddress =
  | { readonly kind: 'url'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly hosts: readonly { readonly host: string; readonly port: number }[];
      readonly name: string;
      readonly username: string | null;
      readonly password: string | null;
    };

function sentinelOf(given: string): RedisAddress | undefined {
  const [, user, places = '', name = ''] = /^redis\+sentinel:\/\/(?:([^@/]*)@)?([^@/]+)\/([\w.-]+)$/.exec(given) ?? [];
  const hosts = list(places)?.map((place) => /^(\[[0-9a-fA-F:]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(place));
  if (name === '' || !hosts?.every((match) => match !== null)) return undefined;
  const [username = '', password = ''] = (user ?? '').split(/:(.*)/s).map(decode);
  return {
    kind: 'sentinel',
    hosts: hosts.map(([, place = '', number]) => ({ host: place.replace(/^\[|\]$/g, ''), port: Number(number ?? DEFAULT_SENTINEL_PORT) })),
    name,
    username: username || null,
    password: password || null,
  };
}

/** Percent-decoded; as it stands where that fails. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export const redis: Kind<RedisAddress> = {
  schema: by((given) => {
    if (given.startsWith('redis+sentinel:')) return sentinelOf(given);
    return /^rediss?:\/\/[^/]/.test(given) && URL.canParse(given) ? { kind: 'url', url: given } : undefined;
  }),
  expected: 'redis://..., rediss://... or redis+sentinel://host:port,host:port/name',
};

/** The password of a Redis address, as it stands and decoded; none = []. */
export function redisSecrets(redisAddress: RedisAddress): readonly string[] {
  if (redisAddress.kind === 'sentinel') return redisAddress.password === null ? [] : [redisAddress.password];
  const { password } = new URL(redisAddress.url);
  return password === '' ? [] : [password, decode(password)];
}

/** Something that authenticates: whole, so that a stray line break is found before the platform finds it. */
export const secret: Kind<string> = { schema: z.string().regex(/^\S+$/), expected: 'a secret without white space' };
export const password: Kind<string> = { schema: z.string().regex(/^[^\r\n]+$/), expected: 'one line' };
export const adminToken: Kind<string> = { schema: z.string().regex(/^\S{16,}$/), expected: 'at least 16 characters without white space' };
export const slackBotToken: Kind<string> = { schema: z.string().regex(/^xoxb-\S+$/), expected: 'a bot token, which starts with xoxb-' };
export const slackAppToken: Kind<string> = { schema: z.string().regex(/^xapp-\S+$/), expected: 'an app-level token, which starts with xapp-' };
export const slackCommand: Kind<string> = { schema: z.string().regex(/^\/[a-z0-9_-]{1,31}$/), expected: 'a command such as /voicejob' };
