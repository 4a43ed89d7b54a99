import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { createPlayground } from '../../adapters/playground/adapter.ts';
import { PlaygroundChat } from '../../adapters/playground/chat.ts';
import { messageView, privateView } from '../../adapters/playground/render.ts';
import type { Address } from '../../src/domain/subscription.ts';
import { asPage, playgroundDeps, readableText } from '../adapters/playground/as-page.ts';
import { startRoutesServer } from '../support/routes-server.ts';
import { describeAdapterContract } from './adapter-contract.ts';
import type { AdapterHarness, PlatformFault } from './adapter-harness.ts';

/** Long beside what a slow disk takes, short beside a person's patience. */
const TIMEOUT_MS = 1_000;

async function makeHarness(dataDir: string | null): Promise<AdapterHarness> {
  const deps = playgroundDeps();
  const chat = new PlaygroundChat({ dataDir, ...deps });
  const adapter = createPlayground({ ...deps, dataDir, chat, defaultLanguage: 'en', timeoutMs: TIMEOUT_MS });
  const server = await startRoutesServer();
  const page = asPage(server.url);
  const address = (id: string): Address => ({ platform: 'playground', id, route: '' });
  return {
    adapter,
    channel: address('voice-lab'),
    dm: address('dm-you'),
    nowhere: address('no-such-channel'),
    start: (inbound) => adapter.start({ inbound, routes: server.routes }),
    seen: async ({ id }) =>
      chat.messages(id).map((message) => ({
        ref: message.ref,
        text: readableText(messageView(message)),
        root: message.root,
        inChannel: message.root === null || message.raised,
      })),
    plainTextThere: async ({ id }) => [...chat.messages(id).map(messageView), ...chat.privates(id).map(privateView)].map(readableText).join('\n'),
    failNext: (call, fault) => chat.failNext(call === 'update' ? 'edit' : call, chatFault(fault)),
    archive: ({ id }) => chat.archive(id, true),
    deleteByHand: ({ id }, ref) => chat.remove(id, ref),
    command: async ({ id: place }, text, id) => {
      expect((await page('command', { id, place, text })).status).toBe(200);
    },
    press: async ({ id: place }, { ref, name, value }, id) => {
      expect((await page('action', { id, place, message: ref, name, value })).status).toBe(200);
    },
    close: async () => {
      await adapter.stop();
      await server.close();
      if (dataDir !== null) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function chatFault(fault: PlatformFault): Parameters<PlaygroundChat['failNext']>[1] {
  if (fault.kind === 'throttled') return fault;
  return { kind: fault.kind === 'lost' ? 'connection-lost' : 'hang', applied: fault.applied };
}

describeAdapterContract('the playground, in a file,', async () => makeHarness(await mkdtemp(join(tmpdir(), 'voicejob-playground-'))));
describeAdapterContract('the playground, in memory,', () => makeHarness(null));
