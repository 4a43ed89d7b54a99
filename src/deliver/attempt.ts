/** One attempt: intent, (look), send, and exactly one script for the outcome. */
import type { Card } from '../domain/card.ts';
import { entryInstant } from '../domain/journal.ts';
import { ripeAfter } from '../domain/timing.ts';
import type { Outcome } from '../ports/chat-adapter.ts';
import type { Attempt, Intent, Settlement } from '../ports/store.ts';
import type { Step } from './decide.ts';
import { type Next, NOTHING, subRef, type Turn, within } from './drain.ts';
import { intentCard, isRaised, told, wordsOnly } from './draw.ts';

/** A platform that says "later" and no time means no less. */
const SHORTEST_WAIT_MS = 100;

/** Between two tries to settle what was delivered, while Redis is away. */
const SETTLE_AGAIN_MS = 500;

/** Answers what to do next: another step for this subscription, or on with the destination. */
export async function attempt(turn: Turn, step: Extract<Step, { kind: 'attempt' }>): Promise<Next | Step> {
  const { store, clock, random, timing } = turn;
  const { intent, previous, plain, paced } = step;
  const sub = subRef(turn.work);
  const held = paced ? 0 : await store.takePace(intent.kind === 'edit' ? turn.traits.pace.update : turn.traits.pace.post);
  if (held > 0) return later(turn, intent, '', held);

  const started = clock.monotonic();
  const mine: Attempt = { tok: random.id(), intent };
  const opened = await store.intent(sub, { previous, mine: mine.tok }, intent);
  if (opened.kind !== 'ok') return opened.kind === 'wait' ? 'stop' : 'again';
  if (opened.look && turn.traits.lookup) {
    // the last Redis may have told this already
    return { kind: 'resolve', intent: { ...intent, tok: mine.tok, at: turn.work.now, looked: opened.runId, attempt: intent.attempt - 1 }, paced: true };
  }
  const card = plain ? wordsOnly(intentCard(turn, intent)) : intentCard(turn, intent);
  if (clock.monotonic() - started > timing.handOver) {
    await store.release(sub, mine.tok, NOTHING);
    return 'again';
  }
  const sent = clock.monotonic();
  const outcome = await within(turn, send(turn, intent, card));
  report(turn, intent, outcome, clock.monotonic() - sent);
  return conclude(turn, mine, outcome, plain);
}

function send(turn: Turn, intent: Intent, card: Card): Promise<Outcome> {
  const { work, adapter, traits } = turn;
  const { address } = work.destination;
  const delivery = { gen: work.gen, keys: intent.kind === 'edit' ? ['root'] : intent.keys };
  if (intent.kind === 'edit') return adapter.update({ address, ref: intent.root ?? '', card, delivery });
  const root = intent.kind === 'post' && traits.threads && intent.root ? intent.root : null;
  return adapter.post({ address, card, delivery, root, raised: isRaised(turn, intent) });
}

async function conclude(turn: Turn, mine: Attempt, outcome: Outcome, plain: boolean): Promise<Next | Step> {
  const { store, traits } = turn;
  const { intent, tok } = mine;
  const sub = subRef(turn.work);
  switch (outcome.kind) {
    case 'delivered':
      await settle(turn, mine, { ref: outcome.ref, address: outcome.address, adopted: false, retry: false, lookup: traits.lookup });
      return 'again';
    case 'later':
      return later(turn, intent, tok, outcome.afterMs);
    case 'gone':
      await store.release(sub, tok, { ...NOTHING, rootGone: true });
      return 'again';
    case 'unknown':
      await store.doubt(sub, mine, traits.lookup);
      return 'again';
    case 'dead':
      break;
    default:
      outcome satisfies never;
  }
  switch (outcome.scope) {
    case 'destination':
      await store.release(sub, tok, { ...NOTHING, pause: outcome.reason });
      return 'stop';
    case 'platform':
      await store.release(sub, tok, NOTHING);
      await store.pausePlatform(turn.adapter.platform, outcome.reason);
      return 'stop';
    case 'payload':
      if (plain) {
        await store.bury(sub, mine, outcome.reason);
        turn.metrics.count('dead_letters_total', { platform: turn.adapter.platform, reason: outcome.reason });
        turn.log.error('a message was refused for good', { reason: outcome.reason, keys: intent.keys.join(',') });
        return 'again';
      }
      return { kind: 'attempt', intent, previous: tok, plain: true, paced: true };
    default:
      return outcome.scope satisfies never;
  }
}

/** News holds up the destination; a card only itself. */
async function later(turn: Turn, intent: Intent, tok: string, afterMs: number): Promise<Next> {
  const edit = intent.kind === 'edit';
  const wait = Math.max(Math.ceil(afterMs), edit ? turn.timing.editGap : SHORTEST_WAIT_MS);
  await turn.store.release(subRef(turn.work), tok, { ...NOTHING, notBeforeInMs: edit ? 0 : wait, editNotBeforeInMs: edit ? wait : 0 });
  return edit ? 'again' : 'stop';
}

/** Records a delivery; while Redis is away, again and again until the intent is ripe for others. */
export async function settle(turn: Turn, mine: Attempt, settlement: Settlement): Promise<void> {
  const { store, clock, timing } = turn;
  const deadline = clock.monotonic() + ripeAfter(timing);
  for (let retry = settlement.retry; ; retry = true) {
    try {
      await store.settle(subRef(turn.work), mine, { ...settlement, retry });
      return;
    } catch (error) {
      if (clock.monotonic() > deadline) throw error;
      await new Promise((resolveSoon) => setTimeout(resolveSoon, SETTLE_AGAIN_MS));
    }
  }
}

function report(turn: Turn, intent: Intent, outcome: Outcome, tookMs: number): void {
  const { metrics, log, adapter, clock } = turn;
  const reason = 'reason' in outcome ? outcome.reason : '';
  metrics.count('deliveries_total', { platform: adapter.platform, kind: intent.kind, outcome: outcome.kind, reason });
  metrics.observe('delivery_seconds', tookMs / 1000, { platform: adapter.platform, kind: intent.kind });
  if (intent.attempt > 1) metrics.count('deliveries_resent_total', { platform: adapter.platform, lookup: String(turn.traits.lookup) });
  const ref = outcome.kind === 'delivered' ? outcome.ref : null;
  const fields = {
    delivery: intent.kind,
    keys: intent.keys.join(','),
    attempt: intent.attempt,
    outcome: outcome.kind,
    reason,
    ref,
    ms: Math.round(tookMs),
  };
  if (outcome.kind === 'delivered') log.debug('delivered', fields);
  else log.warn('not delivered', fields);
  if (outcome.kind !== 'delivered' || intent.kind !== 'post') return;
  for (const entry of told(turn, intent)) {
    const at = entryInstant(entry);
    if (at !== null) metrics.observe('entry_to_message_seconds', Math.max(0, clock.now() - at) / 1000, { platform: adapter.platform });
  }
}
