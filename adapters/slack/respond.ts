/** Answers through a response URL: a secret of one click or command, good for 5 answers in 30 minutes. */
import type { KnownBlock } from '@slack/types';

export type Response = {
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
  readonly response_type: 'ephemeral' | 'in_channel';
  /** Takes the place of the message that was clicked. */
  readonly replace_original: boolean;
};

/** Whether the answer was taken; false: Slack refuses it, as when the address is used up. Rejects when it is not known, without the address in the error. */
export async function respond(url: string, response: Response, { timeoutMs }: { readonly timeoutMs: number }): Promise<boolean> {
  let status: number;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ ...response, unfurl_links: false, unfurl_media: false }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body?.cancel();
    status = answer.status;
  } catch (error) {
    throw new ResponseUrlError(error instanceof Error ? error.name : 'unknown');
  }
  if (status >= 500) throw new ResponseUrlError(`status ${status}`);
  return status < 300;
}

/** An answer that perhaps arrived. */
export class ResponseUrlError extends Error {
  override readonly name = 'ResponseUrlError';

  constructor(why: string) {
    super(`an answer through a response URL is lost (${why})`);
  }
}
