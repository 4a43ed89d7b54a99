import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../../adapters/teams/activity.ts';
import { commandOf } from '../../../adapters/teams/command-text.ts';

const account = (id: string, name: string): Account => ({ id, aadObjectId: '', name, isBot: false });
const BOT = account('28:bot', 'Voicejob');
const BOB = account('29:bob', 'Bob');
const mention = (mentioned: Account) => ({ text: `<at>${mentioned.name}</at>`, mentioned });
const read = (text: string, people: readonly Account[] = []) =>
  commandOf({ text, mentions: [...(text.includes('<at>Voicejob</at>') ? [mention(BOT)] : []), ...people.map(mention)], recipient: BOT });

describe('the command in what somebody wrote', () => {
  test.each([
    ['list', 'list'],
    ['<at>Voicejob</at> list', 'list'],
    ['<at>Voicejob</at>&nbsp;list ', 'list'],
    ['list <at>Voicejob</at>', 'list'],
    ['/list', 'list'],
    ['/voicejob list', 'list'],
    ['VoiceJob\u00a0list', 'list'],
    ['@voicejob list', 'list'],
    ['<at>Voicejob</at>\n status  26f06524 \r\n', 'status 26f06524'],
    ['<at>Voicejob</at>', ''],
    ['voicejobs', 'voicejobs'],
    ['jobs A &amp; B &lt;new&gt;', 'jobs A & B <new>'],
    ['jobs A &amp;lt; B', 'jobs A &lt; B'],
    ['', ''],
  ])('%j is %j', (said, text) => {
    expect(read(said).text).toBe(text);
  });

  test('a mention is its place among those who are named; the same person is named once', () => {
    const { text, named } = read('subscribe x --notify <at>Bob</at><at>Bob</at>', [BOB, BOB]);
    expect([text, named]).toEqual(['subscribe x --notify <@0> <@0>', [BOB]]);
  });

  test('two people of one name are two', () => {
    const other = account('29:other', 'Bob');
    expect(read('<at>Bob</at> and <at>Bob</at>', [BOB, other])).toMatchObject({ text: '<@0> and <@1>', named: [BOB, other] });
  });

  test('a mention that no entity makes is text', () => {
    expect(read('subscribe x --notify <at>Bob</at>')).toEqual({ text: 'subscribe x --notify Bob', named: [], toBot: false });
  });

  test('nobody can type a mark themselves, however it is escaped', () => {
    const marks = fc.constantFrom(
      '<@0>',
      '&lt;@0&gt;',
      '&lt;@0>',
      '\uE0000\uE001',
      '<\u200b@0>',
      '&amp;lt;@0>',
      '<<at></at>@0>',
      '<<at x>@0>',
      '@',
      '0',
      '<',
      '>',
      ' ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(marks, { maxLength: 12 }), (parts) => {
        expect(read(parts.join('')).text).not.toMatch(/<@\d+>/);
      }),
    );
  });

  test('any text and any mentions are read', () => {
    const any = fc.record({ text: fc.string({ unit: 'binary' }), names: fc.array(fc.string({ unit: 'binary', maxLength: 5 }), { maxLength: 4 }) });
    fc.assert(
      fc.property(any, ({ text, names }) => {
        const { named } = commandOf({
          text,
          mentions: names.map((name, index) => ({ text: name, mentioned: account(`29:${index % 2}`, name) })),
          recipient: BOT,
        });
        expect(named.length).toBeLessThanOrEqual(2);
      }),
    );
  });
});
