/** Slack messages and Adaptive Cards as HTML, for people to look at. Slack's by a library on this side, Teams' by Microsoft's in the browser. */
import { createRequire } from 'node:module';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { type MessageProps, Message as SlackPreview } from 'slack-blocks-to-jsx';
import type { SlackBlock } from '../../adapters/slack/render.ts';

type Buttons = Extract<SlackBlock, { type: 'actions' }>;

/** People that a preview may mention. */
const DATA = { users: [{ id: 'U1', name: 'Voice owner' }] };

/** One block after the other, so that a block the preview can't draw is seen as such and hides no other. Buttons are drawn here: the preview loses their values. */
export function slackHtml(blocks: readonly SlackBlock[], theme: 'light' | 'dark'): string {
  return blocks.map((block) => (block.type === 'actions' ? buttonsHtml(block) : previewed(block, theme))).join('');
}

function previewed(block: SlackBlock, theme: 'light' | 'dark'): string {
  try {
    // the preview has types of its own for the same JSON
    const blocks = [block] as unknown as MessageProps['blocks'];
    return renderToStaticMarkup(createElement(SlackPreview, { blocks, theme, data: DATA, logo: '', name: '', withoutWrapper: true }));
  } catch (error) {
    return `<p class="undrawn">${escapeHtml(block.type)}: ${escapeHtml(String(error))}</p>`;
  }
}

function buttonsHtml(block: Buttons): string {
  const buttons = block.elements.map((element) => {
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
  adaptiveCards: require.resolve('adaptivecards/dist/adaptivecards.js'),
};
