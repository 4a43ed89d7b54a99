/** What voicejob needs of its machine: a port and a directory. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import type { Finding } from '../ports/finding.ts';

const ANSWER_MS = 3_000;

/** The port is free, or a voicejob listens there already. */
export async function checkPort({ host, port }: { readonly host: string; readonly port: number }): Promise<Finding> {
  const code = await listenError(host, port);
  if (code === null) return { level: 'ok', says: port === 0 ? 'takes any free port' : `port ${port} is free`, mend: '' };
  if (code === 'EADDRINUSE') {
    if (await isVoicejob(host, port)) return { level: 'ok', says: `voicejob is running at port ${port}`, mend: '' };
    return { level: 'problem', says: `port ${port} is taken by another program`, mend: 'set PORT to a free one, or end that program' };
  }
  const mend =
    code === 'EACCES' ? 'set PORT to 1024 or more, or give the process the right to low ports' : 'set HOST to an address of this machine, or 0.0.0.0';
  return { level: 'problem', says: `nothing can listen at ${host} port ${port} (${code})`, mend };
}

function listenError(host: string, port: number): Promise<string | null> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => done('code' in error ? String(error.code) : error.name));
    probe.listen(port, host, () => probe.close(() => done(null)));
  });
}

async function isVoicejob(host: string, port: number): Promise<boolean> {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(ANSWER_MS), redirect: 'manual' });
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null && 'alive' in body && body.alive === true;
  } catch {
    return false;
  }
}

/** Files can be made there. Trying is the only way to know: rights, quotas and read-only mounts all count. */
export async function checkDataDir(dataDir: string): Promise<Finding> {
  const path = resolve(dataDir);
  const probe = join(path, `.doctor-${process.pid}`);
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await writeFile(probe, '');
    await rm(probe);
    return { level: 'ok', says: `${path} can be written`, mend: '' };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return {
      level: 'problem',
      says: `${path} can not be written (${code})`,
      mend: 'give the user that runs voicejob the directory, or set DATA_DIR to another',
    };
  }
}
