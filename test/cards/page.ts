/** The contact sheet as one HTML file without anything outside it. */
import { readFileSync } from 'node:fs';
import { renderSlack } from '../../adapters/slack/render.ts';
import { renderTeams } from '../../adapters/teams/render.ts';
import { cardOf } from '../../src/domain/card-of.ts';
import type { Message } from '../../src/domain/message.ts';
import type { Language } from '../../src/domain/subscription.ts';
import { escapeHtml, LIBRARIES, slackHtml } from './drawn.ts';

export type Row = { readonly section: string; readonly title: string; readonly message: Message };
export type Theme = 'light' | 'dark';
export type Column = { readonly platform: 'slack' | 'teams'; readonly language: Language; readonly theme: Theme };

/** Each platform in each language and theme. */
export const ALL_COLUMNS: readonly Column[] = (['light', 'dark'] as const).flatMap((theme) =>
  (['en', 'zh-CN'] as const).flatMap((language) => (['slack', 'teams'] as const).map((platform) => ({ platform, language, theme }))),
);

const ZONE = 'Asia/Shanghai';

/** Rows of cards; a cell each column. */
export function sheetHtml(rows: readonly Row[], columns: readonly Column[]): string {
  const sections = [...new Set(rows.map(({ section }) => section))];
  const body = sections.map((section) => {
    const cells = rows.filter((row) => row.section === section).map((row) => rowHtml(row, columns));
    return `<section><h2>${escapeHtml(section)}</h2>${cells.join('')}</section>`;
  });
  const head = columns.map(({ platform, language, theme }) => `<div>${platform === 'slack' ? 'Slack' : 'Teams'}, ${language}, ${theme}</div>`).join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>voicejob: every card</title>
<style>${readFileSync(LIBRARIES.slackCss, 'utf8')}</style><style>${readFileSync(new URL('./sheet.css', import.meta.url), 'utf8')}</style></head>
<body style="--columns:${columns.length}"><header class="row">${head}</header>${body.join('')}
<script>${readFileSync(LIBRARIES.adaptiveCards, 'utf8').replaceAll('</script', '<\\/script')}</script>
XX, import.meta.url), 'utf8')}</script></body></html>`;
}

function rowHtml({ title, message }: Row, columns: readonly Column[]): string {
  return `<h3>${escapeHtml(title)}</h3><div class="row">${columns.map((column) => cellHtml(message, column)).join('')}</div>`;
}

function cellHtml(message: Message, { platform, language, theme }: Column): string {
  const card = cardOf(message, { language, zone: ZONE, prefix: '/voicejob ' });
  if (platform === 'slack')
    return `<div class="cell slack ${theme}" data-theme="${theme}">${slackHtml(renderSlack(card).blocks, { theme, language, zone: ZONE })}</div>`;
  const json = JSON.stringify(renderTeams(card).card).replaceAll('<', '\\u003c');
  return `<div class="cell teams ${theme}"><script type="application/json">${json}</script></div>`;
}
