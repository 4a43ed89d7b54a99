/** What an adapter brings to the contract suite, and the cards that the suite sends. */
import type { Card } from '../../src/domain/card.ts';
import type { Address } from '../../src/domain/subscription.ts';
import type { ChatAdapter, MessageRef } from '../../src/ports/chat-adapter.ts';
import type { Inbound } from '../../src/ports/inbound.ts';

/** What befalls the next request of a kind. The harness makes its platform behave so. */
export type PlatformFault = { readonly kind: 'throttled'; readonly afterMs: number } | { readonly kind: 'lost' | 'hang'; readonly applied: boolean };

/** A message as somebody sees it there. `text` holds everything that can be read. */
export type SeenMessage = {
  readonly ref: MessageRef;
  readonly text: string;
  readonly root: MessageRef | null;
  /** Stands in the channel itself: it is no reply, or a raised one. */
  readonly inChannel: boolean;
};

export type AdapterHarness = {
  readonly adapter: ChatAdapter;
  readonly channel: Address;
  readonly dm: Address;
  /** An address of the platform's own form that leads nowhere. */
  readonly nowhere: Address;
  /** Receives, with this handler. May be called again, after stop or without. */
  start(inbound: Inbound): Promise<void>;
  /** Messages for everyone at an address, oldest first. */
  seen(address: Address): Promise<readonly SeenMessage[]>;
  /** Everything that can be read at an address, private answers included, as text. */
  plainTextThere(address: Address): Promise<string>;
  failNext(call: 'post' | 'update', fault: PlatformFault): void;
  archive(address: Address): Promise<void>;
  /** A person removes a message. */
  deleteByHand(address: Address, ref: MessageRef): Promise<void>;
  /** A person types a command; fulfilled when the platform has its answer. The same id is the platform's own repetition of an event. */
  command(address: Address, text: string, id: string): Promise<void>;
  /** A person presses a button of a message. */
  press(address: Address, button: { readonly ref: MessageRef; readonly name: string; readonly value: string }, id: string): Promise<void>;
  close(): Promise<void>;
};

export function card(text: string, more: Partial<Card> = {}): Card {
  const title = [{ kind: 'text' as const, text, bold: false }];
  return { language: 'en', severity: 'info', emoji: '', title, blocks: [], actions: [], text, ...more };
}

/** Text that some chat or browser would take for more than text. */
export const HOSTILE_TEXT =
  '<b>bold</b> <!channel> <@U1> @everyone *a* _b_ `c` [l](https://x.test) {{DATE(2026-01-01,SHORT)}} &lt; <script>alert(1)</script> \u202Eevil';
