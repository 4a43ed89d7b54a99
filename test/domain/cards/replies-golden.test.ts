/** What people read in answers, notices and errors, in both languages. Read a changed golden file as its reader would. */
import { describe, expect, it } from 'vitest';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { Message, Wording } from '../../../src/domain/message.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { MESSAGES } from './all-messages.ts';

describe.each(LANGUAGES)('in %s', (language) => {
  const wording: Wording = { language, zone: 'Asia/Shanghai', prefix: '/voicejob ' };

  it('answers, notices and errors read as their golden file', async () => {
    const texts = MESSAGES.map((message) => `=== ${nameOf(message)}\n${cardOf(message, wording).text}`);
    await expect(texts.join('\n\n')).toMatchFileSnapshot(`golden/replies.${language}.txt`);
  });
});

function nameOf(message: Message): string {
  if (message.kind === 'error') return `error ${message.error.kind}`;
  return message.kind === 'notice' ? `notice ${message.notice.kind}` : message.kind;
}
