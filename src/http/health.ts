/** What orchestrators and Prometheus ask: /healthz, /readyz and /metrics. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../ports/log.ts';
import type { RouteHandler, Routes } from '../ports/routes.ts';
import { behindAdminToken } from './admin-gate.ts';
import { answerError, answerJson } from './answers.ts';

/** A check that hangs is an answer too; probes usually wait for a second or more. */
const READY_MS = 800;

export type Readiness = { readonly ready: boolean; readonly reasons: readonly string[] };

export type HealthParts = {
  /** Whether this process can do its work (Redis, workers), and if not, why: never a secret, it is shown to anybody. */
  readonly ready: () => Promise<Readiness>;
  readonly metrics: { readonly render: () => Promise<string>; readonly contentType: string };
  /** null: /metrics does not exist. */
  readonly adminToken: string | null;
  readonly log: Log;
};

/** Mounts /healthz (the process answers), /readyz (200 or 503 with the reasons) and /metrics. */
export function mountHealth(routes: Routes, { ready, metrics, adminToken, log }: HealthParts): void {
  routes.mount(
    '/healthz',
    readOnly((_, response) => answerJson(response, 200, { alive: true })),
  );
  routes.mount(
    '/readyz',
    readOnly(async (_, response) => {
      const readiness = await readyInTime(ready, log);
      answerJson(response, readiness.ready ? 200 : 503, readiness);
    }),
  );
  const scrape = async (_: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await metrics.render();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
  };
  routes.mount('/metrics', behindAdminToken(adminToken, readOnly(scrape)));
}

function readOnly(handler: RouteHandler): RouteHandler {
  return (request, response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return handler(request, response);
    response.setHeader('allow', 'GET, HEAD');
    return answerError(request, response, { status: 405, words: 'method not allowed' });
  };
}

async function readyInTime(ready: () => Promise<Readiness>, log: Log): Promise<Readiness> {
  const { promise: late, resolve } = Promise.withResolvers<Readiness>();
  const timer = setTimeout(() => resolve({ ready: false, reasons: ['the check took too long'] }), READY_MS);
  const checked = (async () => ready())().catch((error: unknown): Readiness => {
    log.warn('the readiness check failed', { error: error instanceof Error ? error : new Error('no error was thrown', { cause: error }) });
    return { ready: false, reasons: ['the check failed'] };
  });
  try {
    return await Promise.race([checked, late]);
  } finally {
    clearTimeout(timer);
  }
}
