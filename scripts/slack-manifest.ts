/**
 * The manifest of the Slack app, made of what the adapter listens to and asks for. Paste it where Slack makes an app from a manifest.
 *
 *   node scripts/slack-manifest.ts [--url https://voicejob.example.com] [--socket-mode] [--no-history]
 *   node scripts/slack-manifest.ts --write     brings the files in slack/ up to date
 *
 * SLACK_COMMAND names the slash command.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { AppsManifestValidateArguments } from '@slack/web-api';
import { stringify } from 'yaml';
import { BOT_EVENTS, EVENTS_PATH, NEEDED_SCOPES, OPTIONAL_SCOPES, SHORTCUTS } from '../adapters/slack/surface.ts';
import { VARIABLES } from '../src/config/variables.ts';
import { catalogueOf } from '../src/domain/text/catalogue.ts';

type Manifest = AppsManifestValidateArguments['manifest'];

export type ManifestWish = {
  /** Where Slack reaches voicejob, or null for Socket Mode. */
  readonly url: string | null;
  readonly command: string;
  /** With the scopes for looking whether a message arrived. */
  readonly history: boolean;
};

/** To be replaced before Slack is given the file. */
const PLACE_HOLDER = 'https://HOST';

export const FILES: Readonly<Record<string, ManifestWish>> = {
  'slack/manifest.yaml': { url: PLACE_HOLDER, command: VARIABLES.SLACK_COMMAND.fallback, history: true },
  'slack/manifest.socket-mode.yaml': { url: null, command: VARIABLES.SLACK_COMMAND.fallback, history: true },
};

export function slackManifest({ url, command, history }: ManifestWish): Manifest {
  const words = catalogueOf('en');
  const address = url === null ? null : `${url.replace(/\/+$/, '')}${EVENTS_PATH}`;
  return {
    _metadata: { major_version: 1, minor_version: 1 },
    display_information: { name: 'voicejob', description: 'Tells what happens to voice-training jobs on MetaStudio', background_color: '#1f2a44' },
    features: {
      // who could not write in the Messages tab could not type commands in it either
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: 'voicejob', always_online: true },
      slash_commands: [
        {
          command,
          description: 'Follow and look up voice-training jobs',
          usage_hint: 'subscribe <job> | list | history <job> | status <job> | help',
          // gives @somebody as an id, which can't be mistaken
          should_escape: true,
          ...(address === null ? {} : { url: address }),
        },
      ],
      shortcuts: Object.values(SHORTCUTS).map((callback_id) => ({
        name: words.form.title,
        type: 'global',
        callback_id,
        description: 'Choose a job and what to be told',
      })),
    },
    oauth_config: { scopes: { bot: [...NEEDED_SCOPES, ...(history ? OPTIONAL_SCOPES : [])] } },
    settings: {
      event_subscriptions: { ...(address === null ? {} : { request_url: address }), bot_events: [...BOT_EVENTS] },
      interactivity: { is_enabled: true, ...(address === null ? {} : { request_url: address, message_menu_options_url: address }) },
      org_deploy_enabled: false,
      socket_mode_enabled: address === null,
      token_rotation_enabled: false,
    },
  };
}

export function manifestText(wish: ManifestWish): string {
  const how = wish.url === null ? '--socket-mode' : `--url ${wish.url}`;
  return `# The Slack app of voicejob, made by: node scripts/slack-manifest.ts ${how}\n${stringify(slackManifest(wish), { lineWidth: 160 })}`;
}

if (import.meta.main) {
  const flags = { url: { type: 'string' }, 'socket-mode': { type: 'boolean' }, 'no-history': { type: 'boolean' }, write: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options: flags });
  if (values.write) for (const [path, wish] of Object.entries(FILES)) writeFileSync(path, manifestText(wish));
  else {
    const url = values['socket-mode'] ? null : (values.url ?? PLACE_HOLDER);
    const command = process.env.SLACK_COMMAND ?? VARIABLES.SLACK_COMMAND.fallback;
    process.stdout.write(manifestText({ url, command, history: !values['no-history'] }));
  }
}
