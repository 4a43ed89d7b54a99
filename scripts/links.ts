/**
 * Asks for every link that leads out of the documentation, and names those that are gone: `npm run links`. Needs the internet, and is no part of the
 * checks: what others take down is not the fault of a change.
 */
import { readdirSync, readFileSync } from 'node:fs';

const ANSWER_MS = 20_000;

/** Addresses in links, without their fragments; what is written as code or as an example is none. */
export function linksIn(text: string): readonly string[] {
  return [...text.matchAll(/\]\((https?:\/\/[^)\s#]+)/g)].map(([, url = '']) => url);
}

/** Why a page can't be had, or null. Who refuses a program (401, 403, 429) may have the page. */
export async function whyBroken(url: string): Promise<string | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    await answer.body?.cancel();
    return answer.ok || [401, 403, 429].includes(answer.status) ? null : `HTTP ${answer.status}`;
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

if (import.meta.main) {
  const pages = ['README.md', 'SECURITY.md', ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : []))];
  const links = pages.flatMap((page) => linksIn(readFileSync(page, 'utf8')).map((url) => ({ page, url })));
  const asked = await Promise.all(links.map(async (link) => ({ ...link, why: await whyBroken(link.url) })));
  for (const { page, url, why } of asked) if (why !== null) process.stdout.write(`${page}: ${url}: ${why}\n`);
  const broken = asked.filter(({ why }) => why !== null).length;
  process.stdout.write(`${links.length} links, ${broken} broken\n`);
  process.exitCode = broken === 0 ? 0 : 1;
}
