/** What a person does, from who they are to what they are answered. Whatever goes wrong, they are told so, and the log says what it was. */
import type { Card } from '../../src/domain/card.ts';
import { cardOf } from '../../src/domain/card-of.ts';
import type { Actor, Language } from '../../src/domain/subscription.ts';
import type { Random } from '../../src/ports/clock.ts';
import type { Inbound, InboundEvent, InboundResult, Place } from '../../src/ports/inbound.ts';
import { type Answering, type Asker, giveAnswer } from './answer.ts';
import type { Directory } from './directory.ts';
import { worded } from './mentions.ts';
import type { Said } from './said.ts';

export type ConversationOptions = Answering & {
  readonly directory: Directory;
  readonly inbound: Inbound;
  readonly random: Random;
  readonly defaultLanguage: Language;
  /** What stands before a command. */
  readonly prefix: string;
};

export type Asked = { readonly result: InboundResult; readonly asker: Asker };

export type Conversation = {
  /** What the core answers. Never rejects: what goes wrong is an apology. */
  ask(said: Said): Promise<Asked>;
  /** Gives it back to whoever asked. Never rejects. */
  give(asked: Asked): Promise<void>;
};

export function createConversation(options: ConversationOptions): Conversation {
  const { directory, inbound, log } = options;

  /** The log has all of it, the person a reference to the line. */
  const apology = (error: unknown, { source, actor }: Asker): Card => {
    const reference = options.random.id().slice(0, 8);
    log.error('slack: somebody could not be answered', { reference, event: source.id, error: error instanceof Error ? error : new Error(String(error)) });
    const reader = { language: actor?.language ?? options.defaultLanguage, zone: actor?.zone ?? null, prefix: options.prefix };
    return cardOf({ kind: 'error', error: { kind: 'internal', reference } }, reader);
  };

  const give = async ({ result, asker }: Asked): Promise<void> => {
    try {
      await giveAnswer(result, asker, options);
    } catch (error) {
      const card = apology(error, asker);
      // nobody waits for words about a page that they can open again
      if (result.kind === 'home') return;
      // the ways may all be closed: then the log has both
      await giveAnswer({ kind: 'reply', card, replaces: false }, asker, options).catch((again: unknown) => apology(again, asker));
    }
  };

  return {
    ask: async (said) => {
      const { source } = said;
      let asker: Asker = { source, actor: null, place: null };
      try {
        const actor = await directory.actor(source.speaker);
        asker = { source, actor, place: null };
        if (said.kind === 'form-options') {
          const { form, field, typed } = said;
          return { asker, result: await inbound({ kind: 'form-options', id: source.id, actor, form, field, typed }) };
        }
        const place = await directory.place(source.spot, actor);
        asker = { source, actor, place };
        return { asker, result: await inbound(await eventOf(said, { actor, place, directory })) };
      } catch (error) {
        const card = apology(error, asker);
        return { asker, result: said.kind === 'home' ? { kind: 'home', cards: [card] } : { kind: 'reply', card, replaces: false } };
      }
    },
    give: async (asked) => {
      await give(asked);
      const { source, actor, place } = asked.asker;
      if (asked.result.kind === 'home' || source.view === null || !actor || !place) return;
      // what was clicked in the Home, or in a window above it, may have changed what it shows
      await give({ asker: asked.asker, result: await inbound({ kind: 'home', id: `${source.id}.home`, actor, place }) });
    },
  };
}

type Here = { readonly actor: Actor; readonly place: Place; readonly directory: Directory };

async function eventOf(said: Exclude<Said, { kind: 'form-options' }>, { actor, place, directory }: Here): Promise<InboundEvent> {
  const from = { id: said.source.id, actor, place };
  switch (said.kind) {
    case 'command':
      return { kind: 'command', ...from, ...(await worded(said.text, directory.mentioned)) };
    case 'action':
      return { kind: 'action', ...from, name: said.name, value: said.value, message: said.message };
    case 'form':
      return { kind: 'form', ...from, form: said.form, values: said.values };
    case 'home':
      return { kind: 'home', ...from };
    default:
      return said satisfies never;
  }
}
