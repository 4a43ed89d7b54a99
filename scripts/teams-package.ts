/**
 * Writes the app package that is uploaded to Teams: `npm run teams:package [-- file.zip]`. It is made of teams/ (manifest.json, which is yours to
 * edit, and the icons), the bot's id (TEAMS_APP_ID) and the commands, and is checked against Microsoft's schema before it is written.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import localizationSchema from '@microsoft/app-manifest/build/json-schemas/teams/v1.29/MicrosoftTeams.Localization.schema.json' with { type: 'json' };
import manifestSchema from '@microsoft/app-manifest/build/json-schemas/teams/v1.29/MicrosoftTeams.schema.json' with { type: 'json' };
import ajv from 'ajv-draft-04';
import type { CommandWord } from '../src/domain/command-words.ts';
import type { Language } from '../src/domain/subscription.ts';
import { catalogueOf } from '../src/domain/text/catalogue.ts';
import { zip } from './zip.ts';

export type Package = { readonly manifest: object; readonly files: Readonly<Record<string, Buffer>>; readonly problems: readonly string[] };

const ROOT = resolve(import.meta.dirname, '..');
const DEFAULT_PATH = 'voicejob-teams.zip';
const CHINESE = 'zh-cn.json';

/** At most twelve in a list (schema 1.29, bots.commandLists.commands). */
const COMMANDS: readonly CommandWord[] = [
  ...(['subscribe', 'status', 'history', 'jobs', 'list', 'unsubscribe'] as const),
  ...(['mute', 'unmute', 'language', 'test', 'help'] as const),
];

/** Slash commands exist in channels and group chats; a personal chat offers its commands in the old way (facts: the documents on slash commands). */
const LISTS = [
  { scopes: ['team', 'groupChat'], triggers: ['mention', 'slash'] },
  { scopes: ['personal'], triggers: ['mention'] },
] as const;

/** The package's files by name, and what Microsoft's schema finds wrong with them; `appId` is a GUID, `version` as 1.2.3. Reads teams/. */
export function teamsPackage({ appId, version }: { readonly appId: string; readonly version: string }): Package {
  const read = (name: string): Buffer => readFileSync(join(ROOT, 'teams', name));
  const source = JSON.parse(read('manifest.json').toString()) as object;
  const commands = COMMANDS.map((title) => ({ title, description: describe(title, 'en') }));
  const bot = {
    botId: appId,
    scopes: ['team', 'groupChat', 'personal'],
    supportsTargetedMessages: true,
    commandLists: LISTS.map((list) => ({ ...list, commands })),
  };
  const manifest = {
    ...source,
    version,
    id: appId,
    localizationInfo: { defaultLanguageTag: 'en', additionalLanguages: [{ languageTag: 'zh-cn', file: CHINESE }] },
    bots: [bot],
  };
  const chinese = {
    ...(JSON.parse(read(CHINESE).toString()) as object),
    ...Object.fromEntries(LISTS.flatMap((_, list) => COMMANDS.map((word, at) => translated(word, list, at)))),
  };
  const json = (value: object) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
  return {
    manifest,
    files: { 'manifest.json': json(manifest), [CHINESE]: json(chinese), 'color.png': read('color.png'), 'outline.png': read('outline.png') },
    problems: [...problemsOf('manifest.json', [manifestSchema, manifest]), ...problemsOf(CHINESE, [localizationSchema, chinese])],
  };
}

/** Only the descriptions: a command is typed as it is titled, and both languages take the English words. */
function translated(word: CommandWord, list: number, at: number): readonly [string, string] {
  return [`bots[0].commandLists[${list}].commands[${at}].description`, describe(word, 'zh-CN')];
}

function describe(word: CommandWord, language: Language): string {
  const say = catalogueOf(language);
  return word === 'help' ? say.helpTitle : say.helpOf[word];
}

function problemsOf(file: string, [schema, value]: readonly [object, object]): string[] {
  const validate = new ajv.default({ strict: false, allErrors: true, logger: false, unicodeRegExp: false }).compile(schema);
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${file}${instancePath}: ${message ?? 'is wrong'}`);
}

function main(path: string): void {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const appId = process.env.TEAMS_APP_ID ?? '';
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(appId)) {
    throw new Error('TEAMS_APP_ID must be the app (client) id of the bot, as 00000000-0000-0000-0000-000000000000; set it or put it into .env');
  }
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const { files, problems } = teamsPackage({ appId, version });
  if (problems.length > 0) throw new Error(`Microsoft's schema refuses the package:\n  ${problems.join('\n  ')}`);
  writeFileSync(path, zip(files));
  process.stdout.write(`${path}: voicejob ${version} for the bot ${appId}, as Microsoft's schema 1.29 wants it.\n`);
  if (files['manifest.json']?.includes('https://example.com/')) {
    process.stdout.write(
      'The addresses of the developer in teams/manifest.json are examples still: put in yours, where people find help, privacy and terms.\n',
    );
  }
}

if (import.meta.main) {
  try {
    main(process.argv[2] ?? DEFAULT_PATH);
  } catch (error) {
    process.stderr.write(`voicejob: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
