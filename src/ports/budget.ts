/** The one bucket of upstream requests, shared by all processes, and the gate that a refused key closes. */
export type Priority = 'command' | 'moved' | 'safety-net';

export interface Budget {
  /** Waits for permission for one request. A higher priority goes first. */
  acquire(priority: Priority, signal: AbortSignal): Promise<Permission>;
  /** Reports how a permitted request ended, so that a 429 slows the bucket and a 401 closes the gate. */
  report(
    result:
      | { readonly kind: 'ok' }
      /** It failed, or was never answered, and says nothing of the key. */
      | { readonly kind: 'unsaid' }
      | { readonly kind: 'throttled'; readonly retryAfterMs: number }
      /** unauthorized: the key is refused. forbidden: the key is good, and not allowed this. */
      | { readonly kind: 'unauthorized' | 'forbidden'; readonly evidence: GateEvidence },
  ): Promise<void>;
  /** Since when the gate is shut (ms since 1970), when it is probed next, and with what evidence; null = open. */
  gate(): Promise<Gate | null>;
}

/** granted; busy: nothing came free in time, try in `afterMs`; closed: the gate is shut, next probe in `afterMs`. */
export type Permission = { readonly kind: 'granted' } | { readonly kind: 'busy' | 'closed'; readonly afterMs: number };

export type GateEvidence = { readonly status: number; readonly code: string; readonly requestId: string; readonly words: string };
export type Gate = GateEvidence & { readonly since: number; readonly nextProbe: number };
