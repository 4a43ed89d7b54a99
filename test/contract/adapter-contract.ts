/**
 * What every chat adapter must do, as one suite. A harness brings an adapter with a real counterpart of its platform, and looks at what
 * arrived there: never at which calls were made. What a platform cannot do is data (`traits`), and is then tested as such.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ChatAdapter, DeliveryId, MessageRef, Outcome, Post } from '../../src/ports/chat-adapter.ts';
import type { Inbound, InboundEvent, InboundResult } from '../../src/ports/inbound.ts';
import { type AdapterHarness, card, HOSTILE_TEXT } from './adapter-harness.ts';

const NOT_BEFORE = 0;

export function describeAdapterContract(name: string, makeHarness: () => Promise<AdapterHarness>): void {
  describe(`${name} keeps the adapter contract`, () => {
    let there: AdapterHarness;
    beforeEach(async () => {
      there = await makeHarness();
    });
    afterEach(() => there.close());

    let serial = 0;
    const delivery = (...keys: string[]): DeliveryId => {
      serial += 1;
      return { gen: `gen${serial}`, keys };
    };
    const post = (text: string, more: Partial<Post> = {}): Promise<Outcome> =>
      there.adapter.post({ address: there.channel, card: card(text), delivery: delivery('root'), root: null, raised: false, ...more });
    const posted = async (text: string, more: Partial<Post> = {}): Promise<MessageRef> => refOf(await post(text, more));
    const found = async (wanted: DeliveryId, address = there.channel, root: MessageRef | null = null) =>
      there.adapter.find({ address, delivery: wanted, root, notBefore: NOT_BEFORE });
    const looksUp = (): boolean => there.adapter.traits(there.channel).lookup;

    describe('posting', () => {
      test('a card that is posted can be read there, once', async () => {
        const ref = await posted('first words');
        const seen = await there.seen(there.channel);
        expect(seen).toHaveLength(1);
        expect(seen[0]).toMatchObject({ ref, root: null, inChannel: true });
        expect(seen[0]?.text).toContain('first words');
      });

      test('a reply stands below its root, and in the channel only when raised', async () => {
        if (!there.adapter.traits(there.channel).threads) return;
        const root = await posted('the root');
        await posted('a quiet reply', { root, delivery: delivery('a') });
        await posted('a raised reply', { root, raised: true, delivery: delivery('b') });
        const seen = await there.seen(there.channel);
        expect(seen.map((message) => [message.root, message.inChannel])).toEqual([
          [null, true],
          [root, false],
          [root, true],
        ]);
      });

      test('a conversation with one person is a dm, and takes messages', async () => {
        expect(there.adapter.traits(there.dm).dm).toBe(true);
        expect(there.adapter.traits(there.channel).dm).toBe(false);
        await posted('for one person', { address: there.dm });
        expect((await there.seen(there.dm)).map(({ text }) => text)).toEqual([expect.stringContaining('for one person')]);
        expect(await there.seen(there.channel)).toEqual([]);
      });

      test('the outcome names the address that posts go to from now on', async () => {
        const outcome = await post('words');
        expect(outcome).toMatchObject({ kind: 'delivered', address: { platform: there.adapter.platform, id: there.channel.id } });
      });

      test('text arrives as text, whoever wrote it and wherever it stands', async () => {
        const foreign = (text: string) => ({ kind: 'foreign' as const, text, bold: false });
        await posted('hostile', {
          card: card(HOSTILE_TEXT, {
            title: [foreign(HOSTILE_TEXT)],
            blocks: [
              { kind: 'line', spans: [foreign(HOSTILE_TEXT)] },
              { kind: 'quote', label: [foreign('label')], text: HOSTILE_TEXT },
              { kind: 'list', title: [], items: [[[foreign(HOSTILE_TEXT)]]] },
              { kind: 'timeline', items: [{ mark: 'failed', line: [foreign(HOSTILE_TEXT)], quote: HOSTILE_TEXT }] },
            ],
          }),
        });
        const text = visible(await there.plainTextThere(there.channel));
        expect(text.split(visible(HOSTILE_TEXT)).length - 1).toBe(6);
      });
    });

    describe('finding', () => {
      test('a delivery is found by its life and its keys', async () => {
        const wanted = delivery('root');
        const ref = await posted('look for me', { delivery: wanted });
        expect(await found(wanted)).toEqual(
          looksUp() ? { kind: 'found', messages: [{ ref, keys: ['root'], at: expect.any(Number) }] } : expect.objectContaining({ kind: 'cannot-tell' }),
        );
      });

      test('one that holds some of the keys is found with all of its own', async () => {
        if (!looksUp()) return;
        const root = await posted('the root');
        const { gen } = delivery();
        const first = await posted('one and two', { root, delivery: { gen, keys: ['k1', 'k2'] } });
        const second = await posted('three', { root, delivery: { gen, keys: ['k3'] } });
        expect(messagesOf(await found({ gen, keys: ['k2', 'k3', 'k4'] }, there.channel, root))).toEqual([
          { ref: first, keys: ['k1', 'k2'], at: expect.any(Number) },
          { ref: second, keys: ['k3'], at: expect.any(Number) },
        ]);
      });

      test('two messages of one delivery are found, oldest first', async () => {
        if (!looksUp()) return;
        const wanted = delivery('twin');
        const refs = [await posted('one', { delivery: wanted }), await posted('two', { delivery: wanted })];
        expect(messagesOf(await found(wanted)).map(({ ref }) => ref)).toEqual(refs);
      });

      test('nothing is found of another life, of other keys, elsewhere, or once it is removed', async () => {
        if (!looksUp()) return;
        const wanted = delivery('root');
        const ref = await posted('words', { delivery: wanted });
        expect(messagesOf(await found({ ...wanted, gen: 'another' }))).toEqual([]);
        expect(messagesOf(await found({ ...wanted, keys: ['other'] }))).toEqual([]);
        expect(messagesOf(await found(wanted, there.dm))).toEqual([]);
        await there.adapter.remove({ address: there.channel, ref });
        expect(messagesOf(await found(wanted))).toEqual([]);
      });
    });

    describe('changing and removing', () => {
      test('an update changes what is there, in place, and it is still found', async () => {
        const wanted = delivery('root');
        const ref = await posted('before', { delivery: wanted });
        const outcome = await there.adapter.update({ address: there.channel, ref, card: card('after'), delivery: wanted });
        expect(outcome).toMatchObject({ kind: 'delivered', ref });
        const seen = await there.seen(there.channel);
        expect(seen.map((message) => message.ref)).toEqual([ref]);
        expect(seen[0]?.text).toContain('after');
        expect(seen[0]?.text).not.toContain('before');
        if (looksUp()) expect(messagesOf(await found(wanted)).map((message) => message.ref)).toEqual([ref]);
      });

      test('the same update twice is one change', async () => {
        const wanted = delivery('root');
        const ref = await posted('before', { delivery: wanted });
        const update = { address: there.channel, ref, card: card('after'), delivery: wanted };
        expect(await there.adapter.update(update)).toEqual(await there.adapter.update(update));
        expect(await there.seen(there.channel)).toHaveLength(1);
      });

      test('an update of what a person removed is gone, and brings nothing back', async () => {
        const wanted = delivery('root');
        const ref = await posted('before', { delivery: wanted });
        await there.deleteByHand(there.channel, ref);
        expect(await there.adapter.update({ address: there.channel, ref, card: card('after'), delivery: wanted })).toEqual({ kind: 'gone' });
        expect(await there.seen(there.channel)).toEqual([]);
      });

      test('removing may be repeated', async () => {
        const ref = await posted('words');
        expect(await there.adapter.remove({ address: there.channel, ref })).toMatchObject({ kind: 'delivered' });
        expect(['gone', 'delivered']).toContain((await there.adapter.remove({ address: there.channel, ref })).kind);
        expect(await there.seen(there.channel)).toEqual([]);
      });
    });

    describe('outcomes', () => {
      test('throttled: later, after the time that the platform names, and not done', async () => {
        there.failNext('post', { kind: 'throttled', afterMs: 7_000 });
        expect(await post('words')).toEqual({ kind: 'later', reason: 'throttled', afterMs: 7_000 });
        expect(await there.seen(there.channel)).toEqual([]);
        expect((await post('words')).kind).toBe('delivered');
      });

      test('an update can be throttled too, and leaves what is there', async () => {
        const wanted = delivery('root');
        const ref = await posted('before', { delivery: wanted });
        there.failNext('update', { kind: 'throttled', afterMs: 3_000 });
        expect(await there.adapter.update({ address: there.channel, ref, card: card('after'), delivery: wanted })).toMatchObject({
          kind: 'later',
          afterMs: 3_000,
        });
        expect((await there.seen(there.channel))[0]?.text).toContain('before');
      });

      test('an archived channel is dead, and says so', async () => {
        await there.archive(there.channel);
        expect(await post('words')).toEqual({ kind: 'dead', scope: 'destination', reason: 'archived' });
      });

      test('an address that leads nowhere is dead', async () => {
        expect(await post('words', { address: there.nowhere })).toMatchObject({ kind: 'dead', scope: 'destination' });
      });

      for (const kind of ['lost', 'hang'] as const) {
        for (const applied of [true, false]) {
          test(`${kind === 'lost' ? 'an answer that is lost' : 'no answer at all'} is unknown, and looking tells: ${applied ? 'it is there' : 'it is not'}`, async () => {
            const wanted = delivery('root');
            there.failNext('post', { kind, applied });
            expect(await post('words', { delivery: wanted })).toMatchObject({ kind: 'unknown' });
            expect(await there.seen(there.channel)).toHaveLength(applied ? 1 : 0);
            if (looksUp()) expect(messagesOf(await found(wanted))).toHaveLength(applied ? 1 : 0);
          });
        }
      }

      test('an update whose answer is lost is unknown', async () => {
        const wanted = delivery('root');
        const ref = await posted('before', { delivery: wanted });
        there.failNext('update', { kind: 'lost', applied: true });
        expect(await there.adapter.update({ address: there.channel, ref, card: card('after'), delivery: wanted })).toMatchObject({ kind: 'unknown' });
        expect((await there.seen(there.channel))[0]?.text).toContain('after');
      });
    });

    describe('receiving', () => {
      test('a command reaches the core with who, where and what, and the answer is for one person only', async () => {
        const { inbound, events } = recorder({ kind: 'reply', card: card('a private answer'), replaces: false });
        await there.start(inbound);
        await there.command(there.channel, 'status 26f06524', 'event-0001');
        expect(events).toEqual([expect.objectContaining({ kind: 'command', text: 'status 26f06524', mentions: [] })]);
        const [event] = events;
        if (event?.kind !== 'command') throw new Error('no command came');
        expect(event.actor).toMatchObject({ platform: there.adapter.platform, member: true, guest: false, dm: { id: there.dm.id } });
        expect(event.place).toMatchObject({ address: { platform: there.adapter.platform, id: there.channel.id }, dm: false, actorIsMember: true });
        expect(await there.plainTextThere(there.channel)).toContain('a private answer');
        expect(await there.seen(there.channel)).toEqual([]);
      });

      test('a command in a dm says so', async () => {
        const { inbound, events } = recorder({ kind: 'none' });
        await there.start(inbound);
        await there.command(there.dm, 'list', 'event-0002');
        expect(events).toEqual([expect.objectContaining({ kind: 'command', place: expect.objectContaining({ dm: true }) })]);
      });

      test('a pressed button comes back with its name, its value and its message', async () => {
        const { inbound, events } = recorder({ kind: 'reply', card: card('the history'), replaces: false });
        await there.start(inbound);
        const action = { name: 'history', value: 'p/26f06524', label: 'History', url: null, style: 'default' as const, confirm: null };
        const ref = await posted('with a button', { card: card('with a button', { actions: [action] }) });
        await there.press(there.channel, { ref, name: 'history', value: 'p/26f06524' }, 'event-0003');
        expect(events).toEqual([expect.objectContaining({ kind: 'action', name: 'history', value: 'p/26f06524', message: ref })]);
        expect(await there.plainTextThere(there.channel)).toContain('the history');
        expect(await there.seen(there.channel)).toHaveLength(1);
      });

      test('an event that the platform repeats has the same id', async () => {
        const { inbound, events } = recorder({ kind: 'none' });
        await there.start(inbound);
        await there.command(there.channel, 'list', 'event-0004');
        await there.command(there.channel, 'list', 'event-0004');
        await there.command(there.channel, 'list', 'event-0005');
        const ids = events.map(({ id }) => id);
        expect(ids).toHaveLength(3);
        expect(ids[1]).toBe(ids[0]);
        expect(ids[2]).not.toBe(ids[0]);
      });

      test('what is shared is there for everyone', async () => {
        const { inbound } = recorder({ kind: 'share', card: card('shared words') });
        await there.start(inbound);
        await there.command(there.channel, 'share', 'event-0006');
        expect((await there.seen(there.channel)).map(({ text }) => text)).toEqual([expect.stringContaining('shared words')]);
      });
    });

    describe('life', () => {
      test('a platform that is well is checked without a problem', async () => {
        expect(await there.adapter.check()).toEqual({ ok: true, problem: null });
      });

      test('posting needs no start', async () => {
        expect((await post('words')).kind).toBe('delivered');
      });

      test('start and stop may come in any number and order', async () => {
        const { inbound, events } = recorder({ kind: 'none' });
        await there.adapter.stop();
        await Promise.all([there.start(inbound), there.start(inbound)]);
        await Promise.all([there.adapter.stop(), there.adapter.stop()]);
        await there.start(inbound);
        await there.command(there.channel, 'list', 'event-0007');
        expect(events).toHaveLength(1);
        await there.adapter.stop();
        expect((await post('words')).kind).toBe('delivered');
      });
    });
  });
}

function recorder(result: InboundResult): { readonly inbound: Inbound; readonly events: readonly InboundEvent[] } {
  const events: InboundEvent[] = [];
  return {
    events,
    inbound: async (event) => {
      events.push(event);
      return result;
    },
  };
}

/** An adapter may part characters with invisible ones, so that nothing joins them to a command, and leave out what turns the direction of words. */
function visible(text: string): string {
  return text.replaceAll(/[\u200B\u2060\u202A-\u202E]/g, '');
}

function refOf(outcome: Outcome): MessageRef {
  if (outcome.kind !== 'delivered') throw new Error(`not delivered: ${JSON.stringify(outcome)}`);
  return outcome.ref;
}

function messagesOf(found: Awaited<ReturnType<ChatAdapter['find']>>): { readonly ref: MessageRef; readonly keys: readonly string[]; readonly at: number }[] {
  if (found.kind !== 'found') throw new Error(`cannot tell: ${found.reason}`);
  return [...found.messages];
}
