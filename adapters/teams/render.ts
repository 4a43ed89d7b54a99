/** A card as a Teams message. Pure, without the SDK: the playground draws with it too. */
import type { Card, CardAction, Severity, Span } from '../../src/domain/card.ts';
import { MAX_ACTION_VALUE } from '../../src/domain/card-actions.ts';
import type { Language } from '../../src/domain/subscription.ts';
import type { Action, ActionData, AdaptiveCard, ContainerStyle, Element, Lang } from './elements.ts';
import { ACTIONS, ACTIONS_IN_SIGHT, CARD_BYTES, CUTS, FALLBACK_BYTES, LABEL_LENGTH, SUMMARY_LENGTH, URL_LENGTH } from './limits.ts';
import { drawBlocks } from './render-blocks.ts';
import { cutCard, cutToBytes, fewMentions, jsonBytes } from './render-fit.ts';
import { drawLine, entitiesOf, type Mention } from './render-line.ts';
import { clean, cutTo, plain } from './render-text.ts';

export type TeamsMessage = {
  /** Plain text, never parsed: what a notification says. */
  readonly text: string;
  readonly card: AdaptiveCard;
};

const STYLES: Readonly<Record<Severity, ContainerStyle>> = { progress: 'accent', good: 'good', bad: 'attention', warning: 'warning', info: 'emphasis' };
const BUTTON_STYLES = { default: {}, primary: { style: 'positive' }, danger: { style: 'destructive' } } as const;

/** The message of a card. Never throws, and its card is never larger than CARD_BYTES: one that would be is cut (limits.ts, CUTS). */
export function renderTeams(card: Card): TeamsMessage {
  const { card: whole, mentions } = fewMentions(card);
  const text = clean(card.text);
  const leastForText = Math.min(jsonBytes(text), FALLBACK_BYTES);
  let drawn = drawCard(whole, mentions);
  for (const cut of CUTS) {
    if (roomIn(drawn) >= leastForText) break;
    drawn = drawCard(cutCard(whole, cut), mentions);
  }
  return { text: summaryOf(text), card: { ...drawn, fallbackText: cutToBytes(text, roomIn(drawn)) } };
}

/** Bytes that are left for `fallbackText`, as JSON. */
function roomIn(drawn: AdaptiveCard): number {
  return CARD_BYTES - jsonBytes(drawn) + jsonBytes('');
}

/** What happened, and whether somebody must act. */
function summaryOf(text: string): string {
  return cutTo(plain(text).split('\n').slice(0, 2).join('\n').trim(), SUMMARY_LENGTH);
}

function drawCard(card: Card, mentions: readonly Mention[]): AdaptiveCard {
  const body = drawBody(card);
  const lang = langOf(card.language);
  const actions = drawActions(card.actions, lang);
  const entities = entitiesOf(mentions, body);
  return {
    type: 'AdaptiveCard',
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    version: '1.5',
    lang,
    fallbackText: '',
    body,
    ...(actions.length === 0 ? {} : { actions }),
    msteams: { width: 'Full', ...(entities.length === 0 ? {} : { entities }) },
  };
}

/** Title and what to do about it stand on the colour; a card without a title is a line or two, and plain. */
function drawBody({ severity, emoji, title, blocks }: Card): Element[] {
  const mark: Span[] = emoji === '' ? [] : [{ kind: 'text', text: `${emoji} `, bold: false }];
  const heading = title.length === 0 ? [] : drawLine([...mark, ...title], { text: { size: 'Large', weight: 'Bolder' }, heading: true });
  if (heading.length === 0) return drawBlocks(blocks);
  const [first, ...others] = blocks;
  const below = first?.kind === 'line' ? drawLine(first.spans, { text: {}, spacing: 'Small' }) : [];
  const header: Element = { type: 'Container', style: STYLES[severity], bleed: true, items: [...heading, ...below] };
  return [header, ...drawBlocks(first?.kind === 'line' ? others : blocks)];
}

export function langOf(language: Language): Lang {
  return language === 'zh-CN' ? 'zh' : 'en';
}

function drawActions(actions: readonly CardAction[], lang: Lang): Action[] {
  return actions
    .filter(works)
    .slice(0, ACTIONS)
    .map((action, index) => drawAction(action, { isBehind: index >= ACTIONS_IN_SIGHT, lang }));
}

/** A click that could not be understood, or a link that could not be followed, is no button. */
function works({ url, value }: CardAction): boolean {
  if (url === null) return value.length <= MAX_ACTION_VALUE;
  return url.length <= URL_LENGTH && URL.canParse(url) && new URL(url).protocol === 'https:';
}

/** A question to ask first goes with the click, for the adapter to ask; such a button is not for everybody to see first. */
function drawAction({ name, value, label, url, style, confirm }: CardAction, { isBehind, lang }: { readonly isBehind: boolean; readonly lang: Lang }): Action {
  const title = cutTo(plain(label), LABEL_LENGTH);
  const mode = isBehind || confirm !== null ? ({ mode: 'secondary' } as const) : {};
  if (url !== null) return { type: 'Action.OpenUrl', title, url, ...BUTTON_STYLES[style], ...mode };
  const question = confirm === null ? {} : { confirm: { question: plain(confirm.question), yes: plain(confirm.yes), no: plain(confirm.no), lang } };
  const data: ActionData = { value: value.toWellFormed(), ...question };
  return { type: 'Action.Execute', verb: name, title, data, ...BUTTON_STYLES[style], ...mode };
}
