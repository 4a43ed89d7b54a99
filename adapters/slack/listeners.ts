/** One set of listeners over both transports: each acknowledges at once, then lets the core handle what was said, and gives back what it answers. */
import type { App } from '@slack/bolt';
import type { InboundEvent, InboundResult } from '../../src/ports/inbound.ts';
import { changeIn, NotStoredError } from './changes.ts';
import type { Conversation } from './conversation.ts';
import { errorsOf, optionsOf } from './form-view.ts';
import { actionIn, commandIn, homeIn, searchIn, shortcutIn, submissionIn } from './inbound.ts';
import { ANSWER_MS } from './limits.ts';
import { at } from './payload.ts';
import type { Said } from './said.ts';
import type { Standing } from './standing.ts';
import { BOT_EVENTS } from './surface.ts';

/** The core decides what it knows: an unknown name is answered too, since Slack shows silence as a failure. */
const ANY = /^/;

export type Hearing = { readonly conversation: Conversation; readonly standing: Standing; tell(event: InboundEvent): Promise<InboundResult> };

/** What is thrown here comes to the app's error handler. */
export function listen(app: App, { conversation, standing, tell }: Hearing): void {
  const hold = async (said: Said): Promise<void> => conversation.give(await conversation.ask(said));
  const acknowledged = async (ack: () => Promise<void>, said: Said | null): Promise<void> => {
    await ack();
    if (said) await hold(said);
  };
  app.command(ANY, ({ ack, body }) => acknowledged(() => ack(), commandIn(body)));
  app.action(ANY, ({ ack, body }) => acknowledged(() => ack(), actionIn(body)));
  app.shortcut(ANY, ({ ack, body }) => acknowledged(() => ack(), shortcutIn(body)));

  app.options(ANY, async ({ ack, body }) => {
    const said = searchIn(body);
    const asked = said ? await soon(conversation.ask(said)) : null;
    await ack({ options: asked?.result.kind === 'options' ? optionsOf(asked.result.options) : [] });
  });

  app.view({ type: 'view_submission', callback_id: ANY }, async ({ ack, body }) => {
    const said = submissionIn(body);
    if (!said) return ack();
    const asking = conversation.ask(said);
    const asked = await soon(asking);
    if (asked?.result.kind === 'form-errors') return ack({ response_action: 'errors', errors: errorsOf(asked.result.errors, at(body, 'view')) });
    // an empty answer closes the form
    await ack();
    await conversation.give(await asking);
  });

  for (const type of BOT_EVENTS) {
    app.event(type, async ({ body }) => {
      const home = type === 'app_home_opened' ? homeIn(body) : null;
      if (home) return hold(home);
      const event = changeIn(type, body, await identity(standing));
      if (event && (await tell(event)).kind === 'again') throw new NotStoredError('a change of a place could not be stored');
    });
  }
}

/** Whose events these are: what can't be told now may be told when the event comes again. */
async function identity(standing: Standing) {
  try {
    return await standing.identity();
  } catch (cause) {
    throw new NotStoredError('whose event this is could not be found out', { cause });
  }
}

/** null when it takes longer than Slack waits; what it was then comes to nobody here. */
async function soon<T>(asked: Promise<T>): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), ANSWER_MS);
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
