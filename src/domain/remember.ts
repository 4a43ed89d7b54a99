/** Answers that are dear to make and always the same, kept for the next time. */

/**
 * `make`, asked once for each argument as long as that is among the latest `most`. Only for pure functions: Intl's formatters take some 100 µs
 * each to make, which was half of what a history cost.
 */
export function remembering<T>(most: number, make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const value = make(name);
    const [oldest] = made.keys();
    if (made.size >= most && oldest !== undefined) made.delete(oldest);
    made.set(name, value);
    return value;
  };
}
