/** The buttons of our cards: a closed list of names, and a value that says all that a click needs. Pure: both ways. */
import { isJobId, type JobKey } from './job.ts';
import { PRESETS, type Preset } from './subscription.ts';

export type Action =
  /** `page` null = the newest. */
  | { readonly name: 'history'; readonly job: JobKey; readonly page: number | null; readonly filter: 'all' | 'problems' }
  /** 'unfollow-dm' and 'preset-dm' mean the asker's own DM, wherever they were clicked. */
  | { readonly name: 'status' | 'unfollow' | 'unfollow-dm' | 'unmute' | 'files' | 'attachment'; readonly job: JobKey }
  /** `key`: of the journal entry whose reason is wanted. */
  | { readonly name: 'reason'; readonly job: JobKey; readonly key: string }
  | { readonly name: 'follow' | 'preset' | 'preset-dm'; readonly job: JobKey; readonly preset: Preset }
  /** Runs a command as if it had been typed; 'share' posts its answer for everyone. */
  | { readonly name: 'run' | 'share'; readonly text: string }
  | { readonly name: 'resume'; readonly destination: string }
  | { readonly name: 'opt-out' | 'help' };

type ActionName = Action['name'];

/** Slack's limit for a button's value (block kit reference), the lowest of our platforms. */
export const MAX_ACTION_VALUE = 2000;

const SEPARATOR = '|';

/** An action as a button's name and value. A longer text is cut: it is no command any more, and is answered as one. */
export function encodeAction(action: Action): { readonly name: ActionName; readonly value: string } {
  return { name: action.name, value: valueFor(action).slice(0, MAX_ACTION_VALUE).toWellFormed() };
}

function valueFor(action: Action): string {
  switch (action.name) {
    case 'history':
      return [action.job, action.page ?? '', action.filter].join(SEPARATOR);
    case 'status':
    case 'unfollow':
    case 'unfollow-dm':
    case 'unmute':
    case 'files':
    case 'attachment':
      return action.job;
    case 'reason':
      return [action.job, action.key].join(SEPARATOR);
    case 'follow':
    case 'preset':
    case 'preset-dm':
      return [action.job, action.preset].join(SEPARATOR);
    case 'run':
    case 'share':
      return action.text;
    case 'resume':
      return action.destination;
    case 'opt-out':
    case 'help':
      return '';
    default:
      return action satisfies never;
  }
}

/** The action of a button that was clicked, or null when name and value make none: from another version, or not ours. */
export function decodeAction(name: string, value: string): Action | null {
  if (value.length > MAX_ACTION_VALUE) return null;
  const [job = '', second = '', third = '', ...rest] = value.split(SEPARATOR);
  const parts = value.split(SEPARATOR).length;
  switch (name) {
    case 'history': {
      const page = second === '' ? null : /^[1-9]\d{0,5}$/.test(second) ? Number(second) : 0;
      if (!isJobKey(job) || page === 0 || rest.length > 0 || (third !== 'all' && third !== 'problems')) return null;
      return { name, job, page, filter: third };
    }
    case 'status':
    case 'unfollow':
    case 'unfollow-dm':
    case 'unmute':
    case 'files':
    case 'attachment':
      return isJobKey(job) && parts === 1 ? { name, job } : null;
    case 'reason':
      return isJobKey(job) && parts === 2 && /^[\w-]{1,64}$/.test(second) ? { name, job, key: second } : null;
    case 'follow':
    case 'preset':
    case 'preset-dm': {
      const preset = PRESETS.find((one) => one === second);
      return isJobKey(job) && parts === 2 && preset ? { name, job, preset } : null;
    }
    case 'run':
    case 'share':
      return value === '' ? null : { name, text: value };
    case 'resume':
      return value === '' ? null : { name, destination: value };
    case 'opt-out':
    case 'help':
      return { name };
    default:
      return null;
  }
}

function isJobKey(text: string): boolean {
  const [project = '', job = '', ...rest] = text.split('/');
  return rest.length === 0 && isJobId(project) && isJobId(job);
}
