import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Actor } from '../../src/domain/subscription.ts';
import type { InboundEvent } from '../../src/ports/inbound.ts';
import { address, ann, bob, cardIn, channel, type Desk, desk, dmOfAnn, JOB_A, JOB_B, NOW, person } from './desk.ts';

let at: Desk;
const here = () => at.store.at(channel.address);

beforeEach(() => {
  at = desk();
  at.upstream.add(JOB_A);
});

function command(over: Partial<Extract<InboundEvent, { kind: 'command' }>> = {}): InboundEvent {
  return { kind: 'command', id: 'e-1', actor: ann, place: channel, text: 'subscribe narrator-01', mentions: [], ...over };
}

describe('each event once', () => {
  test('a repeat does nothing and says nothing', async () => {
    expect((await at.send(command())).kind).toBe('reply');
    await at.send(command({ id: 'e-2', text: 'unsubscribe all confirm' }));
    expect(await at.send(command())).toEqual({ kind: 'none' });
    expect(await at.store.subscriptions(here()?.id ?? '')).toEqual([]);
    expect(at.counted.map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'repeated']);
  });

  test('the same id of another platform is another event', async () => {
    await at.send(command());
    expect((await at.send(command({ actor: { ...ann, platform: 'other' } }))).kind).toBe('reply');
  });

  test('an archive that is told twice does not pause what was restored meanwhile', async () => {
    await at.send(command());
    const archived: InboundEvent = { kind: 'destination', id: 'd-1', address: channel.address, change: { kind: 'archived' } };
    await at.send(archived);
    await at.send({ kind: 'destination', id: 'd-2', address: channel.address, change: { kind: 'restored' } });
    await at.send(archived);
    expect(here()?.paused).toBeNull();
  });
});

describe('rights, at every event', () => {
  test.each<[string, Actor]>([
    ['a guest', person('gus', { guest: true })],
    ['an outsider', person('out', { member: false })],
  ])('%s can do nothing, and is told so', async (_, actor) => {
    const events: InboundEvent[] = [
      command({ id: '1', actor }),
      command({ id: '2', actor, text: 'list' }),
      { kind: 'action', id: '3', actor, place: channel, name: 'run', value: 'subscribe narrator-01', message: null },
      { kind: 'form', id: '4', actor, place: channel, form: 'subscribe', values: { job: '26f06524' } },
      { kind: 'home', id: '5', actor, place: channel },
      { kind: 'form-options', id: '6', actor, form: 'subscribe', field: 'job', typed: 'n' },
    ];
    const results = [];
    for (const event of events) results.push(await at.send(event));
    expect(results.map(({ kind }) => kind)).toEqual(['reply', 'reply', 'reply', 'reply', 'home', 'options']);
    expect(results.at(-1)).toEqual({ kind: 'options', options: [] });
    expect(at.store.writes).toEqual([]);
    expect(at.upstream.calls).toEqual([]);
    expect(at.counted.every(({ outcome }) => outcome === 'refused')).toBe(true);
  });

  test('who was a member yesterday and is none today is refused', async () => {
    await at.send(command());
    await at.send(command({ id: 'e-2', actor: { ...ann, member: false }, text: 'unsubscribe all confirm' }));
    expect(await at.store.subscriptions(here()?.id ?? '')).toHaveLength(1);
  });

  test('an admin who is seen is remembered with their DM, others are not', async () => {
    await at.send(command({ actor: person('root'), text: 'help' }));
    await at.send(command({ id: 'e-2', text: 'help' }));
    expect([...at.store.admins]).toEqual([['test|root', at.store.at(address('dm-root'))?.id]]);
  });
});

describe('language', () => {
  test.each<[string, Actor, string]>([
    ['the client', person('li', { language: 'zh-CN' }), 'zh-CN'],
    ['the configuration', person('jo'), 'en'],
  ])('without a choice of their own, %s decides', async (_, actor, language) => {
    expect(cardIn(await at.send(command({ actor }))).language).toBe(language);
  });

  test('their own choice comes before the client', async () => {
    await at.store.setPersonLanguage({ platform: 'test', id: 'li', name: 'li' }, 'en');
    expect(cardIn(await at.send(command({ actor: person('li', { language: 'zh-CN' }) }))).language).toBe('en');
  });
});

describe('an error', () => {
  test('is told with a reference that the log has, and never shows itself', async () => {
    const broken = desk();
    broken.store.firstTime = async () => {
      throw new Error('secret-of-redis');
    };
    const card = await broken.type('list');
    const [line] = broken.errors;
    expect(String(line?.fields?.reference)).toMatch(/^[\w-]{8}$/);
    expect(card.text).toContain(String(line?.fields?.reference));
    expect(JSON.stringify(card)).not.toContain('secret-of-redis');
    expect(line?.fields?.error).toMatchObject({ message: 'secret-of-redis' });
    expect(broken.counted).toEqual([{ name: 'inbound_total', platform: 'test', kind: 'command', outcome: 'failed' }]);
  });

  test('has an answer of the right kind for every event', async () => {
    at.store.destinationAt = async () => {
      throw new Error('lost');
    };
    at.upstream.listJobs = async () => {
      throw new Error('a bug');
    };
    const kinds = [];
    for (const event of [
      { kind: 'home', id: '1', actor: ann, place: dmOfAnn },
      { kind: 'form-options', id: '2', actor: ann, form: 'subscribe', field: 'job', typed: '' },
      { kind: 'destination', id: '3', address: channel.address, change: { kind: 'archived' } },
      { kind: 'seen', id: '4', address: channel.address },
      { kind: 'form', id: '5', actor: ann, place: channel, form: 'subscribe', values: { job: 'x' } },
    ] satisfies InboundEvent[]) {
      kinds.push((await at.send(event)).kind);
    }
    expect(kinds).toEqual(['home', 'options', 'again', 'none', 'reply']);
    expect(at.errors).toHaveLength(5);
  });
});

test('every text gets an answer, and changes nothing that it does not name', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
      const fresh = desk();
      const result = await fresh.send(command({ text: `x${text}` }));
      expect(result.kind).toBe('reply');
      expect(fresh.errors).toEqual([]);
      expect(fresh.store.writes).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

test('commands are timed by their name', async () => {
  await at.type('list');
  await at.type('history narrator-01');
  expect(at.timed).toEqual(['command_seconds list', 'command_seconds history']);
});

describe('a wrong command', () => {
  test('names the nearest right one with its arguments kept', async () => {
    expect((await at.type('hsitory 26f06524')).text).toContain('history 26f06524');
  });

  test('what upstream and people wrote stays text', async () => {
    at.upstream.words = '<!channel> *boom*';
    const card = await at.type('subscribe 00000000-4f75-4b3a-a853-b649a21aaf66');
    expect(card.text).toContain('<!channel> *boom*');
    const ours = card.blocks.flatMap((block) => (block.kind === 'line' ? block.spans : [])).filter((span) => span.kind === 'text');
    expect(JSON.stringify(ours)).not.toContain('<!channel>');
  });
});

describe('places', () => {
  const place = { ...channel.address };
  const change = (id: string, what: Extract<InboundEvent, { kind: 'destination' }>['change']) =>
    at.send({ kind: 'destination', id, address: place, change: what });

  beforeEach(async () => {
    await at.send(command());
    at.nudged.length = 0;
  });

  test.each(['archived', 'removed', 'uninstalled'] as const)('%s pauses', async (kind) => {
    await change('d', { kind });
    expect(here()?.paused).toEqual({ reason: kind, since: NOW, retryAt: null });
  });

  test('restored ends only the pause for the archive', async () => {
    await change('d1', { kind: 'archived' });
    await change('d2', { kind: 'restored' });
    expect(here()?.paused).toBeNull();
    expect(at.nudged).toEqual([here()?.id]);
    await change('d3', { kind: 'removed' });
    await change('d4', { kind: 'restored' });
    expect(here()?.paused?.reason).toBe('removed');
  });

  test.each(['removed', 'uninstalled', 'not-a-member', 'not-found'] as const)('joined ends the pause because the bot was %s', async (reason) => {
    await at.store.pauseDestination(here()?.id ?? '', reason);
    await change('d1', { kind: 'joined' });
    expect(here()?.paused).toBeNull();
    expect(at.nudged).toEqual([here()?.id]);
  });

  test('joined leaves an archive as it is', async () => {
    await change('d1', { kind: 'archived' });
    await change('d2', { kind: 'joined' });
    expect(here()?.paused?.reason).toBe('archived');
  });

  test('renamed and moved, it stays the same place', async () => {
    const before = here()?.id;
    await change('d1', { kind: 'renamed', name: '#voices' });
    expect(here()?.name).toBe('#voices');
    await change('d2', { kind: 'id-changed', to: address('C9') });
    expect(at.store.at(address('C9'))?.id).toBe(before);
  });

  test('signed-out pauses the whole platform, wherever it is said', async () => {
    await at.send({ kind: 'destination', id: 'd1', address: address(''), change: { kind: 'signed-out' } });
    expect(at.store.writes.at(-1)).toBe(`pause ${address('').platform}: uninstalled`);
    expect(here()?.paused).toBeNull();
  });

  test('what nobody knows is not made by an event', async () => {
    await at.send({ kind: 'destination', id: 'd1', address: address('C7'), change: { kind: 'renamed', name: 'x' } });
    await at.send({ kind: 'seen', id: 's1', address: address('C7') });
    expect(at.store.at(address('C7'))).toBeUndefined();
  });

  test('who blocked voicejob and speaks to it again hears of it again; other pauses stay', async () => {
    await at.store.pauseDestination(here()?.id ?? '', 'blocked');
    await at.send({ kind: 'seen', id: 's1', address: place });
    expect(here()?.paused).toBeNull();
    expect(at.nudged).toEqual([here()?.id]);
    await at.store.pauseDestination(here()?.id ?? '', 'disabled');
    await at.send({ kind: 'seen', id: 's2', address: place });
    expect(here()?.paused?.reason).toBe('disabled');
  });

  test('being seen refreshes the route and nothing else', async () => {
    const before = here();
    await at.send({ kind: 'seen', id: 's1', address: { ...place, route: 'new' } });
    expect(here()).toEqual({ ...before, address: { ...place, route: 'new' } });
  });

  test('the zone of a channel is that of who brought the bot, and stays', async () => {
    await at.send(command({ id: 'e-9', actor: person('pat', { zone: 'America/Lima' }), text: 'test' }));
    expect(here()?.zone).toBe('Asia/Shanghai');
  });
});

describe('the form', () => {
  const submit = (values: Record<string, string>, over: Partial<Extract<InboundEvent, { kind: 'form' }>> = {}) =>
    at.send({ kind: 'form', id: `f${Object.values(values).join()}`, actor: ann, place: channel, form: 'subscribe', values, ...over });

  test('is what subscribe without a job opens, in the language of the asker', async () => {
    const opened = await at.send(command({ actor: person('li', { language: 'zh-CN' }), text: 'subscribe' }));
    expect(opened).toMatchObject({ kind: 'form', form: { id: 'subscribe', language: 'zh-CN' } });
    expect(opened.kind === 'form' && opened.form.fields.map(({ name }) => name)).toEqual(['job', 'preset', 'notify', 'dm']);
    const own = await at.send(command({ id: 'e-2', place: dmOfAnn, text: 'subscribe' }));
    expect(own.kind === 'form' && own.form.fields.map(({ name }) => name)).toEqual(['job', 'preset']);
  });

  test('follows as typed words do', async () => {
    expect((await submit({ job: '26f06524-4f75-4b3a-a853-b649a21aaf66', preset: 'everything', notify: 'true', dm: 'false' })).kind).toBe('reply');
    expect(await at.store.subscription(here()?.id ?? '', JOB_A)).toMatchObject({ subscription: { preset: 'everything', notify: { id: 'ann' } } });
  });

  test('follows in the own DM', async () => {
    await submit({ job: '26f06524', preset: 'problems', dm: 'true' });
    expect(await at.store.subscriptions(at.store.at(dmOfAnn.address)?.id ?? '')).toHaveLength(1);
  });

  test('what is wrong with the job is said beside it', async () => {
    expect(await submit({ job: ' ' })).toMatchObject({ kind: 'form-errors', errors: { job: expect.stringMatching(/./) } });
    expect(await submit({ job: 'nobody' })).toMatchObject({ kind: 'form-errors', errors: { job: expect.stringMatching(/./) } });
  });

  test('a form from elsewhere, or in a channel of others, is refused', async () => {
    expect((await submit({ job: '26f06524' }, { form: 'old', id: '1' })).kind).toBe('reply');
    expect((await submit({ job: '26f06524' }, { place: { ...channel, actorIsMember: false }, id: '2' })).kind).toBe('reply');
    expect(at.store.writes).toEqual([]);
  });

  test('offers jobs for what is typed', async () => {
    at.upstream.add(JOB_B, { voiceName: '客服-云佳' });
    const offered = (typed: string, field = 'job') => at.send({ kind: 'form-options', id: 'same', actor: ann, form: 'subscribe', field, typed });
    expect(await offered('')).toMatchObject({ kind: 'options', options: [{ label: 'narrator-01 · 26f06524' }, {}] });
    expect(await offered('客服')).toEqual({ kind: 'options', options: [{ value: '0f3d6a58-9c1c-4f0e-8f5f-1f8f0a6f9b02', label: '客服-云佳 · 0f3d6a58' }] });
    expect(await offered('x', 'other')).toEqual({ kind: 'options', options: [] });
    at.upstream.failing = 'hang';
    expect(await offered('narr')).toEqual({ kind: 'options', options: [] });
  });
});

test('the home shows what somebody follows for themselves, and the commands', async () => {
  await at.type('subscribe narrator-01 --dm');
  const home = await at.send({ kind: 'home', id: 'h', actor: ann, place: dmOfAnn });
  const cards = home.kind === 'home' ? home.cards : [];
  expect(cards).toHaveLength(3);
  expect(cards[1]?.text).toContain('26f06524');
  expect(cards[1]?.actions.map(({ name }) => name)).toEqual(['run', 'unfollow-dm']);
  const empty = await at.send({ kind: 'home', id: 'h2', actor: bob, place: { ...dmOfAnn, address: address('dm-bob'), name: 'bob' } });
  expect(empty.kind === 'home' && empty.cards).toHaveLength(2);
});

describe('what is suggested for a slip', () => {
  const runs = async (text: string) => (await at.type(text)).actions.filter(({ name }) => name === 'run').map(({ value }) => value);

  test.each([
    ['subscribe narrator-01 loud', ['subscribe narrator-01 milestones']],
    ['subscribe my voice', ['subscribe "my voice"']],
    ['subscribe "my voice', ['subscribe "my voice"']],
    ['status “my voice', ['status "my voice"']],
    ['status narrator-01 now', ['status narrator-01']],
    ['subscribe x loud', []],
    ['status x now', []],
    ['status "x loud', []],
  ])('%s: %s, which works', async (text, expected) => {
    at.upstream.add(JOB_B, { voiceName: 'my voice' });
    expect(await runs(text)).toEqual(expected);
    for (const suggested of expected) expect((await at.ask(suggested)).kind).not.toBe('error');
  });

  test('is in words a name that is nobody’s while upstream cannot be asked', async () => {
    at.upstream.failing = 'hang';
    const card = await at.type('subscribe narrator-01 loud');
    expect(card.text).toContain('For example: “subscribe my-voice milestones”');
    expect(card.actions.map(({ name }) => name)).toEqual(['help']);
  });
});
