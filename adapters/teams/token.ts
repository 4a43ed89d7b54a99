/**
 * The bot's own tokens, for what it asks of Teams. Kept in memory only, never logged. A secret is traded for one by the plain client-credentials
 * request, which ends when we say so and can be tried offline (the SDK's library has no time limit and refuses a login on this machine); a managed
 * identity has the machine's own ways to its token, and those the SDK knows.
 */
import type { Clock } from '../../src/ports/clock.ts';
import type { Cloud } from './cloud.ts';
import { networkFailure } from './failure.ts';
import { REQUEST_TIMEOUT_MS } from './limits.ts';
import type { TeamsSettings } from './settings.ts';

export type TokenAnswer =
  /** null: a trial, where nothing is signed. */
  | { readonly kind: 'token'; readonly token: string | null }
  /** The login refuses us: `code` is its error. */
  | { readonly kind: 'refused'; readonly code: string }
  | { readonly kind: 'unavailable'; readonly why: string };

export type Tokens = {
  /** A token that is good for a while; from memory when there is one. Never rejects. */
  get(): Promise<TokenAnswer>;
  /** Teams refused this one: the next is asked for anew. */
  forget(token: string): void;
};

/** A token that ends so soon is not used any more. */
const MARGIN_MS = 300_000;

export function createTokens(settings: TeamsSettings, cloud: Cloud, clock: Clock): Tokens {
  if (settings.allowUnauthenticated) return { get: async () => ({ kind: 'token', token: null }), forget: () => {} };
  const ask = settings.appType === 'UserAssignedMSI' ? managedIdentity(settings, cloud) : clientSecret(settings, cloud);
  let known: { readonly token: string; readonly until: number } | null = null;
  let asking: Promise<TokenAnswer> | null = null;

  const fetchToken = async (): Promise<TokenAnswer> => {
    const answer = await ask();
    if (answer.kind !== 'token') return answer;
    known = { token: answer.token, until: clock.monotonic() + Math.max(answer.lifeMs - MARGIN_MS, answer.lifeMs / 2) };
    return { kind: 'token', token: answer.token };
  };
  return {
    get: async () => {
      if (known !== null && clock.monotonic() < known.until) return { kind: 'token', token: known.token };
      asking ??= fetchToken().finally(() => {
        asking = null;
      });
      return asking;
    },
    forget: (token) => {
      if (known?.token === token) known = null;
    },
  };
}

type Asked = { readonly kind: 'token'; readonly token: string; readonly lifeMs: number } | Exclude<TokenAnswer, { kind: 'token' }>;

/** RFC 6749, 4.4, as Microsoft's v2 endpoint takes it. */
function clientSecret({ appId, appPassword, tenantId, appType }: TeamsSettings, cloud: Cloud): () => Promise<Asked> {
  const tenant = appType === 'MultiTenant' ? cloud.sharedTenant : tenantId;
  const url = `${cloud.login}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: appId, client_secret: appPassword ?? '', scope: `${cloud.scope}/.default` });
  return async () => {
    try {
      const response = await fetch(url, { method: 'POST', body, redirect: 'error', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      return readAnswer(response.status, await response.text());
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const failure = networkFailure(error);
      return { kind: 'unavailable', why: failure.kind === 'unreachable' ? failure.code : failure.kind };
    }
  };
}

function readAnswer(status: number, text: string): Asked {
  const answer = objectIn(text);
  if (status === 200 && typeof answer.access_token === 'string' && answer.access_token !== '') {
    const lifeS = Number(answer.expires_in);
    return { kind: 'token', token: answer.access_token, lifeMs: Number.isFinite(lifeS) && lifeS > 0 ? lifeS * 1000 : MARGIN_MS };
  }
  const code = typeof answer.error === 'string' && /^[a-z_]{1,60}$/.test(answer.error) ? answer.error : `status ${status}`;
  const refused = (status === 400 || status === 401 || status === 403) && code !== 'temporarily_unavailable';
  return refused ? { kind: 'refused', code } : { kind: 'unavailable', why: code };
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === 'object' && read !== null ? (read as Readonly<Record<string, unknown>>) : {};
  } catch {
    return {};
  }
}

/** The SDK keeps such a token itself, as long as it is good, so it is asked often. */
const MANAGED_LIFE_MS = 60_000;

/** Which of the SDK's errors mean a refusal is written nowhere: all of them are tried again. */
function managedIdentity({ appId, tenantId }: TeamsSettings, cloud: Cloud): () => Promise<Asked> {
  return async () => {
    const { ConfigurationServiceClientCredentialFactory } = await import('botbuilder');
    const options = { MicrosoftAppId: appId, MicrosoftAppType: 'UserAssignedMsi', MicrosoftAppTenantId: tenantId };
    const { promise: late, resolve } = Promise.withResolvers<Asked>();
    const timer = setTimeout(() => resolve({ kind: 'unavailable', why: 'timeout' }), REQUEST_TIMEOUT_MS);
    try {
      const credentials = await new ConfigurationServiceClientCredentialFactory(options).createCredentials(appId, cloud.scope, cloud.login, true);
      if (!('getToken' in credentials) || typeof credentials.getToken !== 'function') throw new TypeError('credentials without getToken');
      const asked: Promise<unknown> = credentials.getToken();
      return await Promise.race([asked.then(managedToken), late]);
    } catch (error) {
      return { kind: 'unavailable', why: error instanceof Error ? error.name : 'unknown' };
    } finally {
      clearTimeout(timer);
    }
  };
}

function managedToken(token: unknown): Asked {
  if (typeof token !== 'string' || token === '') return { kind: 'unavailable', why: 'no token' };
  return { kind: 'token', token, lifeMs: MANAGED_LIFE_MS };
}
