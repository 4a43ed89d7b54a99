/** What one person alone is shown: what comes to response URLs, by their rules, and by chat.postEphemeral. */
import { sendJson, startHttpServer } from './http-server.ts';
import type { PersonName } from './slack-people.ts';
import type { SlackServer } from './slack-server.ts';

/** Of one response URL ("Handling user interaction", "Message responses"). */
const USES = 5;
const LIFE_MS = 30 * 60_000;

export type Shown = { readonly id: string; readonly channel: string; readonly text: string; readonly blocks: readonly object[] };
export type PrivateMessage = Shown & { readonly to: PersonName };

/** Where an answer belongs: `message`: what was clicked there, which an answer may replace or delete. */
export type Asked = { readonly by: PersonName; readonly channel: string; readonly message: string | null };

export type PrivateMessages = {
  /** What somebody sees in a conversation that nobody else does, oldest first. */
  shownTo(name: PersonName, channel: string): readonly PrivateMessage[];
  /** A response URL for something asked. */
  urlFor(asked: Asked): string;
  /** What was sent to response URLs, whatever came of it. */
  readonly answers: readonly { readonly status: number; readonly body: Answered }[];
  close(): Promise<void>;
};

type Answered = {
  readonly text?: string;
  readonly blocks?: readonly object[];
  readonly response_type?: string;
  readonly replace_original?: boolean;
  readonly delete_original?: boolean;
};

export async function startPrivateMessages(slack: SlackServer): Promise<PrivateMessages> {
  const urls = new Map<string, Asked & { uses: number; readonly madeAt: number }>();
  const messages: PrivateMessage[] = [];
  const answers: { status: number; body: Answered }[] = [];
  let made = 0;

  const show = async (asked: Asked, body: Answered): Promise<void> => {
    const { text = '', blocks = [] } = body;
    const at = messages.findIndex(({ id }) => id === asked.message);
    if (body.delete_original || body.replace_original) {
      if (at < 0) throw new Error('an answer would change a message for everyone');
      if (body.delete_original) messages.splice(at, 1);
      else messages.splice(at, 1, { ...(messages[at] as PrivateMessage), text, blocks });
    } else if (body.response_type === 'in_channel') {
      await slack.call('chat.postMessage', { channel: asked.channel, text, blocks: JSON.stringify(blocks) });
    } else {
      made += 1;
      messages.push({ id: `17000000.${made}`, to: asked.by, channel: asked.channel, text, blocks });
    }
  };

  const http = await startHttpServer(async (request, response) => {
    const asked = urls.get(request.path);
    const usable = asked !== undefined && asked.uses < USES && Date.now() - asked.madeAt < LIFE_MS;
    const body = JSON.parse(request.body) as Answered;
    if (usable) {
      asked.uses += 1;
      await show(asked, body);
    }
    answers.push({ status: usable ? 200 : 404, body });
    if (usable) response.writeHead(200, { 'content-type': 'text/html' }).end('ok');
    else sendJson(response, 404, { ok: false, error: asked ? 'used_url' : 'expired_url' });
  });

  slack.methods.set('chat.postEphemeral', async (asked, token) => {
    if (token !== slack.token) return { ok: false, error: 'invalid_auth' };
    const answer = await slack.try('chat.postEphemeral', Object.fromEntries(asked));
    const by = slack.nameOf(asked.get('user') ?? '');
    if (answer.ok && by)
      await show({ by, channel: asked.get('channel') ?? '', message: null }, { text: asked.get('text') ?? '', blocks: parsed(asked.get('blocks')) });
    return answer;
  });

  return {
    shownTo: (name, channel) => messages.filter((message) => message.to === name && message.channel === channel),
    urlFor: (asked) => {
      const path = `/respond/${urls.size + 1}`;
      urls.set(path, { ...asked, uses: 0, madeAt: Date.now() });
      return `${http.url}${path}`;
    },
    answers,
    close: () => http.close(),
  };
}

function parsed(blocks: string | null): readonly object[] {
  return blocks === null ? [] : (JSON.parse(blocks) as object[]);
}
