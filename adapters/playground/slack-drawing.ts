/**
 * Slack's blocks as HTML, drawn by slack-blocks-to-jsx: a development dependency, so it is loaded when somebody looks, and may be missing.
 * It throws at some blocks, draws nothing at others, loses what a button means and writes dates in the server's zone (slack-blocks-to-jsx 1.1.1):
 * each block is drawn alone, buttons by whoever shows this, and dates become text first.
 */
import type { MessageProps } from 'slack-blocks-to-jsx';

/** Of a message, in order. `actions` holds Slack's own JSON of the buttons. */
export type SlackPart =
  | { readonly kind: 'html'; readonly html: string }
  | { readonly kind: 'actions'; readonly elements: readonly unknown[] }
  | { readonly kind: 'unsupported'; readonly type: string };

/** Whose eyes: their language, their IANA zone, and who a mention means to them. */
export type Reader = { readonly language: string; readonly zone: string; readonly people: readonly { readonly id: string; readonly name: string }[] };

export type SlackDrawing = (blocks: readonly object[], reader: Reader) => readonly SlackPart[];

const DRAWN: ReadonlySet<unknown> = new Set(['header', 'rich_text', 'context', 'section', 'divider', 'image', 'table', 'markdown', 'plan', 'task_card']);

/** The drawing, or null where its library is not installed. */
export async function loadSlackDrawing(): Promise<SlackDrawing | null> {
  const libraries = await Promise.all([import('react'), import('react-dom/server'), import('slack-blocks-to-jsx')]).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  });
  if (!libraries) return null;
  const [{ createElement }, { renderToStaticMarkup }, { Message }] = libraries;
  return (all, reader) => {
    const html = (block: object): string => {
      // the preview has types of its own for the same JSON
      const blocks = [block] as unknown as MessageProps['blocks'];
      const data = { users: [...reader.people] };
      return renderToStaticMarkup(createElement(Message, { blocks, data, theme: 'light', logo: '', name: '', withoutWrapper: true }));
    };
    return all.map((block) => part(block, { html, reader }));
  };
}

function part(block: object, { html, reader }: { readonly html: (block: object) => string; readonly reader: Reader }): SlackPart {
  const shown = drawable(block, reader);
  const { type, elements } = shown;
  if (type === 'actions' && Array.isArray(elements)) return { kind: 'actions', elements };
  try {
    if (DRAWN.has(type)) return { kind: 'html', html: html(shown) };
  } catch {
    // told below: the reader sees that something is there
  }
  return { kind: 'unsupported', type: String(type) };
}

/** The block with what the library can't draw turned into what it can: moments, data tables and their numbers. */
function drawable(block: object, reader: Reader): Readonly<Record<string, unknown>> {
  const turned = turn(block, reader);
  return typeof turned === 'object' && turned !== null ? { ...turned } : {};
}

function turn(value: unknown, reader: Reader): unknown {
  if (Array.isArray(value)) return value.map((item) => turn(item, reader));
  if (typeof value !== 'object' || value === null) return value;
  const members: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, turn(inner, reader)]));
  switch (members.type) {
    case 'date':
      return { ...members, type: 'text', text: moment(Number(members.timestamp), { ...reader, format: members.format }) };
    case 'data_table':
      return { type: 'table', rows: members.rows };
    case 'raw_number':
      return { type: 'raw_text', text: String(members.text ?? members.value ?? '') };
    default:
      return members;
  }
}

/** A moment (s since 1970) as Slack's clients write it. */
function moment(timestamp: number, { language, zone, format }: Omit<Reader, 'people'> & { readonly format: unknown }): string {
  const time = { hour: 'numeric', minute: '2-digit', timeZone: zone } as const;
  const day = { month: 'short', day: 'numeric', year: 'numeric' } as const;
  return new Intl.DateTimeFormat(language, format === '{time}' ? time : { ...day, ...time }).format(timestamp * 1000);
}
