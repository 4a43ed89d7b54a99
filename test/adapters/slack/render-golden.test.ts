/** What is sent to Slack at each point of each fixture's life, in both languages, a block a line. Read a changed golden file as what its readers will see. */
import { describe, expect, it } from 'vitest';
import { renderSlack } from '../../../adapters/slack/render.ts';
import type { Card } from '../../../src/domain/card.ts';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { Message } from '../../../src/domain/message.ts';
import { lineText } from '../../../src/domain/plain-text.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { catalogueOf } from '../../../src/domain/text/catalogue.ts';
import { instantText, offsetName } from '../../../src/domain/text/format.ts';
import { MESSAGES } from '../../domain/cards/all-messages.ts';
import { FIXTURES } from '../../domain/cards/fixture-views.ts';
import { type Moment, momentsOf } from '../../domain/cards/moments.ts';
import { slackMessage, visibleText } from '../../support/slack-blocks.ts';

const ZONE = 'Asia/Shanghai';
const REPLIES = MESSAGES.map((message): Moment => ({ title: nameOf(message), message }));

describe.each(LANGUAGES)('in %s', (language) => {
  const wording = { language, zone: ZONE, prefix: '/voicejob ' };
  const words = { ...wording, say: catalogueOf(language) };
  const drawn = (moments: readonly Moment[]): string =>
    moments
      .map(({ title, message }) => {
        const { blocks } = renderSlack(cardOf(message, wording));
        return [`=== ${title}`, ...blocks.map((block) => JSON.stringify(block))].join('\n');
      })
      .join('\n\n');

  it.each(FIXTURES)('the life of $name is drawn as its golden file', async (fixture) => {
    await expect(drawn(momentsOf(fixture))).toMatchFileSnapshot(`golden/${fixture.name}.${language}.txt`);
  });

  it('answers, notices and errors are drawn as their golden file', async () => {
    await expect(drawn(REPLIES)).toMatchFileSnapshot(`golden/replies.${language}.txt`);
  });

  it('all that a card says is drawn, and Slack takes it', () => {
    for (const { title, message } of [...FIXTURES.flatMap(momentsOf), ...REPLIES]) {
      const card = cardOf(message, wording);
      const seen = letters(
        visibleText(slackMessage.parse(renderSlack(card)), (at, format) => instantText(at, format === '{time}' ? 'time' : 'short', wording)),
      );
      // In a thread the drawn card leaves the voice's name to the root above it.
      const isInThread = message.kind === 'news' && card.title.length === 0;
      const said = isInThread ? [] : linesSaid(card);
      for (const line of said) expect(seen, `${title}: ${line}`).toContain(letters(line));
      for (const { label } of card.actions) expect(seen, title).toContain(letters(label));
      if (isInThread) expect(seen).toContain(letters(firstLine(card)));
    }
  });

  /** The lines of the plain text without those that only stand for something drawn otherwise: steps, buttons and the zone. */
  function linesSaid(card: Card): string[] {
    const { say } = words;
    const otherwise = [say.buttonsAre(card.actions.map(({ label, url }) => (url === null ? label : `${label} ${url}`)))];
    for (const block of card.blocks) {
      if (block.kind !== 'progress') continue;
      const named = (mark: string): string[] => block.steps.filter((step) => step.mark === mark).map(({ label }) => label);
      const [done, open] = [named('done'), named('open')];
      otherwise.push([done.length > 0 ? say.doneSteps(done) : '', open.length > 0 ? say.openSteps(open) : ''].filter((part) => part !== '').join(say.gap));
    }
    const zone = say.timesAre(offsetName(0, ZONE));
    return card.text.split('\n').filter((line) => !otherwise.includes(line) && line !== zone);
  }

  function firstLine(card: Card): string {
    const [first] = card.blocks;
    return first?.kind === 'timeline' ? lineText(first.items[0]?.line ?? [], words) : '';
  }
});

/** People are named in the text and mentioned by id in the blocks. */
function letters(text: string): string {
  return text.replaceAll('@U1', '@Voice owner').replace(/[^\p{L}\p{N}]+/gu, '');
}

function nameOf(message: Message): string {
  if (message.kind === 'error') return `error ${message.error.kind}`;
  return message.kind === 'notice' ? `notice ${message.notice.kind}` : message.kind;
}
