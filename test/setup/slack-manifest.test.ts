/** The manifests in slack/: current, whole, and within Slack's limits (types of @slack/web-api, which the script is checked against by tsc). */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { BOT_EVENTS, EVENTS_PATH, NEEDED_SCOPES, OPTIONAL_SCOPES, SHORTCUTS } from '../../adapters/slack/surface.ts';
import { FILES, manifestText, slackManifest } from '../../scripts/slack-manifest.ts';

const words = (longest: number) => z.string().min(1).max(longest);
const address = z.url({ protocol: /^https$/ }).endsWith(EVENTS_PATH);

/** Exactly these members, so that nothing is asked for in passing. */
const manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.literal(1) }),
  display_information: z.strictObject({ name: words(35), description: words(140), background_color: z.string().regex(/^#([0-9a-f]{3}){1,2}$/) }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.literal(true),
      messages_tab_read_only_enabled: z.literal(false),
    }),
    bot_user: z.strictObject({ display_name: words(80).regex(/^[a-z0-9._-]+$/), always_online: z.boolean() }),
    slash_commands: z.tuple([
      z.strictObject({
        command: words(32).regex(/^\//),
        description: words(2000),
        usage_hint: words(1000),
        should_escape: z.literal(true),
        url: address.optional(),
      }),
    ]),
    shortcuts: z.array(z.strictObject({ name: words(24), type: z.literal('global'), callback_id: words(255), description: words(150) })).max(10),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ request_url: address.optional(), bot_events: z.array(z.string()).max(100) }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: address.optional(), message_menu_options_url: address.optional() }),
    org_deploy_enabled: z.literal(false),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.literal(false),
  }),
});

const read = (path: string) => manifest.parse(parse(readFileSync(path, 'utf8')));
/** Every place of a manifest that holds an address. */
const addressesOf = ({ features, settings }: z.infer<typeof manifest>) => [
  features.slash_commands[0].url,
  settings.event_subscriptions.request_url,
  settings.interactivity.request_url,
  settings.interactivity.message_menu_options_url,
];

describe.each(Object.entries(FILES))('%s', (path, wish) => {
  it('is what the script makes (node scripts/slack-manifest.ts --write)', () => {
    expect(readFileSync(path, 'utf8')).toBe(manifestText(wish));
  });

  it('keeps to Slack’s limits, and has the events, shortcuts and scopes of the code and no others', () => {
    const { features, oauth_config, settings } = read(path);
    expect(settings.event_subscriptions.bot_events.toSorted()).toEqual([...BOT_EVENTS].toSorted());
    expect(features.shortcuts.map(({ callback_id }) => callback_id)).toEqual(Object.values(SHORTCUTS));
    expect(oauth_config.scopes.bot.toSorted()).toEqual([...NEEDED_SCOPES, ...OPTIONAL_SCOPES].toSorted());
    expect(features.slash_commands[0].command).toBe('/voicejob');
  });
});

it('over HTTP everything has an address, over Socket Mode nothing has', () => {
  const http = read('slack/manifest.yaml');
  expect(new Set(addressesOf(http))).toEqual(new Set([`https://HOST${EVENTS_PATH}`]));
  expect(http.settings.socket_mode_enabled).toBe(false);
  const socket = read('slack/manifest.socket-mode.yaml');
  expect(new Set(addressesOf(socket))).toEqual(new Set([undefined]));
  expect(socket.settings.socket_mode_enabled).toBe(true);
});

test('the script takes the address, the name of the command and whether history may be read', () => {
  const env = { PATH: process.env.PATH ?? '', SLACK_COMMAND: '/jobs' };
  const { stdout, status } = spawnSync(process.execPath, ['scripts/slack-manifest.ts', '--url', 'https://bot.example.com/', '--no-history'], {
    env,
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  const made = manifest.parse(parse(stdout));
  expect(made).toEqual(slackManifest({ url: 'https://bot.example.com', command: '/jobs', history: false }));
  expect(new Set(addressesOf(made))).toEqual(new Set([`https://bot.example.com${EVENTS_PATH}`]));
  expect(made.features.slash_commands[0].command).toBe('/jobs');
  expect(made.oauth_config.scopes.bot).not.toContain('channels:history');
});

test('docs/slack.md explains every scope, and names the variables', () => {
  const guide = readFileSync('docs/slack.md', 'utf8');
  const variables = ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET', 'SLACK_APP_TOKEN', 'SLACK_COMMAND'];
  for (const name of [...NEEDED_SCOPES, ...OPTIONAL_SCOPES, ...variables]) expect(guide).toContain(`\`${name}\``);
});
