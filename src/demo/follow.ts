/** Follows jobs in the demo as a person would: by typing commands on the local page. */
import { randomBytes } from 'node:crypto';

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
