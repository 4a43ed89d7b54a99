/** What tests of the playground share: its dependencies, requests as its page sends them, and what can be read of a message. */
import { randomBytes } from 'node:crypto';
import type { MessageView } from '../../../adapters/playground/render.ts';
import type { Line } from '../../../src/domain/card.ts';
import type { Clock, Random } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';

const SILENT: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {}, with: () => SILENT };

export function playgroundDeps(): { readonly clock: Clock; readonly random: Random; readonly log: Log } {
  return {
    clock: { now: () => Date.now(), monotonic: () => performance.now() },
    random: { id: () => randomBytes(12).toString('base64url'), fraction: () => Math.random() },
    log: SILENT,
  };
}

/** Sends requests as the page at `url` would. */
export function asPage(url: string): (kind: string, body: object) => Promise<Response> {
  const { origin } = new URL(url);
  return (kind, body) =>
    fetch(`${origin}/playground/${kind}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ language: 'en-GB', zone: 'Asia/Shanghai', ...body }),
    });
}

/** Every text of a message that the page draws, in order. */
export function readableText({ card, text }: MessageView): string {
  if (card === null) return text;
  const blocks = card.blocks.map((block): string => {
    switch (block.kind) {
      case 'line':
      case 'note':
        return lineText(block.spans);
      case 'quote':
        return `${lineText(block.label)}\n${block.text}`;
      case 'progress':
        return [lineText(block.caption), ...block.steps.map(({ label }) => label)].join('\n');
      case 'facts':
        return block.facts.map(({ label, value }) => `${label} ${lineText(value)}`).join('\n');
      case 'list':
        return [block.title, ...block.items.flat()].map(lineText).join('\n');
      case 'timeline':
        return block.items.map(({ line, quote }) => `${lineText(line)}\n${quote}`).join('\n');
      default:
        return block satisfies never;
    }
  });
  return [lineText(card.title), ...blocks, ...card.actions.map(({ label }) => label)].join('\n');
}

function lineText(spans: Line): string {
  return spans.map((span) => (span.kind === 'instant' ? new Date(span.at).toISOString() : span.kind === 'mention' ? `@${span.name}` : span.text)).join('');
}
