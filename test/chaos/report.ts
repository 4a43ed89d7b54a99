/** A run as a table, and whether it was well. */
import type { FuzzResult } from './fuzz.ts';
import type { Fault } from './judge.ts';
import type { Result } from './run.ts';
import type { Takeover } from './takeover.ts';

const SHOWN = 12;
/** In which a process that was asked to end must have ended, as in src/main.ts. */
const STOP_MS = 5_000;

export type Report = { readonly text: string; readonly well: boolean };

export function report(seed: number, result: Result): Report {
  const { verdict, counts, kills, memory } = result;
  const faults = [...counts.values()].reduce((sum, n) => sum + n, 0);
  const worst = result.stopsMs.reduce((a, b) => Math.max(a, b), 0);
  const late = result.stopsMs.filter((ms) => ms > STOP_MS).length;
  const rows: [string, string | number][] = [
    ['seed', seed],
    ['took', seconds(result.tookMs)],
    ['pairs expected', verdict.expected],
    ['pairs arrived', verdict.arrived],
    ['lost', verdict.lost.length],
    ['twice', verdict.twice.length],
    ['twice where the platform can’t be asked', `${verdict.excused.length} in ${new Set(verdict.excused.map(copies)).size} messages`],
    ['twice by two rare events in one (D4)', verdict.rare.length],
    ['copies removed, of them for no known reason', `${verdict.removed}, ${verdict.needless.length}`],
    ['out of order', verdict.disorder.length],
    ['not asked for', verdict.unwanted.length],
    ['worst delay', seconds(verdict.worstDelayMs)],
    ['median delay', seconds(median(verdict.delaysMs))],
    ['faults', faults],
    ['kills of web / watch / deliver', `${kills.web} / ${kills.watch} / ${kills.deliver}`],
    ['processes that ended by themselves', result.crashes.length],
    ['asked to end: number, slowest', `${result.stopsMs.length}, ${worst} ms`],
    [
      'left over',
      Object.entries(result.leftovers)
        .map(([what, n]) => `${n} ${what}`)
        .join(', '),
    ],
  ];
  const failures = [...verdict.lost, ...verdict.twice, ...verdict.disorder, ...verdict.unwanted, ...verdict.needless];
  const others = [...result.crashes, ...result.badStops];
  const well = failures.length === 0 && others.length === 0 && late === 0;
  const text = [
    table(rows),
    '',
    table([...counts].toSorted(([a], [b]) => a.localeCompare(b))),
    '',
    ...memory.map(({ name, mb, overMs }) => `memory of ${name} at each quarter of ${seconds(overMs)}: ${mb.join(', ')} MB`),
    ...[...Map.groupBy([...failures, ...verdict.rare], ({ kind }) => kind).values()].flatMap((faults) =>
      faults.slice(0, SHOWN).map(({ kind, where, what }) => `${kind}: ${where}: ${what}`),
    ),
    ...others.slice(0, SHOWN),
    well ? 'nothing lost, nothing twice, all in order' : 'FAILED',
  ].join('\n');
  return { text, well };
}

export function fuzzReport(seed: number, { sent, statuses, faults, errorsLogged }: FuzzResult): Report {
  const text = [
    table([['seed', seed], ...Object.entries(sent)]),
    '',
    table([...statuses].toSorted(([a], [b]) => a.localeCompare(b))),
    ...(errorsLogged.size > 0 ? ['', 'errors logged:', table([...errorsLogged])] : []),
    '',
    ...faults.slice(0, SHOWN),
    faults.length === 0 ? 'nothing ended it, nothing showed its inside' : `FAILED: ${faults.length}`,
  ].join('\n');
  return { text, well: faults.length === 0 };
}

/** What is promised: taken up within 15 s, settled within 60 s where the platform must be asked. */
const TAKEN_UP_MS = 15_000;
const SETTLED_MS = 60_000;

export function takeoverReport(results: readonly Takeover[]): Report {
  const slow = results.filter(({ takenUpMs, settledMs }) => takenUpMs > TAKEN_UP_MS || settledMs > SETTLED_MS);
  const rows = results.map(
    ({ step, takenUpMs, settledMs }) => [`killed ${step}`, `taken up after ${seconds(takenUpMs)}, settled after ${seconds(settledMs)}`] as const,
  );
  const text = [table(rows), '', slow.length === 0 ? 'taken up and settled in time' : `FAILED: too slow: ${slow.map(({ step }) => step).join(', ')}`].join(
    '\n',
  );
  return { text, well: slow.length === 0 };
}

function table(rows: readonly (readonly [string, string | number])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}

/** Which messages a repeated entry stands in: those of one message were repeated together. */
function copies({ what }: Fault): string {
  return what.replace(/^\S+ in /, '');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
