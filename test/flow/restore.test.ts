/** Redis is lost and comes back from a backup: what the backup held goes on, and what it lacks is read again from upstream and not told twice. */
import { cp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { PROJECT } from '../support/builders.ts';
import { eventually, type Program, type SeenMessage, scratchDirectory, startProgram } from '../support/program.ts';

const KEY = { accessKey: 'FLOW-ACCESS-KEY-83', secretKey: 'flow-secret-key-51e' };

let simulator: Simulator;
let data: Awaited<ReturnType<typeof scratchDirectory>>;
let backup: Awaited<ReturnType<typeof scratchDirectory>>;
let program: Program | null = null;

beforeEach(async () => {
  simulator = await startSimulator({ ...KEY, projectId: PROJECT });
  data = await scratchDirectory();
  backup = await scratchDirectory();
});
afterEach(async () => {
  await program?.stop();
  program = null;
  await simulator.close();
  await data.remove();
  await backup.remove();
});

async function start(): Promise<Program> {
  program = await startProgram({
    DATA_DIR: data.path,
    METASTUDIO_ENDPOINT: simulator.url,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
  });
  return program;
}

const news = (messages: readonly SeenMessage[]) => messages.filter(({ root }) => root !== null).map(({ card }) => card?.text ?? '');
const withWords = (texts: readonly string[], words: string) => texts.filter((text) => text.includes(words));

async function follow(on: Program, voiceName: string): Promise<string> {
  const id = simulator.createJob({ voiceName });
  expect(await on.type(`/voicejob subscribe ${id} everything`)).toBe(200);
  await eventually(async () => (await on.messages()).some(({ onlyFor, root, card }) => onlyFor === null && root === null && card?.text.includes(voiceName)));
  return id;
}

describe('a restored backup', () => {
  it('goes on where people were, tells what came after it once, and follows what it knew', async () => {
    const first = await start();
    const id = await follow(first, 'narrator-01');
    simulator.submit(id);
    await eventually(async () => withWords(news(await first.messages()), 'ubmitted').length > 0);
    await first.stop();
    // the chat itself is no part of it, as Slack is not
    await cp(data.path, backup.path, { recursive: true, filter: (path) => !path.endsWith('playground.jsonl') });

    const second = await start();
    simulator.passMachine(id);
    await eventually(async () => withWords(news(await second.messages()), 'achine review passed').length > 0);
    await second.stop();

    const chat = join(data.path, 'playground.jsonl');
    await cp(chat, join(backup.path, 'playground.jsonl'));
    await rm(data.path, { recursive: true });
    await cp(backup.path, data.path, { recursive: true });
    await writeFile(join(data.path, 'restored'), '');
    const third = await start();
    simulator.rejectByPerson(id, 'The letter is not signed.');
    await eventually(async () => withWords(news(await third.messages()), 'not signed').length > 0);
    const texts = news(await third.messages());
    expect(withWords(texts, 'ubmitted')).toHaveLength(1);
    expect(withWords(texts, 'achine review passed')).toHaveLength(1);
    expect(withWords(texts, 'not signed')).toHaveLength(1);
  });
});
