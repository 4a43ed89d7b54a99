/** `node src/main.ts run` with Slack as its chat, which is a stand-in. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Ground, KEY, PROJECT } from './rig.ts';
import type { StandIn } from './slack-stand-in.ts';

export const SIGNING_SECRET = 'bench-signing-secret';

export type SlackProgram = { readonly url: string; readonly pid: number; stop(): Promise<void> };

export async function startSlackProgram(ground: Ground, chat: StandIn, endpoint: string): Promise<SlackProgram> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: ground.dataDir,
    METASTUDIO_ENDPOINT: endpoint,
    METASTUDIO_PROJECT_ID: PROJECT,
    METASTUDIO_ACCESS_KEY: KEY.accessKey,
    METASTUDIO_SECRET_KEY: KEY.secretKey,
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: chat.apiUrl,
  };
  const child = spawn(process.execPath, ['src/main.ts', 'run'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-100_000);
      const found = /"url":"(http:[^"]+)"[^\n]*voicejob is running/.exec(output)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', (code) => reject(new Error(`the program ended with ${code}: ${output}`)));
  });
  const stop = async () => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  };
  return { url, pid: child.pid ?? 0, stop };
}
