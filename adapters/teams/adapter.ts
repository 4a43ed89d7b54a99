/** Microsoft Teams as voicejob sees it: what goes out (outbound.ts), what comes in (http.ts, inbound.ts), and what both know. */
import type { ChatAdapter } from '../../src/ports/chat-adapter.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Routes } from '../../src/ports/routes.ts';
import { createAnswers } from './answer.ts';
import { cloudOf } from './cloud.ts';
import { createConnector } from './connector.ts';
import { createDms } from './dms.ts';
import { MESSAGES_PATH, type MessagesHost, messagesHandler } from './http.ts';
import { receive } from './inbound.ts';
import { STOP_MS } from './limits.ts';
import { createNames } from './names.ts';
import { createTeamsOutbound } from './outbound.ts';
import { createPeople } from './people.ts';
import { isDm, PLATFORM } from './places.ts';
import type { TeamsSettings } from './settings.ts';
import { createTokens } from './token.ts';
import { createVerify } from './verify.ts';

export type TeamsOptions = {
  readonly settings: TeamsSettings;
  readonly clock: Clock;
  readonly log: Log;
  /** Of one request to Teams. */
  readonly timeoutMs?: number;
};

export function createTeams({ settings: given, clock, log, timeoutMs }: TeamsOptions): ChatAdapter {
  const settings = inLowerCase(given);
  const cloud = cloudOf(settings.openIdMetadataUrl);
  const now = (): number => clock.monotonic();
  const tokens = createTokens(settings, cloud, clock);
  const connector = createConnector(tokens, clock);
  const dms = createDms(connector, now);
  const limit = timeoutMs === undefined ? {} : { timeoutMs };
  const answers = createAnswers({ connector, dms, log, ...limit });
  const names = createNames(connector, now);
  const people = createPeople({ connector, dms, now, allowedTenants: settings.allowedTenants, isTrial: settings.allowUnauthenticated });

  const mounted = new WeakSet<Routes>();
  const running = new Set<Promise<void>>();
  let host: MessagesHost | null = null;

  /** Work that goes on after the answer to Teams. */
  const behind = (work: Promise<unknown>): void => {
    const watched = work.then(
      () => {},
      (error: unknown) => log.error('an activity could not be handled', { error: error instanceof Error ? error : new Error(String(error)) }),
    );
    running.add(watched);
    void watched.then(() => running.delete(watched));
  };
  const stop = async (): Promise<void> => {
    host = null;
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, STOP_MS);
    await Promise.race([Promise.all(running), late]);
    clearTimeout(timer);
  };

  return {
    platform: PLATFORM,
    commandPrefix: (address) => (isDm(address) ? '' : '@voicejob '),
    start: async ({ inbound, routes }) => {
      const verify = settings.allowUnauthenticated ? null : await createVerify(settings, cloud);
      host = { verify, receive: (activity) => receive(activity, { inbound, people, names, answers, dms, behind }) };
      if (mounted.has(routes)) return;
      mounted.add(routes);
      routes.mount(MESSAGES_PATH, messagesHandler({ settings, cloud, log, now, host: () => host }));
    },
    stop,
    ...createTeamsOutbound({ connector, dms, tokens, settings, log, ...limit }),
  };
}

/** Ids may be written either way; tokens and activities have them in small letters. */
function inLowerCase(settings: TeamsSettings): TeamsSettings {
  const { appId, tenantId, allowedTenants } = settings;
  return { ...settings, appId: appId.toLowerCase(), tenantId: tenantId.toLowerCase(), allowedTenants: allowedTenants.map((id) => id.toLowerCase()) };
}
