import { describe, expect, it } from 'vitest';
import { slackMessage } from './slack-blocks.ts';

const header = (member: object): object => ({ type: 'header', text: { type: 'plain_text', text: 'Title', emoji: false, ...member } });
const rich = (...elements: object[]): object => ({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] });
const words = { type: 'text', text: 'words' };
const button = { type: 'button', action_id: 'history:0', text: { type: 'plain_text', text: 'History', emoji: false }, value: 'v' };
const takes = (...blocks: object[]): boolean => slackMessage.safeParse({ text: 'a &amp; b', blocks }).success;

describe('the check of a message', () => {
  it('takes what Slack takes', () => {
    expect(takes(header({}), rich(words, { type: 'user', user_id: 'U1' }), { type: 'actions', elements: [button] })).toBe(true);
  });

  it.each([
    ['mrkdwn', header({ type: 'mrkdwn' })],
    ['a section with mrkdwn', { type: 'section', text: { type: 'mrkdwn', text: 'x' } }],
    ['a header that makes emoji of codes', header({ emoji: true })],
    ['a header that is too long', header({ text: 'x'.repeat(151) })],
    ['an empty text', rich({ type: 'text', text: '' })],
    ['an empty section', rich()],
    ['a member that does not exist', rich({ ...words, verbatim: true })],
    ['a mention of everybody', rich({ type: 'broadcast', range: 'channel' })],
    ['a link in text', rich({ type: 'link', url: 'https://example.com' })],
    ['a moment in milliseconds and a half', rich({ type: 'date', timestamp: 0.5, format: '{time}', fallback: '01:00 UTC' })],
    ['a context with rich text', { type: 'context', elements: [rich(words)] }],
    ['two buttons with one id', { type: 'actions', elements: [button, button] }],
    ['an address that is a script', { type: 'actions', elements: [{ ...button, value: undefined, url: 'javascript:alert(1)' }] }],
    ['half a character', rich({ type: 'text', text: '\ud800' })],
    ['a control character', rich({ type: 'text', text: '\u0000' })],
  ])('refuses %s', (_, block) => {
    expect(takes(block)).toBe(false);
  });

  it('refuses a message that is too long, has too many blocks, or has an unescaped text', () => {
    expect(takes(...Array.from({ length: 5 }, () => rich({ type: 'text', text: 'x'.repeat(2400) })))).toBe(false);
    expect(takes(...Array.from({ length: 51 }, () => rich(words)))).toBe(false);
    expect(slackMessage.safeParse({ text: '<!channel>', blocks: [rich(words)] }).success).toBe(false);
  });
});
