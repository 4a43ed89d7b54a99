/** What befalls whom, and when: data, made from a seed. */
import type { ChatOp } from './chat.ts';
import { type Dice, dice } from './dice.ts';
import { ROLES, type Role } from './fleet.ts';
import type { RedisStep } from './redis-tap.ts';

export type Mishap =
  | { readonly kind: 'kill'; readonly role: Role }
  | { readonly kind: 'kill at a script'; readonly step: RedisStep }
  | { readonly kind: 'kill at the chat'; readonly op: ChatOp; readonly when: 'lost' | 'before' | 'after' }
  | { readonly kind: 'stall at the chat'; readonly op: ChatOp; readonly when: 'before' | 'after'; readonly ms: number }
  | { readonly kind: 'stall'; readonly role: Role; readonly ms: number }
  | { readonly kind: 'stop'; readonly role: Role }
  | { readonly kind: 'rolling restart' }
  | { readonly kind: 'clock'; readonly role: Role; readonly seconds: number }
  | { readonly kind: 'redis'; readonly how: RedisTrouble }
  | { readonly kind: 'upstream'; readonly how: UpstreamTrouble }
  | { readonly kind: 'chat'; readonly how: ChatTrouble; readonly op: ChatOp }
  | { readonly kind: 'archive'; readonly ms: number }
  | { readonly kind: 'token' }
  | { readonly kind: 'flood'; readonly entries: number }
  | { readonly kind: 'wipe the queues' };

export type RedisTrouble = 'restart' | 'kill -9' | 'down 30 s' | 'power loss' | 'full disk' | 'hang 8 s' | 'cut connections';
export type UpstreamTrouble =
  | '429'
  | '500'
  | '503'
  | 'hang'
  | 'half a body'
  | 'a page'
  | 'reset'
  | 'outage 10 s'
  | 'another order'
  | 'members in another order'
  | 'growth between pages';
export type ChatTrouble = '429' | '503 refused' | '503 applied' | 'hang' | 'hang applied' | 'reset' | 'reset applied' | 'half' | 'applied 15 s late';

export type Planned = { readonly atMs: number; readonly mishap: Mishap };

/** What 440 s of trouble hold; shorter and longer runs take their share. */
const REFERENCE_MS = 440_000;
/** Whatever goes on after its beginning must be over before the judge's clock starts. */
const LONG_MS = 40_000;

const SCRIPTS: readonly RedisStep[] = (
  [
    ['append', 5],
    ['intent', 4],
    ['settle', 4],
    ['release', 1],
    ['doubt', 1],
    ['due-work', 1],
    ['read-watch', 2],
    ['late-done', 2],
    ['skip', 1],
    ['refresh', 1],
  ] as const
).flatMap(([script, times]) => Array.from({ length: times }, () => [{ script, when: 'before' } as const, { script, when: 'after' } as const]).flat());

const UPSTREAM: readonly UpstreamTrouble[] = [
  '429',
  '500',
  '503',
  'hang',
  'half a body',
  'a page',
  'reset',
  'another order',
  'members in another order',
  'growth between pages',
];
const CHAT: readonly ChatTrouble[] = ['429', '503 refused', '503 applied', 'hang', 'hang applied', 'reset', 'reset applied', 'half'];

export function planOf(seed: number, { troubleMs, floodEntries }: { readonly troubleMs: number; readonly floodEntries: number }): readonly Planned[] {
  const luck = dice(seed);
  const share = troubleMs / REFERENCE_MS;
  const times = <T>(n: number, make: (i: number) => T): T[] => Array.from({ length: Math.max(1, Math.round(n * share)) }, (_, i) => make(i));
  const sometime = (mishap: Mishap, until = troubleMs): Planned => ({ atMs: luck.below(Math.max(1, until)), mishap });

  const quick: Mishap[] = [
    ...times(24, () => ({ kind: 'kill', role: 'web' }) as const),
    ...times(14, () => ({ kind: 'kill', role: 'watch' }) as const),
    ...times(10, () => ({ kind: 'kill', role: 'deliver' }) as const),
    ...times(SCRIPTS.length, (i) => ({ kind: 'kill at a script', step: at(SCRIPTS, share < 1 ? luck.below(SCRIPTS.length) : i) }) as const),
    ...times(
      18,
      (i) =>
        ({
          kind: 'kill at the chat',
          op: at(['post', 'post', 'edit'] as const, i),
          when: at(['lost', 'before', 'after'] as const, Math.floor(i / 3)),
        }) as const,
    ),
    ...times(
      4,
      (i) => ({ kind: 'kill at the chat', op: at(['find', 'remove'] as const, i), when: at(['before', 'after'] as const, Math.floor(i / 2)) }) as const,
    ),
    ...times(8, (i) => ({ kind: 'stop', role: at(ROLES, i) }) as const),
    ...times(
      10,
      (i) => ({ kind: 'clock', role: at(['watch', 'deliver', 'web'] as const, i), seconds: luck.between(20, 500) * (luck.chance(0.5) ? 1 : -1) }) as const,
    ),
    ...times(44, (i) => ({ kind: 'upstream', how: at(UPSTREAM, i) }) as const),
    ...times(56, (i) => ({ kind: 'chat', how: at(CHAT, i), op: i % 4 === 3 ? 'edit' : 'post' }) as const),
    ...times(6, (i) => ({ kind: 'chat', how: at(['429', '503 refused', 'hang'] as const, i), op: 'find' }) as const),
    ...times(3, () => ({ kind: 'wipe the queues' }) as const),
  ];
  const long: Mishap[] = [
    ...times(8, (i) => ({ kind: 'stall at the chat', op: 'post', when: at(['before', 'after'] as const, i), ms: 20_000 }) as const),
    ...times(4, (i) => ({ kind: 'stall', role: at(['deliver', 'watch'] as const, i), ms: 20_000 }) as const),
    ...times(4, () => ({ kind: 'chat', how: 'applied 15 s late', op: 'post' }) as const),
    ...times(4, () => ({ kind: 'archive', ms: luck.between(10_000, 30_000) }) as const),
    ...times(2, () => ({ kind: 'upstream', how: 'outage 10 s' }) as const),
  ];
  // each run_id change costs the protocol's wait, so these are spread out
  const redis = luck.shuffled<RedisTrouble>([
    'restart',
    'kill -9',
    'down 30 s',
    'power loss',
    'full disk',
    'hang 8 s',
    'cut connections',
    'power loss',
    'restart',
    'kill -9',
  ]);
  const apart = times(redis.length, (i) => ({ kind: 'redis', how: at(redis, i) }) as const).map((mishap, i, all) => ({
    atMs: Math.round(((i + 0.5) / all.length) * (troubleMs - LONG_MS)),
    mishap,
  }));
  const planned: Planned[] = [
    { atMs: 1_000, mishap: { kind: 'flood', entries: Math.round(floodEntries * Math.min(1, share)) } },
    { atMs: Math.round(troubleMs * 0.6), mishap: { kind: 'token' } },
    ...quick.map((mishap) => sometime(mishap)),
    ...long.map((mishap) => sometime(mishap, troubleMs - LONG_MS)),
    ...[0.3, 0.8].map((when) => ({ atMs: Math.round(troubleMs * when), mishap: { kind: 'rolling restart' } as const })),
    ...apart,
  ];
  return planned.toSorted((a, b) => a.atMs - b.atMs);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index % items.length];
  if (item === undefined) throw new RangeError('nothing there');
  return item;
}

/** Which jobs whom: every job has `each` followers, every tenth of them wants problems only. */
export function followings<P, J>(luck: Dice, { places, jobs, each }: { readonly places: readonly P[]; readonly jobs: readonly J[]; readonly each: number }) {
  return jobs.flatMap((job, index) =>
    luck
      .shuffled(places)
      .slice(0, each)
      .map((place, nth) => ({ place, job, preset: (index + nth) % 10 === 9 ? ('problems' as const) : ('everything' as const) })),
  );
}
