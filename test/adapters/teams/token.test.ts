import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cloudOf } from '../../../adapters/teams/cloud.ts';
import type { TeamsSettings } from '../../../adapters/teams/settings.ts';
import { createTokens } from '../../../adapters/teams/token.ts';
import { createVerify } from '../../../adapters/teams/verify.ts';
import { systemClock } from '../../support/builders.ts';
import { sendJson, startHttpServer, type TestHttpServer } from '../../support/http-server.ts';
import { startTeamsIdentity } from '../../support/teams-identity.ts';

const SETTINGS: TeamsSettings = {
  allowUnauthenticated: false,
  appId: '5f1c2a34-0000-4000-8000-00000000b071',
  appPassword: 'a secret & more',
  tenantId: '7e4a0000-0000-4000-8000-0000000000aa',
  appType: 'SingleTenant',
  allowedTenants: [],
  openIdMetadataUrl: null,
};
const MANAGED: TeamsSettings = { ...SETTINGS, appType: 'UserAssignedMSI', appPassword: null };

let login: TestHttpServer;
let issued: number;
beforeEach(async () => {
  issued = 0;
  login = await startHttpServer((_, response) => {
    issued += 1;
    sendJson(response, 200, {
      access_token: `token-${issued}`,
      expires_in: 3_600,
      expires_on: String(Math.floor(Date.now() / 1000) + 3_600),
      token_type: 'Bearer',
    });
  });
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await login.close();
});

const local = () => cloudOf(`${login.url}/v1/.well-known/openidconfiguration`);

describe('a token', () => {
  test('is asked for once, however many want it at once', async () => {
    const tokens = createTokens(SETTINGS, local(), systemClock);
    expect(await Promise.all([tokens.get(), tokens.get(), tokens.get()])).toEqual(Array(3).fill({ kind: 'token', token: 'token-1' }));
    expect(login.requests.map(({ path }) => path)).toEqual([`/${SETTINGS.tenantId}/oauth2/v2.0/token`]);
    expect(Object.fromEntries(new URLSearchParams(login.requests[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: SETTINGS.appId,
      client_secret: SETTINGS.appPassword,
      scope: 'https://api.botframework.com/.default',
    });
  });

  test('of a bot of many tenants comes from the one that they share', async () => {
    await createTokens({ ...SETTINGS, appType: 'MultiTenant' }, local(), systemClock).get();
    expect(login.requests[0]?.path).toBe('/botframework.com/oauth2/v2.0/token');
  });

  test('is asked for anew before it ends', async () => {
    let now = 0;
    const tokens = createTokens(SETTINGS, local(), { ...systemClock, monotonic: () => now });
    await tokens.get();
    now = 3_299_000;
    expect(await tokens.get()).toMatchObject({ token: 'token-1' });
    now = 3_301_000;
    expect(await tokens.get()).toMatchObject({ token: 'token-2' });
  });

  test('that Teams refused is forgotten; an older one that is refused late changes nothing', async () => {
    const tokens = createTokens(SETTINGS, local(), systemClock);
    await tokens.get();
    tokens.forget('token-1');
    expect(await tokens.get()).toMatchObject({ token: 'token-2' });
    tokens.forget('token-1');
    expect(await tokens.get()).toMatchObject({ token: 'token-2' });
  });

  const answers = [
    [400, { error: 'invalid_client' }, { kind: 'refused', code: 'invalid_client' }],
    [401, { error: 'unauthorized_client', error_description: 'secret words' }, { kind: 'refused', code: 'unauthorized_client' }],
    [400, { error: 'temporarily_unavailable' }, { kind: 'unavailable', why: 'temporarily_unavailable' }],
    [403, {}, { kind: 'refused', code: 'status 403' }],
    [429, {}, { kind: 'unavailable', why: 'status 429' }],
    [503, { error: 'Bad words!' }, { kind: 'unavailable', why: 'status 503' }],
    [200, {}, { kind: 'unavailable', why: 'status 200' }],
    [200, { access_token: 7 }, { kind: 'unavailable', why: 'status 200' }],
  ] as const;
  test.each(answers)('a login that answers %i %j', async (status, body, answer) => {
    login.respond((_, response) => sendJson(response, status, body));
    expect(await createTokens(SETTINGS, local(), systemClock).get()).toEqual(answer);
  });

  test('of a managed identity is what the machine says', async () => {
    vi.stubEnv('IDENTITY_ENDPOINT', `${login.url}/msi/token`);
    vi.stubEnv('IDENTITY_HEADER', 'header');
    const tokens = createTokens(MANAGED, cloudOf(null), systemClock);
    expect(await tokens.get()).toEqual({ kind: 'token', token: 'token-1' });
    expect(await tokens.get()).toEqual({ kind: 'token', token: 'token-1' });
    expect(login.requests.map(({ query }) => [query.get('client_id'), query.get('resource')])).toEqual([[SETTINGS.appId, 'https://api.botframework.com']]);
  });

  test('is none in a trial', async () => {
    expect(await createTokens({ ...SETTINGS, allowUnauthenticated: true }, local(), systemClock).get()).toEqual({ kind: 'token', token: null });
  });
});

test.each([SETTINGS, { ...SETTINGS, appType: 'MultiTenant' as const }, MANAGED])('what arrives is checked for a bot of type $appType', async (settings) => {
  const identity = await startTeamsIdentity();
  const verify = await createVerify(settings, cloudOf(identity.metadataUrl));
  const claimed = { channelId: 'msteams', serviceUrl: 'https://smba.trafficmanager.net/emea/' };
  expect(await verify(claimed, `Bearer ${await identity.token(claimed.serviceUrl)}`)).toBe('good');
  expect(await verify(claimed, `Bearer ${await identity.token(claimed.serviceUrl, { key: 'other' })}`)).toBe('refused');
  expect(await verify({ ...claimed, serviceUrl: 'https://smba.trafficmanager.net/amer/' }, `Bearer ${await identity.token(claimed.serviceUrl)}`)).toBe(
    'refused',
  );
  await identity.close();
});
