/** Slack messages and Adaptive Cards as HTML, for people to look at. Slack's by a library on this side, Teams' by Microsoft's in the browser. */
import { createRequire } from 'node:module';
import { loadSlackDrawing, type SlackPart } from '../../adapters/playground/slack-drawing.ts';
import type { SlackBlock } from '../../adapters/slack/render.ts';

type Button = Extract<SlackBlock, { type: 'actions' }>['elements'][number];

/** People that a preview may mention. */
const PEOPLE = [{ id: 'U1', name: 'Voice owner' }];

const draw = await loadSlackDrawing();

/** One block after the other, so that a block the preview can't draw is seen as such and hides no other. */
export function slackHtml(
  blocks: readonly SlackBlock[],
  { theme, ...reader }: { readonly theme: 'light' | 'dark'; readonly language: string; readonly zone: string },
): string {
  if (!draw) throw new Error('slack-blocks-to-jsx is not installed');
  return draw(blocks, { ...reader, people: PEOPLE })
    .map((part) => partHtml(part).replaceAll('data-theme="light"', `data-theme="${theme}"`))
    .join('');
}

function partHtml(part: SlackPart): string {
  switch (part.kind) {
    case 'html':
      return part.html;
    case 'actions':
      return buttonsHtml(part.elements as readonly Button[]);
    case 'unsupported':
      return `<p class="undrawn">${escapeHtml(part.type)}</p>`;
    default:
      return part satisfies never;
  }
}

function buttonsHtml(elements: readonly Button[]): string {
  const buttons = elements.map((element) => {
    if (element.type !== 'button') return `<span class="undrawn">${escapeHtml(element.type)}</span>`;
    return `<span class="button ${element.style ?? ''}">${escapeHtml(element.text.text)}</span>`;
  });
  return `<div class="buttons">${buttons.join('')}</div>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (found) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[found] ?? found);
}

const require = createRequire(import.meta.url);

/** Files of libraries that the page holds inside. */
export const LIBRARIES = {
  slackCss: require.resolve('slack-blocks-to-jsx/dist/style.css'),
  drawing: require.resolve('../../adapters/playground/page/drawing.js'),
  adaptiveCards: require.resolve('adaptivecards/dist/adaptivecards.js'),
};
