/** Prints .env.example, made from the table of variables: `node scripts/env-example.ts > .env.example`. */
import { VARIABLES, type Variable } from '../src/config/variables.ts';

/** The text of .env.example: every variable, commented out, with its fallback or an example. */
export function envExample(): string {
  const lines = [
    '# What voicejob reads from its environment. A line that is commented out shows the default, or an example where there is none.',
    '# Every secret may also come from a file: NAME_FILE=/path/to/it.',
  ];
  let group = '';
  for (const [name, variable] of Object.entries<Variable<unknown, string | null>>(VARIABLES)) {
    if (variable.group !== group) lines.push('', `# ---- ${variable.group}`);
    group = variable.group;
    lines.push(`# ${variable.description}${variable.fallback === null ? ' (example)' : ''}`, `#${name}=${variable.fallback ?? variable.example}`);
  }
  return `${lines.join('\n')}\n`;
}

if (import.meta.main) process.stdout.write(envExample());
