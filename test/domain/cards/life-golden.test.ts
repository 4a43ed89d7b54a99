/** What people read at each point of each fixture's life, in both languages. Read a changed golden file as its reader would. */
import { describe, expect, it } from 'vitest';
import { cardOf } from '../../../src/domain/card-of.ts';
import type { Wording } from '../../../src/domain/message.ts';
import { LANGUAGES } from '../../../src/domain/subscription.ts';
import { FIXTURES, type Fixture } from './fixture-views.ts';
import { momentsOf } from './moments.ts';

describe.each(LANGUAGES)('in %s', (language) => {
  const wording: Wording = { language, zone: 'Asia/Shanghai', prefix: '/voicejob ' };

  it.each(FIXTURES)('the life of $name reads as its golden file', async (fixture) => {
    await expect(life(fixture, wording)).toMatchFileSnapshot(`golden/${fixture.name}.${language}.txt`);
  });
});

function life(fixture: Fixture, wording: Wording): string {
  return momentsOf(fixture)
    .map(({ title, message }) => `=== ${title}\n${cardOf(message, wording).text}`)
    .join('\n\n');
}
