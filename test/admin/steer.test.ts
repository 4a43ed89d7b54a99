/** The operator's commands on a real Redis, with a real chat at the other side. */
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminDeps } from '../../src/admin/answer.ts';
import { chooseCommand } from '../../src/admin/commands.ts';
import { createOperatorStore } from '../../src/store/operator-store.ts';
import { loadScripts } from '../../src/store/scripts.ts';
import { tidy } from '../../src/store/tidy.ts';
import { address, JOB, journalOf, logged, PROJECT, systemClock, UNSWEPT, YOU } from '../support/builders.ts';
import { type ChatServer, chatAdapter, startChatServer } from '../support/chat-server.ts';
import { type Core, core, drainQuiet, follow, grow, SHORT, uniqueRandom } from '../support/core.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

const ROOT = { platform: 'admin', id: 'root', name: 'root' };
const OTHER = `${PROJECT}/99f06524-4f75-4b3a-a853-b649a21aaf66`;

let redis: TestRedis;
let client: Redis;
let chat: ChatServer;
let parts: Core;
let deps: AdminDeps;

beforeAll(async () => {
  redis = await startRedis();
  client = redis.connect();
});
beforeEach(async () => {
  await redis.flush();
  chat = await startChatServer();
  parts = core(client, chatAdapter(chat.url));
  const operator = createOperatorStore(client, loadScripts(client, SHORT), { random: uniqueRandom, by: ROOT, waitForDisk: false });
  deps = { operator, subscriptions: parts.subscriptions.by(ROOT), upstream: null, clock: systemClock };
  return () => chat.close();
});
afterAll(() => redis.stop());

async function admin(...argv: string[]): Promise<{ readonly exit: number; readonly text: string }> {
  const chosen = chooseCommand(argv);
  return chosen.kind === 'wrong' ? chosen.answer : chosen.run(deps);
}

/** A DM of somebody, who follows the job there if told so. */
async function dmOf(id: string, name: string, follows = false): Promise<string> {
  const person = { platform: 'test', id, name };
  const place = { address: address(`DM-${id}`), name, dm: true, language: null, zone: null, person };
  const destination = await parts.subscriptions.destination(place);
  if (follows) {
    await parts.subscriptions.by(person).subscribe({ destination: destination.id, job: JOB, preset: 'everything', by: person, owner: null, notify: null });
  }
  return destination.id;
}

const trail = async () => (await deps.operator.trail()).map(({ by, what, place, detail }) => [by.name, what, place, detail]);

describe('list and search', () => {
  it('show owner, state, health and last delivery of every subscription', async () => {
    const told = await follow(parts, 'C1');
    const paused = await follow(parts, 'C2', OTHER);
    await grow(parts, journalOf(2));
    await drainQuiet(parts, client, told);
    await grow(parts, [logged({ action: 'NEW' })]);
    await parts.subscriptions.pauseDestination(paused, 'not-found');
    const { exit, text } = await admin('list');
    expect(exit).toBe(0);
    const [head, first, second] = text.split('\n');
    expect(head).toMatch(/SUBSCRIPTION.*PLACE.*OWNER.*STATE.*HEALTH.*LAST DELIVERY/);
    expect(first).toMatch(new RegExp(`^${told}/26f06524  #C1 .* You .* active .* 1 waiting .* \\d{4}-\\d\\d-\\d\\dT`));
    expect(second).toMatch(/#C2 .* unreachable: not-found, next try .* -$/);
    const rows: unknown = JSON.parse((await admin('list', '--json')).text);
    expect(rows).toMatchObject([
      { subscription: `${told}/26f06524-4f75-4b3a-a853-b649a21aaf66`, place: '#C1', waiting: 1, by: YOU },
      { place: '#C2', lastDelivery: null },
    ]);
  });

  it('find by part of a name, an id or an owner, in any case', async () => {
    await follow(parts, 'C1');
    await follow(parts, 'C2', OTHER);
    expect((await admin('search', '99F06524')).text).toContain('#C2');
    expect((await admin('search', '#c1')).text).not.toContain('#C2');
    expect((await admin('search', 'you', '--json')).text.match(/"subscription"/g)).toHaveLength(2);
    expect((await admin('search', 'nowhere')).text).toBe('No subscription has "nowhere" in it.');
  });

  it('say so when there is nothing', async () => {
    expect((await admin('list')).text).toBe('Nobody follows anything yet.');
    expect((await admin('list', '--json')).text).toBe('[]');
  });
});

describe('steering', () => {
  it('pause holds everything back and resume tells it, and the trail names who did it', async () => {
    const place = await follow(parts, 'C1');
    await grow(parts, journalOf(1));
    await drainQuiet(parts, client, place);
    expect(await admin('pause', '#C1')).toEqual({
      exit: 0,
      text: `#C1 is paused: nothing is lost, and what waits is told once it is resumed.\nTo resume: npm run admin -- resume ${place}`,
    });
    await grow(parts, [logged({ action: 'NEW' })]);
    expect(await parts.deliver.dueWork(place)).toEqual({ kind: 'closed' });
    expect((await admin('list')).text).toMatch(/paused .* 1 waiting/);
    expect(await admin('resume', place.slice(0, -1))).toEqual({ exit: 0, text: '#C1 is told again; it was paused by hand.' });
    await drainQuiet(parts, client, place);
    expect(chat.seen('C1').filter(({ keys }) => !keys.includes('root'))).toHaveLength(1);
    expect(await trail()).toEqual([
      ['root', 'resume', '#C1', 'person'],
      ['root', 'pause', '#C1', 'person'],
    ]);
    const shown = (await admin('audit')).text;
    expect(shown).toMatch(/resume +#C1 \S+ +by hand\n/);
    expect(shown).toMatch(/pause +#C1 \S+ +by hand$/);
  });

  it('the trail tells until when something is muted, and the list counts subscriptions and their places', async () => {
    const place = await follow(parts, 'C1');
    await follow(parts, 'C1', OTHER);
    await follow(parts, 'C2');
    const muted = await deps.subscriptions.mute(place, JOB, 3_600_000);
    const until = new Date(muted?.until ?? 0).toISOString().slice(0, 16);
    expect((await admin('audit')).text).toMatch(new RegExp(`mute .* until ${until}Z$`));
    expect((await admin('list')).text).toMatch(/\n\n3 subscriptions in 2 places$/);
    expect((await admin('search', '#C2')).text).toMatch(/\n\n1 subscription in 1 place$/);
  });

  it('move takes a place’s subscriptions along with what waits, tells both places, and says goodbye on the old card', async () => {
    const from = await follow(parts, 'C1');
    const to = await follow(parts, 'C2', OTHER);
    await grow(parts, journalOf(1));
    await drainQuiet(parts, client, from);
    await grow(parts, [logged({ action: 'NEW' })]);
    expect(await admin('move', '#C1', 'C2')).toEqual({ exit: 0, text: '1 of 1 went from #C1 to #C2.' });
    await drainQuiet(parts, client, from);
    await drainQuiet(parts, client, to);
    const [oldCard] = chat.seen('C1').filter(({ keys }) => keys.includes('root'));
    expect(oldCard?.edits).toBeGreaterThan(0);
    expect(chat.seen('C1').some(({ text }) => text.includes('voicejob admin'))).toBe(true);
    expect(chat.seen('C2').filter(({ keys, gen }) => gen !== 'notice' && !keys.includes('root'))).toHaveLength(1);
    expect((await trail())[0]).toEqual(['root', 'move', '#C1', to]);
  });

  it('remove ends one subscription or all of a place', async () => {
    const place = await follow(parts, 'C1');
    await follow(parts, 'C1', OTHER);
    await follow(parts, 'C2');
    expect(await admin('remove', `${place}/26f0`)).toMatchObject({ exit: 0, text: expect.stringContaining('1 subscription of #C1') });
    expect((await admin('list', '--json')).text.match(/"subscription"/g)).toHaveLength(2);
    expect(await admin('remove', place)).toMatchObject({ exit: 0 });
    expect((await admin('list')).text).not.toContain('#C1');
    expect(await client.smembers('{vj}:jobs')).toEqual([JOB]);
  });

  it('remove takes the name of a voice that one subscription has, with its place where several have it', async () => {
    const one = await follow(parts, 'C1');
    const two = await follow(parts, 'C2');
    await follow(parts, 'C1', OTHER);
    const voice = 'narrator-02';
    await client.hset(`{vj}:job:${JOB}`, 'facts', JSON.stringify({ voiceName: voice }));
    const several = await admin('remove', voice);
    expect(several).toMatchObject({ exit: 1, text: expect.stringContaining('may be any of these 2') });
    expect(several.text).toContain(`${one}/26f06524`);
    expect(await admin('remove', `#C1/${voice}`)).toMatchObject({ exit: 0, text: expect.stringContaining('1 subscription of #C1') });
    expect(await admin('hand-over', voice, 'test:U404')).toMatchObject({ exit: 1, text: expect.stringContaining('must have written') });
    await parts.subscriptions.rename(two, voice);
    expect(await admin('remove', voice)).toMatchObject({
      exit: 1,
      text: expect.stringMatching(new RegExp(`may be any of these 2:\n.*${two}/26f0.*\n.*${two}  all of`)),
    });
    await parts.subscriptions.rename(two, '#C2');
    expect(await admin('remove', voice.toUpperCase())).toMatchObject({ exit: 0, text: expect.stringContaining('1 subscription of #C2') });
    expect((await admin('list', '--json')).text.match(/"subscription"/g)).toHaveLength(1);
  });

  it('remove and hand-over give one subscription as their example, never a whole place', async () => {
    const place = await follow(parts, 'C1');
    for (const argv of [
      ['remove', 'narrator-02'],
      ['hand-over', 'narrator-02', 'test:U1'],
    ]) {
      const { exit, text } = await admin(...argv);
      expect(exit).toBe(1);
      expect(text).toMatch(
        new RegExp(`^No destination or subscription is called "narrator-02"\\.\nFor example: npm run admin -- ${argv[0]} ${place}/26f06524`),
      );
    }
    await admin('remove', place);
    expect((await admin('remove', 'narrator-02')).text).toMatch(/For example: npm run admin -- list$/);
  });

  it('hand-over lets somebody else hear of a dead channel, at once when it is dead already', async () => {
    const place = await follow(parts, 'C1');
    const heir = await dmOf('U7', 'Heir');
    await parts.deliver.pauseDestination(place, 'archived');
    expect(await admin('hand-over', place, 'test:U7')).toMatchObject({ exit: 0, text: expect.stringContaining('Heir now hears') });
    expect((await admin('list')).text).toContain('Heir');
    expect(await parts.deliver.dueWork(heir)).toMatchObject({ kind: 'notice', notice: { kind: 'paused', subject: place } });
    expect(await admin('hand-over', place, '#C1')).toMatchObject({ exit: 1, text: expect.stringContaining('must have written to voicejob once') });
  });

  it('a name that would steer the terminal is shown without its power', async () => {
    const place = await follow(parts, 'C1');
    await parts.subscriptions.rename(place, '\u001b]0;owned\u0007\u001b[2Jlab');
    for (const argv of [['pause', place], ['list'], ['audit'], ['resume', place], ['pause', 'nowhere']]) {
      const { text } = await admin(...argv);
      expect(text).toContain(argv[1] === 'nowhere' ? 'No destination' : 'lab');
      expect(text).not.toMatch(/[^\P{Cc}\n]/u);
    }
  });

  it('an id that is wrong or means several gets the nearest, the candidates or an example, and changes nothing', async () => {
    const one = await follow(parts, 'C1');
    await follow(parts, 'C2');
    const before = await client.dbsize();
    expect(await admin('pause', '#C3')).toMatchObject({ exit: 1, text: expect.stringMatching(/Did you mean .*\nFor example: npm run admin -- pause test\./) });
    expect(await admin('pause', 'test.')).toMatchObject({ exit: 1, text: expect.stringContaining('may be any of these 2') });
    expect(await admin('remove', `${one}/ffff`)).toMatchObject({ exit: 1, text: expect.stringContaining(`Did you mean ${one}/26f06524`) });
    expect(await admin('move', '#C1', '#C1')).toMatchObject({ exit: 1 });
    expect(await client.dbsize()).toBe(before);
  });
});

describe('dead letters', () => {
  /** One message that the platform refused; answers the destination. */
  async function refuse(): Promise<string> {
    const place = await follow(parts, 'C1');
    await grow(parts, journalOf(1));
    await drainQuiet(parts, client, place);
    chat.fail('post', { kind: 'dead', scope: 'payload', reason: 'payload-refused' }, 2);
    await grow(parts, [logged({ action: 'UNWELCOME' })]);
    await drainQuiet(parts, client, place);
    await grow(parts, [logged({ action: 'WELCOME' })]);
    await drainQuiet(parts, client, place);
    return place;
  }
  const news = () => chat.seen('C1').filter(({ keys }) => !keys.includes('root'));
  const only = async () => (await deps.operator.deadLetters())[0]?.id ?? '';

  it('are listed, and a replayed one is told exactly once without moving anything else', async () => {
    const place = await refuse();
    expect((await admin('dead-letters')).text).toMatch(/DESTINATION.*\n.*#C1.*1 entry.*payload-refused/);
    expect(news().map(({ text }) => text.includes('UNWELCOME'))).toEqual([false]);
    const id = await only();
    expect(await admin('dead-letters', 'replay', id)).toMatchObject({ exit: 0 });
    await drainQuiet(parts, client, place);
    expect(news().map(({ text }) => text.includes('UNWELCOME'))).toEqual([false, true]);
    const followed = await parts.subscriptions.subscription(place, JOB);
    expect(followed?.subscription.cursor).toBe(3);
    expect((await admin('dead-letters')).text).toBe('There are no dead letters.');
    expect((await trail())[0]).toEqual(['root', 'replay', '#C1', id]);
    await grow(parts, [logged({ action: 'AFTER' })]);
    await drainQuiet(parts, client, place);
    expect(news()).toHaveLength(3);
  });

  it('are not told again where the message is there all the same', async () => {
    const place = await refuse();
    const [letter] = await deps.operator.deadLetters();
    const gen = (await parts.subscriptions.subscription(place, JOB))?.subscription.gen ?? '';
    await chatAdapter(chat.url).post({
      address: address(),
      card: { severity: 'info', title: [], blocks: [], actions: [], text: 'there already' } as never,
      delivery: { gen, keys: letter?.keys ?? [] },
      root: null,
      raised: false,
    });
    await admin('dead-letters', 'replay', letter?.id ?? '');
    await drainQuiet(parts, client, place);
    expect(news()).toHaveLength(2);
  });

  it('that are refused again come back', async () => {
    const place = await refuse();
    const id = await only();
    chat.fail('post', { kind: 'dead', scope: 'payload', reason: 'payload-too-large' }, 2);
    await admin('dead-letters', 'replay', id);
    await drainQuiet(parts, client, place);
    expect((await deps.operator.deadLetters()).map((letter) => letter.reason)).toEqual(['payload-too-large']);
    expect(await only()).not.toBe(id);
  });

  it('of a card is tried again, but where a card stands by now there is no second one', async () => {
    const place = await follow(parts, 'C1');
    const cards = () => chat.seen('C1').filter(({ keys }) => keys.includes('root'));
    const refuseCard = () => chat.fail('post', { kind: 'dead', scope: 'payload', reason: 'payload-refused' }, 2);
    refuseCard();
    await grow(parts, journalOf(1));
    await drainQuiet(parts, client, place);
    expect(cards()).toHaveLength(0);
    refuseCard();
    await admin('dead-letters', 'replay', await only());
    await drainQuiet(parts, client, place);
    const id = await only();
    expect(id).not.toBe('');
    await grow(parts, [logged({ action: 'NEW' })]);
    await drainQuiet(parts, client, place);
    expect(cards()).toHaveLength(1);
    const edits = cards()[0]?.edits ?? 0;
    expect(await admin('dead-letters', 'replay', id)).toMatchObject({ exit: 0 });
    await drainQuiet(parts, client, place);
    expect(cards()).toHaveLength(1);
    expect(cards()[0]?.edits).toBeGreaterThan(edits);
  });

  it('of a subscription that is no more can only be dropped; an unknown id gets an example', async () => {
    await refuse();
    const id = await only();
    await admin('remove', '#C1');
    expect(await admin('dead-letters', 'replay', id)).toMatchObject({ exit: 1, text: expect.stringContaining(`dead-letters drop ${id}`) });
    expect(await admin('dead-letters', 'replay', '123456')).toMatchObject({ exit: 1, text: expect.stringContaining(`replay ${id}`) });
    expect(await admin('dead-letters', 'bury', id)).toMatchObject({ exit: 2 });
    expect(await admin('dead-letters', 'drop', id)).toMatchObject({ exit: 0 });
    expect(await deps.operator.deadLetters()).toEqual([]);
  });

  it('are at most 1000, the oldest leave', async () => {
    await refuse();
    const letter = await client.lindex('{vj}:dead', 0);
    await client.rpush('{vj}:dead', ...Array.from({ length: 1200 }, () => letter ?? ''));
    chat.fail('post', { kind: 'dead', scope: 'payload', reason: 'payload-refused' }, 2);
    await grow(parts, [logged({ action: 'ANOTHER' })]);
    const [place] = await client.smembers('{vj}:dests');
    await drainQuiet(parts, client, place ?? '');
    expect(await client.llen('{vj}:dead')).toBe(1000);
  });
});

describe('history', () => {
  it('as CSV has every entry, with what a spreadsheet would run made harmless', async () => {
    await follow(parts, 'C1');
    await grow(parts, [logged(), logged({ action: 'AUDIT_NOT_PASS', algorithmReason: '=cmd|"/C calc"!A0', adminReason: 'line one\r\nline, two' })]);
    const { text } = await admin('history', '26f06524', '--csv');
    expect(text.startsWith('\ufefftime,event,operator,')).toBe(true);
    expect(text).toContain(`"'=cmd|""/C calc""!A0","line one\r\nline, two"`);
    expect(text.endsWith('\r\n')).toBe(true);
    expect(text).toContain('2025-12-01T01:00:00.000Z,CREATE_JOB,USER');
  });

  it('of an unknown job offers the nearest', async () => {
    await follow(parts, 'C1');
    expect(await admin('history', '26f06525', '--csv')).toMatchObject({
      exit: 1,
      text: expect.stringContaining('For example: npm run admin -- history 26f06524'),
    });
  });
});

describe('forget', () => {
  it('removes a person everywhere, says what was removed, and leaves the others alone', async () => {
    const ann = { platform: 'test', id: 'U1', name: 'Ann Archer' };
    const channel = await follow(parts, 'C1', OTHER);
    const dm = await dmOf('U1', ann.name, true);
    await dmOf('U2', 'Bob', true);
    await parts.subscriptions.by(ann).subscribe({ destination: channel, job: JOB, preset: 'problems', by: ann, owner: dm, notify: ann });
    await parts.subscriptions.setPersonLanguage(ann, 'en');
    const actor = { ...ann, language: null, zone: null, dm: null, member: true, guest: false };
    await parts.subscriptions.adminSeen(actor, dm);
    await parts.subscriptions.notice(channel, { kind: 'followed', subject: JOB, since: 1, by: ann.name, name: 'voice', preset: 'problems', completed: false });

    const { exit, text } = await admin('forget', 'test:U1');
    expect(exit).toBe(0);
    expect(text).toMatch(/1 private conversation.*\n.*1 subscription there.*\n.*wishes.*\n.*admin/);
    expect(text).toMatch(/Now called forgotten-\w+/);
    const everything = await Promise.all((await client.keys('{vj}:*')).map(async (key) => `${key} ${await dumpOf(key)}`));
    expect(everything.filter((line) => line.includes('U1') || line.includes('Ann') || line.includes(dm))).toEqual([]);
    expect((await admin('list')).text).toContain('Bob');
    expect(await parts.subscriptions.subscription(channel, JOB)).toMatchObject({ subscription: { preset: 'problems', notify: null } });
    expect((await trail())[0]?.slice(0, 2)).toEqual(['root', 'forget']);
    const before = await trail();
    expect((await admin('forget', 'test:U1')).text).toBe('Nothing is known of test:U1.');
    expect(await trail()).toEqual(before);
    expect(await admin('forget', 'Ann')).toMatchObject({ exit: 2, text: expect.stringMatching(/Copy member ID.*\n.*forget slack:U123/) });
  });

  it('takes their name out of the trail though their DM was tidied away, and out of what still waits to be told', async () => {
    const ann = { platform: 'test', id: 'U1', name: 'Ann Archer' };
    const channel = await follow(parts, 'C1', OTHER);
    const tidied = await dmOf('U1', ann.name, true);
    await parts.subscriptions.by(ann).unsubscribe(tidied, JOB);
    // as it was noted before: with the DM's name
    for (const [at, raw] of (await client.lrange('{vj}:audit', 0, -1)).entries()) {
      await client.lset('{vj}:audit', at, JSON.stringify({ ...JSON.parse(raw), place: ann.name }));
    }
    const heir = await dmOf('U2', 'Bob', true);
    const gone = { kind: 'resumed', subject: tidied, since: 1, place: ann.name } as const;
    const waiting = { kind: 'paused', subject: channel, since: 2, place: '#C1', reason: 'archived' } as const;
    const scripts = loadScripts(client, SHORT);
    await tidy(client, scripts, { admins: [], idleMs: 0 });
    await tidy(client, scripts, { admins: [], idleMs: 0 });
    expect(await client.exists(`{vj}:dest:${tidied}`)).toBe(0);
    const dm = await dmOf('U1', ann.name, true);
    const trouble = { kind: 'paused', subject: dm, since: 3, place: ann.name, reason: 'blocked' } as const;
    for (const notice of [gone, waiting, trouble]) await parts.subscriptions.notice(heir, notice);
    const stopped = { kind: 'unfollowed', subject: JOB, since: 4, by: ann.name, name: 'voice', preset: 'problems', completed: false } as const;
    await parts.subscriptions.notice(channel, stopped);

    expect(await admin('forget', 'test:U1')).toMatchObject({ exit: 0 });
    const everything = await Promise.all((await client.keys('{vj}:*')).map(async (key) => `${key} ${await dumpOf(key)}`));
    expect(everything.filter((line) => [ann.name, 'U1', tidied, dm].some((trace) => line.includes(trace)))).toEqual([]);
    expect((await client.lrange(`{vj}:notices:${heir}`, 0, -1)).map((raw) => JSON.parse(raw))).toEqual([waiting]);
    expect(JSON.parse((await client.lindex(`{vj}:notices:${channel}`, 0)) ?? '')).toEqual({ ...stopped, by: expect.stringMatching(/^forgotten-/) });
  });

  async function dumpOf(key: string): Promise<string> {
    switch (await client.type(key)) {
      case 'hash':
        return JSON.stringify(await client.hgetall(key));
      case 'list':
        return (await client.lrange(key, 0, -1)).join();
      case 'set':
        return (await client.smembers(key)).join();
      case 'zset':
        return (await client.zrange(key, '0', '-1')).join();
      default:
        return (await client.get(key)) ?? '';
    }
  }
});

describe('the trail', () => {
  it('has what people did in their chats too, newest first', async () => {
    const place = await follow(parts, 'C1');
    const asYou = parts.subscriptions.by(YOU);
    await asYou.subscribe({ destination: place, job: OTHER, preset: 'problems', by: YOU, owner: null, notify: null });
    await asYou.subscribe({ destination: place, job: OTHER, preset: 'everything', by: YOU, owner: null, notify: null });
    await asYou.mute(place, OTHER, 60_000);
    await asYou.mute(place, OTHER, 0);
    await asYou.setLanguage(place, 'zh-CN');
    await asYou.unsubscribe(place, OTHER);
    expect((await trail()).map(([who, what]) => `${who} ${what}`)).toEqual([
      'You unsubscribe',
      'You language',
      'You unmute',
      'You mute',
      'You change',
      'You subscribe',
    ]);
    expect((await admin('audit')).text).toMatch(/WHO.*\n.*You \(test:you\)\s+unsubscribe\s+#C1/);
  });

  it('has no unmute of what is not muted, as nothing was changed', async () => {
    const place = await follow(parts, 'C1');
    const before = await trail();
    expect(await parts.subscriptions.by(YOU).mute(place, JOB, 0)).toEqual({ until: 0 });
    expect(await trail()).toEqual(before);
    await client.hset(`{vj}:sub:${place}|${JOB}`, 'mutedUntil', 1);
    await parts.subscriptions.by(YOU).mute(place, JOB, 0);
    expect(await trail()).toEqual(before);
  });

  it('has the end of a subscription with its job, which nobody asked for', async () => {
    const place = await follow(parts, 'C1');
    await grow(parts, [logged({ action: 'COMPLETE_JOB' })]);
    const watched = await parts.watch.readWatch(JOB);
    if (!watched) throw new Error('not watched');
    const poll = { job: JOB, epoch: watched.epoch, runId: watched.runId, length: 1, entries: [], facts: null, factsRead: false };
    await parts.watch.append({ ...poll, ended: true, intervalMs: 60_000, nextPollInMs: 60_000, ...UNSWEPT });
    await drainQuiet(parts, client, place);
    expect(await parts.subscriptions.subscriptions(place)).toEqual([]);
    expect(await trail()).toEqual([['voicejob', 'end', '#C1', 'job completed']]);
    expect((await admin('audit')).text).toMatch(/ voicejob +end +#C1 /);
  });

  it('has no name of a DM, which is its person’s', async () => {
    await dmOf('U1', 'Ann Archer', true);
    expect(await trail()).toEqual([['Ann Archer', 'subscribe', '', 'everything']]);
  });

  it('keeps the last 2000', async () => {
    const place = await follow(parts, 'C1');
    await client.rpush('{vj}:audit', ...Array.from({ length: 2500 }, () => '{"by":{"platform":"x","id":"y","name":"z"},"what":"old"}'));
    await parts.subscriptions.by(YOU).mute(place, JOB, 60_000);
    expect(await client.llen('{vj}:audit')).toBe(2000);
    expect((await trail())[0]?.[1]).toBe('mute');
  });
});
