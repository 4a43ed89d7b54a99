/** How answers are written where upstream does not say: order of entries, unit of times, order of members, and what is left out. May be changed at any time. */
import { createHash } from 'node:crypto';
import type { LogItem } from './job.ts';

export type Shape = {
  order: 'oldest' | 'newest' | 'shuffled';
  timeUnit: 's' | 'ms';
  shuffleMembers: boolean;
  omitExternalInfo: boolean;
};

export function documentedShape(): Shape {
  return { order: 'oldest', timeUnit: 's', shuffleMembers: false, omitExternalInfo: false };
}

const TIMES: ReadonlySet<string> = new Set(['time', 'create_time', 'lastupdate_time', 'audit_time']);

/** A shuffled log has one order as long as it does not grow, as an answer of several pages needs. */
export function orderLog(log: readonly LogItem[], order: Shape['order']): readonly LogItem[] {
  switch (order) {
    case 'oldest':
      return log;
    case 'newest':
      return log.toReversed();
    case 'shuffled':
      return log
        .map((item, index) => ({ item, rank: rank(String(index)) }))
        .sort((a, b) => (a.rank < b.rank ? -1 : 1))
        .map(({ item }) => item);
    default:
      return order satisfies never;
  }
}

/** The body as it goes out. Nested members are treated alike. */
export function shapeBody(body: unknown, shape: Shape): unknown {
  if (Array.isArray(body)) return body.map((item) => shapeBody(item, shape));
  if (typeof body !== 'object' || body === null) return body;
  const members = Object.entries(body).filter(([name]) => !(shape.omitExternalInfo && name === 'external_info'));
  if (shape.shuffleMembers) members.sort(([a], [b]) => (rank(`${members.length}${a}`) < rank(`${members.length}${b}`) ? -1 : 1));
  return Object.fromEntries(
    members.map(([name, value]) => [name, shape.timeUnit === 'ms' && TIMES.has(name) && typeof value === 'number' ? value * 1000 : shapeBody(value, shape)]),
  );
}

function rank(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
