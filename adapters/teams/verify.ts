/** Whether what arrives was sent by Teams: its token, checked by the SDK. The only use of the SDK on the way in. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Activity as SdkActivity } from 'botbuilder';
import type { Cloud } from './cloud.ts';
import { VERIFY_TIMEOUT_MS } from './limits.ts';
import type { TeamsSettings } from './settings.ts';

/** refused: the token is not good for this. unavailable: the keys to check it with can't be had now. */
export type Verdict = 'good' | 'refused' | 'unavailable';

/** What the token is checked against. */
export type Claimed = { readonly channelId: string; readonly serviceUrl: string };

export type Verify = (claimed: Claimed, authorization: string) => Promise<Verdict>;

/** Errors that say that the keys could not be fetched: node-fetch's, and the SDK's own with this status. */
const NOT_FETCHED = new Set(['FetchError', 'AbortError']);
const SDK_CANNOT_LOAD = 500;

/** Loads the SDK. A trial has nothing to check, and never calls this. */
export async function createVerify(settings: TeamsSettings, cloud: Cloud): Promise<Verify> {
  const { ConfigurationBotFrameworkAuthentication, ConfigurationServiceClientCredentialFactory } = await import('botbuilder');
  const { appId, appPassword, tenantId, appType } = settings;
  const identity = {
    MicrosoftAppId: appId,
    MicrosoftAppTenantId: tenantId,
    MicrosoftAppType: appType === 'UserAssignedMSI' ? 'UserAssignedMsi' : appType,
    ...(appPassword === null ? {} : { MicrosoftAppPassword: appPassword }),
  };
  // All of them or none: one that is missing beside the others is undefined (facts, teams, 3).
  const where = {
    ToChannelFromBotLoginUrl: `${cloud.login}/${tenantId}`,
    ToChannelFromBotOAuthScope: cloud.scope,
    ToBotFromChannelTokenIssuer: cloud.issuer,
    ToBotFromChannelOpenIdMetadataUrl: cloud.metadataUrl,
    ToBotFromEmulatorOpenIdMetadataUrl: cloud.metadataUrl,
    OAuthUrl: cloud.oauthUrl,
    ValidateAuthority: true,
    CallerId: '',
  };
  const authentication = new ConfigurationBotFrameworkAuthentication({ ...identity, ...where }, new ConfigurationServiceClientCredentialFactory(identity));
  return async (claimed, authorization) => {
    if (!isPlausible(authorization, cloud.issuer)) return 'refused';
    const { promise: late, resolve } = Promise.withResolvers<Verdict>();
    const timer = setTimeout(() => resolve('unavailable'), VERIFY_TIMEOUT_MS);
    const checked = quietly(() => authentication.authenticateRequest(claimed as SdkActivity, authorization)).then(
      (): Verdict => 'good',
      (error: unknown): Verdict => (isNotFetched(error) ? 'unavailable' : 'refused'),
    );
    const verdict = await Promise.race([checked, late]);
    clearTimeout(timer);
    return verdict;
  };
}

/** Only a token of the channel's own issuer is looked at: those of emulators and other bots take other ways through the SDK, which are nobody's here. */
function isPlausible(authorization: string, issuer: string): boolean {
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]+$/.exec(authorization) ?? [];
  if (payload === undefined) return false;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null && 'iss' in claims && claims.iss === issuer;
  } catch {
    return false;
  }
}

function isNotFetched(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return NOT_FETCHED.has(error.name) || ('statusCode' in error && error.statusCode === SDK_CANNOT_LOAD);
}

const insideSdk = new AsyncLocalStorage<true>();
let isQuiet = false;

/** The SDK writes keys and stacks of every bad token to the console, for anybody to fill the log with: there alone it is turned off. */
function quietly<T>(work: () => Promise<T>): Promise<T> {
  if (!isQuiet) {
    isQuiet = true;
    const { error } = console;
    console.error = (...words: unknown[]) => {
      if (!insideSdk.getStore()) error.apply(console, words);
    };
  }
  return insideSdk.run(true, work);
}
