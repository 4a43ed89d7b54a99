/** What a bench found, as a table. */
import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';

/** `wanted` as words; `holds` null: nothing was promised. */
export type Row = {
  readonly what: string;
  readonly ours: string;
  readonly baseline: string;
  readonly ratio: string;
  readonly wanted: string;
  readonly holds: boolean | null;
};

export type Report = { readonly name: string; readonly about: string; readonly rows: readonly Row[]; readonly notes: readonly string[] };

export type Bench = { readonly name: string; readonly takes: string; readonly run: (say: (line: string) => void) => Promise<Omit<Report, 'name'>> };

/** The value below which the share `p` (0 to 1) of all lie, by nearest rank; NaN for none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The median of the rounds and, behind it, their least and most. */
export function spread(values: readonly number[], write: (value: number) => string): string {
  return `${write(median(values))} (${write(Math.min(...values))} to ${write(Math.max(...values))})`;
}

export const ms = (value: number): string =>
  value < 10 ? `${value.toFixed(1)} ms` : value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(0)} s`;
export const perSecond = (value: number): string => `${value < 10 ? value.toFixed(2) : Math.round(value)}/s`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1_000_000)} MB`;
export const times = (value: number): string => (value >= 10 ? `${Math.round(value)}x` : value.toFixed(2));

export function machine(): string {
  const redis = /v=([\d.]+)/.exec(execFileSync('redis-server', ['--version']).toString())?.[1] ?? 'unknown';
  return `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}, Redis ${redis}; load before the run ${loadavg()[0]?.toFixed(1)}`;
}

/** As Markdown, which is also what the terminal shows. */
export function markdown({ name, about, rows, notes }: Report, where: string): string {
  const verdict = (row: Row) => (row.holds === null ? '' : row.holds ? 'yes' : '**no**');
  const lines = rows.map((row) => `| ${[row.what, row.ours, row.baseline, row.ratio, row.wanted, verdict(row)].join(' | ')} |`);
  const head = '| | voicejob | baseline | ratio | wanted | holds |\n|---|---|---|---|---|---|';
  return [`## ${name}`, about, [head, ...lines].join('\n'), ...notes.map((note) => `- ${note}`), `Measured on ${where}.`]
    .join('\n\n')
    .replace(/\n\n- /g, '\n- ');
}
