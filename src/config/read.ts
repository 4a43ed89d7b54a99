/** Reads each variable for itself: its text, from the environment or a file, and its value. */
import { VARIABLES, type Values, type Variable, type VariableName } from './variables.ts';

/** One thing to put right. `oneOf`: the variable, or the alternatives of which one will do; `got` is null when it is missing, and never a secret. */
export type Problem = { readonly oneOf: readonly string[]; readonly expected: string; readonly got: string | null };

export type Environment = Readonly<Record<string, string | undefined>>;

export type Readings = {
  readonly values: Values;
  /** True when the variable was given, right or wrong. */
  readonly given: (name: VariableName) => boolean;
  /** The texts of all secrets that were given. */
  readonly secrets: readonly string[];
  readonly problems: readonly Problem[];
};

/** A longer text is cut in a problem. */
const SHOWN_CHARACTERS = 80;

const HIDDEN = 'a value that is not shown';

function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text);
}

type TextFound = { readonly text: string | null; readonly problem: Problem | null };

/** The text of a variable; empty is absent. A secret may be in the file that NAME_FILE names, its last line break not counted. */
function findText(name: string, secret: boolean, from: { readonly env: Environment; readonly readFile: (path: string) => string }): TextFound {
  const text = from.env[name]?.trim() || null;
  const path = secret ? from.env[`${name}_FILE`]?.trim() || null : null;
  if (path === null) return { text, problem: null };
  const key = `${name}_FILE`;
  if (text !== null) return { text, problem: { oneOf: [key], expected: `either ${name} or ${key}`, got: 'both' } };
  try {
    const content = from.readFile(path).trim();
    return content === ''
      ? { text: '', problem: { oneOf: [key], expected: 'a file that holds the secret', got: `an empty file, ${shown(path)}` } }
      : { text: content, problem: null };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    return { text: '', problem: { oneOf: [key], expected: 'a file that can be read', got: `${shown(path)}${code}` } };
  }
}

/** Reads all variables; what is wrong with one of them hides no other. A wrong one gets its fallback, so that the rest can be judged. */
export function readVariables(env: Environment, readFile: (path: string) => string): Readings {
  const values: Record<string, unknown> = {};
  const given = new Set<string>();
  const secrets: string[] = [];
  const problems: Problem[] = [];
  for (const [name, variable] of Object.entries<Variable<unknown, string | null>>(VARIABLES)) {
    const { text, problem } = findText(name, variable.secret, { env, readFile });
    if (problem) problems.push(problem);
    if (text !== null) given.add(name);
    if (text && variable.secret) secrets.push(text);
    const parsed = text ? variable.schema.safeParse(text) : null;
    if (text && parsed && !parsed.success) problems.push({ oneOf: [name], expected: variable.expected, got: variable.secret ? HIDDEN : shown(text) });
    values[name] = parsed?.success ? parsed.data : variable.fallback === null ? null : variable.schema.parse(variable.fallback);
  }
  // The table's types say what each schema makes.
  return { values: values as Values, given: (name) => given.has(name), secrets, problems };
}

/** The readings while their sense as a whole is judged. */
export type Draft = Readings & {
  /** In mode run what a role needs must be there; elsewhere what is missing is left out. */
  readonly strict: boolean;
  readonly report: (oneOf: string | readonly string[], expected: string, got?: string) => void;
};

/** What belongs together with something that was given. */
export function reportMissing({ given, report }: Draft, names: readonly VariableName[]): void {
  const there = names.filter(given);
  for (const name of names) if (!given(name)) report(name, there.length === 0 ? `goes with ${names.join(', ')}` : `goes with ${there.join(' and ')}`);
}
