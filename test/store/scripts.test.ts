import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Facts } from '../../src/domain/job.ts';
import { address, intent, JOB, journalOf, logged, UNSWEPT, YOU } from '../support/builders.ts';
import { chatAdapter } from '../support/chat-server.ts';
import { type Core, core, follow, grow, SHORT } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { isPaused, ripe } from '../support/store-peek.ts';

let redis: TestRedis;
let parts: Core;
const settled = { ref: 'm1', address: address(), adopted: false, retry: false, lookup: true };
const nothing = { notBeforeInMs: 0, editNotBeforeInMs: 0, pause: null, rootGone: false, ripeEdit: false } as const;

beforeAll(async () => {
  redis = await startRedis();
  parts = core(redis.connect(), chatAdapter('http://127.0.0.1:1'));
});
afterEach(() => redis.flush());
afterAll(() => redis.stop());

async function seen(destination: string, entries = journalOf(2), by = parts): Promise<{ destination: string; job: string; gen: string }> {
  await grow(by, entries);
  const view = await by.subscriptions.subscription(destination, JOB);
  return { destination, job: JOB, gen: view?.subscription.gen ?? '' };
}

async function rooted(destination: string, entries = journalOf(2), by = parts) {
  const sub = await seen(destination, entries, by);
  const root = intent({ kind: 'root', keys: ['root'], root: null, v: entries.length });
  await by.deliver.intent(sub, { previous: '', mine: 'r' }, root);
  await by.deliver.settle(sub, { tok: 'r', intent: root }, { ...settled, ref: 'root1' });
  return sub;
}

describe('append', () => {
  it('lets one of many pollers with the same difference win', async () => {
    await follow(parts);
    const answers = await Promise.all(Array.from({ length: 20 }, () => grow(parts, journalOf(3))));
    expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer !== 'appended'))).toEqual(new Set(['conflict']));
    expect((await parts.watch.readWatch(JOB))?.journal).toEqual(journalOf(3));
  });

  it('makes the first sight the past: nobody is told', async () => {
    const destination = await follow(parts);
    await grow(parts, journalOf(3));
    const view = await parts.subscriptions.subscription(destination, JOB);
    expect(view).toMatchObject({ base: 3, length: 3, subscription: { cursor: 3 } });
  });

  it('throws away an answer older than the epoch', async () => {
    const destination = await follow(parts);
    const before = await parts.watch.readWatch(JOB);
    await parts.subscriptions.unsubscribe(destination, JOB);
    await follow(parts);
    const late = await parts.watch.append({
      job: JOB,
      epoch: before?.epoch ?? '',
      runId: before?.runId ?? '',
      length: 0,
      entries: journalOf(1),
      facts: null,
      factsRead: false,
      ended: false,
      intervalMs: 1000,
      nextPollInMs: 1000,
      ...UNSWEPT,
    });
    expect(late.kind).toBe('stale');
    expect((await parts.watch.readWatch(JOB))?.journal).toEqual([]);
  });

  it('throws away an answer older than this life of Redis', async () => {
    await follow(parts);
    const before = await parts.watch.readWatch(JOB);
    await redis.restart();
    const { epoch = '', runId = '' } = before ?? {};
    const base = {
      job: JOB,
      epoch,
      runId,
      length: 0,
      entries: journalOf(1),
      facts: null,
      factsRead: false,
      ended: false,
      intervalMs: 1,
      nextPollInMs: 1,
      ...UNSWEPT,
    };
    expect((await parts.watch.append(base)).kind).toBe('stale');
  });

  it('writes nothing for a job that nobody follows', async () => {
    expect(await grow(parts, journalOf(1))).toBe('gone');
    expect(await redis.connect().keys('*')).toEqual([]);
  });

  it('keeps facts and has every card drawn anew when they change, not when they are the same', async () => {
    const destination = await follow(parts);
    const sub = await rooted(destination);
    const facts: Facts = {
      voiceName: 'narrator-01',
      jobType: 'BASIC',
      state: 'AUDITING',
      failedCode: '',
      failedReason: '',
      assetId: '',
      rejectTimes: 0,
      audit: null,
    };
    const withFacts = async () => {
      const watched = await parts.watch.readWatch(JOB);
      const { epoch = '', runId = '', journal = [] } = watched ?? {};
      await parts.watch.append({
        job: JOB,
        epoch,
        runId,
        length: journal.length,
        entries: [],
        facts,
        factsRead: true,
        ended: false,
        intervalMs: 1,
        nextPollInMs: 1,
        ...UNSWEPT,
      });
      return parts.deliver.dueWork(destination);
    };
    const due = await withFacts();
    expect(due).toMatchObject({ kind: 'work', work: { shown: -1, factsVersion: 1, facts } });
    const edit = intent({ kind: 'edit', keys: [], root: 'root1', v: 2, f: 1 });
    expect(await parts.deliver.intent(sub, { previous: '', mine: 'e' }, edit)).toMatchObject({ kind: 'ok' });
    await parts.deliver.settle(sub, { tok: 'e', intent: edit }, { ...settled, ref: 'root1' });
    expect((await withFacts()).kind).toBe('nothing');
    const project = JOB.split('/')[0] ?? '';
    for (const name of ['narrator-01', 'Narrator-01']) expect(await parts.subscriptions.watchedByName(project, name, 5)).toEqual([JOB]);
  });
});

describe('intent', () => {
  it('is given to one of many workers', async () => {
    const sub = await rooted(await follow(parts));
    await grow(parts, [logged({ action: 'NEW' })]);
    const post = intent({ from: 2, to: 3, keys: ['k'] });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => parts.deliver.intent(sub, { previous: '', mine: `t${i}` }, post)));
    expect(answers.filter((answer) => answer.kind === 'ok')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'taken')).toHaveLength(19);
  });

  it('is refused where the cursor moved, the root is another, or the subscription lives another life', async () => {
    const sub = await rooted(await follow(parts));
    expect((await parts.deliver.intent(sub, { previous: '', mine: 't' }, intent({ from: 1 }))).kind).toBe('moved');
    expect((await parts.deliver.intent(sub, { previous: '', mine: 't' }, intent({ kind: 'root', keys: ['root'] }))).kind).toBe('moved');
    expect((await parts.deliver.intent(sub, { previous: '', mine: 't' }, intent({ kind: 'edit', root: 'other' }))).kind).toBe('moved');
    expect((await parts.deliver.intent({ ...sub, gen: 'other' }, { previous: '', mine: 't' }, intent())).kind).toBe('gone');
  });

  it('waits while muted (news only), paused, held back, or while the whole platform is paused', async () => {
    const sub = await rooted(await follow(parts));
    await grow(parts, [logged({ action: 'NEW' })]);
    const post = intent({ from: 2, to: 3 });
    const edit = intent({ kind: 'edit', root: 'root1' });
    const ask = (what = post) => parts.deliver.intent(sub, { previous: '', mine: 't' }, what);

    await parts.subscriptions.mute(sub.destination, JOB, 60_000);
    expect((await ask()).kind).toBe('wait');
    await parts.subscriptions.mute(sub.destination, JOB, 0);

    await parts.subscriptions.pausePerson(sub.destination);
    expect((await ask(edit)).kind).toBe('wait');
    await parts.subscriptions.resume(sub.destination, null);

    await parts.deliver.pausePlatform('test', 'unauthorized');
    expect((await ask(edit)).kind).toBe('wait');
    expect(await parts.deliver.dueDestinations(10)).toEqual([]);
    await parts.deliver.resumePlatform('test');

    await parts.deliver.holdBack(sub.destination, 'everything', 60_000);
    expect((await ask(edit)).kind).toBe('wait');
  });

  it('on a Redis that can lose writes: rests after a restart, and looks before it tells what the last one may have told', async () => {
    const careful = core(redis.connect(), chatAdapter('http://127.0.0.1:1'), { durable: false });
    const sub = await rooted(await follow(careful), journalOf(2), careful);
    await grow(careful, [logged({ action: 'NEW' })]);
    const post = intent({ from: 2, to: 3 });
    await redis.restart();
    expect((await careful.deliver.intent(sub, { previous: '', mine: 't' }, post)).kind).toBe('wait');
    await ripe(SHORT);
    const answer = await careful.deliver.intent(sub, { previous: '', mine: 't' }, post);
    expect(answer).toMatchObject({ kind: 'ok', look: true });
    const again = await careful.deliver.intent(sub, { previous: 't', mine: 't2' }, { ...post, looked: answer.kind === 'ok' ? answer.runId : '' });
    expect(again).toMatchObject({ kind: 'ok', look: false });
  });
});

describe('settle', () => {
  it('moves the cursor, once, for the holder of the intent alone', async () => {
    const sub = await rooted(await follow(parts));
    await grow(parts, [logged({ action: 'NEW' })]);
    const post = intent({ from: 2, to: 3 });
    await parts.deliver.intent(sub, { previous: '', mine: 'mine' }, post);
    expect(await parts.deliver.settle(sub, { tok: 'other', intent: post }, settled)).toBe('refused');
    expect(await parts.deliver.settle(sub, { tok: 'mine', intent: post }, settled)).toBe('ok');
    expect((await parts.subscriptions.subscription(sub.destination, JOB))?.subscription.cursor).toBe(3);
    const answers = await Promise.all(Array.from({ length: 5 }, () => parts.deliver.settle(sub, { tok: 'mine', intent: post }, { ...settled, retry: true })));
    expect(new Set(answers)).toEqual(new Set(['refused']));
  });

  it('without an answer from the disk is repeated by nobody who could not look: no late check deletes on a platform without lookup', async () => {
    const sub = await rooted(await follow(parts));
    await parts.deliver.settle(sub, { tok: 'gone', intent: intent() }, { ...settled, retry: true, lookup: false });
    await ripe(SHORT);
    await ripe(SHORT);
    const due = await parts.deliver.dueWork(sub.destination);
    expect(due.kind).toBe('nothing');
  });

  it('ends a pause that is tried again, and tells the owner', async () => {
    const owner = await parts.subscriptions.destination({ address: address('dm'), name: 'You', dm: true, language: 'en', zone: null });
    const place = await parts.subscriptions.destination({ address: address(), name: '#C1', dm: false, language: 'en', zone: null });
    await parts.subscriptions.subscribe({ destination: place.id, job: JOB, preset: 'everything', by: YOU, owner: owner.id, notify: null });
    await parts.deliver.pauseDestination(place.id, 'not-a-member');
    const sub = await seen(place.id);
    expect((await parts.deliver.intent(sub, { previous: '', mine: 'r' }, intent({ kind: 'root', keys: ['root'] }))).kind).toBe('wait');
    await redis.connect().hset(`{vj}:dest:${place.id}`, 'retryAt', '1');
    const root = intent({ kind: 'root', keys: ['root'], root: null, v: 2 });
    expect((await parts.deliver.intent(sub, { previous: '', mine: 'r' }, root)).kind).toBe('ok');
    await parts.deliver.settle(sub, { tok: 'r', intent: root }, settled);
    expect(await isPaused(redis.connect(), place.id)).toBe(false);
    const told = await parts.deliver.dueWork(owner.id);
    expect(told).toMatchObject({ kind: 'notice', notice: { kind: 'paused', subject: place.id, place: '#C1' } });
  });
});

describe('release', () => {
  it('gives up a first attempt, and keeps the intent of a resend', async () => {
    const sub = await rooted(await follow(parts));
    await grow(parts, [logged({ action: 'NEW' })]);
    const post = intent({ from: 2, to: 3 });
    await parts.deliver.intent(sub, { previous: '', mine: 'a' }, post);
    await parts.deliver.release(sub, 'a', nothing);
    expect((await parts.deliver.intent(sub, { previous: '', mine: 'b' }, { ...post, attempt: 2 })).kind).toBe('ok');
    await parts.deliver.release(sub, 'b', nothing);
    expect((await parts.deliver.intent(sub, { previous: '', mine: 'c' }, post)).kind).toBe('taken');
  });

  it('forgets a root that is gone, so that a new one is made', async () => {
    const sub = await rooted(await follow(parts));
    const edit = intent({ kind: 'edit', root: 'root1', keys: [] });
    await parts.deliver.intent(sub, { previous: '', mine: 'e' }, edit);
    await parts.deliver.release(sub, 'e', { ...nothing, rootGone: true });
    expect(await parts.deliver.dueWork(sub.destination)).toMatchObject({ kind: 'work', work: { root: null, shown: -1 } });
  });
});

describe('subscribe and unsubscribe', () => {
  it('a subscription made twice changes the preset and keeps its place', async () => {
    const destination = await follow(parts);
    await grow(parts, journalOf(2));
    const before = await parts.subscriptions.subscription(destination, JOB);
    const again = await parts.subscriptions.subscribe({ destination, job: JOB, preset: 'problems', by: YOU, owner: null, notify: null });
    expect(again).toEqual({ kind: 'kept', before: 'everything' });
    const after = await parts.subscriptions.subscription(destination, JOB);
    expect(after?.subscription).toEqual({ ...before?.subscription, preset: 'problems' });
  });

  it('the journal goes with its last follower, and nothing is left of it', async () => {
    const one = await follow(parts, 'C1');
    const two = await follow(parts, 'C2');
    await grow(parts, journalOf(2));
    expect(await parts.subscriptions.unsubscribe(one, JOB)).toBe('done');
    expect((await parts.watch.readWatch(JOB))?.journal).toHaveLength(2);
    await parts.subscriptions.unsubscribe(two, JOB);
    expect(await parts.watch.readWatch(JOB)).toBeNull();
    const left = await redis.connect().keys('*');
    expect(left.filter((key) => key.includes(JOB))).toEqual([]);
    expect(await redis.connect().exists('{vj}:jobs', '{vj}:polls', '{vj}:due', '{vj}:index', '{vj}:demand')).toBe(0);
  });

  it('says when a message is still on its way, and starts none afterwards', async () => {
    const sub = await rooted(await follow(parts));
    await grow(parts, [logged({ action: 'NEW' })]);
    await parts.deliver.intent(sub, { previous: '', mine: 'a' }, intent({ from: 2, to: 3 }));
    expect(await parts.subscriptions.unsubscribe(sub.destination, JOB)).toBe('onItsWay');
    expect((await parts.deliver.intent(sub, { previous: '', mine: 'b' }, intent({ from: 2, to: 3 }))).kind).toBe('gone');
  });

  it('many people at once leave one consistent watch', async () => {
    const places = await Promise.all(Array.from({ length: 12 }, (_, i) => follow(parts, `C${i}`)));
    await grow(parts, journalOf(2));
    await Promise.all(
      places
        .slice(1)
        .flatMap((place, i) => [parts.subscriptions.unsubscribe(place, JOB), i % 2 ? follow(parts, `C${i + 1}`) : grow(parts, journalOf(3).slice(2))]),
    );
    const followers = await redis.connect().smembers(`{vj}:followers:${JOB}`);
    const subs = await redis.connect().keys('{vj}:sub:*');
    expect(subs.toSorted()).toEqual(followers.map((d) => `{vj}:sub:${d}|${JOB}`).toSorted());
  });

  it('moves with its cursor to another place, and begins a new life there', async () => {
    const from = await follow(parts, 'C1');
    const sub = await rooted(from);
    await grow(parts, [logged({ action: 'NEW' })]);
    const to = await parts.subscriptions.destination({ address: address('C2'), name: '#C2', dm: false, language: 'en', zone: null });
    expect(await parts.subscriptions.move(from, JOB, to.id)).toBe('moved');
    expect(await parts.subscriptions.subscription(from, JOB)).toBeNull();
    const moved = await parts.subscriptions.subscription(to.id, JOB);
    expect(moved?.subscription.cursor).toBe(2);
    expect(moved?.subscription.gen).not.toBe(sub.gen);
    expect(await parts.deliver.dueWork(to.id)).toMatchObject({ kind: 'work', work: { root: null } });
  });
});

describe('pause', () => {
  it('tells the owner; where the owner is unreachable, the next follower; then the admins', async () => {
    const dm = (id: string) => parts.subscriptions.destination({ address: address(id), name: id, dm: true, language: 'en', zone: null });
    const [first, second, admin] = [await dm('first'), await dm('second'), await dm('admin')];
    const place = await parts.subscriptions.destination({ address: address(), name: '#C1', dm: false, language: 'en', zone: null });
    const follows = (job: string, owner: string) =>
      parts.subscriptions.subscribe({ destination: place.id, job, preset: 'everything', by: YOU, owner, notify: null });
    await follows(JOB, first.id);
    await follows(`${JOB}2`, second.id);
    const actor = { platform: 'test', id: 'admin', name: 'Admin', language: null, zone: null, dm: null, member: true, guest: false };
    await parts.subscriptions.adminSeen(actor, admin.id);

    await parts.deliver.pauseDestination(place.id, 'not-found');
    expect(await parts.deliver.dueWork(first.id)).toMatchObject({ kind: 'notice', notice: { kind: 'paused', subject: place.id } });
    await parts.deliver.pauseDestination(first.id, 'blocked');
    expect(await parts.deliver.dueWork(second.id)).toMatchObject({ kind: 'notice', notice: { kind: 'paused', subject: place.id } });
    await parts.deliver.pauseDestination(second.id, 'blocked');
    expect(await parts.deliver.dueWork(admin.id)).toMatchObject({ kind: 'notice', notice: { kind: 'paused' } });
  });

  it("a person's pause is not replaced by a dead outcome; an archived channel is tried again, since its return may never be told", async () => {
    const destination = await follow(parts);
    await parts.subscriptions.pausePerson(destination);
    await parts.deliver.pauseDestination(destination, 'not-found');
    expect(await redis.connect().hget(`{vj}:dest:${destination}`, 'paused')).toBe('person');
    await parts.subscriptions.resume(destination, 'archived');
    expect(await isPaused(redis.connect(), destination)).toBe(true);
    await parts.subscriptions.resume(destination, null);
    await parts.deliver.pauseDestination(destination, 'archived');
    expect(await redis.connect().hexists(`{vj}:dest:${destination}`, 'retryAt')).toBe(1);
    await parts.subscriptions.resume(destination, 'archived');
    expect(await isPaused(redis.connect(), destination)).toBe(false);
  });

  it('an archived channel is back when the platform says so, whatever a try meanwhile died of', async () => {
    const destination = await follow(parts);
    await parts.deliver.pauseDestination(destination, 'archived');
    await parts.deliver.pauseDestination(destination, 'forbidden');
    await parts.subscriptions.resume(destination, 'archived');
    expect(await isPaused(redis.connect(), destination)).toBe(false);
  });

  it('a pause that is told twice puts off the next try no further', async () => {
    const destination = await follow(parts);
    const retryAt = () => redis.connect().hget(`{vj}:dest:${destination}`, 'retryAt');
    await parts.deliver.pauseDestination(destination, 'archived');
    const first = await retryAt();
    await parts.deliver.pauseDestination(destination, 'archived');
    expect(await retryAt()).toBe(first);
  });

  it('an owner who went out of reach long ago is passed over once that is known again', async () => {
    const dm = (id: string) => parts.subscriptions.destination({ address: address(id), name: id, dm: true, language: 'en', zone: null });
    const [owner, admin] = [await dm('owner'), await dm('admin')];
    const { id: place } = await parts.subscriptions.destination({ address: address(), name: '#C1', dm: false, language: 'en', zone: null });
    await parts.subscriptions.subscribe({ destination: place, job: JOB, preset: 'everything', by: YOU, owner: owner.id, notify: null });
    const actor = { platform: 'test', id: 'admin', name: 'Admin', language: null, zone: null, dm: null, member: true, guest: false };
    await parts.subscriptions.adminSeen(actor, admin.id);
    await parts.deliver.pauseDestination(owner.id, 'blocked');
    await redis.connect().hset(`{vj}:dest:${owner.id}`, 'retryAt', Date.now() - 1);
    const ofPlace = async () => {
      const notices = await redis.connect().lrange(`{vj}:notices:${admin.id}`, 0, -1);
      return notices.filter((raw) => raw.includes(place)).length;
    };
    await parts.deliver.pauseDestination(place, 'removed');
    expect(await ofPlace()).toBe(0);
    await parts.deliver.pauseDestination(owner.id, 'blocked');
    expect(await ofPlace()).toBe(1);
  });

  it('a message sent before a place was lost, and settled after, does not end the pause', async () => {
    const destination = await follow(parts);
    const sub = await rooted(destination);
    await grow(parts, [logged({ action: 'NEW' })]);
    const post = intent({ from: 2, to: 3, v: 3 });
    expect(await parts.deliver.intent(sub, { previous: '', mine: 'p' }, post)).toMatchObject({ kind: 'ok' });
    await new Promise((soon) => setTimeout(soon, 2));
    await parts.deliver.pauseDestination(destination, 'archived');
    expect(await parts.deliver.settle(sub, { tok: 'p', intent: post }, settled)).toBe('ok');
    expect(await isPaused(redis.connect(), destination)).toBe(true);
  });
});

describe('access', () => {
  const gate = { status: 401, code: 'APIGW.0301', requestId: 'r', words: 'verify aksk signature fail', since: 1, nextProbe: 2 };

  it('is told once as lost after a while, and once as back', async () => {
    const destination = await follow(parts);
    expect(await parts.watch.tellAccess({ ...gate, since: Date.now() }, 900_000)).toBe('nothing');
    const answers = await Promise.all(Array.from({ length: 5 }, () => parts.watch.tellAccess(gate, 900_000)));
    expect(answers.filter((answer) => answer === 'lost')).toHaveLength(1);
    const due = await parts.deliver.dueWork(destination);
    expect(due).toMatchObject({ kind: 'notice', notice: { kind: 'access-lost', since: 1, operator: null } });
    if (due.kind === 'notice') await parts.deliver.noticeDone(destination, due.raw, true);
    expect(await parts.watch.tellAccess(null, 900_000)).toBe('back');
    expect(await parts.watch.tellAccess(null, 900_000)).toBe('nothing');
    expect(await parts.deliver.dueWork(destination)).toMatchObject({ kind: 'notice', notice: { kind: 'access-back' } });
  });
});

describe('pace', () => {
  it('takes from all buckets or from none', async () => {
    const slow = { bucket: 'platform', everyMs: 60_000, burst: 1 };
    expect(await parts.deliver.takePace([slow, { bucket: 'a', everyMs: 60_000, burst: 3 }])).toBe(0);
    expect(await parts.deliver.takePace([slow, { bucket: 'b', everyMs: 60_000, burst: 1 }])).toBeGreaterThan(0);
    expect(await parts.deliver.takePace([{ bucket: 'b', everyMs: 60_000, burst: 1 }])).toBe(0);
  });

  it('gives a burst and no more, however many ask at once', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => parts.deliver.takePace([{ bucket: 'c', everyMs: 60_000, burst: 5 }])));
    expect(answers.filter((wait) => wait === 0)).toHaveLength(5);
  });
});
