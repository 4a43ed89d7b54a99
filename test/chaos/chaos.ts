/**
 * The suite as a command:
 *   node test/chaos/chaos.ts [run] [--seed N] [--minutes M] [--redis always|everysec|private] [--flood 10000] [--no-history] [--no-clocks] [--calm] [--keep FOLDER]
 *   node test/chaos/chaos.ts takeover [--seed N]
 *   node test/chaos/chaos.ts fuzz [--seed N] [--share 0.1]
 * Prints a table; ends with 1 on any loss, duplicate or disorder. The same seed plans the same mishaps; what the machine makes of them differs.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { planOf } from './plan.ts';
import { fuzzReport, report, takeoverReport } from './report.ts';
import { run } from './run.ts';
import { takeovers } from './takeover.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '10' },
    share: { type: 'string', default: '1' },
    redis: { type: 'string', default: 'everysec' },
    'no-history': { type: 'boolean', default: false },
    'no-clocks': { type: 'boolean', default: false },
    /** Nothing fails: what memory does over a long time. */
    calm: { type: 'boolean', default: false },
    /** Where the processes' logs, the verdict and every request to a chat are left. */
    keep: { type: 'string' },
    flood: { type: 'string', default: '10000' },
  },
});

/** Of a run's minutes: the quiet at its end, and what goes before the first mishap. */
const QUIET_MS = 75_000;
const START_MS = 20_000;
const LEAST_TROUBLE_MS = 20_000;
const FUZZ = { commands: 10_000, bodies: 10_000, upstream: 10_000, parser: 100_000 };

const seed = Number(values.seed);
const began = Date.now();
const say = (line: string): void => void process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}\n`);

// so that what was started is ended
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const [mode = 'run'] = positionals;
const { text, well } = mode === 'fuzz' ? await fuzzed() : mode === 'takeover' ? takeoverReport(await takeovers(seed, say)) : await troubled();
process.stdout.write(`${text}\n`);
process.exitCode = well ? 0 : 1;

async function fuzzed() {
  const part = (count: number): number => Math.ceil(count * Number(values.share));
  const counts = { commands: part(FUZZ.commands), bodies: part(FUZZ.bodies), upstream: part(FUZZ.upstream), parser: part(FUZZ.parser) };
  return fuzzReport(seed, await fuzz(seed, counts, say));
}

async function troubled() {
  const troubleMs = Math.max(LEAST_TROUBLE_MS, Number(values.minutes) * 60_000 - QUIET_MS - START_MS);
  const result = await run({
    seed,
    plan: values.calm ? [] : planOf(seed, { troubleMs, floodEntries: Number(values.flood) }),
    troubleMs,
    quietMs: QUIET_MS,
    patienceMs: 300_000,
    perRole: 2,
    jobs: 20,
    slackChannels: 9,
    teamsChannels: 4,
    teamsGroups: 2,
    followers: 3,
    growEveryMs: 5_000,
    redis: values.redis === 'always' || values.redis === 'private' ? values.redis : 'everysec',
    history: !values['no-history'],
    clocks: !values['no-clocks'],
    floods: 4,
    say,
  });
  if (values.keep) {
    mkdirSync(values.keep, { recursive: true });
    writeFileSync(join(values.keep, 'processes.log'), result.logs);
    writeFileSync(join(values.keep, 'verdict.json'), JSON.stringify(result.verdict, null, 1));
    writeFileSync(join(values.keep, 'evidence.json'), JSON.stringify(result.evidence, null, 1));
  }
  return report(seed, result);
}
