/** The real program as a process of its own, with the local page as its chat: what people would see is read where they would see it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Card } from '../../src/domain/card.ts';

/** What the page's event stream says of a message. */
export type SeenMessage = {
  readonly ref: string;
  readonly place: string;
  readonly root: string | null;
  readonly raised: boolean;
  readonly removed: boolean;
  readonly onlyFor: string | null;
  readonly editedAt: number | null;
  readonly card: Card | null;
};

export type Program = {
  readonly url: string;
  readonly pid: number;
  /** Everything it has printed. */
  output(): string;
  /** Types a command; answers the HTTP status. */
  type(text: string, place?: string): Promise<number>;
  /** All messages that are there now. */
  messages(): Promise<readonly SeenMessage[]>;
  /** Ends it; answers the exit code, or the signal that ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | string>;
};

/** Starts `node src/main.ts run`; resolves when it says where it listens. */
export async function startProgram(env: Readonly<Record<string, string>>): Promise<Program> {
  const child = spawn(process.execPath, ['src/main.ts', 'run'], {
    env: {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      PLAYGROUND: '1',
      LOG_LEVEL: 'debug',
      POLL_MIN: '200ms',
      POLL_MAX: '1s',
      METASTUDIO_MAX_RPS: '100',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const [, found] = /"url":"(http:[^"]+)"[^\n]*voicejob is running/.exec(output) ?? [];
      if (found) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}:\n${output}`)));
  });
  return {
    url,
    pid: child.pid ?? 0,
    output: () => output,
    type: async (text, place = 'voice-lab') => {
      const body = JSON.stringify({ id: randomBytes(12).toString('base64url'), place, text, language: 'en', zone: 'UTC' });
      const response = await fetch(`${url}/playground/command`, { method: 'POST', headers: { 'content-type': 'application/json', origin: url }, body });
      await response.arrayBuffer();
      return response.status;
    },
    messages: () => messagesAt(url),
    stop: (signal = 'SIGINT') => ended(child, signal),
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | string> {
  if (child.exitCode === null && child.signalCode === null) {
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }
  return child.exitCode ?? child.signalCode ?? 'unknown';
}

/** The first event of the stream holds the whole chat. */
async function messagesAt(url: string): Promise<readonly SeenMessage[]> {
  const response = await fetch(`${url}/playground/events`, { headers: { origin: url } });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const [, data] = /^data: (.*)$\n\n/m.exec(text) ?? [];
    if (data === undefined) continue;
    const { messages } = JSON.parse(data) as { messages: SeenMessage[] };
    return messages.filter((message) => !message.removed);
  }
  throw new Error('the event stream ended without an event');
}

/** A data directory that is gone after the test. */
export async function scratchDirectory(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'vj-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Asks again until the answer is there; the test's own time limit ends it otherwise. */
export async function eventually<T>(ask: () => Promise<T | null | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((soon) => setTimeout(soon, 50));
  }
}
