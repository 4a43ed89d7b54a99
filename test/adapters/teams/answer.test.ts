import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AdaptiveCard } from '../../../adapters/teams/elements.ts';
import type { CardAction } from '../../../src/domain/card.ts';
import type { Form } from '../../../src/ports/inbound.ts';
import { card } from '../../contract/adapter-harness.ts';
import { eventually } from '../../support/program.ts';
import { startTeamsBench, type TeamsBench } from '../../support/teams-bench.ts';
import { buttonsOf, cardOf, textOf } from '../../support/teams-client.ts';
import type { TeamsConversation, TeamsMessage, TeamsPerson } from '../../support/teams-places.ts';
import { complaintsOf } from './as-teams.ts';

let bench: TeamsBench;
let ann: TeamsPerson;
beforeEach(async () => {
  bench = await startTeamsBench();
  ({ ann } = bench.connector.people);
});
afterEach(() => bench.close());

const button = (more: Partial<CardAction> = {}): CardAction => ({
  name: 'history',
  value: 'p/26f06524',
  label: 'History',
  url: null,
  style: 'default',
  confirm: null,
  ...more,
});
const CONFIRM = { question: 'Stop following "Narrator *01*"?', yes: 'Stop following', no: 'Keep' };

const privates = (place: TeamsConversation): readonly TeamsMessage[] => bench.connector.seen(place.id, ann).filter(({ from }) => from === 'bot');
const publics = (place: TeamsConversation): readonly TeamsMessage[] => bench.connector.seen(place.id).filter(({ from }) => from === 'bot');
const MESSAGE = 'application/vnd.microsoft.activity.message';
const CARD = 'application/vnd.microsoft.card.adaptive';

/** The one answer there, once it is there. */
async function answered(place: TeamsConversation, words: string): Promise<TeamsMessage> {
  return eventually(async () => privates(place).find((message) => textOf(message).includes(words)));
}

function last(place: TeamsConversation): TeamsMessage {
  const message = privates(place).at(-1);
  if (!message) throw new Error('nothing is there');
  return message;
}

/** Ann asks, and the core answers with a card. */
async function ask(place: TeamsConversation, actions: readonly CardAction[] = []): Promise<TeamsMessage> {
  bench.answer(() => ({ kind: 'reply', card: card('the answer', { actions }), replaces: false }));
  await bench.client.message({ who: ann, at: place, text: 'list' });
  return answered(place, 'the answer');
}

describe('a private answer', () => {
  test('to a slash command is seen by one person, with the flag that makes it so', async () => {
    bench.answer(() => ({ kind: 'reply', card: card('the answer'), replaces: false }));
    expect(await bench.client.slash({ who: ann, at: bench.channel, text: 'list', id: '4711' })).toMatchObject({ status: 200, text: '' });
    const answer = await answered(bench.channel, 'the answer');
    expect(answer).toMatchObject({ targetedTo: ann.id, activity: { recipient: { id: ann.id, isTargeted: true } } });
    expect(answer.activity.entities).toEqual([{ type: 'targetedMessageInfo', messageId: '4711' }]);
    expect(publics(bench.channel)).toEqual([]);
  });

  test('to a mention in a channel stands in its thread, and is not for everyone either', async () => {
    const { root } = await ask(bench.channel);
    expect(root).toBe(bench.connector.seen(bench.channel.id)[0]?.id);
    expect(publics(bench.channel)).toEqual([]);
  });

  test('in a group chat is seen by one person', async () => {
    await ask(bench.group);
    expect(publics(bench.group)).toEqual([]);
  });

  test('in a personal chat is a message like any other', async () => {
    expect(await ask(bench.personal)).toMatchObject({ targetedTo: null, root: null });
  });

  test('goes to the person’s own chat where Teams takes no private messages, never to everyone', async () => {
    bench.connector.fail('post', { kind: 'refused', status: 400, code: 'BadArgument' });
    bench.answer(() => ({ kind: 'reply', card: card('the answer'), replaces: false }));
    await bench.client.message({ who: ann, at: bench.channel, text: 'list' });
    await answered(bench.personal, 'the answer');
    expect(privates(bench.channel)).toEqual([]);
  });

  test('that may have arrived is not sent again', async () => {
    bench.connector.fail('post', { kind: 'status', status: 502, applied: true });
    bench.answer(() => ({ kind: 'reply', card: card('the answer'), replaces: false }));
    await bench.client.message({ who: ann, at: bench.channel, text: 'list' });
    await answered(bench.channel, 'the answer');
    await bench.bot.stop();
    expect(bench.connector.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});

describe('a click', () => {
  test('is by whoever the roster has at that moment: a guest is one at the next click', async () => {
    const message = await ask(bench.channel, [button()]);
    const click = async () => {
      await bench.client.press({ who: ann, at: bench.channel, message, verb: 'history' });
      return bench.events.at(-1);
    };
    expect(await click()).toMatchObject({ kind: 'action', actor: { member: true, guest: false }, place: { actorIsMember: true } });
    const { members } = bench.channel;
    members[members.indexOf(ann)] = { ...ann, guest: true };
    expect(await click()).toMatchObject({ kind: 'action', actor: { guest: true } });
  });

  test('on a card for everyone is answered beside it, and the card stays', async () => {
    const posted = await bench.bot.post({
      address: bench.addressOf(bench.channel),
      card: card('live', { actions: [button()] }),
      delivery: { gen: 'g', keys: ['root'] },
      root: null,
      raised: false,
    });
    const [live] = publics(bench.channel);
    if (!live) throw new Error('nothing was posted');
    bench.answer(() => ({ kind: 'reply', card: card('the history'), replaces: true }));
    const click = await bench.client.press({ who: ann, at: bench.channel, message: live, verb: 'history' });
    expect(click).toMatchObject({ status: 200, body: { statusCode: 200, type: MESSAGE, value: 'the history' } });
    expect(posted).toMatchObject({ ref: live.id });
    expect(publics(bench.channel).map(({ edits }) => edits)).toEqual([0]);
    expect(await answered(bench.channel, 'the history')).toMatchObject({ targetedTo: ann.id });
  });

  test('on an answer puts the next answer in its place, at once and for good', async () => {
    for (const place of [bench.channel, bench.personal]) {
      const message = await ask(place, [button()]);
      bench.answer(() => ({ kind: 'reply', card: card('page two', { actions: [button()] }), replaces: true }));
      const { body } = await bench.client.press({ who: ann, at: place, message, verb: 'history' });
      expect(body).toMatchObject({ type: CARD, value: { type: 'AdaptiveCard' } });
      expect(privates(place).map((one) => [one.id, textOf(one).includes('page two')])).toEqual([[message.id, true]]);
      expect(cardOf(privates(place)[0])).toEqual(body?.value);
    }
  });

  test('on an answer that is no longer there brings a new one', async () => {
    const message = await ask(bench.channel, [button()]);
    bench.connector.deleteByHand(message.id);
    bench.answer(() => ({ kind: 'reply', card: card('page two'), replaces: true }));
    const { body } = await bench.client.press({ who: ann, at: bench.channel, message, verb: 'history' });
    expect(body).toMatchObject({ type: MESSAGE });
    await answered(bench.channel, 'page two');
  });

  test('that pretends to be on an answer does not change what everyone sees', async () => {
    await bench.bot.post({ address: bench.addressOf(bench.channel), card: card('live'), delivery: { gen: 'g', keys: ['root'] }, root: null, raised: false });
    const [live] = publics(bench.channel);
    const action = { type: 'Action.Execute', verb: 'history', data: { value: 'p/26f06524', on: 'answer' } };
    bench.answer(() => ({ kind: 'reply', card: card('page two'), replaces: true }));
    await bench.client.invoke({ who: ann, at: bench.channel, root: live?.id ?? '', name: 'adaptiveCard/action', value: { action }, replyToId: live?.id ?? '' });
    expect(publics(bench.channel).map((one) => [textOf(one).includes('live'), one.edits])).toEqual([[true, 0]]);
    expect(await answered(bench.channel, 'page two')).toMatchObject({ targetedTo: ann.id });
  });

  test('that asks first is asked in private; yes does it, in the question’s place', async () => {
    const message = await ask(bench.channel, [button({ name: 'unfollow', confirm: CONFIRM })]);
    const asked = await bench.client.press({ who: ann, at: bench.channel, message, verb: 'unfollow' });
    expect(asked.body).toMatchObject({ type: MESSAGE, value: CONFIRM.question });
    expect(bench.events).toHaveLength(1);
    const question = last(bench.channel);
    expect(textOf(question)).toContain(CONFIRM.question);
    expect(buttonsOf(question).map(({ title, verb }) => [title, verb])).toEqual([
      ['Stop following', 'unfollow'],
      ['Keep', 'form/dismiss'],
    ]);
    bench.answer(() => ({ kind: 'reply', card: card('no longer followed'), replaces: false }));
    await bench.client.press({ who: ann, at: bench.channel, message: question, verb: 'unfollow' });
    expect(bench.events.at(-1)).toMatchObject({ kind: 'action', name: 'unfollow', value: 'p/26f06524' });
    expect(privates(bench.channel).map((one) => one.id)).toEqual([message.id, question.id]);
    expect(textOf(privates(bench.channel)[1])).toContain('no longer followed');
  });

  test.each([
    ['en', 'en'],
    ['zh-CN', 'zh'],
  ] as const)('that asks first asks in the language of its card: %s', async (language, lang) => {
    bench.answer(() => ({ kind: 'reply', card: card('the answer', { language, actions: [button({ name: 'unfollow', confirm: CONFIRM })] }), replaces: false }));
    await bench.client.message({ who: ann, at: bench.personal, text: 'list' });
    const message = await answered(bench.personal, 'the answer');
    await bench.client.press({ who: ann, at: bench.personal, message, verb: 'unfollow' });
    expect(cardOf(last(bench.personal))?.lang).toBe(lang);
    expect(textOf(last(bench.personal))).toContain(CONFIRM.question);
  });

  test('no takes the question away, and nothing happens', async () => {
    const message = await ask(bench.personal, [button({ name: 'unfollow', confirm: CONFIRM })]);
    await bench.client.press({ who: ann, at: bench.personal, message, verb: 'unfollow' });
    const question = last(bench.personal);
    expect((await bench.client.press({ who: ann, at: bench.personal, message: question, verb: 'form/dismiss' })).body).toMatchObject({ value: 'Keep' });
    expect(privates(bench.personal).map(({ id }) => id)).toEqual([message.id]);
    expect(bench.events).toHaveLength(1);
  });

  test('that is none of ours is not implemented', async () => {
    for (const [name, value] of [
      ['signin/verifyState', {}],
      ['adaptiveCard/action', {}],
      ['adaptiveCard/action', { action: { type: 'Action.Execute', verb: 7 } }],
    ] as const) {
      expect((await bench.client.invoke({ who: ann, at: bench.personal, name, value })).status).toBe(501);
    }
    expect(bench.events).toEqual([]);
  });

  test('whose result takes long is answered before it is there', async () => {
    const message = await ask(bench.personal, [button()]);
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.answer(async () => {
      await promise;
      return { kind: 'reply', card: card('late words'), replaces: false };
    });
    const { body } = await bench.client.press({ who: ann, at: bench.personal, message, verb: 'history' });
    expect(body).toMatchObject({ type: MESSAGE, value: '…' });
    resolve();
    await answered(bench.personal, 'late words');
  }, 15_000);
});

test('what is shared is for everyone, where it was asked', async () => {
  const message = await ask(bench.channel, [button({ name: 'share', value: 'status 26f06524' })]);
  bench.answer(() => ({ kind: 'share', card: card('shared words') }));
  await bench.client.press({ who: ann, at: bench.channel, root: message.root, message, verb: 'share' });
  expect(publics(bench.channel).map((one) => [textOf(one).includes('shared words'), one.root])).toEqual([[true, message.root]]);
});

test('what could not be shared is said to have gone wrong, and is not shown as if it had been', async () => {
  const message = await ask(bench.channel, [button({ name: 'share', value: 'status 26f06524' })]);
  bench.answer(() => ({ kind: 'share', card: card('shared words') }));
  bench.connector.fail('post', { kind: 'refused', status: 403, code: 'MessageWritesBlocked' });
  const { body } = await bench.client.press({ who: ann, at: bench.channel, root: message.root, message, verb: 'share' });
  expect(body).toEqual({ statusCode: 500, type: 'application/vnd.microsoft.error', value: { code: '500', message: expect.any(String) } });
  expect(publics(bench.channel)).toEqual([]);
});

describe('the form', () => {
  const FORM: Form = {
    id: 'subscribe',
    language: 'en',
    title: 'Follow a job',
    submit: 'Follow',
    cancel: 'Cancel',
    fields: [
      { kind: 'search', name: 'job', label: 'Job', hint: 'Type a name', value: '' },
      { kind: 'choice', name: 'preset', label: 'What', options: [{ value: 'milestones', label: 'Milestones' }], value: 'milestones' },
      { kind: 'check', name: 'notify', label: 'Mention me', value: false },
    ],
  };
  const OPTIONS = [{ value: '26f06524', label: 'Narrator · 26f06524' }];

  async function open(place: TeamsConversation): Promise<TeamsMessage> {
    bench.answer((event) => (event.kind === 'form-options' ? { kind: 'options', options: OPTIONS } : { kind: 'form', form: FORM }));
    await bench.client.message({ who: ann, at: place, text: 'subscribe' });
    return answered(place, 'Follow a job');
  }

  test('is a private card with its fields, which offers jobs at once', async () => {
    const message = await open(bench.channel);
    expect(message.targetedTo).toBe(ann.id);
    expect(cardOf(message)?.body.slice(1)).toEqual([
      expect.objectContaining({
        type: 'Input.ChoiceSet',
        id: 'job',
        label: 'Job',
        style: 'filtered',
        choices: [expect.objectContaining({ value: '26f06524' })],
        'choices.data': { type: 'Data.Query', dataset: 'subscribe/job' },
      }),
      expect.objectContaining({ type: 'Input.ChoiceSet', id: 'preset', value: 'milestones' }),
      expect.objectContaining({ type: 'Input.Toggle', id: 'notify', value: 'false', valueOn: 'true' }),
    ]);
  });

  test('is a card that Teams’ library takes', async () => {
    const drawn = cardOf(await open(bench.personal)) as unknown as AdaptiveCard;
    expect(complaintsOf(drawn)).toEqual([]);
  });

  test('offers jobs for each letter that is typed without asking each time who types', async () => {
    const message = await open(bench.personal);
    const before = bench.connector.requests.length;
    for (const text of ['n', 'na', 'nar']) await bench.client.search({ who: ann, at: bench.personal, dataset: 'subscribe/job', text, message });
    expect(bench.connector.requests).toHaveLength(before);
  });

  test('offers jobs for what is typed', async () => {
    const message = await open(bench.personal);
    const { body } = await bench.client.search({ who: ann, at: bench.personal, dataset: 'subscribe/job', text: 'narr', message });
    expect(bench.events.at(-1)).toMatchObject({ kind: 'form-options', form: 'subscribe', field: 'job', typed: 'narr', actor: { id: ann.aadObjectId } });
    expect(body).toEqual({
      statusCode: 200,
      type: 'application/vnd.microsoft.search.searchResponse',
      value: { results: [{ value: '26f06524', title: expect.stringContaining('Narrator') }] },
    });
  });

  test('submitted, comes with what was put in, and the answer takes its place', async () => {
    const message = await open(bench.channel);
    bench.answer(() => ({ kind: 'reply', card: card('now followed'), replaces: false }));
    const inputs = { job: '26f06524', preset: 'milestones', notify: 'true' };
    const { body } = await bench.client.press({ who: ann, at: bench.channel, message, verb: 'form/submit', inputs });
    expect(bench.events.at(-1)).toMatchObject({ kind: 'form', form: 'subscribe', values: inputs, place: { address: { id: bench.channel.id } } });
    expect(body).toMatchObject({ type: CARD });
    expect(privates(bench.channel).map((one) => [one.id, textOf(one).includes('now followed')])).toEqual([[message.id, true]]);
  });

  test('that is wrong stays as it was filled in, and says what is wrong', async () => {
    const message = await open(bench.channel);
    bench.answer(() => ({ kind: 'form-errors', errors: { job: 'Choose a job.' } }));
    const { body } = await bench.client.press({ who: ann, at: bench.channel, message, verb: 'form/submit', inputs: {} });
    expect(body).toEqual({ statusCode: 200, type: MESSAGE, value: 'Choose a job.' });
    expect(privates(bench.channel).map(({ id, edits }) => [id, edits])).toEqual([[message.id, 0]]);
  });

  test('whose errors come too late to stand beside it brings them as a private message, and stays', async () => {
    const message = await open(bench.channel);
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.answer(async () => {
      await promise;
      return { kind: 'form-errors', errors: { job: 'Choose a job.' } };
    });
    const { body } = await bench.client.press({ who: ann, at: bench.channel, message, verb: 'form/submit', inputs: {} });
    expect(body).toMatchObject({ type: MESSAGE, value: '…' });
    resolve();
    const said = await answered(bench.channel, 'Choose a job.');
    expect(said.targetedTo).toBe(ann.id);
    expect(complaintsOf(cardOf(said) as unknown as AdaptiveCard)).toEqual([]);
    expect(privates(bench.channel).map(({ id, edits }) => [id, edits])).toEqual([
      [message.id, 0],
      [said.id, 0],
    ]);
  }, 15_000);

  test('can be called off', async () => {
    const message = await open(bench.channel);
    await bench.client.press({ who: ann, at: bench.channel, message, verb: 'form/dismiss' });
    expect(privates(bench.channel)).toEqual([]);
  });
});
