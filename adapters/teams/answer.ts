/**
 * Answers to what somebody said or clicked. A private one is never posted for everyone: in a channel or group chat it is a message that one person
 * sees (targeted messages: every bot may send them, to any member, in any client), and where Teams refuses such a message, it goes to that person's
 * own conversation with the bot.
 */
import type { Address } from '../../src/domain/subscription.ts';
import type { Log } from '../../src/ports/log.ts';
import type { TeamsAnswer } from './call.ts';
import type { Connector, OutgoingActivity, Spot } from './connector.ts';
import type { DmConversations } from './dms.ts';
import { isRefusal, type TeamsFailure } from './failure.ts';
import { REQUEST_TIMEOUT_MS } from './limits.ts';
import { activityOf } from './outbound.ts';
import { type Route, threadOf } from './places.ts';

/** Where somebody waits for an answer. */
export type Scene = {
  readonly route: Route & { readonly conversation: string };
  readonly root: string | null;
  /** Teams' own id of who waits. */
  readonly user: string;
  readonly dm: Address | null;
  /** The private message (a slash command) that is answered, or null. */
  readonly prompt: string | null;
};

/** What is shown: a card, and its words for a notification. */
export type Drawn = { readonly text: string; readonly card: object };

export type Answers = {
  /** `replaced`: the private message whose place it takes, if that is still there; null = none. Answers whether it took it. */
  privately(scene: Scene, drawn: Drawn, replaced: string | null): Promise<boolean>;
  /** Answers whether everyone there surely sees it. */
  publicly(scene: Scene, drawn: Drawn): Promise<boolean>;
  /** Takes a private message away. */
  dismiss(scene: Scene, message: string): Promise<void>;
};

export type AnswersOptions = { readonly connector: Connector; readonly dms: DmConversations; readonly log: Log; readonly timeoutMs?: number };

const PLAIN = { important: false, alert: false };

export function createAnswers({ connector, dms, log, timeoutMs = REQUEST_TIMEOUT_MS }: AnswersOptions): Answers {
  const limit = (): AbortSignal => AbortSignal.timeout(timeoutMs);
  const lost = (failure: TeamsFailure): void => {
    log.warn('an answer did not reach who asked', {
      failure: failure.kind,
      ...(failure.kind === 'refused' ? { status: failure.status, code: failure.code } : {}),
    });
  };

  const toDm = async (dm: Address | null, activity: OutgoingActivity, signal: AbortSignal): Promise<TeamsAnswer<string> | null> => {
    const place = dm && (await dms.opened(dm, signal));
    if (place?.kind !== 'ok') return place;
    const { serviceUrl, conversation } = place.value.route;
    return connector.post({ serviceUrl, conversation, onlyFor: null }, activity, signal);
  };

  return {
    privately: async (scene, drawn, replaced) => {
      const signal = limit();
      const activity = activityOf(drawn, PLAIN);
      const spot = privateSpot(scene);
      if (replaced !== null) {
        const changed = await connector.update({ ...spot, id: replaced }, activity, signal);
        if (changed.kind === 'ok') return true;
        if (!isRefusal(changed.failure)) {
          lost(changed.failure);
          return false;
        }
      }
      const posted = await connector.post(spot, { ...activity, ...previewOf(scene) }, signal);
      if (posted.kind === 'ok') return false;
      const elsewhere = spot.onlyFor !== null && isRefusal(posted.failure) ? await toDm(scene.dm, activity, signal) : posted;
      if (elsewhere?.kind !== 'ok') lost(elsewhere?.failure ?? posted.failure);
      else log.info('teams takes no private message there, so the answer went to a dm', { place: scene.route.conversation });
      return false;
    },
    publicly: async (scene, drawn) => {
      const { serviceUrl, conversation } = scene.route;
      const posted = await connector.post({ serviceUrl, conversation: threadOf(conversation, scene.root), onlyFor: null }, activityOf(drawn, PLAIN), limit());
      if (posted.kind === 'failed') lost(posted.failure);
      return posted.kind === 'ok';
    },
    dismiss: async (scene, message) => {
      const removed = await connector.remove({ ...privateSpot(scene), id: message }, limit());
      if (removed.kind === 'failed' && !isRefusal(removed.failure)) lost(removed.failure);
    },
  };
}

/** What was asked in private stands above its answer, since it is seen nowhere else. */
function previewOf({ prompt }: Scene): Pick<OutgoingActivity, 'entities'> {
  return prompt === null ? {} : { entities: [{ type: 'targetedMessageInfo', messageId: prompt }] };
}

/** In somebody's own conversation everything is private, and a message for one person is refused (facts, teams, 2). */
function privateSpot({ route, root, user }: Scene): Spot {
  const { serviceUrl, conversation, kind } = route;
  return { serviceUrl, conversation: threadOf(conversation, root), onlyFor: kind === 'dm' ? null : user };
}
