/** `npm run bench [name ...] [--write]`: each bench prints a table with our figures beside a baseline's; --write puts it into docs/benchmarks.md. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { commands } from './commands.ts';
import { engine } from './engine.ts';
import { fanOut } from './fan-out.ts';
import { freshness } from './freshness.ts';
import { frugality } from './frugality.ts';
import { type Bench, machine, markdown } from './report.ts';
import { scale } from './scale.ts';
import { start } from './start.ts';

const BENCHES: readonly Bench[] = [freshness, frugality, scale, engine, start, fanOut, commands];
const DOCS = new URL('../../docs/benchmarks.md', import.meta.url);

const asked = process.argv.slice(2).filter((word) => word !== '--write');
const writes = process.argv.includes('--write');
const unknown = asked.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) {
  process.stderr.write(`no bench is called ${unknown.join(', ')}. There are:\n${BENCHES.map(({ name, takes }) => `  ${name} (${takes})\n`).join('')}`);
  process.exit(2);
}

for (const bench of BENCHES.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  process.stderr.write(`${bench.name}: takes ${bench.takes}\n`);
  const where = machine();
  const report = await bench.run((line) => process.stderr.write(`  ${line}\n`));
  const section = markdown({ name: bench.name, ...report }, where);
  process.stdout.write(`\n${section}\n\n`);
  if (writes) writeFileSync(DOCS, withSection(existsSync(DOCS) ? readFileSync(DOCS, 'utf8') : '', bench.name, section));
}
process.exit(0);

/** The document with this section in the place of the old one, or at the end. */
function withSection(document: string, name: string, section: string): string {
  const parts = document.split(/\n(?=## )/);
  const at = parts.findIndex((part) => part.startsWith(`## ${name}\n`));
  const written = at < 0 ? [...parts, section] : parts.with(at, section);
  return `${written.map((part) => part.trim()).join('\n\n')}\n`;
}
