/** Notices: told at least once, without an intent. */
import type { Card } from '../domain/card.ts';
import type { Message, Notice } from '../domain/message.ts';
import { ripeAfter } from '../domain/timing.ts';
import type { ChatAdapter, Outcome } from '../ports/chat-adapter.ts';
import type { Destination, DueWork } from '../ports/store.ts';
import { type DrainDeps, type Next, within } from './drain.ts';
import { drawn, shortIdOf, wordsOnly } from './draw.ts';

type DueNotice = Extract<DueWork, { kind: 'notice' }>;

export async function tellNotice(deps: DrainDeps, adapter: ChatAdapter, due: DueNotice): Promise<Next> {
  const { store } = deps;
  const { destination, notice, raw } = due;
  const held = await store.takePace(adapter.traits(destination.address).pace.post);
  if (held > 0) {
    await store.holdBack(destination.id, 'everything', Math.ceil(held));
    return 'stop';
  }
  const card = drawn(adapter, destination, messageOf(deps, notice));
  let outcome = await within(deps, send(adapter, due, card));
  if (outcome.kind === 'dead' && outcome.scope === 'payload') outcome = await within(deps, send(adapter, due, wordsOnly(card)));
  deps.metrics.count('deliveries_total', {
    platform: adapter.platform,
    kind: 'notice',
    outcome: outcome.kind,
    reason: 'reason' in outcome ? outcome.reason : '',
  });

  const fields = { destination: destination.id, notice: notice.kind, subject: notice.subject, outcome: outcome.kind };
  if (outcome.kind === 'delivered') deps.log.debug('delivered', fields);
  else deps.log.warn('not delivered', { ...fields, reason: 'reason' in outcome ? outcome.reason : '' });

  switch (outcome.kind) {
    case 'delivered':
    case 'gone':
      await store.noticeDone(destination.id, raw, outcome.kind === 'delivered');
      return 'again';
    case 'later':
      await store.holdBack(destination.id, 'everything', Math.ceil(outcome.afterMs));
      return 'stop';
    case 'unknown':
      await store.holdBack(destination.id, 'notices', ripeAfter(deps.timing));
      return 'again';
    case 'dead':
      return dead(deps, destination, raw, outcome);
    default:
      return outcome satisfies never;
  }
}

async function dead(deps: DrainDeps, destination: Destination, raw: string, outcome: Extract<Outcome, { kind: 'dead' }>): Promise<Next> {
  switch (outcome.scope) {
    case 'destination':
      await deps.store.pauseDestination(destination.id, outcome.reason);
      return 'stop';
    case 'platform':
      await deps.store.pausePlatform(destination.address.platform, outcome.reason);
      return 'stop';
    case 'payload':
      await deps.store.noticeDone(destination.id, raw, false);
      return 'again';
    default:
      return outcome.scope satisfies never;
  }
}

function send(adapter: ChatAdapter, due: DueNotice, card: Card): Promise<Outcome> {
  const { notice, destination } = due;
  const { address } = destination;
  if (notice.kind === 'farewell') return adapter.update({ address, ref: notice.root, card, delivery: { gen: notice.gen, keys: ['root'] } });
  return adapter.post({ address, card, delivery: { gen: 'notice', keys: [`${notice.kind}:${notice.since}`] }, root: null, raised: false });
}

function messageOf(deps: DrainDeps, notice: Notice): Message {
  if (notice.kind === 'test') return { kind: 'test' };
  if (notice.kind !== 'farewell') return { kind: 'notice', notice, jobs: [] };
  const { subject, journal, facts } = notice;
  const view = { job: subject, shortId: shortIdOf(subject), link: deps.jobLink(subject), journal, facts };
  return { kind: 'no-longer-followed', view };
}
