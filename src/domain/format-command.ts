/** A command as somebody would type it. */
import type { Command } from './command.ts';
import { ALL_WORDS, folded } from './command-words.ts';
import { formatMute } from './mute-duration.ts';
import type { Person } from './subscription.ts';
import { quote } from './tokens.ts';

/**
 * The bare text of a command, without a platform's prefix: `parseCommand` makes the same command of it, given the person to notify as the only mention.
 * A text alone can name nobody but the speaker, so `--notify` of somebody else stands as `<@0>`.
 */
export function formatCommand(command: Command, speaker: Person): string {
  switch (command.name) {
    case 'subscribe': {
      const self = command.notify?.platform === speaker.platform && command.notify.id === speaker.id;
      const notify = command.notify ? `--notify ${self ? 'me' : '<@0>'}` : '';
      return ['subscribe', job(command.job), command.preset ?? '', command.dm ? '--dm' : '', notify].filter((part) => part !== '').join(' ');
    }
    case 'subscribe-form':
      return 'subscribe';
    case 'unsubscribe':
      return `unsubscribe ${ALL_WORDS.has(folded(command.job)) ? `"${command.job}"` : job(command.job)}`;
    case 'unsubscribe-all':
      return command.sure ? 'unsubscribe all confirm' : 'unsubscribe all';
    case 'status':
    case 'unmute':
      return `${command.name} ${job(command.job)}`;
    case 'mute':
      return `mute ${job(command.job)} ${formatMute(command.forMs)}`;
    case 'history':
      return ['history', job(command.job), command.filter === 'problems' ? 'problems' : '', command.page ?? ''].filter((part) => part !== '').join(' ');
    case 'list':
      return command.page > 1 ? `list ${command.page}` : 'list';
    case 'jobs':
      return command.search === '' ? 'jobs' : `jobs ${job(command.search)}`;
    case 'language':
      return `language ${command.language}`;
    case 'test':
    case 'help':
      return command.name;
    default:
      return command satisfies never;
  }
}

function job(name: string): string {
  return quote(name);
}
