/** Script answers as values. What our own scripts answer is trusted in shape, but read in one place. */

export type Fields = Readonly<Record<string, string>>;

/** A list of texts, lists and numbers, as a script returns it. */
export function list(reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new TypeError(`a script answered ${typeof reply} where a list was expected`);
  return reply;
}

export function text(reply: unknown): string {
  if (typeof reply === 'string') return reply;
  if (typeof reply === 'number') return String(reply);
  throw new TypeError(`a script answered ${typeof reply} where text was expected`);
}

export function texts(reply: unknown): readonly string[] {
  return list(reply).map(text);
}

/** A hash, which a script returns as name, value, name, value. */
export function fields(reply: unknown): Fields {
  const flat = texts(reply);
  const result: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) result[flat[i] ?? ''] = flat[i + 1] ?? '';
  return result;
}

export function number(value: string | undefined, absent = 0): number {
  return value === undefined || value === '' ? absent : Number(value);
}

/** JSON that scripts can read too: Lua's reader refuses half a surrogate pair, which may stand in anybody's words. */
export function wellFormed(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'string' ? part.toWellFormed() : part));
}
