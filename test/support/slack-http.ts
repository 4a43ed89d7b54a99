/** Slack's requests over HTTP: signed, with the headers of a second attempt. */
import { createHmac } from 'node:crypto';

export const SIGNING_SECRET = 'test-signing-secret-41c7';

export type Kind = 'slash_commands' | 'interactive' | 'events_api';
/** How Slack was answered. */
export type Taken = {
  /** 200 over HTTP, an acknowledgement over Socket Mode. */
  readonly taken: boolean;
  /** '' = nothing but the acknowledgement. */
  readonly said: unknown;
};
export type Envelope = { readonly kind: Kind; readonly payload: object; readonly retry?: number };

/** One way to reach the program; the same to a test whichever it is. */
export type Way = {
  readonly name: 'HTTP' | 'Socket Mode';
  /** What the program has to be started with. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the program listens, once it runs. */
  reach(programUrl: string): Promise<void>;
  send(envelope: Envelope): Promise<Taken>;
  close(): Promise<void>;
};

export function overHttp(): Way {
  let url = '';
  return {
    name: 'HTTP',
    env: { SLACK_SIGNING_SECRET: SIGNING_SECRET },
    reach: async (programUrl) => {
      url = programUrl;
    },
    send: async (envelope) => {
      const response = await sendSigned(url, bodyOf(envelope), envelope.retry === undefined ? {} : { retry: envelope.retry });
      const text = await response.text();
      return { taken: response.status === 200, said: response.headers.get('content-type')?.includes('json') && text !== '' ? JSON.parse(text) : text };
    },
    close: async () => {},
  };
}

export type Body = { readonly type: string; readonly text: string };

/** As Slack encodes each kind: a form, a form with JSON in it, or JSON. */
export function bodyOf({ kind, payload }: Envelope): Body {
  const form = 'application/x-www-form-urlencoded';
  switch (kind) {
    case 'slash_commands':
      return { type: form, text: new URLSearchParams(payload as Record<string, string>).toString() };
    case 'interactive':
      return { type: form, text: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
    case 'events_api':
      return { type: 'application/json', text: JSON.stringify(payload) };
    default:
      return kind satisfies never;
  }
}

/** `forge`: what a stranger would do instead. Times in seconds from now. */
export function sendSigned(
  programUrl: string,
  body: Body,
  forge: { readonly secret?: string; readonly at?: number; readonly unsigned?: boolean; readonly otherText?: string; readonly retry?: number } = {},
): Promise<Response> {
  const at = String(Math.floor(Date.now() / 1000) + (forge.at ?? 0));
  const signature = createHmac('sha256', forge.secret ?? SIGNING_SECRET)
    .update(`v0:${at}:${body.text}`)
    .digest('hex');
  const signed = { 'x-slack-request-timestamp': at, 'x-slack-signature': `v0=${signature}` };
  const again = forge.retry === undefined ? {} : { 'x-slack-retry-num': String(forge.retry), 'x-slack-retry-reason': 'http_timeout' };
  return fetch(`${programUrl}/slack/events`, {
    method: 'POST',
    headers: { 'content-type': body.type, ...(forge.unsigned ? {} : signed), ...again },
    body: forge.otherText ?? body.text,
  });
}
