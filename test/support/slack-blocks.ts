/**
 * Slack's documented rules for the blocks that voicejob sends (block kit reference), member by member: an unknown member, a missing one,
 * an empty text or a length over the limit fails. Numbers are written out again, so that a wrong constant of the adapter is noticed.
 */
import { z } from 'zod';

const text = (longest: number) => z.string().min(1).max(longest);
const plainText = (longest: number) => z.strictObject({ type: z.literal('plain_text'), text: text(longest), emoji: z.literal(false) });

const bold = z.literal(true);
const textElement = z.strictObject({
  type: z.literal('text'),
  text: text(12_000),
  style: z.strictObject({ bold: bold.optional(), code: bold.optional() }).optional(),
});
const element = z.discriminatedUnion('type', [
  textElement,
  z.strictObject({
    type: z.literal('date'),
    timestamp: z.int().min(0),
    format: z.enum(['{date_short_pretty} {time}', '{time}']),
    fallback: text(100),
    style: z.strictObject({ bold }).optional(),
  }),
  z.strictObject({ type: z.literal('user'), user_id: z.string().regex(/^[UW][A-Z0-9]+$/) }),
]);
const section = z.strictObject({ type: z.literal('rich_text_section'), elements: z.array(element).min(1) });
const richText = z.strictObject({
  type: z.literal('rich_text'),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        section,
        z.strictObject({ type: z.literal('rich_text_list'), style: z.literal('bullet'), indent: z.int().min(0).max(8), elements: z.array(section).min(1) }),
        z.strictObject({ type: z.literal('rich_text_quote'), elements: z.array(textElement).min(1) }),
      ]),
    )
    .min(1),
});

const confirm = z.strictObject({
  title: plainText(100),
  text: plainText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});
const button = z
  .strictObject({
    type: z.literal('button'),
    action_id: text(255).regex(/^[\w-]+:\d+$/),
    text: plainText(75),
    value: text(2000).optional(),
    url: z
      .url({ protocol: /^https?$/ })
      .max(3000)
      .optional(),
    style: z.enum(['primary', 'danger']).optional(),
    confirm: confirm.optional(),
  })
  .refine(({ value, url }) => value === undefined || url === undefined, 'a button either says something or opens a page');

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plainText(150) }),
  richText,
  z.strictObject({ type: z.literal('context'), elements: z.array(plainText(3000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) }),
]);

export const slackMessage = z
  .strictObject({ text: z.string().min(1).max(3000), blocks: z.array(block).min(1).max(50) })
  .refine(({ blocks }) => JSON.stringify(blocks).length <= 12_000, 'msg_blocks_too_long')
  .refine(({ blocks }) => isUnique(blocks.flatMap((one) => (one.type === 'actions' ? one.elements.map(({ action_id }) => action_id) : []))), 'action_id twice')
  .refine(({ text: fallback }) => !/[<>]|&(?!amp;|lt;|gt;)/.test(fallback), 'text is not escaped')
  .refine((message) => isWhole(message), 'half a character, or a control character');

export type CheckedMessage = z.infer<typeof slackMessage>;

function isUnique(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length;
}

/** A button's value is for us and not shown: it may hold control characters. */
function isWhole(value: unknown, name = ''): boolean {
  if (typeof value === 'string') return value.isWellFormed() && (name === 'value' || !/[^\P{Cc}\n\t]/u.test(value));
  return typeof value !== 'object' || value === null || Object.entries(value).every(([member, inner]) => isWhole(inner, member));
}

/** What a reader sees, line by line; `moment` draws a date element as their client would. */
export function visibleText(message: CheckedMessage, moment: (at: number, format: string) => string): string {
  const line = (elements: readonly z.infer<typeof element>[]): string =>
    elements.map((one) => (one.type === 'text' ? one.text : one.type === 'date' ? moment(one.timestamp * 1000, one.format) : `@${one.user_id}`)).join('');
  return message.blocks
    .flatMap((one) => {
      if (one.type === 'header') return [one.text.text];
      if (one.type === 'context') return one.elements.map(({ text: words }) => words);
      if (one.type === 'actions') return one.elements.map(({ text: label }) => label.text);
      return one.elements.flatMap((part) => (part.type === 'rich_text_list' ? part.elements.map(({ elements }) => line(elements)) : [line(part.elements)]));
    })
    .join('\n');
}
