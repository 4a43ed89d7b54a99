import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Form, InboundEvent, InboundResult } from '../../../src/ports/inbound.ts';
import { card } from '../../contract/adapter-harness.ts';
import { ANN, BY_ANN, clickIn, HOME_TEAM, type Receiving, startReceiving } from '../../support/slack-receiving.ts';
import { sendCommand, sendEvent, sendPayload, wordsIn } from '../../support/slack-signed.ts';

let there: Receiving;
beforeEach(async () => {
  there = await startReceiving();
});
afterEach(() => there.close());

const command = (more: Readonly<Record<string, string>> = {}) => {
  const said = { text: 'list', user_id: ANN.id, user_name: 'ann', team_id: HOME_TEAM, channel_id: 'C1', channel_name: 'voice-lab', trigger_id: 't1' };
  return sendCommand(there.url, { ...said, response_url: there.answers.url('r'), ...more });
};
const reply = (text: string, replaces = false): InboundResult => ({ kind: 'reply', card: card(text), replaces });
const view = (asked: Readonly<Record<string, string>> | undefined) => JSON.parse(asked?.view ?? 'null') as { [member: string]: unknown; blocks: object[] };

describe('a private answer', () => {
  test('goes through the response URL, beside what was asked', async () => {
    there.answerWith(reply('the list'));
    await command();
    await there.answers.received(1);
    expect(there.answers.all[0]).toMatchObject({ at: 'r', response_type: 'ephemeral', replace_original: false, unfurl_links: false });
    expect(wordsIn(there.answers.all[0]?.blocks)).toContain('the list');
  });

  test('takes the place of a private message that was clicked, never of one for everyone', async () => {
    there.answerWith(reply('the next page', true));
    const container = { type: 'message', message_ts: '1.1', channel_id: 'C1', is_ephemeral: true };
    await sendPayload(there.url, clickIn('C1', { container, response_url: there.answers.url('private') }));
    await sendPayload(there.url, clickIn('C1', { trigger_id: 'trigger-2', response_url: there.answers.url('everyone') }));
    await there.answers.received(2);
    const replaced = there.answers.all.map(({ at, replace_original }) => [at, replace_original]);
    expect(Object.fromEntries(replaced)).toEqual({ private: true, everyone: false });
  });

  test('through a used-up response URL becomes a message that one person sees, or else one in their own conversation', async () => {
    there.answers.expire();
    there.answerWith(reply('late words'));
    await command();
    const [whisper] = await there.waitFor('chat.postEphemeral');
    expect(whisper).toMatchObject({ channel: 'C1', user: ANN.id });
    expect(wordsIn(JSON.parse(whisper?.blocks ?? ''))).toContain('late words');
    expect(there.asked('chat.postMessage')).toEqual([]);

    there.say('chat.postEphemeral', { ok: false, error: 'not_in_channel' });
    await command({ trigger_id: 't2' });
    expect(await there.waitFor('chat.postMessage')).toEqual([expect.objectContaining({ channel: 'DUANN' })]);
  });

  test('is acknowledged before the core is asked', async () => {
    const { promise, resolve } = Promise.withResolvers<InboundResult>();
    there.answerWith(() => promise);
    expect((await command()).status).toBe(200);
    await there.told(1);
    expect(there.answers.all).toEqual([]);
    resolve(reply('at last'));
    await there.answers.received(1);
  });
});

describe('a shared answer', () => {
  test('is posted in the channel', async () => {
    there.answerWith({ kind: 'share', card: card('for everyone') });
    await sendPayload(there.url, clickIn('C1', { response_url: there.answers.url('r') }));
    expect(await there.waitFor('chat.postMessage')).toEqual([expect.objectContaining({ channel: 'C1', unfurl_links: 'false' })]);
    expect(there.answers.all).toEqual([]);
  });

  test('where the bot may not post comes through the response URL', async () => {
    there.say('chat.postMessage', { ok: false, error: 'not_in_channel' });
    there.answerWith({ kind: 'share', card: card('for everyone') });
    await command();
    await there.answers.received(1);
    expect(there.answers.all[0]).toMatchObject({ response_type: 'in_channel', replace_original: false });
  });
});

const FORM: Form = {
  id: 'subscribe',
  language: 'en',
  title: 'Follow a job, whatever its name may be',
  submit: 'Follow',
  cancel: 'Cancel',
  fields: [
    { kind: 'search', name: 'job', label: 'Job', hint: 'Type a name', value: '' },
    { kind: 'choice', name: 'preset', label: 'What', options: [{ value: 'milestones', label: 'Milestones' }], value: 'milestones' },
    { kind: 'check', name: 'dm', label: 'To me alone', value: true },
  ],
};

const submission = (more: object = {}) => ({
  type: 'view_submission',
  ...BY_ANN,
  trigger_id: 't-submit',
  view: {
    id: 'V1',
    type: 'modal',
    callback_id: 'subscribe',
    private_metadata: JSON.stringify({ channel: 'C1', name: 'voice-lab' }),
    blocks: [
      { type: 'input', block_id: 'job' },
      { type: 'input', block_id: 'preset' },
      { type: 'actions', block_id: 'dm' },
    ],
    state: {
      values: {
        job: { job: { type: 'external_select', selected_option: { value: 'j-1' } } },
        preset: { preset: { type: 'static_select', selected_option: { value: 'milestones' } } },
        dm: { dm: { type: 'checkboxes', selected_options: [{ value: 'true' }] } },
      },
    },
    ...more,
  },
});

describe('a form', () => {
  test('opens as a window that notes where it was asked for', async () => {
    there.answerWith({ kind: 'form', form: FORM });
    await command();
    const [opened] = await there.waitFor('views.open');
    expect(opened).toMatchObject({ trigger_id: 't1' });
    expect(view(opened)).toMatchObject({
      type: 'modal',
      callback_id: 'subscribe',
      title: { text: 'Follow a job, whatever …' },
      private_metadata: '{"channel":"C1","name":"voice-lab"}',
      blocks: [
        { type: 'input', block_id: 'job', element: { type: 'external_select', action_id: 'job', min_query_length: 0 } },
        { type: 'input', block_id: 'preset', element: { type: 'static_select', initial_option: { value: 'milestones' } } },
        { type: 'actions', block_id: 'dm', elements: [{ type: 'checkboxes', action_id: 'dm', initial_options: [{ value: 'true' }] }] },
      ],
    });
  });

  test('opens from the global shortcut for the person’s own conversation', async () => {
    there.answerWith({ kind: 'form', form: FORM });
    await sendPayload(there.url, { type: 'shortcut', callback_id: 'follow_job', ...BY_ANN, trigger_id: 't-short', action_ts: '1' });
    expect(await there.told(1)).toMatchObject({ kind: 'command', text: 'subscribe', place: { dm: true, address: { route: 'DUANN' } } });
    expect(view((await there.waitFor('views.open'))[0])).toMatchObject({ private_metadata: '{"channel":"","name":""}' });
  });

  test('offers what the core finds for what was typed', async () => {
    there.answerWith({
      kind: 'options',
      options: [
        { value: 'j-1', label: `Ada · ${'x'.repeat(100)}` },
        { value: 'y'.repeat(200), label: 'too long' },
      ],
    });
    const answer = await sendPayload(there.url, {
      type: 'block_suggestion',
      ...BY_ANN,
      action_id: 'job',
      block_id: 'job',
      value: 'ad',
      view: submission().view,
    });
    const { options } = (await answer.json()) as { options: { value: string; text: { text: string } }[] };
    expect(options.map(({ value, text }) => [value, text.text.length])).toEqual([['j-1', 75]]);
    expect(there.events).toEqual([expect.objectContaining({ kind: 'form-options', form: 'subscribe', field: 'job', typed: 'ad' })]);
  });

  test('comes back with its values, its place asked anew, and its answer as a message there', async () => {
    there.answerWith(reply('following'));
    there.say('conversations.info', { ok: true, channel: { id: 'C1', name: 'secret-lab', is_private: true } });
    there.say('conversations.members', { ok: true, members: ['UBOB'] });
    const answer = await sendPayload(there.url, submission());
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(there.events).toEqual([
      expect.objectContaining({
        kind: 'form',
        id: 't-submit',
        form: 'subscribe',
        values: { job: 'j-1', preset: 'milestones', dm: 'true' },
        place: { address: { platform: 'slack', id: `${HOME_TEAM}:C1`, route: 'C1' }, name: '#secret-lab', dm: false, actorIsMember: false },
      }),
    ]);
    expect(await there.waitFor('chat.postEphemeral')).toEqual([expect.objectContaining({ channel: 'C1', user: ANN.id })]);
  });

  test('with errors stays open, each beside an input', async () => {
    there.answerWith({ kind: 'form-errors', errors: { dm: 'Not there.' } });
    const answer = await sendPayload(there.url, submission());
    expect(await answer.json()).toEqual({ response_action: 'errors', errors: { job: 'Not there.' } });
    there.answerWith({ kind: 'form-errors', errors: { job: 'No such job.', dm: 'Not there.' } });
    const again = await sendPayload(there.url, { ...submission(), trigger_id: 't-2' });
    expect(await again.json()).toEqual({ response_action: 'errors', errors: { job: 'No such job.' } });
  });

  test('that takes longer than Slack waits is closed, and what is wrong with it is told as a message', async () => {
    const { promise, resolve } = Promise.withResolvers<InboundResult>();
    there.answerWith(() => promise);
    const answer = await sendPayload(there.url, submission());
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    resolve({ kind: 'form-errors', errors: { job: 'No such job.' } });
    const [whisper] = await there.waitFor('chat.postEphemeral');
    expect(whisper).toMatchObject({ text: 'No such job.' });
  });

  test('that Slack does not open any more is apologised for', async () => {
    there.say('views.open', { ok: false, error: 'expired_trigger_id' });
    there.answerWith({ kind: 'form', form: FORM });
    await command();
    await there.answers.received(1);
    expect(there.answers.all[0]?.text).toMatch(/id0000/);
  });

  test('a ticked box in an open form is no event', async () => {
    const ticked = { type: 'checkboxes', action_id: 'dm', block_id: 'dm', action_ts: '1', selected_options: [] };
    expect((await sendPayload(there.url, { type: 'block_actions', ...BY_ANN, trigger_id: 't', view: submission().view, actions: [ticked] })).status).toBe(200);
    await command();
    expect(await there.told(1)).toMatchObject({ kind: 'command' });
  });
});

describe('the Home', () => {
  const opened = { team_id: HOME_TEAM, event_id: 'Ev1', event: { type: 'app_home_opened', tab: 'home', user: ANN.id, channel: 'DUANN' } };
  const home = (event: InboundEvent): InboundResult =>
    event.kind === 'home' ? { kind: 'home', cards: [card('what I follow'), card('help')] } : reply('the status', true);
  const button = (more: object = {}) => ({
    type: 'block_actions',
    ...BY_ANN,
    container: { type: 'view', view_id: 'VHOME' },
    view: { id: 'VHOME', type: 'home', callback_id: '' },
    trigger_id: 't-home',
    actions: [{ type: 'button', action_id: 'status:0', value: 'p/j', action_ts: '1' }],
    ...more,
  });

  test('shows the core’s cards to who opens it', async () => {
    there.answerWith(home);
    await sendEvent(there.url, opened);
    const [published] = await there.waitFor('views.publish');
    expect(published?.user_id).toBe(ANN.id);
    expect(view(published).type).toBe('home');
    expect(wordsIn(view(published).blocks)).toMatch(/what I follow.*help/s);
    expect(there.events).toEqual([expect.objectContaining({ kind: 'home', id: 'Ev1', place: expect.objectContaining({ dm: true }) })]);
  });

  test('of somebody whom Slack can’t name at the moment says that something failed, and one that can’t be drawn says nothing', async () => {
    there.say('users.info', { ok: false, error: 'internal_error' });
    await sendEvent(there.url, opened);
    expect(wordsIn(view((await there.waitFor('views.publish'))[0]).blocks)).toMatch(/id0000/);
    there.say('users.info', { ok: true, user: ANN });
    there.say('views.publish', { ok: false, error: 'internal_error' });
    there.answerWith(home);
    await sendEvent(there.url, { ...opened, event_id: 'Ev2' });
    await there.waitFor('views.publish', 2);
    await command();
    await there.answers.received(1);
    expect(there.asked('chat.postMessage')).toEqual([]);
    expect(there.asked('views.open')).toEqual([]);
  });

  test('has at most a hundred blocks', async () => {
    there.answerWith({ kind: 'home', cards: Array.from({ length: 80 }, () => card('words')) });
    await sendEvent(there.url, opened);
    expect(view((await there.waitFor('views.publish'))[0]).blocks).toHaveLength(100);
  });

  test('a click in it is answered in a window, and it is drawn anew', async () => {
    there.answerWith(home);
    await sendPayload(there.url, button());
    const [window] = await there.waitFor('views.open');
    expect(window?.trigger_id).toBe('t-home');
    expect(wordsIn(view(window).blocks)).toContain('the status');
    expect(await there.waitFor('views.publish')).toHaveLength(1);
    expect(there.events[0]).toMatchObject({ kind: 'action', name: 'status', message: null, place: { dm: true, address: { route: 'DUANN' } } });
  });

  test('a click in that window changes the window', async () => {
    there.answerWith(home);
    await sendPayload(there.url, button({ view: { id: 'VCARD', type: 'modal', callback_id: 'card' } }));
    expect(await there.waitFor('views.update')).toEqual([expect.objectContaining({ view_id: 'VCARD' })]);
    await there.waitFor('views.publish');
  });

  test('a click in it that no window can answer any more is answered in the person’s own conversation', async () => {
    there.say('views.open', { ok: false, error: 'expired_trigger_id' });
    there.answerWith(home);
    await sendPayload(there.url, button());
    expect(await there.waitFor('chat.postMessage')).toEqual([expect.objectContaining({ channel: 'DUANN' })]);
  });
});
