/** Waiting that ends. */

export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly afterMs: number;
  constructor(what: string, afterMs: number) {
    super(`${what}: no answer within ${afterMs} ms`);
    this.afterMs = afterMs;
  }
}

/** What `work` answers, or a DeadlineError after `ms`. The work itself is not stopped; how it ends afterwards is of no interest. */
export async function withDeadline<T>(what: string, ms: number, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DeadlineError(what, ms)), ms);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** True when `work` settled within `ms`, however it ended. */
export async function settlesWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  try {
    await withDeadline('stop', ms, work);
    return true;
  } catch (error) {
    return !(error instanceof DeadlineError);
  }
}
