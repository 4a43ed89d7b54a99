/** All commands, as they are typed here. */
import type { Block, Line } from '../card.ts';
import { EXAMPLE_JOB } from '../command-words.ts';
import type { Catalogue } from '../text/catalogue.ts';
import { bold, code, line } from '../text/line.ts';
import { type Draft, draft, type Words } from './draft.ts';
import { button, lineBlock, noteBlock } from './parts.ts';

type Explained = keyof Catalogue['helpOf'];

/** What each command takes. A test holds it against the parser. */
export const SYNTAX: Readonly<Record<Explained, string>> = {
  subscribe: 'subscribe <job> [problems|milestones|everything] [--dm] [--notify @someone]',
  mute: 'mute <job> 2h|8h|1d',
  unmute: 'unmute <job>',
  unsubscribe: 'unsubscribe <job>|all',
  status: 'status <job>',
  history: 'history <job>',
  jobs: 'jobs [search]',
  list: 'list',
  language: 'language en|zh-CN',
  test: 'test',
};

const GROUPS: Readonly<Record<keyof Catalogue['helpGroups'], readonly Explained[]>> = {
  follow: ['subscribe', 'mute', 'unmute', 'unsubscribe'],
  ask: ['status', 'history', 'jobs', 'list'],
  settings: ['language', 'test'],
};

export function helpCard(prefix: string, words: Words): Draft {
  const { say } = words;
  const group = (name: keyof Catalogue['helpGroups']): Block => ({
    kind: 'list',
    title: [bold(say.helpGroups[name])],
    items: GROUPS[name].map((command): Line[] => [[code(prefix + SYNTAX[command])], line`${say.helpOf[command]}`]),
  });
  return draft({
    severity: 'info',
    emoji: '💬',
    title: line`${say.helpTitle}`,
    blocks: [
      lineBlock(say.helpIntro(code(`${prefix}subscribe ${EXAMPLE_JOB}`))),
      group('follow'),
      group('ask'),
      group('settings'),
      noteBlock(line`${say.helpNote}`),
    ],
    actions: [button(say.button.searchJobs, { name: 'run', text: 'jobs' })],
  });
}
