/** The import rules of boundaries.config.ts, and that something was looked at: a cruise that sees no modules finds no violations either. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import config from '../boundaries.config.ts';

const FOLDERS = ['src', 'adapters', 'test'];

type Violation = { readonly rule: string; readonly from: string; readonly to: string };

/** Cruises the source tree below `root`: how many of its modules were seen, and each violation as {rule, from, to}. */
export async function findViolations(root: string): Promise<{ modules: number; violations: Violation[] }> {
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)));
  if (folders.length === 0) return { modules: 0, violations: [] };
  const { output } = await cruise(folders, { ...config.options, baseDir: root, validate: true, ruleSet: { forbidden: config.forbidden } });
  if (typeof output === 'string') throw new TypeError('expected a cruise result');
  const modules = output.modules.filter((module) => /^(src|adapters)\//.test(module.source));
  const violations = output.summary.violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }));
  return { modules: modules.length, violations };
}

/** Prints what is wrong below `root`; answers the exit code. */
export async function checkBoundaries(root: string, write: (text: string) => void): Promise<number> {
  const { modules, violations } = await findViolations(root);
  for (const { rule, from, to } of violations) write(`${rule}: ${from} -> ${to}\n`);
  if (modules === 0) write('boundaries: no modules seen below src and adapters: nothing was checked\n');
  if (modules === 0 || violations.length > 0) return 1;
  write(`boundaries: ${modules} modules, no violations\n`);
  return 0;
}

if (import.meta.main) {
  process.exitCode = await checkBoundaries(process.cwd(), (text) => process.stdout.write(text));
}
