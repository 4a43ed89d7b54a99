import { expect, test } from 'vitest';
import { askedOf, commandOf } from '../../../adapters/playground/inbound.ts';

test.each([
  ['/voicejob subscribe narrator-01', 'subscribe narrator-01'],
  ['@voicejob list', 'list'],
  ['/VoiceJob', ''],
  ['list', 'list'],
  ['/voicejobs list', '/voicejobs list'],
  ['/hsitory x', '/hsitory x'],
])('%j is the command %j', (said, text) => {
  expect(commandOf(said)).toEqual({ text, mentions: [] });
});

test('a person who is named is resolved, once, and others stay text', () => {
  const { text, mentions } = commandOf('subscribe j --notify @lin @Sam @Lin @nobody a@lin.example @linda');
  expect(text).toBe('subscribe j --notify <@0> <@1> <@0> @nobody a@lin.example @linda');
  expect(mentions.map(({ id, dm, member, guest }) => [id, dm?.id, member, guest])).toEqual([
    ['lin', 'dm-lin', true, false],
    ['sam', 'dm-sam', true, false],
  ]);
});

test('nobody can type the mark of a mention', () => {
  expect(commandOf('subscribe <@0> @Lin').text).toBe('subscribe <\u2060@0> <@0>');
});

const ID = 'event-00000001';

test('language and zone are taken only as far as they are known', () => {
  const actorOf = (language: unknown, zone: unknown) => {
    const asked = askedOf('command', { id: ID, place: 'voice-lab', text: 'list', language, zone });
    return asked.kind === 'event' ? asked.event.actor : null;
  };
  expect(actorOf('zh-TW', 'Asia/Shanghai')).toMatchObject({ language: 'zh-CN', zone: 'Asia/Shanghai' });
  expect(actorOf('en-GB', 'No/Where')).toMatchObject({ language: 'en', zone: null });
  expect(actorOf('fr', 7)).toMatchObject({ language: null, zone: null });
});

test.each([
  ['no object', null],
  ['a list', []],
  ['no id', { place: 'voice-lab', text: 'list' }],
  ['an id that is no id', { id: 'a b c d e f', place: 'voice-lab', text: 'list' }],
  ['an unknown place', { id: ID, place: 'elsewhere', text: 'list' }],
  ['no text', { id: ID, place: 'voice-lab', text: '  ' }],
])('%s is a bad request with a sentence', (_, body) => {
  expect(askedOf('command', body)).toEqual({ kind: 'bad', problem: expect.stringMatching(/\.$/) });
});

test('a form brings its values, text only', () => {
  const asked = askedOf('form', { id: ID, place: 'dm-you', form: 'subscribe', values: { job: 'p/j', dm: true, n: 1 } });
  expect(asked).toMatchObject({ event: { kind: 'form', form: 'subscribe', values: { job: 'p/j' }, place: { dm: true, name: 'You' } } });
});
