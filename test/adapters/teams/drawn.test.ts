/** Cards drawn by the library in a real browser: what a reader sees. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CARD_BYTES } from '../../../adapters/teams/limits.ts';
import { renderTeams } from '../../../adapters/teams/render.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { JobView, Message } from '../../../src/domain/message.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { fixture, viewAt } from '../../domain/cards/fixture-views.ts';
import { startBrowser, type TestBrowser } from '../../support/browser.ts';
import { asSeen, LIBRARY_PATH } from './as-teams.ts';

const HOSTILE = [
  '<!channel> <@U1> <!here> @everyone #general',
  '*bold* _it_ ~no~ `code` ```block``` **b** [link](https://evil.example) https://evil.example & &amp; &lt;',
  '<b>html</b> <script>document.title = "taken"</script> <img src=x onerror=alert(1)> <at>Everyone</at> </AT>',
  '{{DATE(2026-11-22T07:00:00Z,SHORT)}} {{{{TIME(2026-11-22T07:00:00Z)}}}} $&',
  '\u200f\u202eright to left\u202c \u2067שלום\u2069 :tada: 🎉 - # 1. end',
].join('\n');
/** As long as upstream allows, almost. */
const REASON = HOSTILE.padEnd(4000, ' 录音与文本不符 😀 *x*');

let browser: TestBrowser;
let page: Page;

beforeAll(async () => {
  browser = await startBrowser({ viewport: { width: 390, height: 800 }, locale: 'en-US', timezoneId: 'Asia/Shanghai' });
  page = await browser.open('about:blank');
  await page.addScriptTag({ path: LIBRARY_PATH });
});
afterAll(() => browser.close());

/** What is seen of a message's card, with TextBlocks as they are before markdown. */
async function seen(message: Message, language: (typeof LANGUAGES)[number]): Promise<{ text: string; elements: string[]; bytes: number }> {
  const { card } = renderTeams(cardOf(message, { language, zone: null, prefix: '' }));
  const { lang, ...others } = card;
  const script = `(() => {
    const card = new AdaptiveCards.AdaptiveCard();
    card.parse(${JSON.stringify(others)});
    card.lang = ${JSON.stringify(lang)};
    const element = card.render();
    document.body.replaceChildren(element);
    return { text: element.innerText, elements: [...new Set([...element.querySelectorAll('*')].map((one) => one.localName))] };
  })()`;
  const drawn = await page.evaluate<{ text: string; elements: string[] }>(script);
  return { ...drawn, bytes: Buffer.byteLength(JSON.stringify(card)) };
}

function hostileView(): JobView {
  const view = viewAt(fixture('02'), 4);
  const journal = view.journal.map((entry) => (entry.kind === 'log' && entry.action === 'AUDIT_NOT_PASS' ? { ...entry, adminReason: REASON } : entry));
  return { ...view, journal, facts: view.facts && { ...view.facts, voiceName: '<at>x</at> *a* {{TIME(2026-11-22T07:00:00Z)}}' } };
}

describe.each(LANGUAGES)('in %s', (language) => {
  it('a reason full of markup is seen as that text, all of it', async () => {
    const view = hostileView();
    const { text, elements, bytes } = await seen({ kind: 'reason', view, key: view.journal[3]?.key ?? '' }, language);
    expect(asSeen(text)).toContain(asSeen(REASON));
    expect(asSeen(text)).toContain('<at>x</at> *a* {{TIME(2026-11-22T07:00:00Z)}}');
    expect(elements.filter((name) => ['b', 'script', 'img', 'at', 'a', 'em', 'strong', 'code'].includes(name))).toEqual([]);
    expect(await page.title()).toBe('');
    expect(bytes).toBeLessThanOrEqual(CARD_BYTES);
  });

  it('the rejection quotes what it has room for', async () => {
    const view = hostileView();
    const entries = view.journal.slice(-1);
    const { text } = await seen({ kind: 'news', view, entries, threads: true, dm: false, summary: 0, notify: null }, language);
    expect(asSeen(text)).toContain(asSeen(HOSTILE));
  });

  it('moments are seen in the time of who reads, beside foreign words too', async () => {
    const { text } = await seen({ kind: 'muted', view: hostileView(), until: Date.UTC(2025, 11, 1, 16, 0) }, language);
    expect(text).toMatch(/2025/);
    expect(text).toMatch(language === 'en' ? /Dec 2, 2025 12:00\sAM/ : /12月2日/);
    expect(text).not.toContain('16:00');
  });

  it('a long word stays inside the card on a phone', async () => {
    const view = viewAt(fixture('01'), 4);
    await seen({ kind: 'live', view: { ...view, facts: view.facts && { ...view.facts, voiceName: 'x'.repeat(60) } }, preset: 'milestones' }, language);
    const wide = await page.evaluate<number>('Math.max(...[...document.querySelectorAll("span")].map((one) => one.getBoundingClientRect().right))');
    expect(wide).toBeLessThanOrEqual(390);
  });
});
