import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTeams } from '../../../adapters/teams/adapter.ts';
import { dmAddressOf, type Route, routeOf } from '../../../adapters/teams/places.ts';
import type { Address } from '../../../src/domain/subscription.ts';
import type { Outcome, Pace, Post } from '../../../src/ports/chat-adapter.ts';
import { card } from '../../contract/adapter-harness.ts';
import { silentLog, systemClock } from '../../support/builders.ts';
import { startRoutesServer } from '../../support/routes-server.ts';
import { startTeamsBench, type TeamsBench, TRIAL } from '../../support/teams-bench.ts';
import type { TeamsFault } from '../../support/teams-connector.ts';
import { startTeamsConnector } from '../../support/teams-connector.ts';
import { startTeamsIdentity, TEAMS_TENANT } from '../../support/teams-identity.ts';
import type { TeamsState } from '../../support/teams-places.ts';

let bench: TeamsBench;
let there: Address;
beforeEach(async () => {
  bench = await startTeamsBench();
  there = bench.addressOf(bench.channel);
});
afterEach(() => bench.close());

const delivery = { gen: 'g', keys: ['root'] };
const post = (more: Partial<Post> = {}): Promise<Outcome> =>
  bench.bot.post({ address: there, card: card('words'), delivery, root: null, raised: false, ...more });
const posted = async (more: Partial<Post> = {}): Promise<string> => {
  const outcome = await post(more);
  if (outcome.kind !== 'delivered') throw new Error(JSON.stringify(outcome));
  return outcome.ref;
};
const dmOf = (conversation: string | null): Address => {
  const { ann } = bench.connector.people;
  const route: Route = { kind: 'dm', serviceUrl: bench.connector.serviceUrl, tenant: TEAMS_TENANT, bot: '28:bot', conversation, user: ann.id };
  return dmAddressOf(ann.aadObjectId, route);
};

describe('a message', () => {
  test('is a card, with words for the notification alone', async () => {
    await posted();
    const [{ activity } = { activity: null }] = bench.connector.seen(bench.channel.id);
    expect(activity).toEqual({
      type: 'message',
      summary: 'words',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: expect.any(Object) }],
    });
  });

  test('in a person’s own chat, or raised, asks for attention', async () => {
    const root = await posted();
    await posted({ root, raised: true });
    await posted({ address: dmOf(null) });
    const alert = { channelData: { notification: { alert: true } } };
    expect(bench.connector.seen(bench.channel.id)[1]?.activity).toMatchObject({ ...alert, importance: 'high' });
    expect(bench.connector.seen(bench.personal.id)[0]?.activity).toMatchObject(alert);
  });

  test('to a person opens their chat, which the address then names, and which is not opened again', async () => {
    const outcome = await post({ address: dmOf(null) });
    expect(outcome).toMatchObject({ kind: 'delivered', address: dmOf(bench.personal.id) });
    await posted({ address: dmOf(null) });
    await posted({ address: dmOf(bench.personal.id) });
    expect(bench.connector.requests.map(({ path }) => path).filter((path) => path === '/v3/conversations')).toHaveLength(1);
  });

  test('to a person is edited and removed by an address without their chat, which is then named again', async () => {
    const ref = await posted({ address: dmOf(null) });
    // as in a process that has not seen the chat
    const other = createTeams({ settings: TRIAL, clock: systemClock, log: silentLog, timeoutMs: 1_000 });
    const changed = { kind: 'delivered', ref, address: dmOf(bench.personal.id) };
    expect(await other.update({ address: dmOf(null), ref, card: card('after'), delivery })).toEqual(changed);
    expect(bench.connector.seen(bench.personal.id)).toMatchObject([{ id: ref, edits: 1 }]);
    expect(await other.remove({ address: dmOf(null), ref })).toEqual(changed);
    expect(bench.connector.seen(bench.personal.id)).toEqual([]);
  });

  test('that is a reply is edited and removed in its thread', async () => {
    const root = await posted();
    const ref = await posted({ root });
    expect(await bench.bot.update({ address: there, ref, card: card('after'), delivery })).toEqual({ kind: 'delivered', ref, address: there });
    expect(await bench.bot.remove({ address: there, ref })).toMatchObject({ kind: 'delivered' });
    const threads = bench.connector.requests.slice(-2).map(({ path }) => decodeURIComponent(path));
    expect(threads.every((path) => path.includes(`;messageid=${root}/activities/`))).toBe(true);
  });

  test('below a root that is gone is gone', async () => {
    const root = await posted();
    bench.connector.deleteByHand(root);
    expect(['gone', 'delivered']).toContain((await post({ root })).kind);
  });

  test('to an address that says nothing is dead, and asks nobody', async () => {
    for (const route of ['', '{}', '[]', 'null', '{"kind":"channel"}']) {
      const address = { ...there, route };
      const dead = { kind: 'dead', scope: 'destination', reason: 'not-found' };
      expect(await post({ address })).toEqual(dead);
      expect(await bench.bot.update({ address, ref: '1', card: card('x'), delivery })).toEqual(dead);
      expect(bench.bot.traits(address)).toMatchObject({ threads: false, lookup: false });
    }
    expect(bench.connector.requests).toEqual([]);
  });
});

describe('a refusal', () => {
  const states: readonly (readonly [TeamsState, string])[] = [
    ['bot-removed', 'removed'],
    ['disabled', 'disabled'],
    ['blocked', 'blocked'],
    ['not-personal', 'forbidden'],
    ['archived', 'archived'],
    ['gone', 'not-found'],
  ];
  test.each(states)('%s: the destination is %s', async (state, reason) => {
    bench.channel.state = state;
    expect(await post()).toEqual({ kind: 'dead', scope: 'destination', reason });
  });

  test('a person who blocks writing blocks; they archive nothing', async () => {
    bench.personal.state = 'archived';
    expect(await post({ address: dmOf(bench.personal.id) })).toEqual({ kind: 'dead', scope: 'destination', reason: 'blocked' });
  });

  const faults: readonly (readonly [string, TeamsFault, Outcome])[] = [
    ['429 with seconds', { kind: 'throttled', retryAfter: '7' }, { kind: 'later', reason: 'throttled', afterMs: 7_000 }],
    ['429 without', { kind: 'throttled', retryAfter: null }, { kind: 'later', reason: 'throttled', afterMs: 30_000 }],
    ['429 with nonsense', { kind: 'throttled', retryAfter: 'soon' }, { kind: 'later', reason: 'throttled', afterMs: 30_000 }],
    ['429 with an age', { kind: 'throttled', retryAfter: '99999999' }, { kind: 'later', reason: 'throttled', afterMs: 3_600_000 }],
    ['412', { kind: 'refused', status: 412, code: 'PreconditionFailed' }, { kind: 'later', reason: 'unavailable', afterMs: 3_000 }],
    ['503', { kind: 'status', status: 503, applied: false }, { kind: 'later', reason: 'unavailable', afterMs: 30_000 }],
    ['502', { kind: 'status', status: 502, applied: true }, { kind: 'unknown', reason: 'server-error' }],
    ['504', { kind: 'status', status: 504, applied: true }, { kind: 'unknown', reason: 'timeout' }],
    ['500', { kind: 'refused', status: 500, code: 'ServiceError' }, { kind: 'unknown', reason: 'server-error' }],
    ['413', { kind: 'refused', status: 413, code: 'MessageSizeTooBig' }, { kind: 'dead', scope: 'payload', reason: 'payload-too-large' }],
    ['413 of a proxy', { kind: 'status', status: 413, applied: false }, { kind: 'dead', scope: 'payload', reason: 'payload-too-large' }],
    ['400', { kind: 'refused', status: 400, code: 'BadSyntax' }, { kind: 'dead', scope: 'payload', reason: 'payload-refused' }],
    ['403 for another cloud', { kind: 'refused', status: 403, code: 'InvalidBotApiHost' }, { kind: 'dead', scope: 'destination', reason: 'forbidden' }],
    ['401 of nobody', { kind: 'refused', status: 401, code: 'BotNotRegistered' }, { kind: 'dead', scope: 'platform', reason: 'unauthorized' }],
    ['418', { kind: 'refused', status: 418, code: 'Teapot' }, { kind: 'later', reason: 'unavailable', afterMs: 600_000 }],
    ['half an answer', { kind: 'half', applied: true }, { kind: 'unknown', reason: 'connection-lost' }],
    ['a page', { kind: 'page', applied: true }, { kind: 'unknown', reason: 'unreadable-answer' }],
  ];
  test.each(faults)('%s', async (_, fault, outcome) => {
    bench.connector.fail('post', fault);
    expect(await post()).toEqual(outcome);
    // one attempt: what comes again is deliver's to decide
    expect(bench.connector.requests).toHaveLength(1);
  });

  test('429 with a date', async () => {
    bench.connector.fail('post', { kind: 'throttled', retryAfter: new Date(Date.now() + 60_000).toUTCString() });
    const outcome = await post();
    expect(outcome).toMatchObject({ kind: 'later', reason: 'throttled' });
    expect(outcome.kind === 'later' && outcome.afterMs > 30_000 && outcome.afterMs <= 60_000).toBe(true);
  });

  test('to open a chat is one of the destination', async () => {
    bench.connector.fail('create', { kind: 'refused', status: 403, code: 'ForbiddenOperationException' });
    expect(await post({ address: dmOf(null) })).toEqual({ kind: 'dead', scope: 'destination', reason: 'forbidden' });
  });

  test('a chat whose opening is not answered holds no message, so it is surely not there', async () => {
    const later = { kind: 'later', reason: 'unavailable', afterMs: 30_000 };
    for (const fault of [
      { kind: 'hang', applied: true },
      { kind: 'reset', applied: true },
      { kind: 'status', status: 502, applied: true },
    ] as const) {
      bench.connector.fail('create', fault);
      expect(await post({ address: dmOf(null) })).toEqual(later);
    }
    expect(bench.connector.seen(bench.personal.id)).toEqual([]);
  });

  test('a service that is not there was surely not asked', async () => {
    const closed = await startRoutesServer();
    await closed.close();
    const address = { ...there, route: there.route.replace(bench.connector.serviceUrl, closed.url) };
    expect(await post({ address })).toEqual({ kind: 'later', reason: 'unavailable', afterMs: 30_000 });
  });

  test('an edit of what nobody knows is gone', async () => {
    expect(await bench.bot.update({ address: there, ref: '404', card: card('x'), delivery })).toEqual({ kind: 'gone' });
    // a 404 may come without a code
    bench.connector.fail('update', { kind: 'status', status: 404, applied: false });
    expect(await bench.bot.update({ address: there, ref: '404', card: card('x'), delivery })).toEqual({ kind: 'gone' });
  });
});

/** How many a bucket lets through in a window that begins with it full. */
function most({ everyMs, burst }: Pace, windowMs: number): number {
  return burst + Math.floor(windowMs / everyMs);
}

test('the pace keeps inside every limit of a conversation and of the app', () => {
  const [place, hour, tenant] = bench.bot.traits(there).pace.post;
  if (!place || !hour || !tenant) throw new Error('three buckets');
  for (const [count, windowMs] of [
    [7, 1_000],
    [8, 2_000],
    [60, 30_000],
  ] as const)
    expect(most(place, windowMs)).toBeLessThanOrEqual(count);
  expect(most(hour, 3_600_000)).toBeLessThanOrEqual(1_800);
  expect(most(tenant, 1_000)).toBeLessThanOrEqual(30);
  expect(bench.bot.traits(there).pace.update).toEqual([place, hour, tenant]);
  expect([place.bucket, tenant.bucket]).toEqual([expect.stringContaining(bench.channel.id), expect.stringContaining(TEAMS_TENANT)]);
});

test('a group chat has no threads, and neither has a person’s', () => {
  expect([bench.channel, bench.group, bench.personal].map((place) => bench.bot.traits(bench.addressOf(place)))).toMatchObject([
    { threads: true, dm: false },
    { threads: false, dm: false },
    { threads: false, dm: true },
  ]);
  expect([bench.channel, bench.personal].map((place) => bench.bot.commandPrefix(bench.addressOf(place)))).toEqual(['@voicejob ', '']);
});

describe('the bot’s token', () => {
  async function signedIn() {
    const identity = await startTeamsIdentity();
    const connector = await startTeamsConnector(identity.isIssued);
    const channel = connector.conversation('channel', 'training');
    const { appId, appPassword, tenantId, metadataUrl } = identity;
    const settings = {
      allowUnauthenticated: false,
      appId,
      appPassword,
      tenantId,
      appType: 'SingleTenant' as const,
      allowedTenants: [tenantId],
      openIdMetadataUrl: metadataUrl,
    };
    const make = (more: Partial<typeof settings> = {}) =>
      createTeams({ settings: { ...settings, ...more }, clock: systemClock, log: silentLog, timeoutMs: 1_000 });
    const route = { ...routeOf(there), kind: 'channel' as const, serviceUrl: connector.serviceUrl, conversation: channel.id };
    const address = { platform: 'teams', id: channel.id, route: JSON.stringify({ ...route }) };
    const close = async () => {
      await connector.close();
      await identity.close();
    };
    return { identity, connector, make, address, close };
  }

  test('is asked for once, and again when Teams no longer takes it', async () => {
    const { identity, make, address, close } = await signedIn();
    const bot = make();
    const say = () => bot.post({ address, card: card('words'), delivery, root: null, raised: false });
    expect([(await say()).kind, (await say()).kind]).toEqual(['delivered', 'delivered']);
    expect(identity.logins).toHaveLength(1);
    expect(Object.fromEntries(identity.logins[0] ?? [])).toMatchObject({ grant_type: 'client_credentials', scope: 'https://api.botframework.com/.default' });
    identity.withdraw();
    expect((await say()).kind).toBe('delivered');
    expect(identity.logins).toHaveLength(2);
    await close();
  });

  test('that is refused pauses the platform; a login that is away does not', async () => {
    const { identity, make, address, close } = await signedIn();
    const say = (bot = make()) => bot.post({ address, card: card('words'), delivery, root: null, raised: false });
    expect(await say(make({ appPassword: 'wrong' }))).toEqual({ kind: 'dead', scope: 'platform', reason: 'unauthorized' });
    identity.refuseLogins(503);
    expect(await say()).toMatchObject({ kind: 'later', reason: 'unavailable' });
    await close();
    expect(await say()).toMatchObject({ kind: 'later', reason: 'unavailable' });
  });

  test('is what the check asks for, and it says what to mend', async () => {
    const { identity, make, close } = await signedIn();
    expect(await make().check()).toEqual({ ok: true, problem: null });
    const problem = async (more: Parameters<typeof make>[0]) => {
      const { ok, problem: said } = await make(more).check();
      expect(ok).toBe(false);
      expect(said).not.toContain(identity.appPassword);
      return said;
    };
    expect(await problem({ appPassword: 'wrong' })).toMatch(/refuses TEAMS_APP_ID.*invalid_client/);
    expect(await problem({ appId: 'my-bot' })).toContain('TEAMS_APP_ID');
    expect(await problem({ tenantId: 'contoso' })).toContain('TEAMS_TENANT_ID');
    expect(await problem({ allowedTenants: ['contoso.onmicrosoft.com'] })).toMatch(/TEAMS_ALLOWED_TENANTS.*contoso/);
    await close();
    expect(await problem({})).toMatch(/could not be asked/);
    expect(await bench.bot.check()).toEqual({ ok: true, problem: null });
  });
});
