import { describe, expect, it } from 'vitest';
import type { Element } from '../../../adapters/teams/elements.ts';
import { CARD_BYTES } from '../../../adapters/teams/limits.ts';
import { renderTeams } from '../../../adapters/teams/render.ts';
import type { Block, Card, CardAction, Line, Span } from '../../../src/domain/card.ts';
import { asSeen, writtenIn } from './as-teams.ts';

const AT = Date.UTC(2025, 11, 1, 1, 7, 35, 999);
const text = (words: string, bold = false): Span => ({ kind: 'text', text: words, bold });
const foreign = (words: string): Span => ({ kind: 'foreign', text: words, bold: false });
const code = (words: string): Span => ({ kind: 'code', text: words });
const instant: Span = { kind: 'instant', at: AT, format: 'short' };
const mention: Span = { kind: 'mention', id: '29:1', name: 'Ann *Lee* </at>' };

function card(more: Partial<Card>): Card {
  return { language: 'en', severity: 'info', emoji: '', title: [], blocks: [], actions: [], text: 'first\nsecond\nthird', ...more };
}

function drawn(...blocks: Block[]): readonly Element[] {
  return renderTeams(card({ blocks })).card.body;
}

function drawnLine(...spans: Line): readonly Element[] {
  return drawn({ kind: 'line', spans });
}

function button(more: Partial<CardAction> = {}): CardAction {
  return { name: 'history', value: 'p/j', label: 'History', url: null, style: 'default', confirm: null, ...more };
}

describe('steps', () => {
  it('break between each other and never inside, in Chinese as in English', () => {
    const steps = ['Human review', '人工审核'].map((label) => ({ label, mark: 'open' as const }));
    const [row] = drawn({ kind: 'progress', caption: [], steps });
    const written = row?.type === 'RichTextBlock' ? row.inlines.map((run) => run.text).join('') : '';
    expect(written).toBe('○\u00a0Human\u00a0review\u00a0\u00a0 ○\u00a0人\u2060工\u2060审\u2060核');
  });
});

describe('a line', () => {
  it('of our own words and a moment is a TextBlock, the moment in UTC and whole seconds', () => {
    expect(drawnLine(text('Since '), instant)).toEqual([
      { type: 'TextBlock', text: 'Since {{DATE(2025-12-01T01:07:35Z,SHORT)}} {{TIME(2025-12-01T01:07:35Z)}}', wrap: true },
    ]);
  });

  it('with foreign words keeps them and the moment in runs', () => {
    expect(drawnLine(foreign('*a*'), text(' since '), instant)).toEqual([
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '*a* since {{DATE(2025-12-01T01:07:35Z,SHORT)}} {{TIME(2025-12-01T01:07:35Z)}}' }] },
    ]);
  });

  it('with a moment no calendar of ours has says so and goes on', () => {
    const never: Span = { kind: 'instant', at: Number.MAX_SAFE_INTEGER, format: 'time' };
    expect(drawnLine(text('Since '), never)).toEqual([{ type: 'TextBlock', text: 'Since …', wrap: true }]);
  });

  it('in which some words are bold is runs, since markdown would depend on the blanks beside them', () => {
    expect(drawnLine(text('需要处理。', true), text('请重新提交。'))).toEqual([
      {
        type: 'RichTextBlock',
        inlines: [
          { type: 'TextRun', text: '需要处理。', weight: 'Bolder' },
          { type: 'TextRun', text: '请重新提交。' },
        ],
      },
    ]);
  });

  it('of our own words with markdown in them is runs too', () => {
    expect(drawnLine(text('<job> is a name')).map(({ type }) => type)).toEqual(['RichTextBlock']);
    expect(drawnLine(text('1. first')).map(({ type }) => type)).toEqual(['RichTextBlock']);
  });

  it('breaks foreign dates and mentions so that they stay text', () => {
    const [block] = drawnLine(foreign('{{TIME(2026-11-22T07:00:00Z)}} <at>All</at>'));
    expect(block).toMatchObject({ inlines: [{ text: '{\u2060{TIME(2026-11-22T07:00:00Z)}} <\u2060at>All<\u2060/at>' }] });
  });

  it('closes what foreign words leave open in their direction', () => {
    const [block] = drawnLine(foreign('a\u2067\u202eb'), text(': rejected'));
    expect(block).toMatchObject({ inlines: [{ text: '\u2068a\u2067\u202eb\u2069\u2069: rejected' }] });
  });

  it('gives a very long foreign word places to break', () => {
    const [block] = drawnLine(foreign('x'.repeat(70)));
    expect(block).toMatchObject({ inlines: [{ text: `${'x'.repeat(24)}\u200b${'x'.repeat(24)}\u200b${'x'.repeat(22)}` }] });
  });
});

describe('a mention', () => {
  const tag = '<at>Ann Lee at</at>';

  it('is a name of letters in a TextBlock, and an entity with the same text', () => {
    const { body, msteams } = renderTeams(card({ blocks: [{ kind: 'line', spans: [mention, text(' asked to be told.')] }] })).card;
    expect(body).toEqual([{ type: 'TextBlock', text: `${tag} asked to be told.`, wrap: true }]);
    expect(msteams.entities).toEqual([{ type: 'mention', text: tag, mentioned: { id: '29:1', name: 'Ann Lee at' } }]);
  });

  it('beside foreign words is repeated where it works', () => {
    expect(drawnLine(mention, text(' of '), foreign('x')).map(({ type }) => type)).toEqual(['RichTextBlock', 'TextBlock']);
  });

  it('of nobody is a name', () => {
    const { msteams } = renderTeams(card({ blocks: [{ kind: 'line', spans: [{ kind: 'mention', id: '', name: 'Ann' }] }] })).card;
    expect(msteams.entities).toBeUndefined();
  });
});

describe('facts', () => {
  it('of our words, moments and ids are a FactSet', () => {
    const facts = [{ label: 'Job', value: [code('26f06524'), text(' · Basic')] }];
    expect(drawn({ kind: 'facts', facts })).toEqual([{ type: 'FactSet', spacing: 'Medium', facts: [{ title: 'Job', value: '26f06524 · Basic' }] }]);
  });

  it('with anything else are columns of runs', () => {
    expect(drawn({ kind: 'facts', facts: [{ label: 'Last', value: [code('REVIEW_HOLD')] }] }).map(({ type }) => type)).toEqual(['ColumnSet']);
    expect(drawn({ kind: 'facts', facts: [{ label: 'Last', value: [foreign('a')] }] }).map(({ type }) => type)).toEqual(['ColumnSet']);
  });
});

describe('buttons', () => {
  it('carry their name, their value and the question to ask first, which puts them behind "…"', () => {
    const confirm = { question: 'Stop?', yes: 'Stop', no: 'Keep' };
    expect(renderTeams(card({ actions: [button({ style: 'primary' }), button({ name: 'unfollow', style: 'danger', confirm })] })).card.actions).toEqual([
      { type: 'Action.Execute', verb: 'history', title: 'History', data: { value: 'p/j' }, style: 'positive' },
      {
        type: 'Action.Execute',
        verb: 'unfollow',
        title: 'History',
        data: { value: 'p/j', confirm: { ...confirm, lang: 'en' } },
        style: 'destructive',
        mode: 'secondary',
      },
    ]);
  });

  it('are six at the most, from the fourth on behind "…"', () => {
    const { actions = [] } = renderTeams(card({ actions: Array.from({ length: 8 }, () => button()) })).card;
    expect(actions.map(({ mode }) => mode ?? 'primary')).toEqual(['primary', 'primary', 'primary', 'secondary', 'secondary', 'secondary']);
  });

  it('open https pages only', () => {
    const urls = ['https://jobs.example.com/1', 'http://jobs.example.com/1', 'javascript:alert(1)'];
    const { actions } = renderTeams(card({ actions: urls.map((url) => button({ name: '', url })) })).card;
    expect(actions).toEqual([{ type: 'Action.OpenUrl', title: 'History', url: urls[0] }]);
  });
});

describe('a large card', () => {
  const cjk = '好'.repeat(4000);
  const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

  it('gives up plain text before a word of its own', () => {
    const { card: large } = renderTeams(card({ blocks: [{ kind: 'quote', label: [], text: cjk }], text: cjk + cjk }));
    expect(asSeen(writtenIn(large.body).at(0)?.text ?? '')).toBe(cjk);
    expect(large.fallbackText.endsWith('好…')).toBe(true);
    expect(bytes(large)).toBeGreaterThan(CARD_BYTES - 10);
    expect(bytes(large)).toBeLessThanOrEqual(CARD_BYTES);
  });

  it('is cut in its longest pieces first, and keeps title, buttons and the start of its plain text', () => {
    const quote: Block = { kind: 'quote', label: [], text: cjk };
    const { card: large } = renderTeams(card({ title: [foreign('narrator-01')], blocks: [quote, quote, quote], actions: [button()], text: cjk }));
    const [title, ...quotes] = writtenIn(large.body).map((written) => written.text);
    expect(title).toBe('narrator-01');
    expect(quotes).toHaveLength(3);
    for (const one of quotes) expect(one).toMatch(/^好{1000,}…$/);
    expect(large.actions).toHaveLength(1);
    expect(bytes(large.fallbackText)).toBeGreaterThan(900);
  });

  it('of which everything is too much still says what it is about', () => {
    const wide: Line = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? foreign(cjk) : text('"'.repeat(900), true)));
    const blocks = Array.from({ length: 20 }, (): Block => ({ kind: 'list', title: wide, items: Array.from({ length: 5 }, () => [wide, wide]) }));
    const actions = Array.from({ length: 6 }, () => button({ value: '好'.repeat(2000) }));
    const { card: huge } = renderTeams(card({ title: wide, blocks, actions, text: cjk }));
    expect(bytes(huge)).toBeLessThanOrEqual(CARD_BYTES);
    expect(writtenIn(huge.body).at(0)?.text).toMatch(/^好+…$/);
  });
});

describe('the text beside the card', () => {
  it('is the first two lines, for a notification', () => {
    expect(renderTeams(card({})).text).toBe('first\nsecond');
  });
});
