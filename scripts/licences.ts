/** Prints the licence of every package that a production install brings, from package-lock.json: `npm run licences`. */
import { readFileSync } from 'node:fs';

type Locked = { readonly version?: string; readonly license?: string; readonly dev?: boolean; readonly optional?: boolean };

/** Rows of name, version and licence, sorted by name; a version that is installed at several places is there once, and development dependencies are left out. */
export function licences(lock: string): readonly (readonly [name: string, version: string, licence: string])[] {
  const { packages } = JSON.parse(lock) as { packages: Readonly<Record<string, Locked>> };
  const rows = Object.entries(packages).flatMap(([path, { version = '', license = 'not stated', dev = false }]) => {
    const name = path.split('node_modules/').at(-1) ?? '';
    return name === '' || dev ? [] : [[name, version, license] as const];
  });
  return [...new Map(rows.map((row) => [row.join('\n'), row])).values()].toSorted(([a], [b]) => a.localeCompare(b));
}

if (import.meta.main) {
  const rows = licences(readFileSync('package-lock.json', 'utf8'));
  for (const [name, version, licence] of rows) process.stdout.write(`${licence.padEnd(24)} ${name}@${version}\n`);
  const counts = Map.groupBy(rows, ([, , licence]) => licence);
  process.stdout.write(`\n${[...counts].map(([licence, all]) => `${licence}: ${all.length}`).join(', ')}\n`);
}
