/** What a check found, in words for the operator. */
export type Finding = {
  /** problem: voicejob can't do its work, or may lose something. warning: it works, and something should be known. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** One sentence without a secret. */
  readonly says: string;
  /** What to do about it; '' where nothing is to be done. */
  readonly mend: string;
};
