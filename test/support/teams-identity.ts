/**
 * Microsoft's identity for tests, on one port of 127.0.0.1: the OpenID metadata and keys that calls to the bot are checked with, and the endpoint
 * where the bot gets the token for its own calls. `TEAMS_OPENID_METADATA_URL` points the program here.
 *
 * How the program finds the token endpoint: no variable of its own. When the metadata's address is loopback, the login is at the same origin
 * (`<origin>/<tenant>/oauth2/v2.0/token`, client credentials), and `serviceUrl`s of loopback are allowed; anywhere else both stay as they are.
 */
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type ReceivedRequest, sendJson, startHttpServer } from './http-server.ts';

/** What a token to the bot says. Each member can be wrong. */
export type TokenClaims = {
  readonly audience: string | null;
  readonly issuer: string | null;
  readonly serviceUrl: string | null;
  /** Seconds from now. */
  readonly expiresInS: number;
  readonly notBeforeS: number;
  /** 'other': of the key id that is known, with a key that is not. */
  readonly key: 'known' | 'other' | 'unendorsed';
  readonly keyId: string;
};

export type TeamsIdentity = {
  readonly metadataUrl: string;
  readonly appId: string;
  readonly appPassword: string;
  readonly tenantId: string;
  /** A token as Teams sends it to the bot, valid but for what is named. */
  token(serviceUrl: string, wrong?: Partial<TokenClaims>): Promise<string>;
  /** Whether the bot's token was issued here, and not yet withdrawn. */
  isIssued(token: string): boolean;
  /** Withdraws all tokens: the next call with one is refused. */
  withdraw(): void;
  /** What the token endpoint was asked, in order. */
  readonly logins: readonly URLSearchParams[];
  /** From now on the token endpoint refuses: null = no more. */
  refuseLogins(status: number | null): void;
  close(): Promise<void>;
};

const ISSUER = 'https://api.botframework.com';
/** What real tokens live. */
const LIFE_S = 3_600;
const APP_ID = '5f1c2a34-0000-4000-8000-00000000b071';
const APP_PASSWORD = 'teams-test-client-secret-7f3a';
export const TEAMS_TENANT = '7e4a0000-0000-4000-8000-0000000000aa';
const LOGIN_PATH = /^\/([^/]+)\/oauth2\/v2\.0\/token$/;

export async function startTeamsIdentity(): Promise<TeamsIdentity> {
  const pair = () => generateKeyPair('RS256', { extractable: true });
  const [known, other, unendorsed] = await Promise.all([pair(), pair(), pair()]);
  const keys = { known, other, unendorsed };
  const jwks = {
    keys: [
      { ...(await exportJWK(known.publicKey)), kid: 'known', use: 'sig', alg: 'RS256', endorsements: ['msteams'] },
      { ...(await exportJWK(unendorsed.publicKey)), kid: 'unendorsed', use: 'sig', alg: 'RS256', endorsements: ['webchat'] },
    ],
  };
  const issued = new Set<string>();
  const logins: URLSearchParams[] = [];
  let refusal: number | null = null;

  const login = (request: ReceivedRequest): readonly [number, object] => {
    const asked = new URLSearchParams(request.body);
    logins.push(asked);
    if (refusal !== null) return [refusal, { error: 'temporarily_unavailable', error_description: 'refused by the test' }];
    const [, tenant] = LOGIN_PATH.exec(request.path) ?? [];
    const wrong = asked.get('client_id') !== APP_ID || asked.get('client_secret') !== APP_PASSWORD || tenant !== TEAMS_TENANT;
    if (wrong) return [401, { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.' }];
    const token = `outbound-${issued.size + 1}-${crypto.randomUUID()}`;
    issued.add(token);
    return [200, { token_type: 'Bearer', expires_in: LIFE_S, ext_expires_in: LIFE_S, access_token: token }];
  };

  const server = await startHttpServer((request, response) => {
    if (request.path === '/v1/.well-known/openidconfiguration') {
      return sendJson(response, 200, { issuer: ISSUER, jwks_uri: `${server.url}/v1/.well-known/keys`, id_token_signing_alg_values_supported: ['RS256'] });
    }
    if (request.path === '/v1/.well-known/keys') return sendJson(response, 200, jwks);
    if (request.method === 'POST' && LOGIN_PATH.test(request.path)) return sendJson(response, ...login(request));
    return sendJson(response, 404, {});
  });

  return {
    metadataUrl: `${server.url}/v1/.well-known/openidconfiguration`,
    appId: APP_ID,
    appPassword: APP_PASSWORD,
    tenantId: TEAMS_TENANT,
    token: (serviceUrl, wrong = {}) => {
      const claims: TokenClaims = { audience: APP_ID, issuer: ISSUER, serviceUrl, expiresInS: LIFE_S, notBeforeS: -60, key: 'known', keyId: '', ...wrong };
      const now = Math.floor(Date.now() / 1000);
      const kid = claims.keyId || (claims.key === 'unendorsed' ? 'unendorsed' : 'known');
      const unsigned = new SignJWT(claims.serviceUrl === null ? {} : { serviceurl: claims.serviceUrl })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
        .setNotBefore(now + claims.notBeforeS)
        .setExpirationTime(now + claims.expiresInS);
      if (claims.issuer !== null) unsigned.setIssuer(claims.issuer);
      if (claims.audience !== null) unsigned.setAudience(claims.audience);
      return unsigned.sign(keys[claims.key].privateKey);
    },
    isIssued: (token) => issued.has(token),
    withdraw: () => issued.clear(),
    logins,
    refuseLogins: (status) => {
      refusal = status;
    },
    close: () => server.close(),
  };
}
