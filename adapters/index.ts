/** Every chat platform there is. An adapter is loaded only when it is configured, so that nobody needs what they do not use. */
import type { SlackConfig, TeamsConfig } from '../src/config.ts';
import type { Language } from '../src/domain/subscription.ts';
import type { ChatAdapter } from '../src/ports/chat-adapter.ts';
import type { Clock, Random } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';

export type AdapterConfig = {
  readonly playground: boolean;
  /** null = not configured. */
  readonly slack: SlackConfig | null;
  readonly teams: TeamsConfig | null;
  readonly dataDir: string;
  readonly defaultLanguage: Language;
};

export type AdapterDeps = { readonly clock: Clock; readonly random: Random; readonly log: Log };

/** The adapters that are configured, built and not started. */
export async function loadAdapters(config: AdapterConfig, deps: AdapterDeps): Promise<readonly ChatAdapter[]> {
  const adapters: ChatAdapter[] = [];
  if (config.playground) {
    const { createPlayground } = await import('./playground/adapter.ts');
    adapters.push(createPlayground({ ...config, ...deps, log: deps.log.with({ platform: 'playground' }) }));
  }
  if (config.slack) {
    const { createSlackAdapter } = await import('./slack/adapter.ts');
    adapters.push(createSlackAdapter({ ...config.slack, ...deps, defaultLanguage: config.defaultLanguage, log: deps.log.with({ platform: 'slack' }) }));
  }
  if (config.teams) {
    const { createTeams } = await import('./teams/adapter.ts');
    adapters.push(createTeams({ settings: config.teams, clock: deps.clock, log: deps.log.with({ platform: 'teams' }) }));
  }
  return adapters;
}
