/** A bare loop with Slack's client as voicejob uses it: calls, and nothing else. Argument: JSON of BarePosts. */
import { createSlackClient } from '../../adapters/slack/client.ts';

export type BarePosts = {
  readonly apiUrl: string;
  readonly post: Readonly<Record<string, string>>;
  readonly update: Readonly<Record<string, string>>;
  readonly posts: number;
  readonly updates: number;
  readonly atOnce: number;
};

const { apiUrl, post, update, posts, updates, atOnce } = JSON.parse(process.argv[2] ?? '{}') as BarePosts;
const client = createSlackClient({ token: 'xoxb-bench', apiUrl, timeoutMs: 8_000 });

/** The members that are JSON in a form are handed over as the values that they were. */
function args(form: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value]));
}

const [posted, updated] = [args(post), args(update)];

/** All the calls, `atOnce` under way: how long they took, ms. */
async function loop(): Promise<number> {
  let left = posts + updates;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let nth = left; nth > 0; nth = left) {
        left -= 1;
        await client.apiCall(nth > updates ? 'chat.postMessage' : 'chat.update', nth > updates ? posted : updated);
      }
    }),
  );
  return performance.now() - start;
}

await loop();
process.send?.({ perSecond: ((posts + updates) * 1000) / (await loop()) }, () => process.exit(0));
