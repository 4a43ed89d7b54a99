/** What the reviews said, for whoever clicks: all files, a whole reason, the reviewer's attachment. */
import type { AuditResult, JobKey } from '../domain/job.ts';
import type { JobView } from '../domain/message.ts';
import { ask, isRefusal, upstreamDown } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { viewOf } from './job-view.ts';
import { readDetail, readJob, type Story } from './read-job.ts';
import { type Answer, type Request, refuse, say } from './request.ts';

export async function files(job: JobKey, request: Request, deps: CommandDependencies): Promise<Answer> {
  const found = await reviewed(job, request, deps);
  return found.kind === 'read' ? say(request, { kind: 'files', view: found.view }) : found.answer;
}

/** The link is read for this click, is shown to the one who clicked, and is kept nowhere. */
export async function attachment(job: JobKey, request: Request, deps: CommandDependencies): Promise<Answer> {
  const found = await reviewed(job, request, deps);
  if (found.kind !== 'read') return found.answer;
  const asked = await ask((options) => deps.jobs.attachmentLink(job, options), request.late);
  if (asked.kind === 'failed' && !isRefusal(asked.error)) return refuse(request, await upstreamDown(asked.error, deps));
  const name = found.view.facts?.audit?.admin?.attachmentName ?? '';
  return say(request, { kind: 'attachment', view: found.view, name, url: asked.kind === 'ok' ? asked.value : null });
}

/** @param key of the journal entry whose reason is wanted */
export async function reason(job: JobKey, key: string, { request, deps }: { readonly request: Request; readonly deps: CommandDependencies }): Promise<Answer> {
  const story = await storyOf(job, request, deps);
  if (story.kind === 'refused') return refuse(request, story.error);
  if (!story.journal.some((entry) => entry.key === key)) return refuse(request, { kind: 'too-old' });
  return say(request, { kind: 'reason', view: await viewOf(job, story, deps), key });
}

type Reviewed = { readonly kind: 'read'; readonly view: JobView } | { readonly kind: 'refused'; readonly answer: Answer };

/** The job with its review results: as watched, or asked for now where they are missing. */
async function reviewed(job: JobKey, request: Request, deps: CommandDependencies): Promise<Reviewed> {
  const story = await storyOf(job, request, deps);
  if (story.kind === 'refused') return { kind: 'refused', answer: refuse(request, story.error) };
  const { facts } = story;
  const audit = facts?.audit ?? (await readAudit(job, request, deps));
  const view = await viewOf(job, { journal: story.journal, facts: facts && { ...facts, audit } }, deps);
  return { kind: 'read', view };
}

async function readAudit(job: JobKey, request: Request, deps: CommandDependencies): Promise<AuditResult | null> {
  const asked = await ask((options) => deps.jobs.readAuditResult(job, options), request.late);
  return asked.kind === 'ok' ? asked.value : null;
}

/** A job named by a button: the journal if somebody follows it, else upstream. */
async function storyOf(job: JobKey, request: Request, deps: CommandDependencies): Promise<Story> {
  const watched = await deps.store.readWatch(job);
  if (watched) return readJob({ kind: 'found', job, watched, detail: null }, request, deps);
  const detail = await readDetail(job, request.late, deps);
  if (detail.kind === 'ok') return readJob({ kind: 'found', job, watched: null, detail: detail.value }, request, deps);
  return { kind: 'refused', error: isRefusal(detail.error) ? { kind: 'too-old' } : await upstreamDown(detail.error, deps) };
}
