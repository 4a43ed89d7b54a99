/** What befalls the servers around the product. Each function says what it does by the name it was planned under. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Chat } from './chat.ts';
import type { Dice } from './dice.ts';
import type { ForeignRedis } from './foreign-redis.ts';
import type { Fate } from './http-tap.ts';
import type { ChatTrouble, RedisTrouble, UpstreamTrouble } from './plan.ts';
import type { RedisTap } from './redis-tap.ts';
import type { Upstream } from './upstream.ts';

/** Answers whether acknowledged writes were lost. */
export async function troubleRedis(how: RedisTrouble, { redis, redisTap }: { readonly redis: ForeignRedis; readonly redisTap: RedisTap }): Promise<boolean> {
  switch (how) {
    case 'restart':
      await redis.restart(0);
      break;
    case 'kill -9':
      await redis.kill9(500);
      break;
    case 'down 30 s':
      await redis.restart(30_000);
      break;
    case 'power loss':
      await redis.powerLoss();
      break;
    case 'full disk':
      await redis.fullDisk(2_000);
      break;
    case 'hang 8 s':
      await redis.hang(8_000);
      break;
    case 'cut connections':
      redisTap.sever();
      break;
    default:
      how satisfies never;
  }
  return how === 'power loss';
}

const ORDER_MS = 15_000;
const OUTAGE_MS = 10_000;

/** Resolves when it is over; a planned fault of one request is over at once. */
export async function troubleUpstream(how: UpstreamTrouble, { upstream, luck }: { readonly upstream: Upstream; readonly luck: Dice }): Promise<void> {
  const { simulator } = upstream;
  const { shape } = simulator.rules;
  const plan = (fault: Parameters<typeof simulator.fault>[0]): void => void simulator.fault({ times: luck.between(1, 4), ...fault });
  switch (how) {
    case '429':
      plan({ kind: 'status', status: 429, headers: { 'retry-after': '1' }, body: { error_code: 'APIG.0308', error_msg: 'over ratelimit' } });
      break;
    case '500':
    case '503':
      plan({ kind: 'status', status: Number(how) });
      break;
    case 'hang':
      plan({ kind: how, times: 1 });
      break;
    case 'reset':
      plan({ kind: how });
      break;
    case 'half a body':
      plan({ kind: 'half-body' });
      break;
    case 'a page':
      plan({ kind: 'html' });
      break;
    case 'outage 10 s':
      simulator.outage(true);
      await pause(OUTAGE_MS);
      simulator.outage(false);
      break;
    case 'another order':
      shape.order = luck.of(['newest', 'shuffled'] as const);
      await pause(ORDER_MS);
      shape.order = 'oldest';
      break;
    case 'members in another order':
      shape.shuffleMembers = true;
      await pause(ORDER_MS);
      shape.shuffleMembers = false;
      break;
    case 'growth between pages':
      upstream.growBetweenPages(luck.between(1, 3));
      break;
    default:
      how satisfies never;
  }
}

const APPLIED_LATE_MS = 15_000;

export function chatFate(how: ChatTrouble, chat: Chat, luck: Dice): Fate {
  switch (how) {
    case '429':
      return { kind: 'status', applied: false, ...chat.throttled(luck) };
    case '503 refused':
    case '503 applied':
      return { kind: 'status', status: 503, applied: how === '503 applied' };
    case 'hang':
    case 'hang applied':
      return { kind: 'hang', applied: how === 'hang applied' };
    case 'reset':
    case 'reset applied':
      return { kind: 'reset', applied: how === 'reset applied' };
    case 'half':
      return { kind: 'half', applied: true };
    case 'applied 15 s late':
      return { kind: 'late', afterMs: APPLIED_LATE_MS };
    default:
      return how satisfies never;
  }
}
