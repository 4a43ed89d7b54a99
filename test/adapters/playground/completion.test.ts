import { describe, expect, test } from 'vitest';
import { completing, jobLines } from '../../../adapters/playground/completion.ts';

function lines(text: string): readonly string[] {
  return completing(text, 'en').offers.map(({ insert }) => insert);
}

describe('a command', () => {
  test('is completed from its start, with what it takes and what it does', () => {
    expect(completing('hi', 'en').offers).toEqual([
      { label: 'history <job>', detail: 'Everything that happened, with the time per step.', insert: 'history ' },
    ]);
    expect(completing('hi', 'zh-CN').offers[0]?.detail).toMatch(/\p{Script=Han}/u);
  });

  test.each(['/', '/v', '/voicejob', '/voicejob '])('%j offers every command, with the name of the bot whole', (text) => {
    expect(lines(text)).toHaveLength(11);
    expect(lines(text)).toContain('/voicejob help');
  });

  test('keeps the mark it began with', () => {
    expect(lines('@voicejob un')).toEqual(['@voicejob unmute ', '@voicejob unsubscribe ']);
    expect(lines('/stat')).toEqual(['/voicejob status ']);
  });

  test('that nobody knows has no offers', () => expect(completing('/voicejob hsitory', 'en')).toEqual({ offers: [], job: null }));
});

describe('what a command takes', () => {
  test('a job comes first, and is looked for by what was typed of it', () => {
    expect(completing('/voicejob history narr', 'en')).toEqual({ offers: [], job: { before: '/voicejob history ', typed: 'narr' } });
    expect(completing('unsubscribe a', 'en')).toMatchObject({ offers: [{ insert: 'unsubscribe all ' }], job: { typed: 'a' } });
  });

  test('then presets and options, each once', () => {
    expect(lines('subscribe x ')).toEqual([
      ...['problems', 'milestones', 'everything', '--dm', '--notify @You', '--notify @Lin', '--notify @Sam'].map((word) => `subscribe x ${word} `),
    ]);
    expect(lines('subscribe x problems --d')).toEqual(['subscribe x problems --dm ']);
    expect(lines('subscribe x problems --notify @l')).toEqual(['subscribe x problems --notify @Lin ']);
    expect(lines('follow x --dm problems --notify @Sam ')).toEqual([]);
    expect(lines('mute x 2')).toEqual(['mute x 2h ']);
    expect(lines('language zh')).toEqual(['language zh-CN ']);
    expect(lines('jobs ')).toEqual([]);
  });
});

test('a job is put as its voice name where that is one word and one of a kind, else as its short id', () => {
  const found = [
    { value: '7d1c52f0-3b7e', label: 'narrator-02 · 7d1c52f0' },
    { value: '5e90ab34-61d2', label: '客服-小禾 · 5e90ab34' },
    { value: 'aaaa0001-61d2', label: 'twin · aaaa0001' },
    { value: 'aaaa0002-61d2', label: 'twin · aaaa0002' },
    { value: 'bbbb0001-61d2', label: 'two words · bbbb0001' },
    { value: 'cccc0001-61d2', label: 'cccc0001' },
    { value: 'dddd0001-61d2', label: '--dm · dddd0001' },
  ];
  expect(jobLines(found, { before: 'history ' }).map(({ insert }) => insert)).toEqual(
    ['narrator-02', '客服-小禾', 'aaaa0001', 'aaaa0002', 'bbbb0001', 'cccc0001', 'dddd0001'].map((job) => `history ${job} `),
  );
});
