/** The Web API client: one attempt a call, whole answers, and no log of its own, which would hold bodies and headers. */
import { LogLevel, WebClient, type WebClientOptions } from '@slack/web-api';
import { UnreadableAnswerError } from './failure.ts';
import { WAIT_MS } from './limits.ts';

type Fetch = NonNullable<WebClientOptions['fetch']>;
type Logger = NonNullable<WebClientOptions['logger']>;

const NOTHING = (): void => {};
const SILENT: Logger = { debug: NOTHING, info: NOTHING, warn: NOTHING, error: NOTHING, setLevel: NOTHING, setName: NOTHING, getLevel: () => LogLevel.ERROR };

type Reach = { readonly apiUrl: string; readonly timeoutMs: number };

/** `apiUrl` is https://slack.com/api/ or a stand-in. The SDK would send a post again after a lost answer, and wait out a 429: both are turned off. */
export function createSlackClient({ token, ...reach }: Reach & { readonly token: string }): WebClient {
  return new WebClient(token, { ...clientOptions(reach), logger: SILENT });
}

export function clientOptions({ apiUrl, timeoutMs }: Reach): Omit<WebClientOptions, 'logger' | 'logLevel'> {
  return {
    slackApiUrl: apiUrl,
    timeout: timeoutMs,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    // the time limit runs from when a request leaves the SDK's queue: with none waiting there, nothing is sent after its caller gave up
    maxRequestConcurrency: Number.POSITIVE_INFINITY,
    allowAbsoluteUrls: false,
    fetch: fetchWhole,
  };
}

/**
 * Fetches with the body read, so that a connection lost in it is a failed request to the SDK, as is a 200 that is not Slack's JSON. A 429
 * without a usable Retry-After gets ours, since the SDK has no error for it.
 */
const fetchWhole: Fetch = async (url, init) => {
  const response = await fetch(url, init);
  const body = await response.text();
  if (response.status === 200 && !isAnswer(body)) throw new UnreadableAnswerError('status 200 without an answer of the Web API');
  const headers = new Headers(response.headers);
  if (response.status === 429 && !/^\d+$/.test(headers.get('retry-after') ?? '')) headers.set('retry-after', String(WAIT_MS / 1000));
  // fetch has decoded it already
  headers.delete('content-encoding');
  return new Response(bodiless(response.status) ? null : body, { status: response.status, statusText: response.statusText, headers });
};

function bodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

function isAnswer(body: string): boolean {
  try {
    const answer: unknown = JSON.parse(body);
    return typeof answer === 'object' && answer !== null && 'ok' in answer && typeof answer.ok === 'boolean';
  } catch {
    return false;
  }
}
