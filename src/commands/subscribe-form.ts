/** The form for those who would rather choose than type: what it shows, what its search field offers, and what submitting it does. */
import { type JobDetail, jobKey } from '../domain/job.ts';
import { PRESETS, type Preset } from '../domain/subscription.ts';
import { catalogueOf } from '../domain/text/catalogue.ts';
import { type FormField, type FormOption, JOB_SEARCH } from '../ports/inbound.ts';
import { ask } from './ask.ts';
import type { CommandDependencies } from './dependencies.ts';
import { shortIdOf } from './job-view.ts';
import { type Answer, personOf, type Request, refuse } from './request.ts';
import { subscribe } from './subscribe.ts';
import { mayChange } from './target.ts';

export const SUBSCRIBE_FORM = JOB_SEARCH.form;

/** Offered at once; typing narrows it. */
const OFFERED = 20;

/** Looked through where upstream's own filter finds nothing: one page. */
const LOOKED_THROUGH = 100;

export function subscribeForm(request: Request): Answer {
  const say = catalogueOf(request.language);
  const options = PRESETS.map((preset) => ({ value: preset, label: say.preset[preset] }));
  const fields: FormField[] = [
    { kind: 'search', name: JOB_SEARCH.field, label: say.form.job, hint: say.form.jobHint, value: '' },
    { kind: 'choice', name: 'preset', label: say.form.preset, options, value: 'milestones' },
  ];
  // In one's own conversation nobody else reads, and there is no other place to choose.
  const places: FormField[] = request.place.dm
    ? []
    : [
        { kind: 'check', name: 'notify', label: say.form.notifyMe, value: false },
        { kind: 'check', name: 'dm', label: say.form.dm, value: !mayChange(request) },
      ];
  const { title, submit, cancel } = say.form;
  return { kind: 'form', form: { id: SUBSCRIBE_FORM, language: request.language, title, submit, cancel, fields: [...fields, ...places] } };
}

/** What is wrong with the job is said beside its field, so that the rest of the form is kept. */
export async function submitSubscribeForm(values: Readonly<Record<string, string>>, request: Request, deps: CommandDependencies): Promise<Answer> {
  const { jobMissing, jobUnknown } = catalogueOf(request.language).form;
  const job = (values.job ?? '').trim();
  if (job === '') return { kind: 'form-errors', errors: { job: jobMissing } };
  const preset: Preset = PRESETS.find((one) => one === values.preset) ?? 'milestones';
  const notify = isChecked(values.notify) ? personOf(request.actor) : null;
  const answer = await subscribe({ name: 'subscribe', job, preset, dm: isChecked(values.dm) && !request.place.dm, notify }, request, deps);
  if (answer.kind !== 'reply' || answer.message.kind !== 'error') return answer;
  const { kind } = answer.message.error;
  return kind === 'no-such-job' || kind === 'upstream-refused' ? { kind: 'form-errors', errors: { job: jobUnknown } } : refuse(request, answer.message.error);
}

/** Jobs for what was typed so far, newest first; nothing when upstream does not answer in time. */
export async function offerJobs(typed: string, signal: AbortSignal, deps: CommandDependencies): Promise<readonly FormOption[]> {
  const words = typed.trim();
  const asked = await ask((options) => deps.jobs.listJobs({ name: words, offset: 0, limit: OFFERED }, options), signal);
  if (asked.kind === 'failed') return [];
  const found = asked.value.jobs.length > 0 || words === '' ? asked.value.jobs : await lookThrough(words, signal, deps);
  return Promise.all(
    found.slice(0, OFFERED).map(async (job) => {
      const short = await shortIdOf(jobKey(deps.projectId, job.jobId), deps);
      return { value: job.jobId, label: job.voiceName === '' ? short : `${job.voiceName} · ${short}` };
    }),
  );
}

async function lookThrough(words: string, signal: AbortSignal, deps: CommandDependencies): Promise<readonly JobDetail[]> {
  const asked = await ask((options) => deps.jobs.listJobs({ name: '', offset: 0, limit: LOOKED_THROUGH }, options), signal);
  if (asked.kind === 'failed') return [];
  const folded = words.toLowerCase();
  return asked.value.jobs.filter((job) => job.voiceName.toLowerCase().includes(folded) || job.jobId.toLowerCase().startsWith(folded));
}

function isChecked(value: string | undefined): boolean {
  return value === 'true' || value === 'on' || value === '1';
}
