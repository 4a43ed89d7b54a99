/** The cursors' side of the store: what a drain reads, and one script for each outcome. */
import type { Redis } from 'ioredis';
import type { Notice } from '../domain/message.ts';
import type { Address, Person } from '../domain/subscription.ts';
import type { DeliverStore, Destination, DueWork, Intent, IntentAnswer, IntentKind, LateCheck, OpenIntent, Work } from '../ports/store.ts';
import type { JournalCache } from './journal-cache.ts';
import { decodeEntry } from './journal-codec.ts';
import { type Fields, fields, list, number, text, texts } from './reply.ts';
import { KEY_PREFIX } from './script.ts';
import type { Scripts } from './scripts.ts';
import { decodeFacts } from './watch-store.ts';

/** `durable`: nothing acknowledged can be lost (the private Redis), so neither the rest after a restart nor the look is needed. */
export function createDeliverStore(redis: Redis, scripts: Scripts, options: { readonly cache: JournalCache; readonly durable: boolean }): DeliverStore {
  const flag = (value: boolean) => (value ? 1 : 0);

  async function work(reply: readonly unknown[]): Promise<Work> {
    const [now, destHash, job, subHash, late, length, jobHash, runId] = reply;
    const sub = fields(subHash);
    const watch = fields(jobHash);
    const notify = sub.notify ? (JSON.parse(sub.notify) as Person) : null;
    return {
      now: Number(now),
      destination: readDestination(fields(destHash)),
      job: text(job),
      gen: sub.gen ?? '',
      preset: (sub.preset ?? 'milestones') as Work['preset'],
      mutedUntil: number(sub.mutedUntil),
      notify: notify && (await optedOut(redis, notify)) ? null : notify,
      createdAt: number(sub.createdAt),
      cursor: Math.max(number(sub.cursor), number(watch.base)),
      announced: number(sub.announced),
      length: Number(length),
      base: watch.base === undefined ? null : number(watch.base),
      ended: watch.ended === '1',
      root: sub.root ?? null,
      shown: number(sub.shown, -1),
      editedAt: number(sub.editedAt),
      editNotBefore: number(sub.editNotBefore),
      intent: openIntent(sub),
      late: lateCheck(text(late)),
      journal: await options.cache.read(text(job), `${watch.epoch} ${text(runId)}`, Number(length)),
      facts: decodeFacts(watch.facts),
      factsVersion: number(watch.f),
      runId: text(runId),
    };
  }

  return {
    async dueDestinations(limit) {
      return texts(await scripts['due-destinations'](limit));
    },

    async dueWork(destination): Promise<DueWork> {
      const [kind, ...rest] = list(await scripts['due-work'](destination));
      switch (kind) {
        case 'work':
          return { kind, work: await work(rest) };
        case 'notice': {
          const raw = text(rest[2]);
          return { kind, now: Number(rest[0]), destination: readDestination(fields(rest[1])), notice: readNotice(raw), raw };
        }
        case 'closed':
        case 'nothing':
          return { kind };
        default:
          throw new TypeError(`due-work answered ${String(kind)}`);
      }
    },

    async intent(sub, toks, intent): Promise<IntentAnswer> {
      const reply = await scripts.intent(sub.destination, sub.job, sub.gen, toks.previous, toks.mine, JSON.stringify(intent), flag(options.durable));
      const [kind, look, runId] = texts(reply);
      switch (kind) {
        case 'ok':
          return { kind, look: look === '1', runId: runId ?? '' };
        case 'wait':
        case 'taken':
        case 'moved':
        case 'gone':
          return { kind };
        default:
          throw new TypeError(`intent answered ${kind}`);
      }
    },

    async settle(sub, attempt, settlement) {
      const { ref, address, adopted, retry, lookup } = settlement;
      const { destination, job, gen } = sub;
      const answer = text(
        await scripts.settle(
          destination,
          job,
          gen,
          attempt.tok,
          JSON.stringify(attempt.intent),
          ref,
          JSON.stringify(address),
          flag(adopted),
          flag(retry),
          flag(lookup),
        ),
      );
      return answer === 'ok' || answer === 'gone' ? answer : 'refused';
    },

    async release(sub, tok, release) {
      const { notBeforeInMs, editNotBeforeInMs, pause, rootGone, ripeEdit } = release;
      const retry = flag(pause !== null);
      await scripts.release(sub.destination, sub.job, sub.gen, tok, notBeforeInMs, editNotBeforeInMs, pause ?? '', retry, flag(rootGone), flag(ripeEdit));
    },

    async doubt(sub, attempt, lookup) {
      await scripts.doubt(sub.destination, sub.job, sub.gen, attempt.tok, JSON.stringify(attempt.intent), flag(lookup));
    },

    async skip(sub, from, to) {
      await scripts.skip(sub.destination, sub.job, sub.gen, from, to);
    },

    async bury(sub, attempt, reason) {
      await scripts.bury(sub.destination, sub.job, sub.gen, attempt.tok, JSON.stringify(attempt.intent), reason);
    },

    async lateDone(sub, raw, redo) {
      await scripts['late-done'](sub.destination, sub.job, sub.gen, raw, flag(redo));
    },

    async putOff(sub, what, inMs) {
      await scripts['put-off'](sub.destination, sub.job, sub.gen, what.tok, what.late, inMs);
    },

    async defer(destination, job, inMs) {
      await scripts.defer(destination, job, inMs);
    },

    async refresh(destination, job) {
      await scripts.refresh(destination, job);
    },

    async pauseDestination(destination, reason) {
      await scripts.pause(destination, reason, 1, 1);
    },

    async noticeDone(destination, raw, delivered) {
      await scripts['notice-done'](destination, raw, flag(delivered));
    },

    async holdBack(destination, what, inMs) {
      await scripts['notices-later'](destination, inMs, flag(what === 'everything'));
    },

    async pausePlatform(platform, reason) {
      await scripts['pause-platform'](platform, reason);
    },

    async resumePlatform(platform) {
      await redis.del(`${KEY_PREFIX}platform:${platform}`);
    },

    async takePace(paces) {
      if (paces.length === 0) return 0;
      return Number(await scripts['take-pace'](...paces.flatMap((pace) => [pace.bucket, pace.everyMs, pace.burst])));
    },
  };
}

/** As it was put there; a farewell holds its journal as the store keeps journals. */
function readNotice(raw: string): Notice {
  const stored = JSON.parse(raw) as
    | Exclude<Notice, { kind: 'farewell' }>
    | (Extract<Notice, { kind: 'farewell' }> & { readonly log: unknown; readonly facts: string });
  if (stored.kind !== 'farewell') return stored;
  const { log, facts, ...notice } = stored;
  // Lua writes an empty list as an empty object
  return { ...notice, journal: Array.isArray(log) ? texts(log).map(decodeEntry) : [], facts: decodeFacts(facts) };
}

/** A destination from its hash, `id` being part of it since it was made. */
export function readDestination(stored: Fields): Destination {
  return {
    id: stored.id ?? '',
    address: JSON.parse(stored.address ?? '{}') as Address,
    name: stored.name ?? '',
    dm: stored.dm === '1',
    language: (stored.language ?? 'en') as Destination['language'],
    zone: stored.zone ?? null,
    paused:
      stored.paused === undefined
        ? null
        : { reason: stored.paused, since: number(stored.since), retryAt: stored.retryAt === undefined ? null : number(stored.retryAt) },
    notBefore: number(stored.notBefore),
  };
}

/** Whether a person asked never to be named again. */
export async function optedOut(redis: Redis, person: Person): Promise<boolean> {
  return (await redis.hget(personKey(person), 'optedOut')) === '1';
}

export function personKey(person: Pick<Person, 'platform' | 'id'>): string {
  return `${KEY_PREFIX}person:${person.platform}|${person.id}`;
}

function openIntent(sub: Fields): OpenIntent | null {
  if (sub.intent === undefined) return null;
  const intent = JSON.parse(sub.intent) as Intent;
  return { ...intent, tok: sub.intentTok ?? '', at: number(sub.intentAt) };
}

function lateCheck(raw: string): LateCheck | null {
  if (raw === '') return null;
  const stored = JSON.parse(raw) as { at: number; kind: IntentKind; keys: unknown; ref?: string };
  // Lua writes an empty list as an empty object
  return { at: stored.at, kind: stored.kind, keys: Array.isArray(stored.keys) ? texts(stored.keys) : [], ref: stored.ref ?? null, raw };
}
