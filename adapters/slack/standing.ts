/** What the token is and may do, as auth.test said last. */
import type { WebClient } from '@slack/web-api';
import type { Check } from '../../src/ports/chat-adapter.ts';
import { outcomeOf } from './errors.ts';
import { failureOf, type SlackFailure } from './failure.ts';
import { sortOf } from './places.ts';
import { NEEDED_SCOPES, OPTIONAL_SCOPES } from './surface.ts';

export type Identity = { readonly userId: string; readonly botId: string; readonly team: string };

const POSTING_SCOPE = 'chat:write';
const ADD = 'add it under OAuth & Permissions and reinstall the app.';
const HISTORY_SCOPES = { channel: ['channels:history', 'groups:history'], group: ['groups:history', 'mpim:history'], dm: ['im:history'] } as const;

export class Standing {
  readonly #client: WebClient;
  #identity: Identity | null = null;
  /** null = Slack has not said. */
  #scopes: ReadonlySet<string> | null = null;
  /** Channels that the scopes turned out not to reach: whether a C channel is a private one can't be seen. Forgotten when the scopes change. */
  readonly #unreadable = new Set<string>();

  constructor(client: WebClient) {
    this.#client = client;
  }

  /** Whether messages there can be looked up, as far as is known. */
  canRead(channel: string): boolean {
    const scopes = this.#scopes;
    if (this.#unreadable.has(channel)) return false;
    return scopes === null || HISTORY_SCOPES[sortOf(channel)].some((scope) => scopes.has(scope));
  }

  cannotRead(channel: string): void {
    this.#unreadable.add(channel);
  }

  /** Who we are; asks once. Rejects as the SDK does. */
  async identity(): Promise<Identity> {
    return this.#identity ?? this.#ask();
  }

  /** Asks anew: credentials, then scopes. */
  async check(): Promise<Check> {
    try {
      await this.#ask();
    } catch (error) {
      const failure = failureOf(error);
      if (failure === null) throw error;
      return { ok: false, problem: refusedBecause(failure) };
    }
    const lacking = (wanted: readonly string[]): string[] => (this.#scopes === null ? [] : wanted.filter((scope) => !this.#scopes?.has(scope)));
    if (lacking([POSTING_SCOPE]).length > 0) return { ok: false, problem: `The Slack app lacks the scope ${POSTING_SCOPE}, so it can't post: ${ADD}` };
    const [needed, optional] = [lacking(NEEDED_SCOPES), lacking(OPTIONAL_SCOPES)];
    const problems = [
      ...(needed.length === 0 ? [] : [`The Slack app lacks ${needed.join(', ')}, so commands, clicks or private messages can fail: ${ADD}`]),
      ...(optional.length === 0
        ? []
        : [`The Slack app lacks ${optional.join(', ')}: there voicejob can't look whether a message arrived, so after a lost answer it may come twice.`]),
    ];
    return { ok: true, problem: problems.length === 0 ? null : problems.join(' ') };
  }

  async #ask(): Promise<Identity> {
    const answer = await this.#client.auth.test();
    const { scopes } = answer.response_metadata ?? {};
    const known = scopes === undefined ? null : new Set(scopes);
    if (listed(known) !== listed(this.#scopes)) this.#unreadable.clear();
    this.#scopes = known;
    this.#identity = { userId: answer.user_id ?? '', botId: answer.bot_id ?? '', team: answer.team_id ?? '' };
    return this.#identity;
  }
}

function listed(scopes: ReadonlySet<string> | null): string {
  return scopes === null ? '' : [...scopes].toSorted().join(',');
}

function refusedBecause(failure: SlackFailure): string {
  const outcome = outcomeOf(failure);
  if (failure.kind === 'refused' && outcome.kind === 'dead' && outcome.scope === 'platform') {
    return `Slack refuses SLACK_BOT_TOKEN (${failure.code}): copy the Bot User OAuth Token from the app's page OAuth & Permissions, and reinstall the app if it was removed.`;
  }
  const why =
    failure.kind === 'refused' || failure.kind === 'unreachable' ? failure.code : failure.kind === 'status' ? `status ${failure.status}` : failure.kind;
  return `Slack could not be asked about SLACK_BOT_TOKEN (${why}): it is tried again in a few minutes; look at SLACK_API_URL and the way to it if it stays.`;
}
