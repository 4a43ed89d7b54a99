/** Follows jobs in the demo as a person would: by typing commands on the local page. */
import { randomBytes } from 'node:crypto';
import type { Simulator } from './simulator.ts';

/** So many that still live are followed at any time. */
const FOLLOWED = 2;
const OVER: ReadonlySet<string> = new Set(['SUCCEED', 'FAILED']);

/** Types commands into a channel of the page at `url`. Rejects when the page does not take one. */
export async function typeCommands(url: string, channel: string, commands: readonly string[]): Promise<void> {
  for (const text of commands) {
    const response = await fetch(`${url}/playground/command`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ id: randomBytes(12).toString('base64url'), place: channel, text }),
    });
    if (!response.ok) throw new Error(`the local page refused "${text}": HTTP ${response.status} ${await response.text()}`);
  }
}

/** The job that the demo follows next, so that it never falls silent: the latest that has only begun, once fewer than two of those followed go on. */
export function nextToFollow(followed: ReadonlySet<string>, simulator: Pick<Simulator, 'job' | 'jobIds'>): string | null {
  const jobs = simulator.jobIds().flatMap((id) => simulator.job(id) ?? []);
  const living = jobs.filter(({ detail }) => followed.has(detail.job_id) && !OVER.has(detail.state));
  if (living.length >= FOLLOWED) return null;
  return jobs.findLast(({ detail }) => detail.state === 'CREATING' && !followed.has(detail.job_id))?.detail.job_id ?? null;
}
