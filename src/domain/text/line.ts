/** Builds lines: our words around spans that stay apart from them. */
import type { Line, Span } from '../card.ts';

/** A string or number in a line is our word; what others wrote comes as a span. */
type Piece = Span | Line | string | number;

/** A line from a template: line`No job matches ${foreign(input)}.` Empty words leave no span. */
export function line(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Line {
  return strings.flatMap((words, index) => {
    const piece = pieces[index];
    return [...spans(words), ...(piece === undefined ? [] : spans(piece))];
  });
}

function spans(piece: Piece): Line {
  if (typeof piece === 'string' || typeof piece === 'number') return piece === '' ? [] : [text(String(piece))];
  return 'kind' in piece ? [piece] : piece;
}

type Words<Kind extends Span['kind']> = Extract<Span, { kind: Kind }>;

export function text(words: string): Words<'text'> {
  return { kind: 'text', text: words, bold: false };
}

export function bold(words: string): Words<'text'> {
  return { kind: 'text', text: words, bold: true };
}

/** A line with its words, ours and foreign, bold. */
export function emphasized(words: Line): Line {
  return words.map((span) => (span.kind === 'text' || span.kind === 'foreign' ? { ...span, bold: true } : span));
}

export function foreign(words: string): Words<'foreign'> {
  return { kind: 'foreign', text: words, bold: false };
}

export function code(words: string): Span {
  return { kind: 'code', text: words };
}

export function instant(at: number): Span {
  return { kind: 'instant', at, format: 'short' };
}

/** Lines with something between them, without those that are empty. */
export function joined(lines: readonly Line[], between: string): Line {
  const full = lines.filter((one) => one.length > 0);
  return full.flatMap((one, index) => (index === 0 ? [...one] : [text(between), ...one]));
}

/** A line with a first capital, where its script has them and the first words are ours. */
export function sentence(words: Line): Line {
  const [first, ...rest] = words;
  return first?.kind === 'text' ? [{ ...first, text: capital(first.text) }, ...rest] : words;
}

export function capital(words: string): string {
  const first = String.fromCodePoint(words.codePointAt(0) ?? 0x20);
  return words === '' ? '' : first.toUpperCase() + words.slice(first.length);
}
