/** Time and chance, handed in so that tests can hold them. */
export interface Clock {
  /** Wall clock, ms since 1970. */
  now(): number;
  /** Never steps back; ms since some start. */
  monotonic(): number;
}

export interface Random {
  /** 16 characters of base64url, unguessable. */
  id(): string;
  /** 0 <= x < 1 */
  fraction(): number;
}
