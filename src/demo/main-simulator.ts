/** The simulator alone, so that a real Slack or Teams can be tried without a MetaStudio account. */
import type { Log } from '../ports/log.ts';
import { FIXTURE_PROJECT_ID } from './fixtures.ts';
import { type Simulator, startSimulator } from './simulator.ts';

/** Keys of the simulator: the same at each start, so that a configuration made once goes on working. They protect nothing. */
const ACCESS_KEY = 'SIMULATORACCESSKEY00';
const SECRET_KEY = 'simulator-secret-key-protects-nothing';

export type SimulatorRun = {
  readonly simulator: Simulator;
  /** Lines for an environment file that points voicejob at it, with the local page as its chat; each ended by a line break. */
  readonly environment: string;
};

/** Starts the demo's simulator. Rejects when the port is taken. The caller closes it. */
export async function runSimulator(options: { readonly host: string; readonly port: number; readonly log: Log }): Promise<SimulatorRun> {
  const simulator = await startSimulator({ ...options, accessKey: ACCESS_KEY, secretKey: SECRET_KEY, projectId: FIXTURE_PROJECT_ID, scenario: 'demo' });
  const environment = [
    `METASTUDIO_ENDPOINT=${simulator.url}`,
    `METASTUDIO_PROJECT_ID=${simulator.projectId}`,
    `METASTUDIO_ACCESS_KEY=${ACCESS_KEY}`,
    `METASTUDIO_SECRET_KEY=${SECRET_KEY}`,
    '# A chat, on this machine only; leave it out beside Slack or Teams.',
    'PLAYGROUND=1',
  ];
  return { simulator, environment: environment.map((line) => `${line}\n`).join('') };
}
