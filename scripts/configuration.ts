/** Writes what is made from the table of variables: .env.example and docs/configuration.md. `node scripts/configuration.ts` */
import { writeFileSync } from 'node:fs';
import { VARIABLES, type Variable } from '../src/config/variables.ts';

type AnyVariable = Variable<unknown, string | null>;

const groups = (): readonly (readonly [string, readonly (readonly [string, AnyVariable])[]])[] => [
  ...Map.groupBy(Object.entries<AnyVariable>(VARIABLES), ([, { group }]) => group),
];

/** The text of .env.example: every variable, commented out, with its fallback or an example. */
export function envExample(): string {
  const lines = [
    '# What voicejob reads from its environment. A line that is commented out shows the default, or an example where there is none.',
    '# Every secret may also come from a file: NAME_FILE=/path/to/it.',
  ];
  for (const [group, variables] of groups()) {
    lines.push('', `# ---- ${group}`);
    for (const [name, { description, fallback, example }] of variables) {
      lines.push(`# ${description}${fallback === null ? ' (example)' : ''}`, `#${name}=${fallback ?? example}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

/** The text of docs/configuration.md: a table for each group. */
export function configurationReference(): string {
  const lines = [
    '# Configuration',
    '',
    'voicejob is configured by environment variables, or by a file `.env` beside package.json (what the environment says wins). Everything that is wrong is',
    'named at once, at start; `npm run admin -- doctor` tries what can be tried. A secret, marked with \\*, may also come from a file: `NAME_FILE=/path/to/it`.',
    '',
    'This page is made by `node scripts/configuration.ts` from [the table that the program reads](../src/config/variables.ts).',
  ];
  for (const [group, variables] of groups()) {
    lines.push('', `## ${group}`, '', '| name | what it is | expected | default |', '|---|---|---|---|');
    for (const [name, { description, expected, fallback, secret }] of variables) {
      lines.push(`| \`${name}\`${secret ? '\\*' : ''} | ${cell(description)} | ${cell(expected)} | ${fallback === null ? '' : `\`${fallback}\``} |`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const cell = (text: string): string => text.replaceAll('<', '&lt;').replaceAll('|', '\\|');

if (import.meta.main) {
  writeFileSync('.env.example', envExample());
  writeFileSync('docs/configuration.md', configurationReference());
}
