import { describe, expect, it } from 'vitest';
import { renderSlack } from '../../../adapters/slack/render.ts';
import { actionNameOf } from '../../../adapters/slack/render-actions.ts';
import type { Block, Card, CardAction, Line } from '../../../src/domain/card.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import { fixture, viewAt } from '../../domain/cards/fixture-views.ts';
import { type CheckedMessage, slackMessage, visibleText } from '../../support/slack-blocks.ts';

const HOSTILE =
  '<!channel> <@U1> <#C1|x> *b* _i_ ~s~ `c` ```p``` & &lt; [l](https://a.b) https://a.b @here :tada: <b>x</b> {{DATE(2026-01-01)}} \u200fשלום\u200f \u202eabc 🎉';
const LONG = `${HOSTILE}\n${'x'.repeat(4000 - HOSTILE.length - 1)}`;

const card = (given: Partial<Card>): Card => ({
  language: 'en',
  severity: 'info',
  emoji: '',
  title: [],
  blocks: [],
  actions: [],
  text: 'what the card says',
  ...given,
});
const button = (given: Partial<CardAction> = {}): CardAction => ({
  name: 'history',
  value: 'p/j',
  label: 'History',
  url: null,
  style: 'default',
  confirm: null,
  ...given,
});
const ours = (text: string, bold = false): Line => [{ kind: 'text', text, bold }];
const theirs = (text: string): Line => [{ kind: 'foreign', text, bold: false }];
const line = (spans: Line): Block => ({ kind: 'line', spans });
const note = (spans: Line): Block => ({ kind: 'note', spans });

function drawn(given: Partial<Card>): CheckedMessage {
  return slackMessage.parse(renderSlack(card(given)));
}

function seen(message: CheckedMessage): string {
  return visibleText(message, (at) => new Date(at).toISOString());
}

describe('a title', () => {
  it('is a header in which no emoji code is one', () => {
    const { blocks } = drawn({ emoji: '⏳', title: [...theirs('narrator-01'), ...ours(': training')] });
    expect(blocks).toEqual([{ type: 'header', text: { type: 'plain_text', text: '⏳ narrator-01: training', emoji: false } }]);
  });

  it.each(['<!channel>', 'a & b', '*x*', '~x~', '`x`', ':tada:', '_x_'])('with %s in a name is a bold line of rich text', (name) => {
    const { blocks } = drawn({ emoji: '❌', title: [...theirs(name), ...ours(': rejected')] });
    expect(blocks).toEqual([
      { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: `❌ ${name}: rejected`, style: { bold: true } }] }] },
    ]);
  });

  it('that is longer than a header takes is a bold line, uncut', () => {
    const message = drawn({ title: theirs('x'.repeat(151)) });
    expect(message.blocks[0]?.type).toBe('rich_text');
    expect(seen(message)).toBe('x'.repeat(151));
  });

  it('with a moment in it is a bold line, which has the client tell it', () => {
    const { blocks } = drawn({ title: [...ours('Muted until '), { kind: 'instant', at: 1_764_551_220_999, format: 'short' }] });
    expect(blocks[0]).toMatchObject({
      elements: [
        { elements: [{ text: 'Muted until ' }, { type: 'date', timestamp: 1_764_551_220, format: '{date_short_pretty} {time}', style: { bold: true } }] },
      ],
    });
  });
});

describe('a line', () => {
  it('mentions a person of Slack and names anybody else', () => {
    const { blocks } = drawn({
      blocks: [line([{ kind: 'mention', id: 'U0123', name: 'Ann' }, ...ours(' and '), { kind: 'mention', id: '29:abc', name: '<!here>' }])],
    });
    expect(blocks).toEqual([
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'user', user_id: 'U0123' },
              { type: 'text', text: ' and @<!here>' },
            ],
          },
        ],
      },
    ]);
  });

  it('tells a moment in UTC to a client that cannot format it', () => {
    const { blocks } = drawn({ language: 'zh-CN', blocks: [line([{ kind: 'instant', at: 1_764_551_220_000, format: 'short' }])] });
    expect(blocks[0]).toMatchObject({ elements: [{ elements: [{ type: 'date', fallback: '12月1日 01:07 UTC' }] }] });
  });

  it('keeps the words of others on their line and in their direction', () => {
    const message = drawn({ blocks: [line([...theirs('a\nb\u2028c\u0000d'), ...ours('|'), ...theirs('שלום\u202e'), ...ours('|'), ...theirs('\ud800')])] });
    expect(seen(message)).toBe('a b c d|\u2068שלום\u2069|\ufffd');
  });
});

describe('blocks', () => {
  it('small print at the end stands below the buttons', () => {
    const { blocks } = drawn({ blocks: [line(ours('words')), note(ours('small'))], actions: [button()] });
    expect(blocks.map(({ type }) => type)).toEqual(['rich_text', 'actions', 'context']);
  });

  it('small print with a moment is rich text, since a context knows none', () => {
    const { blocks } = drawn({ blocks: [note([...ours('since '), { kind: 'instant', at: 0, format: 'short' }])], actions: [button()] });
    expect(blocks.map(({ type }) => type)).toEqual(['rich_text', 'actions']);
  });

  it('commands in small print are told apart by quotation marks', () => {
    const message = drawn({ blocks: [note([...ours('Stop: '), { kind: 'code', text: 'unsubscribe 26f06524' }])] });
    expect(seen(message)).toBe('Stop: “unsubscribe 26f06524”');
  });

  it('steps break only between them, and the one that matters is bold', () => {
    const steps = [
      { label: 'Machine review', mark: 'done' as const },
      { label: 'Human review', mark: 'failed' as const },
    ];
    const { blocks } = drawn({ blocks: [{ kind: 'progress', caption: ours('Step 2 of 2'), steps }, line(ours('Attempt 1: rejected'))] });
    expect(blocks).toEqual([
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'Step 2 of 2\n✓\u00a0Machine\u00a0review  ' },
              { type: 'text', text: '✗\u00a0Human\u00a0review', style: { bold: true } },
              { type: 'text', text: '\nAttempt 1: rejected' },
            ],
          },
        ],
      },
    ]);
  });

  it('several entries are a list with the mark after the time, a single one is a line', () => {
    const entry = {
      mark: 'done' as const,
      line: [{ kind: 'instant' as const, at: 0, format: 'short' as const }, ...ours('  '), ...ours('Created', true)],
      quote: '',
    };
    const rejected = { ...entry, mark: 'failed' as const, line: ours('Rejected'), quote: 'why\n' };
    expect(seen(drawn({ blocks: [{ kind: 'timeline', items: [entry, rejected, { ...entry, mark: 'none' }] }] }))).toBe(
      '1970-01-01T00:00:00.000Z  ✓ Created\n✗ Rejected\nwhy\n1970-01-01T00:00:00.000Z  Created',
    );
    const { blocks } = drawn({ blocks: [{ kind: 'timeline', items: [rejected] }] });
    expect(blocks[0]).toMatchObject({ elements: [{ type: 'rich_text_section' }, { type: 'rich_text_quote' }] });
  });

  it('a bold line is the title of the facts below it, whose labels are plain then', () => {
    const { blocks } = drawn({ blocks: [line(ours('Where the time went', true)), { kind: 'facts', facts: [{ label: 'Training', value: ours('23h') }] }] });
    expect(blocks).toEqual([
      {
        type: 'rich_text',
        elements: [
          {
            type: 'rich_text_section',
            elements: [
              { type: 'text', text: 'Where the time went', style: { bold: true } },
              { type: 'text', text: '\nTraining  23h' },
            ],
          },
        ],
      },
    ]);
  });
});

describe('buttons', () => {
  it('have ids of their own that say what they do', () => {
    const { blocks } = drawn({ blocks: [line(ours('words'))], actions: [button(), button({ name: 'preset-dm', style: 'primary' })] });
    const ids = blocks.flatMap((block) => (block.type === 'actions' ? block.elements.map(({ action_id }) => action_id) : []));
    expect(ids).toEqual(['history:0', 'preset-dm:1']);
    expect(ids.map(actionNameOf)).toEqual(['history', 'preset-dm']);
  });

  it('that destroy ask first, under the words that were clicked', () => {
    const confirm = { question: 'Stop following here?', yes: 'Unfollow', no: 'Keep' };
    const { blocks } = drawn({ blocks: [line(ours('words'))], actions: [button({ name: 'unfollow', label: 'Unfollow', style: 'danger', confirm })] });
    expect(blocks[1]).toMatchObject({ elements: [{ confirm: { title: { text: 'Unfollow' }, text: { text: 'Stop following here?' }, style: 'danger' } }] });
  });

  it('that could not work are left out', () => {
    const actions = [
      button({ url: 'javascript:alert(1)', name: '' }),
      button({ url: 'no address', name: '' }),
      button({ value: 'x'.repeat(2001) }),
      button({ label: ' ' }),
      button({ confirm: { question: '', yes: 'y', no: 'n' } }),
      button({ url: 'https://console.example.com/?a=1&b=2', name: '', value: '' }),
    ];
    const { blocks } = drawn({ blocks: [line(ours('words'))], actions });
    expect(blocks[1]).toEqual({
      type: 'actions',
      elements: [
        { type: 'button', action_id: 'link:5', text: { type: 'plain_text', text: 'History', emoji: false }, url: 'https://console.example.com/?a=1&b=2' },
      ],
    });
  });
});

describe('text beside the blocks', () => {
  it('is escaped, and nothing in it turns the words after it round', () => {
    expect(drawn({ text: '<!channel> & \u202eabc\u202c: rejected\n\u0007' }).text).toBe('&lt;!channel&gt; &amp; abc: rejected\n\ufffd');
  });

  it('is never cut within an escape or a character', () => {
    for (let length = 2980; length < 3005; length++) {
      const { text } = drawn({ text: `${'x'.repeat(length)}&&&&&&&&&&` });
      expect(text).toMatch(/^x+(&amp;)*…?$/);
      expect(drawn({ text: `${'x'.repeat(length)}😀😀😀😀😀😀😀😀😀😀😀😀` }).text.isWellFormed()).toBe(true);
    }
  });

  it('is never empty, nor are the blocks', () => {
    expect(drawn({ text: ' \n' })).toEqual({
      text: '…',
      blocks: [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: '…' }] }] }],
    });
  });
});

describe('a card over the limit', () => {
  it('has its quotes shortened first, and keeps all else', () => {
    const quotes = ['a', 'b', 'c'].map((letter): Block => ({ kind: 'quote', label: ours(letter), text: letter.repeat(4500) }));
    const items = Array.from({ length: 30 }, (_, index) => [theirs(`${index}.wav`)]);
    const text = seen(drawn({ blocks: [...quotes, { kind: 'list', title: [], items }] }));
    expect(text).toContain(`${'a'.repeat(2499)}…`);
    expect(text).toContain('29.wav');
  });

  it('loses the ends of lists next, which is seen', () => {
    const items = Array.from({ length: 500 }, (_, index) => [theirs(`${index}.wav`), theirs('audio too short')]);
    const text = seen(drawn({ title: ours('Files'), blocks: [{ kind: 'list', title: [], items }] }));
    expect(text).toContain('39.wav\naudio too short\n…');
    expect(text).not.toContain('40.wav');
  });

  it('is its plain text when nothing else fits, with its buttons', () => {
    const message = drawn({ blocks: Array.from({ length: 60 }, (_, index) => line(ours(`${index}`))), text: 'all of it', actions: [button()] });
    expect(seen(message)).toBe('all of it\nHistory');
  });
});

describe('a hostile reason', () => {
  const view = viewAt(fixture('02'), 4);
  const journal = view.journal.map((entry) => (entry.kind === 'log' && entry.adminReason !== '' ? { ...entry, adminReason: LONG } : entry));
  const hostileView = { ...view, journal, facts: view.facts && { ...view.facts, voiceName: HOSTILE, audit: null } };
  const entries = journal.slice(-1);
  const wording = { language: 'en', zone: null, prefix: '' } as const;

  it('is drawn as that text, in one element that nothing parses', () => {
    const reply = slackMessage.parse(renderSlack(cardOf({ kind: 'reason', view: hostileView, key: entries[0]?.key ?? '' }, wording)));
    const quotes = reply.blocks.flatMap((block) => (block.type === 'rich_text' ? block.elements.filter(({ type }) => type === 'rich_text_quote') : []));
    expect(quotes).toEqual([{ type: 'rich_text_quote', elements: [{ type: 'text', text: LONG }] }]);
  });

  it('mentions nobody and sets no date, link or emoji in the news of it', () => {
    const news = cardOf({ kind: 'news', view: hostileView, entries, threads: true, dm: false, summary: 0, notify: null }, wording);
    const message = slackMessage.parse(renderSlack(news));
    expect(JSON.stringify(message)).not.toMatch(/"type":"(user|broadcast|channel|link|emoji|mrkdwn|usergroup)"/);
    expect(seen(message)).toContain(LONG.slice(0, 2400));
    // The name is cut at 60 characters, stands in a bold line, and reads from left to right up to its own letters.
    expect(message.blocks[0]).toMatchObject({ type: 'rich_text', elements: [{ elements: [{ style: { bold: true } }] }] });
    expect(message.text.startsWith('&lt;!channel&gt; &lt;@U1&gt;')).toBe(true);
  });
});
