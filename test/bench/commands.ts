/** How fast a command is answered while the program is at work. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { SIGNING_SECRET, startSlackProgram } from './program.ts';
import { type Bench, median, ms, percentile, times } from './report.ts';
import { breakGround, makeWatches } from './rig.ts';
import { startStandIn } from './slack-stand-in.ts';
import { makeWorld, watchesOf } from './world.ts';

const JOBS = 1_000;
const PER_SECOND = 50;
const ROUND_MS = 30_000;
const ROUNDS = 3;
const WARM_MS = 15_000;
const WANTED = { acknowledged: 100, answered: 300 };

type Round = { readonly acknowledged: number[]; readonly answered: number[]; readonly errors: number };

/** Where private answers go: when the one for each name came, and whether it holds a history. */
async function startAnswers() {
  const at = new Map<string, { readonly at: number; readonly good: boolean }>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const now = performance.now();
      at.set((request.url ?? '').slice(1), { at: now, good: Buffer.concat(chunks).includes('blocks') });
      response.end('ok');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { at, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

type Answers = Awaited<ReturnType<typeof startAnswers>>;

/** A server that checks the signature and answers twice, and does nothing in between. */
async function startBare() {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const digest = createHmac('sha256', SIGNING_SECRET)
        .update(`v0:${String(request.headers['x-slack-request-timestamp'])}:${body}`)
        .digest('hex');
      response.writeHead(digest.length === 64 ? 200 : 401).end();
      fetch(new URLSearchParams(body).get('response_url') ?? '', { method: 'POST', body: '{"blocks":[]}' }).then(
        (answer) => answer.body?.cancel(),
        () => undefined,
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

/** User and system time of a process, ms; the kernel counts hundredths of a second. */
function cpuMs(pid: number): number {
  const [, times = ''] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const fields = times.split(' ');
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

let asked = 0;

async function round(url: string, answers: Answers): Promise<Round> {
  const acknowledged: number[] = [];
  const sent = new Map<string, number>();
  let errors = 0;
  const start = performance.now();
  const ask = async (nth: number): Promise<void> => {
    asked += 1;
    const name = `a${asked}`;
    const job = `job-${String(nth % JOBS).padStart(8, '0')}-of-the-bench`;
    const body = new URLSearchParams({
      ...{
        command: '/voicejob',
        text: `history ${job}`,
        user_id: 'U0BENCH',
        user_name: 'ann',
        team_id: 'T0BENCH',
        channel_id: 'C0',
        channel_name: 'voice-lab',
      },
      ...{ trigger_id: `trigger-${name}`, response_url: `${answers.url}/${name}`, api_app_id: 'A0BENCH' },
    }).toString();
    const stamp = String(Math.floor(Date.now() / 1000));
    const signature = `v0=${createHmac('sha256', SIGNING_SECRET).update(`v0:${stamp}:${body}`).digest('hex')}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-slack-request-timestamp': stamp, 'x-slack-signature': signature };
    const at = performance.now();
    sent.set(name, at);
    const response = await fetch(`${url}/slack/events`, { method: 'POST', headers, body });
    acknowledged.push(performance.now() - at);
    await response.body?.cancel();
    if (response.status !== 200) errors += 1;
  };
  const all: Promise<void>[] = [];
  for (let nth = 0; nth < (PER_SECOND * ROUND_MS) / 1000; nth += 1) {
    await pause(Math.max(0, start + (nth * 1000) / PER_SECOND - performance.now()));
    all.push(
      ask(nth).catch(() => {
        errors += 1;
      }),
    );
  }
  await Promise.all(all);
  for (let waited = 0; waited < 100 && ![...sent.keys()].every((name) => answers.at.has(name)); waited += 1) await pause(100);
  const answered = [...sent].map(([name, at]) => (answers.at.get(name)?.at ?? Number.POSITIVE_INFINITY) - at);
  errors += [...sent.keys()].filter((name) => answers.at.get(name)?.good !== true).length;
  return { acknowledged, answered, errors };
}

export const commands: Bench = {
  name: 'commands',
  takes: '4 minutes',
  run: async (say) => {
    const world = await makeWorld(JOBS);
    const [ground, chat, answers, bare] = [await breakGround(), await startStandIn(), await startAnswers(), await startBare()];
    await makeWatches(ground, watchesOf(world.jobs, { maxMs: 300_000, maxRps: 2 }));
    const program = await startSlackProgram(ground, chat, world.simulator.url);
    await pause(WARM_MS);
    const [ours, theirs]: [Round[], Round[]] = [[], []];
    const cpu: number[] = [];
    for (let nth = 1; nth <= ROUNDS; nth += 1) {
      const before = cpuMs(program.pid);
      ours.push(await round(program.url, answers));
      cpu.push(((cpuMs(program.pid) - before) * 1000) / (PER_SECOND * ROUND_MS));
      theirs.push(await round(bare.url, answers));
      const p99 = (one: Round | undefined, which: 'acknowledged' | 'answered') => ms(percentile(one?.[which] ?? [], 0.99));
      say(
        `round ${nth}: acknowledged p99 ${p99(ours.at(-1), 'acknowledged')}, answered p99 ${p99(ours.at(-1), 'answered')}, ${ours.at(-1)?.errors} errors; bare ${p99(theirs.at(-1), 'acknowledged')}, ${p99(theirs.at(-1), 'answered')}`,
      );
    }
    await program.stop();
    answers.close();
    bare.close();
    await ground.end();
    await chat.close();
    await world.simulator.close();
    const row = (which: 'acknowledged' | 'answered', p: number, wanted: number | null) => {
      const each = ours.map((one) => percentile(one[which], p));
      const baseline = median(theirs.map((one) => percentile(one[which], p)));
      return {
        what: `${which}, ${p === 0.5 ? 'median' : '99th percentile'}`,
        ours: `${ms(median(each))} (${each.map(ms).join(', ')})`,
        baseline: ms(baseline),
        ratio: times(median(each) / baseline),
        wanted: wanted === null ? '' : `at most ${ms(wanted)}`,
        holds: wanted === null ? null : each.every((one) => one <= wanted),
      };
    };
    const errors = ours.reduce((sum, one) => sum + one.errors, 0);
    return {
      about: `\`/voicejob history\` of a followed job through Slack's signed HTTP, ${PER_SECOND} a second for ${ROUND_MS / 1000} s, while ${JOBS} watches are polled. The baseline is a bare server in the caller's own process that checks the signature and answers twice.`,
      rows: [
        row('acknowledged', 0.5, null),
        row('acknowledged', 0.99, WANTED.acknowledged),
        row('answered', 0.5, null),
        row('answered', 0.99, WANTED.answered),
        {
          what: 'processor time of the program for each, polls included',
          ours: `${ms(median(cpu))} (${cpu.map(ms).join(', ')})`,
          baseline: '',
          ratio: '',
          wanted: '',
          holds: null,
        },
        { what: 'errors', ours: `${errors} of ${(ROUNDS * PER_SECOND * ROUND_MS) / 1000}`, baseline: '', ratio: '', wanted: '0', holds: errors === 0 },
      ],
      notes: [
        `${ROUNDS} rounds; in brackets each round. Answered: from the request to the private answer at its response URL. Slack's side, answering at once, is in the caller's process.`,
      ],
    };
  },
};
