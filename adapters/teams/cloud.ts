/** Which of Microsoft's clouds the bot is in: where its tokens come from, who signs what arrives, and which service addresses are believed. */
import { isLoopbackUrl } from './local-only.ts';

export type Cloud = {
  /** Where the bot signs in: a tenant follows. Without a slash at the end. */
  readonly login: string;
  /** What its tokens are for. */
  readonly scope: string;
  /** Who signs the tokens of what arrives. */
  readonly issuer: string;
  readonly metadataUrl: string;
  readonly oauthUrl: string;
  /** The bot's home tenant when it has none of its own (MultiTenant). */
  readonly sharedTenant: string;
  /** A stand-in on this machine, so that its service addresses may be here too. */
  readonly isLocal: boolean;
};

const PUBLIC: Cloud = {
  login: 'https://login.microsoftonline.com',
  scope: 'https://api.botframework.com',
  issuer: 'https://api.botframework.com',
  metadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
  oauthUrl: 'https://api.botframework.com',
  sharedTenant: 'botframework.com',
  isLocal: false,
};

const US_GOVERNMENT: Cloud = {
  login: 'https://login.microsoftonline.us',
  scope: 'https://api.botframework.us',
  issuer: 'https://api.botframework.us',
  metadataUrl: 'https://login.botframework.azure.us/v1/.well-known/openidconfiguration',
  oauthUrl: 'https://api.botframework.azure.us',
  sharedTenant: 'MicrosoftServices.onmicrosoft.us',
  isLocal: false,
};

/** The cloud that TEAMS_OPENID_METADATA_URL is of; null = the public one. A stand-in on this machine also answers the login. */
export function cloudOf(metadataUrl: string | null): Cloud {
  if (metadataUrl === null) return PUBLIC;
  const { origin, hostname } = new URL(metadataUrl);
  if (isLoopbackUrl(metadataUrl)) return { ...PUBLIC, metadataUrl, login: origin, isLocal: true };
  return { ...(hostname.endsWith('.azure.us') ? US_GOVERNMENT : PUBLIC), metadataUrl };
}

/** Service addresses of Teams: the connector's (Agents SDK, "TeamsServiceEndpoints"), and the Bot Framework's own. Nobody else may have smba.trafficmanager.net. */
const SERVICE_HOSTS: readonly RegExp[] = [
  /^smba\.trafficmanager\.net$/,
  /^smba(\.[a-z\d-]+)*\.teams\.microsoft\.(com|us)$/,
  /^([a-z\d-]+\.)+botframework\.(com|us)$/,
];

/** Whether the bot's requests, with its token, may go there. `local`: an address of this machine will do, as in a trial. */
export function isServiceUrl(url: string, local: boolean): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, port, username, password, search, hash } = new URL(url);
  if (username + password + search + hash !== '') return false;
  if (local && isLoopbackUrl(url)) return true;
  return protocol === 'https:' && port === '' && SERVICE_HOSTS.some((host) => host.test(hostname));
}
