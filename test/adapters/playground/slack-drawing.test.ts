import { expect, test } from 'vitest';
import { loadSlackDrawing } from '../../../adapters/playground/slack-drawing.ts';
import { renderSlack } from '../../../adapters/slack/render.ts';
import { HOSTILE_TEXT } from '../../contract/adapter-harness.ts';
import { entry, liveCard } from './sample-cards.ts';

const READER = { language: 'en-GB', zone: 'Asia/Shanghai', people: [{ id: 'U1', name: 'Lin' }] };
const text = (words: string) => ({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }] });

async function drawn(blocks: readonly object[]) {
  const draw = await loadSlackDrawing();
  if (!draw) throw new Error('slack-blocks-to-jsx is not installed');
  return draw(blocks, READER);
}

async function html(blocks: readonly object[]): Promise<string> {
  return (await drawn(blocks)).map((part) => (part.kind === 'html' ? part.html : `[${part.kind}]`)).join('');
}

test('every block of a real message is drawn, and its buttons are handed on as Slack would get them', async () => {
  const { blocks } = renderSlack(liveCard(Date.UTC(2026, 10, 22, 6, 0)));
  const parts = await drawn(blocks);
  expect(parts.map(({ kind }) => kind)).toEqual(blocks.map(({ type }) => (type === 'actions' ? 'actions' : 'html')));
  expect(parts.find(({ kind }) => kind === 'actions')).toMatchObject({ elements: [{ type: 'button', value: expect.any(String) }, {}] });
});

test("a moment is written in the reader's zone and language, not the server's", async () => {
  const date = { type: 'date', timestamp: Date.UTC(2026, 10, 22, 20, 0) / 1000, format: '{date_short_pretty} {time}', fallback: '?' };
  expect(await html([{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [date] }] }])).toContain('23 Nov 2026, 4:00');
});

test('data tables and numbers in cells are drawn as tables with text', async () => {
  const rows = [[{ type: 'raw_text', text: 'File' }], [{ type: 'raw_number', value: 42 }]];
  expect(await html([{ type: 'data_table', caption: 'Files', rows }])).toContain('42');
});

test('a block that is unknown, or that the library throws at, is named and hides no other', async () => {
  const parts = await drawn([{ type: 'hologram' }, { type: 'table', rows: 7 }, text('after it')]);
  expect(parts).toEqual([
    { kind: 'unsupported', type: 'hologram' },
    { kind: 'unsupported', type: 'table' },
    { kind: 'html', html: expect.stringContaining('after it') },
  ]);
});

test('hostile text is text', async () => {
  const page = await html([...renderSlack(entry(HOSTILE_TEXT)).blocks, text(HOSTILE_TEXT)]);
  expect(page).not.toMatch(/<script|<img|<b>|javascript:/i);
});
